-- Whose login has one of these e-mails ($1: text[], in lower case), of password users whose e-mail
-- is in lower case: by their index, which the view lets through.
-- needs: logins(id, email, is_sso_user)
SELECT u.email::text AS email, min(u.id::text) AS id, count(DISTINCT u.id) AS users
  FROM auth.users AS u
 WHERE u.is_sso_user = false
   AND u.email = ANY ($1::text[])
 GROUP BY u.email
