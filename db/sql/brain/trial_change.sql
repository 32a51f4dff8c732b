-- A user changes a profile. $1 whose. Runs as that user; how many rows were changed.
WITH u AS (UPDATE public.user_profiles AS p
              SET name = 'zmartctl test, changed'
            WHERE p.user_id = $1::uuid
        RETURNING 1)
SELECT count(*) AS n FROM u
