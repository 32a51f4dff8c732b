-- A piece of the metadata of an activity as it is read by people. $1 its id, $2 characters to skip.
-- needs: public.user_activity(id, metadata)
SELECT substr(j.text, $2::integer + 1, 65536) AS text,
       length(j.text)::bigint AS size
  FROM (SELECT jsonb_pretty(a.metadata::jsonb) AS text
          FROM public.user_activity AS a
         WHERE a.id = $1::uuid
        OFFSET 0) AS j
 WHERE j.text IS NOT NULL
