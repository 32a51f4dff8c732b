-- Opens the cursor over logins of the buckets $2, of mask $1 (0 and {0}: all), in the order
-- of their users.
-- needs: logins(id, email, deleted_at)
-- walk
DECLARE zmartctl_users NO SCROLL CURSOR WITHOUT HOLD FOR
SELECT u.id::text AS user_id,
       u.email,
       u.deleted_at::text AS deleted_at
  FROM auth.users AS u
 WHERE (uuid_hash(u.id) & $1::integer) = ANY ($2::integer[])
 ORDER BY u.id
