-- The hand-made people in ZmartyBrain.
INSERT INTO auth.users (instance_id, id, aud, role, email, email_confirmed_at, confirmation_token, recovery_token,
        email_change_token_new, email_change, last_sign_in_at, raw_app_meta_data, raw_user_meta_data, created_at,
        updated_at, phone, phone_confirmed_at, banned_until, is_sso_user, deleted_at, is_anonymous)
SELECT '00000000-0000-0000-0000-000000000000', id, 'authenticated', 'authenticated', email,
       CASE WHEN confirmed THEN now() - interval '200 days' END, '', '', '', '',
       CASE WHEN state = '' THEN now() - interval '3 hours' END,
       jsonb_build_object('provider', CASE WHEN state IN ('phone', 'anonymous', 'sso') THEN state ELSE 'email' END),
       CASE WHEN state = 'deleted' THEN '{}'::jsonb ELSE jsonb_build_object('name', name) END,
       now() - interval '200 days', now() - interval '2 days',
       CASE WHEN state = 'phone' THEN (919810000000 + length(k))::text END,
       CASE WHEN state = 'phone' THEN now() - interval '200 days' END,
       now() + make_interval(days => ban_days), state = 'sso',
       CASE WHEN state = 'deleted' THEN now() - interval '20 days' END, state = 'anonymous'
  FROM person
 WHERE state <> 'orphan';

INSERT INTO auth.identities (provider_id, user_id, identity_data, provider, created_at, updated_at)
SELECT id::text, id, jsonb_build_object('sub', id, 'email', email),
       CASE WHEN state = 'sso' THEN 'sso:9b1f' WHEN state = 'phone' THEN 'phone' ELSE 'email' END, now(), now()
  FROM person
 WHERE state NOT IN ('orphan', 'anonymous', 'deleted');

INSERT INTO public.user_profiles (user_id, tier, name, country, profile_completed, created_at, updated_at)
SELECT id, CASE WHEN n = 2 THEN 'free' ELSE tier END, name, country, completed,
       now() AT TIME ZONE 'UTC' - interval '200 days' + make_interval(days => n),
       now() AT TIME ZONE 'UTC' - interval '3 days'
  FROM person, generate_series(1, rows) AS n;

INSERT INTO public.user_subscriptions (user_id, tier, started_at, status)
SELECT id, sub, now() AT TIME ZONE 'UTC' - interval '3 days', 'active' FROM person WHERE sub IS NOT NULL;
INSERT INTO public.user_subscriptions (user_id, tier, started_at, ended_at, status)
SELECT id, 'free', now() AT TIME ZONE 'UTC' - interval '200 days', now() AT TIME ZONE 'UTC' - interval '3 days', 'ended'
  FROM person WHERE sub IS NOT NULL AND sub <> 'free';

INSERT INTO public.user_activity (user_id, action, metadata, created_at)
SELECT id, a.action, a.metadata::jsonb, now() AT TIME ZONE 'UTC' - a.ago::interval
  FROM person,
       (VALUES ('login', '{"client": "web"}', '3 hours'), ('checkout', '{"provider": "stripe", "amount": "49.00"}', '3 days'),
               ('login', '{"client": "ios"}', '4 days'), ('login_failed', '{"client": "ios"}', '4 days 2 minutes'),
               ('profile_update', '{"fields": ["name", "country"]}', '9 days')) AS a (action, metadata, ago)
 WHERE state = '';

-- what operators did: Ana's upgrade reached Brain only and was never finished, later her trading was stopped; a
-- stop whose reason is owed; an upgrade that was taken back
CREATE TEMPORARY TABLE deed (n integer, k text, action text, metadata jsonb, ago interval, outcome text);
INSERT INTO deed VALUES
  (1, 'ana',   'zmartctl.tier_change',    '{"set": "tier bot_tier", "old": "free", "new": "pro", "tier_old": "free", "tier_new": "pro", "bot_old": "free", "bot_new": "pro", "bot_tier_old": "free", "bot_tier_new": "pro", "bot_prev": "2026-01-01 00:00:00", "bot_token": "2026-01-01 00:00:01", "reason": "T-4388 paid by wire"}', '31 days', NULL),
  (2, 'ana',   'zmartctl.trading_toggle', '{"set": "trading_enabled", "old": "true", "new": "false", "trading_enabled_old": "true", "trading_enabled_new": "false", "reason": "T-4390 abuse check"}', '2 days', 'done'),
  (3, 'off',   'zmartctl.stop_all',       '{"set": "trading_enabled", "old": "true", "new": "false", "trading_enabled_old": "true", "trading_enabled_new": "false"}', '1 day', 'done'),
  (4, 'joana', 'zmartctl.tier_change',    '{"set": "tier bot_tier", "old": "free", "new": "pro", "tier_old": "free", "tier_new": "pro", "bot_old": "free", "bot_new": "pro", "bot_tier_old": "free", "bot_tier_new": "pro", "reason": "T-4401 campaign"}', '6 days', 'done'),
  (5, 'joana', 'zmartctl.undo',           '{"set": "tier bot_tier", "old": "pro", "new": "free", "tier_old": "pro", "tier_new": "free", "bot_old": "pro", "bot_new": "free", "bot_tier_old": "pro", "bot_tier_new": "free", "reason": "T-4401 was for another Joana"}', '5 days', 'done');
UPDATE deed SET metadata = metadata || jsonb_build_object('undo_of', md5('zmart journal 4')::uuid) WHERE n = 5;
INSERT INTO public.user_activity (id, user_id, action, metadata, created_at)
SELECT md5('zmart journal ' || d.n)::uuid, p.id, d.action,
       d.metadata || jsonb_build_object('v', 1, 'subject', p.id, 'db_role', 'postgres', 'os_user', 'bo', 'host', 'ops-1', 'ssh', '192.0.2.7', 'app_version', '0.1.0'),
       now() AT TIME ZONE 'UTC' - d.ago
  FROM deed d JOIN person p ON p.k = d.k;
INSERT INTO public.user_activity (id, user_id, action, metadata, created_at)
SELECT md5('zmart result ' || d.n)::uuid, p.id, 'zmartctl.result',
       jsonb_build_object('v', 1, 'subject', p.id, 'db_role', 'postgres', 'ref', md5('zmart journal ' || d.n)::uuid, 'outcome', d.outcome),
       now() AT TIME ZONE 'UTC' - d.ago
  FROM deed d JOIN person p ON p.k = d.k
 WHERE d.outcome IS NOT NULL;

-- a metadata value that is deep and long
INSERT INTO public.user_activity (user_id, action, metadata, created_at)
SELECT id, 'import', (repeat('{"a":[', 200) || '1' || repeat(']}', 200))::jsonb, now() AT TIME ZONE 'UTC' - interval '5 days'
  FROM person WHERE k = 'whale';
