-- Opens the cursor over logins of the buckets $2, of mask $1 (0 and {0}: all), in the order
-- of their users.
-- What an older shape lacks is NULL: a name that the inner table does not have is found outside.
-- needs: logins(id:uuid, email)
-- walk
DECLARE zmartctl_users NO SCROLL CURSOR WITHOUT HOLD FOR
SELECT u.id::text AS user_id,
       left(u.email, 1024) AS email,
       u.deleted_at::text AS deleted_at
  FROM (SELECT NULL::timestamptz AS deleted_at) AS lacking
 CROSS JOIN LATERAL (
        SELECT id, email, deleted_at
          FROM auth.users) AS u
 WHERE (uuid_hash(u.id) & $1::integer) = ANY ($2::integer[])
 ORDER BY u.id
