-- The trading profiles of a user, locked against writers. $1 his id.
-- needs: public.user_trading_profiles(id, user_id, email, tier, trading_enabled, api_access, updated_at)
-- updates: public.user_trading_profiles(tier|trading_enabled|api_access|email|updated_at)
-- index: user_trading_profiles_user_id_idx
SELECT t.id::text AS id,
       left(t.email, 1024) AS email,
       left(t.tier::text, 64) AS tier,
       t.trading_enabled,
       t.api_access,
       t.updated_at::text AS token
  FROM public.user_trading_profiles AS t
 WHERE t.user_id = $1::uuid
 ORDER BY t.created_at, t.id
   FOR NO KEY UPDATE
