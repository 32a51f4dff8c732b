-- Test users that are still there. $1 addresses, $2 the word with which marked ones begin.
-- needs: logins(id, email, created_at, is_sso_user)
SELECT l.id, l.email, l.at
  FROM (SELECT u.id::text AS id, left(u.email, 320) AS email, u.created_at::text AS at,
               u.created_at
          FROM auth.users AS u
         WHERE u.email = ANY ($1::text[])
           AND u.is_sso_user = false
         UNION
        SELECT u.id::text, left(u.email, 320), u.created_at::text, u.created_at
          FROM auth.users AS u
         WHERE u.is_sso_user = false
           AND u.email >= $2::text
           AND u.email <= greatest($2::text || 'zzzz', $2::text || chr(40959), $2::text || chr(65535),
                                   $2::text || chr(1114111))
           AND starts_with(u.email, $2::text)) AS l
 ORDER BY l.created_at DESC NULLS LAST, l.id
 LIMIT 200
