-- How many rows of a trial are left. $1 the user's id.
-- needs: public.user_trading_profiles(user_id)
SELECT count(*) AS n
  FROM public.user_trading_profiles AS t
 WHERE t.user_id = $1::uuid
