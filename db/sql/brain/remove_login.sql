-- Removes a test user; what refers to him goes with him. $1 his id, $2 the address that marks him.
-- needs: logins(id, email, is_sso_user)
DELETE FROM auth.users AS u
 WHERE u.id = $1::uuid
   AND u.email = $2::text
   AND u.is_sso_user = false
RETURNING u.id::text AS id
