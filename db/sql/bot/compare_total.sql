-- One sum of all users, or of the users $3 (NULL: all), equal to Brain's where all is well. As small,
-- how many have a right that their tier does not give: $1 tiers that may trade, $2 that may use the
-- API.
-- needs: public.user_trading_profiles(user_id, email, tier, trading_enabled, api_access)
-- walk
SELECT 0 AS bucket,
       count(*) AS users,
       coalesce(sum((uuid_hash_extended(t.user_id, hashtextextended(coalesce(t.email, '')::text COLLATE "C", 0)) & 68719476735)
                    + (uuid_hash_extended(t.user_id, hashtextextended(coalesce(t.tier::text, E'\x01') COLLATE "C", 1)) & 68719476735)), 0)::bigint AS large,
       count(*) FILTER (WHERE (t.trading_enabled AND coalesce(t.tier::text <> ALL ($1::text[]), true))
                           OR (t.api_access AND coalesce(t.tier::text <> ALL ($2::text[]), true))) AS small,
       0::bigint AS placed
  FROM public.user_trading_profiles AS t
 WHERE ($3::uuid[] IS NULL OR t.user_id = ANY ($3::uuid[]))
