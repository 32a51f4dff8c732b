-- $1 the profile's id, $2 the new name, $3 the name that was seen.
-- needs: public.user_profiles(id, name)
-- updates: public.user_profiles(name, updated_at)
UPDATE public.user_profiles AS p
   SET name = $2, updated_at = now()
 WHERE p.id = $1::uuid
   AND left(p.name, 512) IS NOT DISTINCT FROM $3::text
RETURNING p.id::text AS id, p.name::text AS stored
