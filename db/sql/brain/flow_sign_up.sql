-- The first user who signed up since a moment. $1 the moment, $2 his e-mail is like that (a pattern
-- of LIKE), or NULL. Nobody has an index on that moment by default; who asks waits in between.
-- needs: logins(id, email, created_at)
-- walk
SELECT u.id::text AS id,
       left(u.email, 320) AS email,
       CASE WHEN isfinite(u.created_at)
            THEN greatest(0, extract(epoch FROM clock_timestamp() - u.created_at) * 1000)::bigint
            ELSE 0 END AS age_ms,
       u.created_at::text AS at
  FROM auth.users AS u
 WHERE u.created_at >= $1::timestamptz
   AND ($2::text IS NULL OR u.email LIKE $2::text)
 ORDER BY u.created_at, u.id
 LIMIT 1
