-- Which of a user's strategies are on, after a change. $1 his id.
-- needs: public.user_strategies(id, user_id, is_active)
-- index: user_strategies_user_id_idx
SELECT s.id::text AS id
  FROM public.user_strategies AS s
 WHERE s.user_id = $1::uuid
   AND s.is_active
 ORDER BY s.id
