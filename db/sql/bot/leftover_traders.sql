-- Their trading profiles, also of those whose login is gone. $1 addresses, $2 a pattern of LIKE.
-- needs: public.user_trading_profiles(user_id, email, created_at)
-- index: user_trading_profiles_email_idx
SELECT l.id, l.email, l.at
  FROM (SELECT t.user_id::text AS id, left(t.email, 200) AS email, t.created_at::text AS at
          FROM public.user_trading_profiles AS t
         WHERE left(t.email, 200) = ANY ($1::text[])
         UNION
        SELECT t.user_id::text, left(t.email, 200), t.created_at::text
          FROM public.user_trading_profiles AS t
         WHERE left(t.email, 200) LIKE $2::text) AS l
 ORDER BY l.email, l.id
 LIMIT 200
