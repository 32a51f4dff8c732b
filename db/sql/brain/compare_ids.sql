-- Users whose hash is among $2 by mask $1, or whose bucket is among $4 by mask $3; only ids
-- from $5 on, up to $6 (NULL: no end).
-- needs: logins(id)
-- walk
SELECT u.id::text AS id
  FROM auth.users AS u
 WHERE (uuid_hash(u.id) & $1::integer = ANY ($2::integer[])
        OR uuid_hash(u.id) & $3::integer = ANY ($4::integer[]))
   AND ($5::uuid IS NULL OR u.id >= $5::uuid)
   AND ($6::uuid IS NULL OR u.id < $6::uuid)
