-- What the Auth server writes when somebody signs up, but for secrets. $1 his id, $2 his e-mail. Only in
-- transactions that are rolled back.
-- needs: auth.users(id)
-- inserts: auth.users(instance_id, id, aud, role, email, raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
INSERT INTO auth.users (instance_id, id, aud, role, email, raw_app_meta_data, raw_user_meta_data,
                        created_at, updated_at)
VALUES ('00000000-0000-0000-0000-000000000000', $1::uuid, 'authenticated', 'authenticated', $2::text,
        '{"provider": "email", "providers": ["email"]}',
        jsonb_build_object('sub', $1::text, 'email', $2::text, 'email_verified', false,
                           'phone_verified', false),
        now(), now())
