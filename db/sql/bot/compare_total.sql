-- One sum of all users, or of the users $3 (NULL: all), equal to Brain's where all is well. As small,
-- how many have a tier that is NULL or a right that it does not give: $1 tiers that may trade, $2 that
-- may use the API.
-- needs: public.user_trading_profiles(user_id, email, tier, trading_enabled, api_access)
-- walk
SELECT 0 AS bucket,
       t.users,
       (mod(mod(coalesce(t.of_emails, 0) + coalesce(t.of_tiers, 0), 18446744073709551616) + 27670116110564327424, 18446744073709551616)
        - 9223372036854775808)::bigint AS large,
       t.odd AS small,
       0::bigint AS placed
  FROM (SELECT count(*) AS users,
               sum(uuid_hash_extended(t.user_id, hashtextextended(coalesce(t.email, '')::text COLLATE "C", 0))) AS of_emails,
               sum(uuid_hash_extended(t.user_id, hashtextextended(t.tier::text COLLATE "C", 1))) AS of_tiers,
               count(*) FILTER (WHERE t.tier IS NULL
                                   OR (t.trading_enabled AND t.tier::text <> ALL ($1::text[]))
                                   OR (t.api_access AND t.tier::text <> ALL ($2::text[]))) AS odd
          FROM public.user_trading_profiles AS t
         WHERE ($3::uuid[] IS NULL OR t.user_id = ANY ($3::uuid[]))) AS t
