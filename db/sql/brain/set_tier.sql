-- $1 the profile's id, $2 the new tier, $3 the tier that was seen.
-- needs: public.user_profiles(id, tier)
-- updates: public.user_profiles(tier, updated_at)
UPDATE public.user_profiles AS p
   SET tier = $2, updated_at = now()
 WHERE p.id = $1::uuid
   AND left(p.tier::text, 64) IS NOT DISTINCT FROM $3::text
RETURNING p.id::text AS id, p.tier::text AS stored
