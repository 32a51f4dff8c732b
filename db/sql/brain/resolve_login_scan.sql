-- Everybody whose e-mail is $1 in lower case, SSO users too, for a role that reads logins through
-- the view: no index serves it there.
-- needs: logins(id, email, phone, deleted_at, is_sso_user, is_anonymous)
-- walk
SELECT u.id::text AS id, left(u.email, 1024) AS email, left(u.phone, 64) AS phone,
       u.is_sso_user, u.is_anonymous, u.deleted_at IS NOT NULL AS is_deleted
  FROM auth.users AS u
 WHERE lower(u.email) = $1::text
 LIMIT 9
