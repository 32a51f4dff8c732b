-- What the Auth server writes when somebody signs up. $1 his id, $2 his e-mail. The password is one
-- that nobody has; the tokens are empty as they are at first. Only in transactions that are rolled
-- back.
-- needs: auth.users(id)
-- inserts: auth.users(instance_id, id, aud, role, email, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
INSERT INTO auth.users (encrypted_password, confirmation_token, recovery_token, email_change_token_new,
                        email_change, instance_id, id, aud, role, email, raw_app_meta_data,
                        raw_user_meta_data, created_at, updated_at)
VALUES (concat_ws('$', '', '2a', '10', repeat('.', 53)), '', '', '', '', '00000000-0000-0000-0000-000000000000', $1::uuid,
        'authenticated', 'authenticated', lower($2::text),
        '{"provider": "email", "providers": ["email"]}',
        jsonb_build_object('sub', $1::text, 'email', lower($2::text), 'email_verified', false,
                           'phone_verified', false),
        now(), now())
