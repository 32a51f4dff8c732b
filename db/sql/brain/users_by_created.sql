-- Adds the users after a place to the page, newest sign-up first. $1 sign-up and $2 id of the row
-- before, NULL at the beginning, $3 rows in the page. $1 lacks the fractions of a second that the
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
                    OR (u.created_at, u.id) < ((SELECT created_at FROM place), $2::uuid))
             ORDER BY u.created_at DESC, u.id DESC
             LIMIT $3::integer) AS p
)
SELECT set_config('zmartctl.page',
                  ((so_far.ids || coalesce(found.ids, '{}'))[1:$3::integer])::text, true) AS page
  FROM so_far, found
