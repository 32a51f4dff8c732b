-- Which of the users $1 (uuid[]) have no trading profile.
-- needs: public.user_trading_profiles(user_id)
-- walk
SELECT a.id::text AS id
  FROM unnest($1::uuid[]) AS a(id)
 WHERE NOT EXISTS (SELECT
                     FROM public.user_trading_profiles AS t
                    WHERE t.user_id = a.id
                      AND t.user_id = ANY ($1::uuid[]))
