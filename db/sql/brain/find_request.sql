-- Whether a change was committed: its journal row is there. $1 the request.
-- needs: public.user_activity(id, action, user_id)
SELECT a.id::text AS id,
       a.action AS action,
       a.user_id::text AS user_id
  FROM public.user_activity AS a
 WHERE a.id = $1::uuid
