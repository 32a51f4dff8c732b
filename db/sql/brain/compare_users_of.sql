-- The logins of the users $1 (uuid[]), in their order.
-- needs: logins(id, email, deleted_at)
-- walk
SELECT u.id::text AS user_id,
       u.email,
       u.deleted_at::text AS deleted_at
  FROM auth.users AS u
 WHERE u.id = ANY ($1::uuid[])
 ORDER BY u.id
