-- Keeps of the page, in its order, the first $1 users who may match a filter as far as a login
-- tells: $2 and $3 patterns that e-mail and phone must all be like and none be like, $4 whether the
-- id counts for $2, $5 banned, $6 confirmed (NULL: either). Too much may be kept, never too little.
-- needs: logins(id, email, phone, banned_until, email_confirmed_at)
WITH page AS (
    SELECT current_setting('zmartctl.page')::uuid[] AS ids
), login AS (
    SELECT u.id, array_position((SELECT ids FROM page), u.id) AS n, u.banned_until,
           u.email_confirmed_at,
           concat(E'\n', lower(u.email), E'\n', u.phone, E'\n') AS text
      FROM auth.users AS u
     WHERE u.id = ANY ((SELECT ids FROM page)::uuid[])
), kept AS (
    SELECT l.id, l.n
      FROM login AS l
     WHERE concat(l.text, CASE WHEN $4::boolean THEN l.id::text || E'\n' END) LIKE ALL ($2::text[])
       AND l.text NOT LIKE ALL ($3::text[])
       AND ($5::boolean IS NULL OR coalesce(l.banned_until > now(), false) = $5::boolean)
       AND ($6::boolean IS NULL OR (l.email_confirmed_at IS NOT NULL) = $6::boolean)
     ORDER BY l.n
     LIMIT $1::integer
)
SELECT set_config('zmartctl.page', coalesce(array_agg(k.id ORDER BY k.n), '{}')::text, true) AS page
  FROM kept AS k
