-- The logins of the page, in its order. Times are UTC: the transaction says so.
-- needs: logins(id, email, phone, created_at, last_sign_in_at, email_confirmed_at, banned_until, deleted_at, is_sso_user, is_anonymous)
SELECT u.id::text AS id,
       left(u.email, 1024) AS email,
       left(u.phone, 64) AS phone,
       CASE WHEN u.created_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(u.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE u.created_at::text END AS created_at,
       CASE WHEN u.last_sign_in_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(u.last_sign_in_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE u.last_sign_in_at::text END AS last_sign_in_at,
       CASE WHEN u.email_confirmed_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(u.email_confirmed_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE u.email_confirmed_at::text END AS email_confirmed_at,
       CASE WHEN u.banned_until BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(u.banned_until, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE u.banned_until::text END AS banned_until,
       CASE WHEN u.deleted_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(u.deleted_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE u.deleted_at::text END AS deleted_at,
       coalesce(u.banned_until > now(), false) AS banned,
       u.is_sso_user,
       u.is_anonymous
  FROM auth.users AS u
 WHERE u.id = ANY ((SELECT current_setting('zmartctl.page')::uuid[])::uuid[])
 ORDER BY array_position((SELECT current_setting('zmartctl.page')::uuid[]), u.id)
