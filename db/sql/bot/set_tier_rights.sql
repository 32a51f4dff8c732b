-- Bot takes the tier and loses the rights that it does not give. $1 the row's id, $2 the new tier,
-- $3 the tier that was seen, $4 and $5 whether trading and API may stay as they are.
-- needs: public.user_trading_profiles(id, tier, trading_enabled, api_access, updated_at)
-- updates: public.user_trading_profiles(tier, trading_enabled, api_access, updated_at)
UPDATE public.user_trading_profiles AS t
   SET tier = $2,
       trading_enabled = CASE WHEN $4::boolean THEN t.trading_enabled ELSE false END,
       api_access = CASE WHEN $5::boolean THEN t.api_access ELSE false END,
       updated_at = clock_timestamp() AT TIME ZONE 'UTC'
 WHERE t.id = $1::uuid
   AND left(t.tier::text, 64) IS NOT DISTINCT FROM $3::text
RETURNING t.id::text AS id,
          t.tier::text || CASE WHEN t.trading_enabled AND NOT $4::boolean
                               THEN ' with trading on' ELSE '' END
                       || CASE WHEN t.api_access AND NOT $5::boolean
                               THEN ' with API access on' ELSE '' END AS stored,
          t.updated_at::text AS token
