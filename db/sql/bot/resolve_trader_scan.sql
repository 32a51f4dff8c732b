-- Which users of trading profiles have the e-mail $1 but for upper case: asked when Brain knows
-- nobody.
-- needs: public.user_trading_profiles(user_id, email)
-- walk
SELECT t.user_id::text AS id, left(t.email, 1024) AS email
  FROM public.user_trading_profiles AS t
 WHERE lower(t.email) = $1::text
 LIMIT 32
