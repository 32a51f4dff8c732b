-- $1 the row's id, $2 whether he may trade, $3 what was seen.
-- needs: public.user_trading_profiles(id, trading_enabled, updated_at)
-- updates: public.user_trading_profiles(trading_enabled, updated_at)
UPDATE public.user_trading_profiles AS t
   SET trading_enabled = $2::boolean,
       updated_at = clock_timestamp() AT TIME ZONE 'UTC'
 WHERE t.id = $1::uuid
   AND t.trading_enabled IS NOT DISTINCT FROM $3::boolean
RETURNING t.id::text AS id, t.trading_enabled::text AS stored, t.updated_at::text AS token
