-- The identity that goes with trial_login. $1 his id, $2 his e-mail.
-- inserts: auth.identities(provider_id, user_id, identity_data, provider, created_at, updated_at)
INSERT INTO auth.identities (provider_id, user_id, identity_data, provider, created_at, updated_at)
VALUES ($1::text, $1::uuid,
        jsonb_build_object('sub', $1::text, 'email', $2::text, 'email_verified', false,
                           'phone_verified', false),
        'email', now(), now())
