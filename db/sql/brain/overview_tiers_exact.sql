-- Profiles by tier, counted.
-- needs: public.user_profiles(tier)
-- walk
SELECT left(p.tier::text, 64) AS tier,
       count(*) AS users,
       false AS estimated
  FROM public.user_profiles AS p
 GROUP BY p.tier
 ORDER BY users DESC, tier
