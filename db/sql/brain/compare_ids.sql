-- Users whose hash is among $2 by mask $1, or whose bucket is among $4 by mask $3.
-- needs: logins(id)
-- walk
SELECT u.id::text AS id
  FROM auth.users AS u
 WHERE uuid_hash(u.id) & $1::integer = ANY ($2::integer[])
    OR uuid_hash(u.id) & $3::integer = ANY ($4::integer[])
