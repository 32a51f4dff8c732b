-- Users whom the sums cannot judge: deleted ones, who need nothing in Bot, and those without
-- e-mail, who may have a trading profile or none. $1 how many at most; only ids from $2 on, up to
-- $3 (NULL: no end).
-- needs: logins(id, email, deleted_at)
-- walk
SELECT u.id::text AS id,
       u.deleted_at IS NOT NULL AS deleted
  FROM auth.users AS u
 WHERE (u.deleted_at IS NOT NULL OR coalesce(u.email, '') = '')
   AND ($2::uuid IS NULL OR u.id >= $2::uuid)
   AND ($3::uuid IS NULL OR u.id < $3::uuid)
 LIMIT $1::integer
