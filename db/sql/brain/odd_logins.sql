-- Somebody whom that index does not find by his e-mail in lower case: an SSO user, or one whose
-- e-mail has capital letters.
-- needs: logins(id, email, is_sso_user)
-- walk
SELECT u.id::text AS id
  FROM auth.users AS u
 WHERE u.is_sso_user
    OR u.email <> lower(u.email)
 LIMIT 1
