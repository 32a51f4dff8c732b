-- The journal row of a change, in its own transaction. $1 the request, which is its id, $2 the user
-- or NULL where he has no login, $3 the action, $4 and $5 keys and values of its metadata.
-- Nothing is changed where the row could not be found again: unfinished changes are looked for by
-- their moment, and a commit whose answer was lost is known by its row.
-- needs: public.user_activity(id, created_at)
-- inserts: public.user_activity(id, user_id, action, metadata:jsonb)
INSERT INTO public.user_activity (id, user_id, action, metadata)
VALUES ($1::uuid, $2::uuid, $3,
        jsonb_build_object('v', 1) ||
        jsonb_strip_nulls(jsonb_object($4::text[], $5::text[]) ||
                          jsonb_build_object('db_role', session_user::text)))
