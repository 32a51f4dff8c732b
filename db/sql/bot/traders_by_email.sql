-- The page is the users of the trading profiles after a place, by e-mail. $1 e-mail and $2 user_id
-- of the row before, NULL at the beginning, $3 rows. Of a user with several the oldest counts. The
-- order is that of the bytes: its index is one for patterns. $1 may be cut; the row itself knows
-- its e-mail. Of an e-mail the first 200 characters are in the index and make the order.
-- needs: public.user_trading_profiles(id, user_id, email, created_at)
-- index: user_trading_profiles_email_idx user_trading_profiles_user_id_idx
WITH place AS MATERIALIZED (
    SELECT coalesce((SELECT left(k.email, 200)
                       FROM public.user_trading_profiles AS k
                      WHERE k.user_id = $2::uuid AND starts_with(k.email, $1::text)
                      ORDER BY k.created_at, k.id
                      LIMIT 1), left($1::text, 200)) AS email
)
SELECT set_config('zmartctl.page',
                  coalesce(array_agg(p.user_id ORDER BY p.n), '{}')::text, true) AS page
  FROM (SELECT t.user_id, row_number() OVER (ORDER BY left(t.email, 200) USING ~<~, t.user_id) AS n
          FROM public.user_trading_profiles AS t
         WHERE ($2::uuid IS NULL
                OR left(t.email, 200) ~>=~ (SELECT email FROM place)
               AND (left(t.email, 200) ~>~ (SELECT email FROM place) OR t.user_id > $2::uuid))
           AND NOT EXISTS (SELECT FROM public.user_trading_profiles AS o
                            WHERE o.user_id = t.user_id
                              AND (coalesce(o.created_at, 'infinity'), o.id)
                                  < (coalesce(t.created_at, 'infinity'), t.id))
         ORDER BY left(t.email, 200) USING ~<~, t.user_id
         LIMIT $3::integer) AS p
