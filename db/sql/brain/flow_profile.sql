-- Whether a user has a profile, and how long after his sign-up that says it was made (-1: it does
-- not say). $1 his id, $2 the moment of his sign-up. The transaction's zone is UTC.
-- needs: public.user_profiles(user_id, created_at)
-- index: user_profiles_user_id_idx
SELECT count(*) AS n,
       coalesce(min(CASE WHEN isfinite(p.created_at) AND isfinite($2::timestamptz)
                         THEN extract(epoch FROM p.created_at::timestamptz - $2::timestamptz) * 1000
                    END)::bigint, -1) AS says_ms
  FROM public.user_profiles AS p
 WHERE p.user_id = $1::uuid
