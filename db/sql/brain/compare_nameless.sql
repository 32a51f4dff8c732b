-- Users without e-mail, who may have a trading profile or none, so that the sums cannot judge them;
-- as far as the index on e-mails knows them, which Supabase has: the others differ where they are not
-- in Bot, and their rows are read. No index is used through zmartctl.users, whose barrier keeps lower()
-- from it. $1 how many at most.
-- needs: logins(id, instance_id, email, deleted_at)
-- walk
SELECT u.id::text AS id
  FROM auth.users AS u
 WHERE u.instance_id = '00000000-0000-0000-0000-000000000000'
   AND lower(u.email) IS NULL
   AND u.deleted_at IS NULL
 LIMIT $1::integer
