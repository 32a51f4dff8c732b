-- Which of the ids $1 (uuid[]) belong to no login.
-- needs: logins(id)
SELECT t.id::text AS id
  FROM unnest($1::uuid[]) AS t(id)
EXCEPT
SELECT u.id::text
  FROM auth.users AS u
 WHERE u.id = ANY ($1::uuid[])
 ORDER BY id
