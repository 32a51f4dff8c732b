-- walk
-- needs: public.user_profiles(user_id)
-- How many users have more than one profile.
SELECT count(*) AS n
  FROM (SELECT FROM public.user_profiles WHERE user_id IS NOT NULL
         GROUP BY user_id HAVING count(*) > 1) AS several
