-- The address of a user who has just signed up is confirmed, as the Auth server does it. $1 his id.
-- updates: auth.users(email_confirmed_at, updated_at)
UPDATE auth.users
   SET email_confirmed_at = now(), updated_at = now()
 WHERE id = $1::text::uuid
