-- The strategies of a user, active ones first, at most 100.
-- needs: public.user_strategies(id, user_id, strategy_name, is_active, strategy_config, performance_metrics, updated_at)
-- index: user_strategies_user_id_idx
SELECT w.id,
       w.strategy_name,
       w.is_active,
       left(w.strategy_config, 400) AS strategy_config,
       left(w.performance_metrics, 400) AS performance_metrics,
       coalesce(length(w.strategy_config), 0)::bigint AS config_size,
       w.updated_at
  FROM (SELECT s.id::text AS id,
               left(s.strategy_name, 256) AS strategy_name,
               s.is_active,
               s.strategy_config::text AS strategy_config,
               s.performance_metrics::text AS performance_metrics,
               CASE WHEN s.updated_at BETWEEN '0001-01-01' AND '99999-12-31'
                    THEN to_char(s.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                    ELSE s.updated_at::text END AS updated_at
          FROM public.user_strategies AS s
         WHERE s.user_id = $1::uuid
         ORDER BY s.is_active DESC NULLS LAST, s.strategy_name, s.id
         LIMIT 100) AS w
 ORDER BY w.is_active DESC NULLS LAST, w.strategy_name, w.id
