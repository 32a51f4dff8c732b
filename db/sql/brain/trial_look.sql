-- What a user sees of profiles. $1 his id. Runs as that user, or as anon.
-- walk
SELECT (SELECT count(*) FROM public.user_profiles AS p WHERE p.user_id = $1::uuid) AS own,
       EXISTS (SELECT FROM public.user_profiles AS p
                WHERE p.user_id IS DISTINCT FROM $1::uuid) AS others
