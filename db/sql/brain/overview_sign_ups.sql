-- New profiles a day, of the last 30 days.
-- needs: public.user_profiles(created_at)
-- index: user_profiles_created_at_idx
SELECT to_char(d.day, 'YYYY-MM-DD') AS day, d.n
  FROM (SELECT p.created_at::date AS day, count(*) AS n
          FROM public.user_profiles AS p
         WHERE p.created_at >= current_date - 29
           AND p.created_at < current_date + 1
         GROUP BY p.created_at::date) AS d
 ORDER BY d.day
