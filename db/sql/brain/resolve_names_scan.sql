-- Whose login has one of these e-mails ($1: text[], in lower case), for a role that reads logins
-- through the view: no index serves it there.
-- needs: logins(id, email)
-- walk
SELECT lower(u.email) AS email, min(u.id::text) AS id, count(*) AS users
  FROM auth.users AS u
 WHERE lower(u.email) = ANY ($1::text[])
 GROUP BY lower(u.email)
