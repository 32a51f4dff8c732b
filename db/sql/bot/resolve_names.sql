-- Whose trading profile has one of these e-mails ($1: text[], in lower case): asked for those whom
-- Brain does not know.
-- needs: public.user_trading_profiles(user_id, email)
-- walk
SELECT lower(t.email) AS email, min(t.user_id::text) AS id, count(DISTINCT t.user_id) AS users
  FROM public.user_trading_profiles AS t
 WHERE lower(t.email) = ANY ($1::text[])
 GROUP BY lower(t.email)
