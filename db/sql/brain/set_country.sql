-- $1 the profile's id, $2 the new country, $3 the country that was seen.
-- needs: public.user_profiles(id, country)
-- updates: public.user_profiles(country, updated_at)
UPDATE public.user_profiles AS p
   SET country = $2, updated_at = now()
 WHERE p.id = $1::uuid
   AND left(p.country, 64) IS NOT DISTINCT FROM $3::text
RETURNING p.id::text AS id, p.country::text AS stored
