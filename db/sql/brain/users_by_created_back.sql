-- Puts the users before a place in front of the page, newest sign-up first. $1 sign-up and $2 id of
-- the row after, NULL at the end, $3 rows in the page. $1 lacks the fractions of a second that the
-- row itself knows.
-- needs: logins(id, created_at)
-- walk
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), place AS (
    SELECT coalesce((SELECT k.created_at
                       FROM auth.users AS k
                      WHERE k.id = $2::uuid
                        AND date_trunc('second', k.created_at) = $1::timestamptz),
                    $1::timestamptz) AS created_at
), found AS (
    SELECT array_agg(p.id ORDER BY p.created_at DESC, p.id DESC) AS ids
      FROM (SELECT u.id, u.created_at
              FROM auth.users AS u
             WHERE (SELECT cardinality(ids) FROM so_far) < $3::integer
               AND u.created_at IS NOT NULL
               AND ($2::uuid IS NULL
                    OR (u.created_at, u.id) > ((SELECT created_at FROM place), $2::uuid))
             ORDER BY u.created_at, u.id
             LIMIT $3::integer) AS p
), page AS (
    SELECT coalesce(found.ids, '{}') || so_far.ids AS ids FROM so_far, found
)
SELECT set_config('zmartctl.page',
                  (ids[greatest(1, cardinality(ids) - $3::integer + 1):])::text, true) AS page
  FROM page
