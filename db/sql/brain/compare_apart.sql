-- Users whom the sums cannot judge: deleted ones, who need nothing in Bot, and those without
-- e-mail, who may have a trading profile or none. $1 how many at most.
-- needs: logins(id, email, deleted_at)
-- walk
SELECT u.id::text AS id,
       u.deleted_at IS NOT NULL AS deleted
  FROM auth.users AS u
 WHERE u.deleted_at IS NOT NULL OR coalesce(u.email, '') = ''
 LIMIT $1::integer
