-- All trading profiles of a user, oldest first.
-- needs: public.user_trading_profiles(id, user_id, email, tier, trading_enabled, api_access, created_at, updated_at)
-- index: user_trading_profiles_user_id_idx
SELECT t.id::text AS id,
       t.user_id::text AS user_id,
       left(t.email, 1024) AS email,
       left(t.tier::text, 64) AS tier,
       t.trading_enabled,
       t.api_access,
       CASE WHEN t.created_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(t.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE t.created_at::text END AS created_at,
       CASE WHEN t.updated_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(t.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE t.updated_at::text END AS updated_at,
       count(*) OVER () AS rows
  FROM public.user_trading_profiles AS t
 WHERE t.user_id = $1::uuid
 ORDER BY t.created_at, t.id
 LIMIT 50
