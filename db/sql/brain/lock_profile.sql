-- The profiles of a user, locked against writers. $1 his id.
-- needs: public.user_profiles(id, user_id, tier, name, country, profile_completed)
-- updates: public.user_profiles(tier|name|country|profile_completed|updated_at)
-- index: user_profiles_user_id_idx
SELECT p.id::text AS id,
       left(p.tier::text, 64) AS tier,
       left(p.name, 512) AS name,
       left(p.country, 64) AS country,
       p.profile_completed
  FROM public.user_profiles AS p
 WHERE p.user_id = $1::uuid
 ORDER BY p.created_at, p.id
   FOR NO KEY UPDATE
