-- The crowd in ZmartyBrain: logins, profiles, subscriptions, activity.
INSERT INTO auth.users (instance_id, id, aud, role, email, email_confirmed_at, confirmation_token,
        confirmation_sent_at, recovery_token, email_change_token_new, email_change, last_sign_in_at,
        raw_app_meta_data, raw_user_meta_data, created_at, updated_at, phone, phone_confirmed_at, banned_until,
        is_sso_user, is_anonymous)
SELECT '00000000-0000-0000-0000-000000000000', id, 'authenticated', 'authenticated', email,
       CASE WHEN email IS NOT NULL AND h1 % 27 <> 3 THEN created_at + interval '4 minutes' END, '',
       CASE WHEN email IS NOT NULL THEN created_at END, '', '', '',
       CASE WHEN h2 % 9 <> 0 THEN now() - make_interval(mins => (least(extract(epoch FROM now() - created_at) / 60, h3 % 90000))::int) END,
       jsonb_build_object('provider', CASE WHEN anonymous THEN 'anonymous' WHEN email IS NULL THEN 'phone' ELSE 'email' END),
       jsonb_build_object('name', name, 'country', country), created_at, created_at, phone,
       CASE WHEN phone IS NOT NULL THEN created_at END,
       CASE WHEN h3 % 311 = 11 THEN date_trunc('day', now()) + interval '90 days'
            WHEN h3 % 311 = 12 THEN date_trunc('day', now()) - interval '10 days' END,
       sso, anonymous
  FROM crowd;

INSERT INTO auth.identities (provider_id, user_id, identity_data, provider, created_at, updated_at)
SELECT id::text, id, jsonb_build_object('sub', id, 'email', email),
       CASE WHEN sso THEN 'sso:9b1f' WHEN email IS NULL THEN 'phone' ELSE 'email' END, created_at, created_at
  FROM crowd
 WHERE NOT anonymous;

INSERT INTO public.user_profiles (user_id, tier, name, country, profile_completed, created_at, updated_at)
SELECT id, tier, CASE WHEN h3 % 29 <> 1 THEN name END, CASE WHEN h3 % 31 <> 1 THEN country END, h1 % 19 <> 4,
       created_at AT TIME ZONE 'UTC', created_at AT TIME ZONE 'UTC' + make_interval(hours => (h1 % 50)::int)
  FROM crowd;

INSERT INTO public.user_subscriptions (user_id, tier, started_at, status)
SELECT id, tier, created_at AT TIME ZONE 'UTC', 'active'
  FROM crowd
 WHERE tier <> 'free' OR h2 % 3 > 0;

INSERT INTO public.user_subscriptions (user_id, tier, started_at, ended_at, status)
SELECT id, 'free', created_at AT TIME ZONE 'UTC' - interval '40 days', created_at AT TIME ZONE 'UTC', 'ended'
  FROM crowd
 WHERE tier <> 'free' AND current_setting('demo.users')::bigint <= 20000;

INSERT INTO public.user_activity (user_id, action, metadata, created_at)
SELECT id, (ARRAY['login','login','login','login_failed','profile_update','checkout','logout'])[1 + (hashint8extended(i * 64 + k, 4) & 2147483647) % 7],
       jsonb_build_object('client', (ARRAY['web','ios','android'])[1 + (h1 + k) % 3], 'country', country),
       (now() - make_interval(mins => ((hashint8extended(i * 64 + k, 5) & 2147483647) % 260000)::int)) AT TIME ZONE 'UTC'
  FROM crowd,
       generate_series(1, CASE WHEN current_setting('demo.users')::bigint <= 20000 THEN 4 + h1 % 12 ELSE 1 END) AS k;
