-- A piece of the configuration of a strategy as it is read by people. $1 its id, $2 characters to
-- skip.
-- needs: public.user_strategies(id, strategy_config)
SELECT substr(j.text, $2::integer + 1, 65536) AS text,
       length(j.text)::bigint AS size
  FROM (SELECT jsonb_pretty(s.strategy_config::jsonb) AS text
          FROM public.user_strategies AS s
         WHERE s.id = $1::uuid
        OFFSET 0) AS j
 WHERE j.text IS NOT NULL
