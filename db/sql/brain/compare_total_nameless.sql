-- What the users $1 (uuid[]), who have no e-mail, add to the one sum of all users (compare_total): their
-- e-mail needs no looking up. The planner would weigh each of many ids; not those of a subquery.
-- needs: public.user_profiles(user_id, tier)
-- walk
SELECT 0 AS bucket,
       0::bigint AS users,
       (mod(mod(coalesce(l.sum, 0) + coalesce(t.sum, 0), 18446744073709551616) + 27670116110564327424, 18446744073709551616)
        - 9223372036854775808)::bigint AS large,
       0::bigint AS small,
       0::bigint AS placed
  FROM (SELECT sum(uuid_hash_extended(a.id, hashtextextended('' COLLATE "C", 0))) AS sum
          FROM unnest($1::uuid[]) AS a(id)) AS l,
       (SELECT sum(uuid_hash_extended(p.user_id, hashtextextended(p.tier::text COLLATE "C", 1))) AS sum
          FROM public.user_profiles AS p
         WHERE p.user_id = ANY ((SELECT $1::uuid[])::uuid[])) AS t
