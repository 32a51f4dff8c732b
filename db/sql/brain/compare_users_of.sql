-- The logins of the users $1 (uuid[]), in their order.
-- What an older shape lacks is NULL: a name that the inner table does not have is found outside.
-- needs: logins(id:uuid, email)
-- walk
SELECT u.id::text AS user_id,
       left(u.email, 1024) AS email,
       u.deleted_at::text AS deleted_at
  FROM (SELECT NULL::timestamptz AS deleted_at) AS lacking
 CROSS JOIN LATERAL (
        SELECT id, email, deleted_at
          FROM auth.users) AS u
 WHERE u.id = ANY ($1::uuid[])
 ORDER BY u.id
