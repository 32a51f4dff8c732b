-- The trading profiles of the users $1 (uuid[]), in their order.
-- What an older shape lacks is NULL: a name that the inner table does not have is found outside.
-- needs: public.user_trading_profiles(user_id:uuid)
-- index: user_trading_profiles_user_id_idx
-- walk
SELECT t.user_id::text AS user_id,
       left(t.email, 1024) AS email,
       left(t.tier::text, 64) AS tier,
       t.trading_enabled,
       t.api_access,
       t.updated_at::text AS updated_at
  FROM (SELECT NULL::uuid AS id,
               NULL::text AS email,
               NULL::text AS tier,
               NULL::boolean AS trading_enabled,
               NULL::boolean AS api_access,
               NULL::timestamp AS created_at,
               NULL::timestamp AS updated_at) AS lacking
 CROSS JOIN LATERAL (
        SELECT id, user_id, email, tier, trading_enabled, api_access, created_at, updated_at
          FROM public.user_trading_profiles) AS t
 WHERE t.user_id = ANY ($1::uuid[])
 ORDER BY t.user_id, t.created_at, t.id
