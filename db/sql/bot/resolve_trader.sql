-- Which users of trading profiles are meant by a text: $1 as it was typed, $2 in lower case (NULL:
-- no e-mail), $3 an id (NULL: none).
-- needs: public.user_trading_profiles(user_id, email)
-- index: user_trading_profiles_email_idx user_trading_profiles_user_id_idx
SELECT DISTINCT w.user_id::text AS id, left(w.email, 1024) AS email
  FROM (SELECT t.user_id, t.email FROM public.user_trading_profiles AS t
         WHERE left(t.email, 200) = left($1::text, 200) AND t.email = $1::text
        UNION ALL
        SELECT t.user_id, t.email FROM public.user_trading_profiles AS t
         WHERE left(t.email, 200) = left($2::text, 200) AND t.email = $2::text
        UNION ALL
        SELECT t.user_id, t.email FROM public.user_trading_profiles AS t WHERE t.user_id = $3::uuid)
       AS w
 ORDER BY id, email
 LIMIT 32
