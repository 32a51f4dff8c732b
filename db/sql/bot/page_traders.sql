-- The oldest trading profile of each user of the page, in its order, and how many he has.
-- needs: public.user_trading_profiles(id, user_id, email, tier, trading_enabled, api_access, created_at, updated_at)
-- index: user_trading_profiles_user_id_idx
SELECT w.id, w.user_id::text AS user_id, w.email, w.tier, w.trading_enabled, w.api_access,
       w.created_at, w.updated_at, w.rows
  FROM (SELECT DISTINCT ON (t.user_id)
               t.id::text AS id,
               t.user_id,
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
               count(*) OVER (PARTITION BY t.user_id) AS rows
          FROM public.user_trading_profiles AS t
         WHERE t.user_id = ANY ((SELECT current_setting('zmartctl.page')::uuid[])::uuid[])
         ORDER BY t.user_id, t.created_at, t.id) AS w
 ORDER BY array_position((SELECT current_setting('zmartctl.page')::uuid[]), w.user_id)
