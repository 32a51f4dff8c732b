-- How many rows of a trial are left. $1 the user's id, $2 his e-mail.
-- needs: logins(id, email, is_sso_user) public.user_profiles(user_id)
SELECT (SELECT count(*) FROM auth.users AS u
         WHERE u.id = $1::uuid
            OR (u.email = $2::text AND u.is_sso_user = false))
       + (SELECT count(*) FROM public.user_profiles AS p WHERE p.user_id = $1::uuid) AS n
