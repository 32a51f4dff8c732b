-- Whether Bot's tier can be anything: no CHECK names the tiers that exist.
SELECT 'user_trading_profiles.tier can be any word' AS hole,
       'ALTER TABLE public.user_trading_profiles ADD CONSTRAINT user_trading_profiles_tier_check'
       ' CHECK (tier IN (''free'', ''pro'', ''enterprise''))' AS fix
  FROM pg_class c
 WHERE c.relname = 'user_trading_profiles' AND c.relkind = 'r' AND c.relnamespace = to_regnamespace('public')
   AND NOT EXISTS (SELECT FROM pg_constraint k
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
                    WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.convalidated AND a.attname = 'tier'
                      AND pg_get_constraintdef(k.oid) LIKE '%''enterprise''%')
