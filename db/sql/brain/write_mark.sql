-- A row about an item or a step of the checklist. $1 its id, $2 the action, $3 and $4 keys and
-- values of its metadata. Its moment is the column's default: an operator may not write another.
-- inserts: public.user_activity(id, action, metadata:jsonb)
INSERT INTO public.user_activity (id, action, metadata)
VALUES ($1::uuid, $2,
        jsonb_build_object('v', 1) ||
        jsonb_strip_nulls(jsonb_object($3::text[], $4::text[]) ||
                          jsonb_build_object('db_role', session_user::text)))
