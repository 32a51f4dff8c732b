-- Bot takes the e-mail. $1 the row's id, $2 the new e-mail, $3 the e-mail that was seen.
-- needs: public.user_trading_profiles(id, email, updated_at)
-- updates: public.user_trading_profiles(email, updated_at)
UPDATE public.user_trading_profiles AS t
   SET email = $2,
       updated_at = clock_timestamp() AT TIME ZONE 'UTC'
 WHERE t.id = $1::uuid
   AND left(t.email, 1024) IS NOT DISTINCT FROM $3::text
RETURNING t.id::text AS id, t.email::text AS stored, t.updated_at::text AS token
