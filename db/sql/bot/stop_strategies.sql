-- $1 the user's id.
-- needs: public.user_strategies(id, user_id, is_active)
-- updates: public.user_strategies(is_active, updated_at)
-- index: user_strategies_user_id_idx
UPDATE public.user_strategies AS s
   SET is_active = false,
       updated_at = clock_timestamp() AT TIME ZONE 'UTC'
 WHERE s.user_id = $1::uuid
   AND s.is_active
RETURNING s.id::text AS id
