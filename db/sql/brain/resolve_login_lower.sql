-- Everybody whose e-mail is $1 in lower case, SSO users too: by the index of Supabase Auth, which
-- no view lets through.
-- needs: auth.users(id, instance_id, email, phone, deleted_at, is_sso_user, is_anonymous)
SELECT u.id::text AS id, left(u.email, 1024) AS email, left(u.phone, 64) AS phone,
       u.is_sso_user, u.is_anonymous, u.deleted_at IS NOT NULL AS is_deleted
  FROM auth.users AS u
 WHERE u.instance_id = '00000000-0000-0000-0000-000000000000'
   AND lower(u.email) = $1::text
 ORDER BY u.id
 LIMIT 9
