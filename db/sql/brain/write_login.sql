-- Whether the user has a login, and its e-mail. $1 his id.
-- needs: logins(id, email, deleted_at)
SELECT left(u.email, 1024) AS email,
       u.deleted_at IS NOT NULL AS is_deleted
  FROM auth.users AS u
 WHERE u.id = $1::uuid
