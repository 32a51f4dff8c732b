-- The trading profiles of the users $1 (uuid[]), in their order.
-- needs: public.user_trading_profiles(id, user_id, email, tier, trading_enabled, api_access, created_at, updated_at)
-- index: user_trading_profiles_user_id_idx
-- walk
SELECT t.user_id::text AS user_id,
       t.email,
       left(t.tier::text, 256) AS tier,
       t.trading_enabled,
       t.api_access,
       t.updated_at::text AS updated_at
  FROM public.user_trading_profiles AS t
 WHERE t.user_id = ANY ($1::uuid[])
 ORDER BY t.user_id, t.created_at, t.id
