-- A piece of the figures of a strategy as it is read by people. $1 its id, $2 characters to skip.
-- needs: public.user_strategies(id, performance_metrics)
SELECT substr(j.text, $2::integer + 1, 65536) AS text,
       length(j.text)::bigint AS size
  FROM (SELECT jsonb_pretty(s.performance_metrics::jsonb) AS text
          FROM public.user_strategies AS s
         WHERE s.id = $1::uuid
        OFFSET 0) AS j
 WHERE j.text IS NOT NULL
