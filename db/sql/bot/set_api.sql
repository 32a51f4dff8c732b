-- $1 the row's id, $2 whether he may use the API, $3 what was seen.
-- needs: public.user_trading_profiles(id, api_access, updated_at)
-- updates: public.user_trading_profiles(api_access, updated_at)
UPDATE public.user_trading_profiles AS t
   SET api_access = $2::boolean,
       updated_at = clock_timestamp() AT TIME ZONE 'UTC'
 WHERE t.id = $1::uuid
   AND t.api_access IS NOT DISTINCT FROM $3::boolean
RETURNING t.id::text AS id, t.api_access::text AS stored, t.updated_at::text AS token
