-- A profile, unless there is one. $1 the user's id, $2 his tier.
-- needs: public.user_profiles(id, user_id, tier)
-- inserts: public.user_profiles(user_id, tier)
INSERT INTO public.user_profiles AS p (user_id, tier)
SELECT $1::uuid, $2::text
 WHERE NOT EXISTS (SELECT FROM public.user_profiles AS o WHERE o.user_id = $1::uuid)
RETURNING p.id::text AS id, p.tier::text AS stored
