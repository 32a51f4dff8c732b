-- Who is meant by a text: $1 as it was typed, $2 in lower case (NULL: no e-mail), $3 a phone's
-- digits, $4 an id (NULL: none). Password users, by their indexes.
-- needs: logins(id, email, phone, deleted_at, is_sso_user, is_anonymous)
SELECT DISTINCT w.id::text AS id, left(w.email, 1024) AS email, left(w.phone, 64) AS phone,
       w.is_sso_user, w.is_anonymous, w.deleted_at IS NOT NULL AS is_deleted
  FROM (SELECT u.id, u.email, u.phone, u.is_sso_user, u.is_anonymous, u.deleted_at
          FROM auth.users AS u
         WHERE u.is_sso_user = false AND u.email = $1::text
        UNION ALL
        SELECT u.id, u.email, u.phone, u.is_sso_user, u.is_anonymous, u.deleted_at
          FROM auth.users AS u
         WHERE u.is_sso_user = false AND u.email = $2::text
        UNION ALL
        SELECT u.id, u.email, u.phone, u.is_sso_user, u.is_anonymous, u.deleted_at
          FROM auth.users AS u
         WHERE u.phone = $3::text
        UNION ALL
        SELECT u.id, u.email, u.phone, u.is_sso_user, u.is_anonymous, u.deleted_at
          FROM auth.users AS u
         WHERE u.id = $4::uuid) AS w
 ORDER BY id
 LIMIT 9
