-- Users without e-mail, who may have a trading profile or none, so that the sums cannot judge them;
-- as far as the index on e-mails knows them, which Supabase has: the others differ (compare_sums).
-- $1 how many at most; only ids from $2 on, up to $3 (NULL: no end).
-- needs: logins(id, email, deleted_at, is_sso_user)
SELECT u.id::text AS id
  FROM auth.users AS u
 WHERE u.email IS NULL
   AND u.is_sso_user = false
   AND u.deleted_at IS NULL
   AND ($2::uuid IS NULL OR u.id >= $2::uuid)
   AND ($3::uuid IS NULL OR u.id < $3::uuid)
 LIMIT $1::integer
