-- walk
-- needs: public.user_trading_profiles(user_id)
-- How many users have more than one trading profile.
SELECT count(*) AS n
  FROM (SELECT FROM public.user_trading_profiles WHERE user_id IS NOT NULL
         GROUP BY user_id HAVING count(*) > 1) AS several
