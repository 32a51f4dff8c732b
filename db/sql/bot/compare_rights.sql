-- Which of the users $1 (uuid[]) have a right.
-- needs: public.user_trading_profiles(user_id, trading_enabled, api_access)
-- walk
SELECT DISTINCT t.user_id::text AS id
  FROM public.user_trading_profiles AS t
 WHERE t.user_id = ANY ($1::uuid[])
   AND (t.trading_enabled OR t.api_access)
