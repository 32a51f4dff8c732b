-- One sum of all users, or of the users $4 (NULL: all), equal to Brain's where all is well. A user whose
-- tier is NULL, is none of $1, or does not give a right that he has ($2 tiers that may trade, $3 that may
-- use the API) adds what no user of Brain does. Most are free: no array is looked through for them. Users are
-- not counted, which would take a fiftieth.
-- needs: public.user_trading_profiles(user_id, email, tier, trading_enabled, api_access)
-- walk
SELECT 0 AS bucket,
       0::bigint AS users,
       (mod(mod(coalesce(t.of_emails, 0) + coalesce(t.of_tiers, 0), 18446744073709551616) + 27670116110564327424, 18446744073709551616)
        - 9223372036854775808)::bigint AS large,
       0::bigint AS small,
       0::bigint AS placed
  FROM (SELECT sum(uuid_hash_extended(t.user_id, hashtextextended(coalesce(t.email, '')::text COLLATE "C", 0))) AS of_emails,
               sum(uuid_hash_extended(t.user_id,
                   CASE WHEN t.tier::text COLLATE "C" = 'free' AND NOT t.trading_enabled AND NOT t.api_access
                        THEN hashtextextended('free' COLLATE "C", 1)
                        WHEN t.trading_enabled AND t.tier::text COLLATE "C" <> ALL ($2::text[]) THEN 0
                        WHEN t.api_access AND t.tier::text COLLATE "C" <> ALL ($3::text[]) THEN 0
                        WHEN t.tier::text COLLATE "C" = ANY ($1::text[]) THEN hashtextextended(t.tier::text COLLATE "C", 1)
                        ELSE 0
                   END)) AS of_tiers
          FROM public.user_trading_profiles AS t
         WHERE ($4::uuid[] IS NULL OR t.user_id = ANY ($4::uuid[]))) AS t
