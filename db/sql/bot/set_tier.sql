-- Bot takes the tier. $1 the row's id, $2 the new tier, $3 the tier that was seen.
-- needs: public.user_trading_profiles(id, tier, updated_at)
-- updates: public.user_trading_profiles(tier, updated_at)
UPDATE public.user_trading_profiles AS t
   SET tier = $2,
       updated_at = clock_timestamp() AT TIME ZONE 'UTC'
 WHERE t.id = $1::uuid
   AND left(t.tier::text, 64) IS NOT DISTINCT FROM $3::text
RETURNING t.id::text AS id, t.tier::text AS stored, t.updated_at::text AS token
