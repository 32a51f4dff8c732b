-- Keeps of the page, in its order, the first $1 users who may match a filter as far as login and
-- profile tell: $2 and $3 patterns that e-mail, phone and name must all be like and none be like,
-- $4 whether the id counts for $2, $5 banned, $6 confirmed (NULL: either), $7 and $8 tiers that his
-- must and must not be, $9 and $10 countries likewise. Too much may be kept, never too little.
-- needs: logins(id, email, phone, banned_until, email_confirmed_at) public.user_profiles(id, user_id, tier, name, country, created_at)
-- index: user_profiles_user_id_idx
WITH page AS (
    SELECT current_setting('zmartctl.page')::uuid[] AS ids
), profile AS (
    SELECT DISTINCT ON (p.user_id) p.user_id, lower(p.tier::text) AS tier, p.name,
           lower(p.country) AS country
      FROM public.user_profiles AS p
     WHERE p.user_id = ANY ((SELECT ids FROM page)::uuid[])
     ORDER BY p.user_id, p.created_at, p.id
), login AS (
    SELECT u.id, array_position((SELECT ids FROM page), u.id) AS n, u.banned_until,
           u.email_confirmed_at,
           u.email, u.phone
      FROM auth.users AS u
     WHERE u.id = ANY ((SELECT ids FROM page)::uuid[])
), record AS (
    SELECT l.id, l.n, l.banned_until, l.email_confirmed_at, p.user_id, p.tier, p.country,
           concat(E'\n', lower(l.email), E'\n', l.phone, E'\n', lower(p.name), E'\n') AS text
      FROM login AS l
      LEFT JOIN profile AS p ON p.user_id = l.id
), kept AS (
    SELECT r.id, r.n
      FROM record AS r
     WHERE concat(r.text, CASE WHEN $4::boolean THEN r.id::text || E'\n' END) LIKE ALL ($2::text[])
       AND r.text NOT LIKE ALL ($3::text[])
       AND ($5::boolean IS NULL OR coalesce(r.banned_until > now(), false) = $5::boolean)
       AND ($6::boolean IS NULL OR (r.email_confirmed_at IS NOT NULL) = $6::boolean)
       AND (r.user_id IS NULL OR coalesce(r.tier, 'none') = ALL ($7::text[]))
       AND (r.tier IS NULL OR r.tier <> ALL ($8::text[]))
       AND coalesce(r.country, '') = ALL ($9::text[])
       AND coalesce(r.country, '') <> ALL ($10::text[])
     ORDER BY r.n
     LIMIT $1::integer
)
SELECT set_config('zmartctl.page', coalesce(array_agg(k.id ORDER BY k.n), '{}')::text, true) AS page
  FROM kept AS k
