-- The hand-made people in ZmartBot.
INSERT INTO public.user_trading_profiles (user_id, email, tier, trading_enabled, api_access, created_at, updated_at)
SELECT id, b_email, b_tier, trading, api, now() AT TIME ZONE 'UTC' - interval '200 days' + make_interval(days => n),
       now() AT TIME ZONE 'UTC' - CASE WHEN k = 'weber' THEN interval '1 day' ELSE interval '4 days' END
  FROM person, generate_series(1, b_rows) AS n;

INSERT INTO public.user_api_keys (user_id, exchange, api_key_encrypted, api_secret_encrypted, is_active, permissions, created_at, updated_at)
SELECT id, (ARRAY['binance','kraken','coinbase','kucoin'])[n], 'enc:demo', 'enc:demo', n <= active,
       '{"spot": true, "futures": false, "withdraw": false}', now() AT TIME ZONE 'UTC' - interval '90 days', now() AT TIME ZONE 'UTC' - interval '10 days'
  FROM person, generate_series(1, keys) AS n;

INSERT INTO public.user_portfolios (user_id, symbol, amount, avg_buy_price, current_value, pnl, created_at, updated_at)
SELECT p.id, v.symbol, v.amount, v.buy, v.value, v.pnl, now() AT TIME ZONE 'UTC' - interval '90 days', now() AT TIME ZONE 'UTC' - interval '1 hour'
  FROM person p, (VALUES ('BTC', 0.412, 87002.1, 38112.4, 2410.9), ('ETH', 3.1, 3224.7, 9876.0, -120.5), ('USDT', 900, 1, 900, 0)) AS v (symbol, amount, buy, value, pnl)
 WHERE p.tier <> 'free' AND p.b_rows > 0;
-- numbers that are no plain numbers
INSERT INTO public.user_portfolios (user_id, symbol, amount, avg_buy_price, current_value, pnl, updated_at)
SELECT id, v.symbol, v.amount::numeric, v.buy::numeric, v.value::numeric, v.pnl::numeric, v.at::timestamp
  FROM person, (VALUES ('DUST', '0.00000001', '0.00000001', '0.00000000', '-0.00000001', '2020-02-29 23:59:59'), ('NAN', 'NaN', NULL, 'NaN', NULL, 'infinity'),
                       ('SHIB', '999999999999.99999999', '0.00001234', '12340000', '-0', '-infinity'), ('NONE', NULL, NULL, NULL, NULL, NULL)) AS v (symbol, amount, buy, value, pnl, at)
 WHERE k = 'whale';

INSERT INTO public.user_trades (user_id, symbol, side, amount, price, total, status, executed_at, created_at)
SELECT p.id, (ARRAY['BTC','ETH','SOL'])[1 + n % 3], CASE WHEN n % 2 = 0 THEN 'buy' ELSE 'sell' END, 0.01 * (1 + n % 70), 93110.0 - n, round(0.01 * (1 + n % 70) * (93110.0 - n), 8),
       CASE WHEN n % 20 = 1 THEN 'pending' ELSE 'completed' END, CASE WHEN n % 20 <> 1 THEN now() AT TIME ZONE 'UTC' - make_interval(hours => n) END,
       now() AT TIME ZONE 'UTC' - make_interval(hours => n)
  FROM person p, generate_series(1, 41) AS n
 WHERE p.tier <> 'free' AND p.b_rows > 0 AND p.k <> 'whale';
INSERT INTO public.user_trades (user_id, symbol, side, amount, price, total, status, executed_at, created_at)
SELECT p.id, (ARRAY['BTC','ETH','SOL','ADA','DOT'])[1 + (hashint8extended(n, 8) & 1023) % 5], CASE WHEN n % 3 = 0 THEN 'sell' ELSE 'buy' END, round(0.001 * (1 + n % 977), 8), 90000 + n % 5000, round(0.001 * (1 + n % 977) * (90000 + n % 5000), 8),
       'completed', now() AT TIME ZONE 'UTC' - make_interval(mins => n), now() AT TIME ZONE 'UTC' - make_interval(mins => n)
  FROM person p, generate_series(1, CASE WHEN current_setting('demo.users')::bigint >= 100000 THEN 200000 ELSE 5000 END) AS n
 WHERE p.k = 'whale';

INSERT INTO public.user_strategies (user_id, strategy_name, strategy_config, is_active, performance_metrics, updated_at)
SELECT p.id, v.name, v.config::jsonb, v.active, v.metrics::jsonb, now() AT TIME ZONE 'UTC' - interval '2 days'
  FROM person p, (VALUES ('grid-btc', '{"levels": 12, "range": [88000, 99000], "note": "tight"}', true, '{"pnl": 812.1, "win_rate": 0.61}'),
                         ('dca-eth', '{"every": "1d", "amount": 25}', false, '{"pnl": -40.2, "win_rate": 0.48}')) AS v (name, config, active, metrics)
 WHERE p.tier <> 'free' AND p.b_rows > 0;
INSERT INTO public.user_strategies (user_id, strategy_name, strategy_config, is_active)
SELECT id, 'backtest-long', jsonb_build_object('samples', (SELECT jsonb_agg(jsonb_build_object('n', n, 'at', md5(n::text), 'v', n * 1.5)) FROM generate_series(1, 4500) AS n)), false
  FROM person WHERE k = 'whale';

-- Bot has logins of its own, left from an older set-up: the same e-mail, another id
INSERT INTO auth.users (instance_id, id, aud, role, email, created_at)
SELECT '00000000-0000-0000-0000-000000000000', md5('zmart bot login ' || k)::uuid, 'authenticated', 'authenticated', email, now() - interval '300 days'
  FROM person WHERE k IN ('ana', 'ionescu', 'weber', 'oana');
