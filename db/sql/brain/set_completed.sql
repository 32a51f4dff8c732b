-- $1 the profile's id, $2 whether it is complete, $3 what was seen.
-- needs: public.user_profiles(id, profile_completed)
-- updates: public.user_profiles(profile_completed, updated_at)
UPDATE public.user_profiles AS p
   SET profile_completed = $2::boolean, updated_at = now()
 WHERE p.id = $1::uuid
   AND p.profile_completed IS NOT DISTINCT FROM $3::boolean
RETURNING p.id::text AS id, p.profile_completed::text AS stored
