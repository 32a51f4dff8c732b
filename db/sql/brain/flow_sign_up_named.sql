-- The user with an e-mail, if he has signed up. $1 the e-mail, in lower case as logins have it.
-- needs: logins(id, email, created_at, is_sso_user)
SELECT u.id::text AS id,
       left(u.email, 320) AS email,
       CASE WHEN isfinite(u.created_at)
            THEN greatest(0, extract(epoch FROM clock_timestamp() - u.created_at) * 1000)::bigint
            ELSE 0 END AS age_ms,
       u.created_at::text AS at
  FROM auth.users AS u
 WHERE u.email = $1::text
   AND u.is_sso_user = false
