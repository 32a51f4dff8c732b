-- Users of Bot whose hash is among $2 by mask $1, or whose bucket is among $4 by mask $3; only ids
-- from $5 on, up to $6 (NULL: no end).
-- needs: public.user_trading_profiles(user_id)
-- walk
SELECT t.user_id::text AS id
  FROM public.user_trading_profiles AS t
 WHERE (uuid_hash(t.user_id) & $1::integer = ANY ($2::integer[])
        OR uuid_hash(t.user_id) & $3::integer = ANY ($4::integer[]))
   AND ($5::uuid IS NULL OR t.user_id >= $5::uuid)
   AND ($6::uuid IS NULL OR t.user_id < $6::uuid)
