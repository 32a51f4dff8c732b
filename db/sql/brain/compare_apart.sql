-- Users who differ in the sums without being drift, for when they are too many to be read one by one:
-- deleted ones, who need nothing in Bot, and those without e-mail whom compare_nameless does not find.
-- $1 how many at most; only ids from $2 on, up to $3 (NULL: no end).
-- needs: logins(id, instance_id, email, deleted_at)
-- walk
SELECT u.id::text AS id,
       u.deleted_at IS NOT NULL AS deleted
  FROM auth.users AS u
 WHERE (u.deleted_at IS NOT NULL OR u.email = '' OR (u.email IS NULL AND u.instance_id IS DISTINCT FROM '00000000-0000-0000-0000-000000000000'))
   AND ($2::uuid IS NULL OR u.id >= $2::uuid)
   AND ($3::uuid IS NULL OR u.id < $3::uuid)
 LIMIT $1::integer
