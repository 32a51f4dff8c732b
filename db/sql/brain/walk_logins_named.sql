-- One range of the walk: the users after a place whom no page and no look-up showed, and of them,
-- into the page, those who may match a filter as far as login and profile tell. $1: by e-mail
-- (password users), else by id. $2 e-mail and $3 id of the row before, NULL at the beginning, $4
-- rows of the range, $5 by id: the last one to look at, NULL for no end, $6 of them: 0 all, 1
-- without e-mail and SSO users, 2 SSO users. $7 rows of the page: the range ends where it is full.
-- $8 to $16 the filter (see find_narrow_named).
-- needs: logins(id, email, phone, banned_until, email_confirmed_at, is_sso_user) public.user_profiles(id, user_id, tier, name, country, created_at)
-- index: user_profiles_user_id_idx
-- walk
WITH place AS (
    SELECT coalesce((SELECT k.email
                       FROM auth.users AS k
                      WHERE k.id = $3::uuid AND starts_with(k.email, $2::text)), $2::text) AS email
), range AS MATERIALIZED (
    (SELECT row_number() OVER (ORDER BY u.email) AS n, u.id, u.email, u.phone, u.banned_until,
            u.email_confirmed_at, true AS is_kind
       FROM auth.users AS u
      WHERE $1::boolean
        AND u.is_sso_user = false
        AND u.email IS NOT NULL
        AND ($3::uuid IS NULL
             OR u.email > (SELECT email FROM place))
      ORDER BY u.email
      LIMIT $4::integer)
    UNION ALL
    (SELECT row_number() OVER (ORDER BY u.id) AS n, u.id, u.email, u.phone, u.banned_until,
            u.email_confirmed_at,
            CASE $6::integer WHEN 0 THEN true
                             WHEN 1 THEN u.is_sso_user OR u.email IS NULL
                             ELSE u.is_sso_user END AS is_kind
       FROM auth.users AS u
      WHERE NOT $1::boolean
        AND ($3::uuid IS NULL OR u.id > $3::uuid)
        AND ($5::uuid IS NULL OR u.id <= $5::uuid)
      ORDER BY u.id
      LIMIT $4::integer)
), profile AS (
    SELECT DISTINCT ON (p.user_id) p.user_id, lower(p.tier::text) AS tier, p.name,
           lower(p.country) AS country
      FROM public.user_profiles AS p
     WHERE p.user_id IN (SELECT r.id FROM range AS r WHERE r.is_kind)
     ORDER BY p.user_id, p.created_at, p.id
), record AS (
    SELECT r.n, r.id, r.banned_until, r.email_confirmed_at, p.user_id, p.tier, p.country,
           concat(E'\n', lower(r.email), E'\n', r.phone, E'\n', lower(p.name), E'\n') AS text
      FROM range AS r
      LEFT JOIN profile AS p ON p.user_id = r.id
     WHERE r.is_kind
), kept AS (
    SELECT r.id, r.n
      FROM record AS r
     WHERE concat(r.text, CASE WHEN $10::boolean THEN r.id::text || E'\n' END) LIKE ALL ($8::text[])
       AND r.text NOT LIKE ALL ($9::text[])
       AND ($11::boolean IS NULL OR coalesce(r.banned_until > now(), false) = $11::boolean)
       AND ($12::boolean IS NULL OR (r.email_confirmed_at IS NOT NULL) = $12::boolean)
       AND (r.user_id IS NULL OR coalesce(r.tier, 'none') = ALL ($13::text[]))
       AND (r.tier IS NULL OR r.tier <> ALL ($14::text[]))
       AND coalesce(r.country, '') = ALL ($15::text[])
       AND coalesce(r.country, '') <> ALL ($16::text[])
     ORDER BY r.n
     LIMIT $7::integer
), stop AS (
    SELECT CASE WHEN count(*) = $7::integer THEN max(k.n)
                ELSE (SELECT count(*) FROM range) END AS n
      FROM kept AS k
)
SELECT set_config('zmartctl.page',
                  coalesce((SELECT array_agg(k.id ORDER BY k.n) FROM kept AS k), '{}')::text,
                  true) AS page,
       stop.n AS passed,
       (SELECT count(*) FROM range AS r WHERE r.is_kind AND r.n <= stop.n) AS searched,
       (SELECT count(*) FROM range) AS in_range,
       left(r.email, 512) AS email,
       r.id::text AS id
  FROM stop
  LEFT JOIN range AS r ON r.n = stop.n
