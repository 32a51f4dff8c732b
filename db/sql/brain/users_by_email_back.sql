-- Puts the password users before a place in front of the page, by e-mail. $1 e-mail and $2 id of
-- the row after, NULL at the end, $3 rows in the page. $4 and $5: only below and from, NULL for no
-- bound (see users_by_email).
-- needs: logins(id, email, is_sso_user)
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), place AS (
    SELECT coalesce((SELECT k.email
                       FROM auth.users AS k
                      WHERE k.id = $2::uuid AND starts_with(k.email, $1::text)), $1::text) AS email
), found AS (
    SELECT array_agg(p.id ORDER BY p.email) FILTER (
               WHERE p.id <> ALL ((SELECT ids FROM so_far)::uuid[])) AS ids
      FROM (SELECT u.id, u.email
              FROM auth.users AS u
             WHERE (SELECT cardinality(ids) FROM so_far) < $3::integer
               AND u.is_sso_user = false
               AND u.email IS NOT NULL
               AND ($4::text IS NULL OR u.email < $4::text)
               AND ($5::text IS NULL OR u.email >= $5::text)
               AND ($2::uuid IS NULL
                    OR u.email < (SELECT email FROM place))
             ORDER BY u.email DESC
             LIMIT $3::integer) AS p
), page AS (
    SELECT coalesce(found.ids, '{}') || so_far.ids AS ids FROM so_far, found
)
SELECT set_config('zmartctl.page',
                  (ids[greatest(1, cardinality(ids) - $3::integer + 1):])::text, true) AS page
  FROM page
