-- One sum of all users, or of the users $3 (NULL: all), equal to Brain's where all is well. A user whose
-- tier is NULL or does not give a right that he has ($1 tiers that may trade, $2 that may use the API)
-- adds what no user of Brain does. Most are free: no array is looked through for them.
-- needs: public.user_trading_profiles(user_id, email, tier, trading_enabled, api_access)
-- walk
SELECT 0 AS bucket,
       t.users,
       (mod(mod(coalesce(t.of_emails, 0) + coalesce(t.of_tiers, 0), 18446744073709551616) + 27670116110564327424, 18446744073709551616)
        - 9223372036854775808)::bigint AS large,
       0::bigint AS small,
       0::bigint AS placed
  FROM (SELECT count(*) AS users,
               sum(uuid_hash_extended(t.user_id, hashtextextended(coalesce(t.email, '')::text COLLATE "C", 0))) AS of_emails,
               sum(uuid_hash_extended(t.user_id,
                   CASE WHEN t.tier::text COLLATE "C" = 'free' AND NOT t.trading_enabled AND NOT t.api_access
                        THEN hashtextextended('free' COLLATE "C", 1)
                        WHEN t.trading_enabled AND t.tier::text COLLATE "C" <> ALL ($1::text[]) THEN 0
                        WHEN t.api_access AND t.tier::text COLLATE "C" <> ALL ($2::text[]) THEN 0
                        ELSE coalesce(hashtextextended(t.tier::text COLLATE "C", 1), 0)
                   END)) AS of_tiers
          FROM public.user_trading_profiles AS t
         WHERE ($3::uuid[] IS NULL OR t.user_id = ANY ($3::uuid[]))) AS t
