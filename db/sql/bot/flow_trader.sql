-- The same of his trading profile.
-- needs: public.user_trading_profiles(user_id, created_at)
-- index: user_trading_profiles_user_id_idx
SELECT count(*) AS n,
       coalesce(min(CASE WHEN isfinite(t.created_at) AND isfinite($2::timestamptz)
                         THEN extract(epoch FROM t.created_at::timestamptz - $2::timestamptz) * 1000
                    END)::bigint, -1) AS says_ms
  FROM public.user_trading_profiles AS t
 WHERE t.user_id = $1::uuid
