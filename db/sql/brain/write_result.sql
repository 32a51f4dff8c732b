-- What became of a change; whoever writes it first. $1 its id, made from that of the change,
-- $2 the user or NULL, $3 the action, $4 and $5 keys and values of its metadata.
-- needs: public.user_activity(id)
-- inserts: public.user_activity(id, user_id, action, metadata:jsonb)
INSERT INTO public.user_activity AS a (id, user_id, action, metadata)
VALUES ($1::uuid, $2::uuid, $3,
        jsonb_build_object('v', 1) ||
        jsonb_strip_nulls(jsonb_object($4::text[], $5::text[]) ||
                          jsonb_build_object('db_role', session_user::text)))
ON CONFLICT (id) DO NOTHING
RETURNING a.id::text AS id
