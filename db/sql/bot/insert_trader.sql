-- A trading profile with both rights off, unless there is one. $1 the user's id, $2 his e-mail,
-- $3 his tier.
-- needs: public.user_trading_profiles(id, user_id, tier, updated_at)
-- inserts: public.user_trading_profiles(user_id, email, tier, trading_enabled, api_access)
INSERT INTO public.user_trading_profiles AS t (user_id, email, tier, trading_enabled, api_access)
SELECT $1::uuid, $2::text, $3::text, false, false
 WHERE NOT EXISTS (SELECT FROM public.user_trading_profiles AS o WHERE o.user_id = $1::uuid)
RETURNING t.id::text AS id,
          t.tier::text || CASE WHEN t.trading_enabled THEN ' with trading on' ELSE '' END
                       || CASE WHEN t.api_access THEN ' with API access on' ELSE '' END AS stored,
          t.updated_at::text AS token
