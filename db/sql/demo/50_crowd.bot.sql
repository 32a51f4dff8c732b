-- The crowd in ZmartBot: trading profiles, portfolios, trades, strategies, API keys.
INSERT INTO public.user_trading_profiles (user_id, email, tier, trading_enabled, api_access, created_at, updated_at)
SELECT id, coalesce(email, ''), tier, tier <> 'free' AND h2 % 8 > 0, tier = 'enterprise' AND h2 % 5 > 0,
       created_at AT TIME ZONE 'UTC', created_at AT TIME ZONE 'UTC' + make_interval(hours => (h1 % 50)::int)
  FROM crowd
 WHERE email IS NOT NULL OR h3 % 2 = 0;

CREATE TEMP TABLE market (n int, symbol text, price numeric, digits int);
INSERT INTO market VALUES (0,'BTC',92510.5,6), (1,'ETH',3188.2,5), (2,'SOL',231.04,3), (3,'USDT',1.0,2), (4,'BNB',612.3,4),
    (5,'XRP',1.41,1), (6,'ADA',0.9731,1), (7,'DOGE',0.4012,1), (8,'AVAX',38.77,3), (9,'LINK',15.26,3), (10,'DOT',6.015,2), (11,'MATIC',0.4587,1);

INSERT INTO public.user_portfolios (user_id, symbol, amount, avg_buy_price, current_value, pnl, created_at, updated_at)
SELECT c.id, m.symbol, a.amount, b.buy, round(a.amount * m.price, 8), round(a.amount * (m.price - b.buy), 8),
       c.created_at AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' - make_interval(mins => (c.h2 % 3000)::int)
  FROM crowd c
 CROSS JOIN generate_series(1, CASE WHEN current_setting('demo.users')::bigint <= 20000 THEN 2 + c.h3 % 4 ELSE 1 + (c.h3 % 3 < 2)::int END) AS k
  JOIN market m ON m.n = (c.h2 + k * 5) % 12
 CROSS JOIN LATERAL (SELECT round((1 + (c.h1 + k * 97) % 9000) * 12.5 / m.price, m.digits) AS amount) a
 CROSS JOIN LATERAL (SELECT round(m.price * (80 + (c.h3 + k * 31) % 35) / 100, 8) AS buy) b
 WHERE c.tier <> 'free';

INSERT INTO public.user_trades (user_id, symbol, side, amount, price, total, status, executed_at, created_at)
SELECT c.id, m.symbol, CASE WHEN t.h % 5 < 3 THEN 'buy' ELSE 'sell' END, a.amount, p.price, round(a.amount * p.price, 8),
       s.status, CASE WHEN s.status = 'completed' THEN t.at + interval '2 seconds' END, t.at
  FROM crowd c
 CROSS JOIN generate_series(1, CASE WHEN current_setting('demo.users')::bigint <= 20000 THEN 5 + c.h3 % 40 ELSE 4 + (c.h3 % 6) END) AS k
 CROSS JOIN LATERAL (SELECT hashint8extended(c.i * 64 + k, 6) & 2147483647 AS h,
        (now() AT TIME ZONE 'UTC') - make_interval(secs => (hashint8extended(c.i * 64 + k, 7) & 2147483647) % 15552000) AS at) t
  JOIN market m ON m.n = (t.h % 144) % (1 + t.h % 12)
 CROSS JOIN LATERAL (SELECT round(m.price * (90 + t.h % 20) / 100, 8) AS price) p
 CROSS JOIN LATERAL (SELECT round((10 + t.h % 3000) / m.price, m.digits) AS amount) a
 CROSS JOIN LATERAL (SELECT CASE WHEN t.h % 41 = 0 THEN 'pending' WHEN t.h % 43 = 0 THEN 'failed' ELSE 'completed' END AS status) s
 WHERE c.tier <> 'free';

INSERT INTO public.user_strategies (user_id, strategy_name, strategy_config, is_active, performance_metrics, created_at, updated_at)
SELECT c.id, (ARRAY['grid','dca','momentum','rebalance'])[1 + (c.h1 + k) % 4] || '-' || lower(m.symbol),
       jsonb_build_object('symbol', m.symbol, 'levels', 5 + c.h2 % 20, 'range', jsonb_build_array(m.price * 0.9, m.price * 1.1), 'stop_loss', 0.05, 'notify', jsonb_build_object('email', true, 'push', c.h1 % 2 = 0)),
       (c.h2 + k) % 3 > 0,
       jsonb_build_object('pnl', round(((c.h3 + k) % 4000) / 3.0 - 300, 2), 'win_rate', round(0.4 + (c.h1 % 30) / 100.0, 2), 'trades', c.h2 % 300),
       c.created_at AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC' - make_interval(hours => (c.h1 % 700)::int)
  FROM crowd c
 CROSS JOIN generate_series(1, 1 + c.h2 % 2) AS k
  JOIN market m ON m.n = (c.h3 + k) % 12
 WHERE c.tier <> 'free' AND c.h3 % 3 = 0;

INSERT INTO public.user_api_keys (user_id, exchange, api_key_encrypted, api_secret_encrypted, is_active, permissions, created_at, updated_at)
SELECT c.id, (ARRAY['binance','kraken','coinbase','kucoin'])[1 + (c.h2 + k) % 4], 'enc:demo', 'enc:demo', (c.h1 + k) % 7 > 0,
       jsonb_build_object('spot', true, 'futures', c.h1 % 4 = 0, 'withdraw', false),
       c.created_at AT TIME ZONE 'UTC', c.created_at AT TIME ZONE 'UTC' + interval '1 day'
  FROM crowd c
 CROSS JOIN generate_series(1, 1 + (c.h3 % 4 = 0)::int) AS k
 WHERE c.tier <> 'free' AND c.h2 % 9 > 0;
