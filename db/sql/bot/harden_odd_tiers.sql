-- walk
-- needs: public.user_trading_profiles(tier)
-- How many trading profiles have a tier that does not exist.
SELECT count(*) AS n
  FROM public.user_trading_profiles WHERE tier NOT IN ('free', 'pro', 'enterprise')
