-- Adds the users after a place to the page, newest sign-in first. $1 sign-in and $2 id of the row
-- before, NULL at the beginning, $3 rows in the page. $1 lacks the fractions of a second that the
-- row itself knows.
-- needs: logins(id, last_sign_in_at)
-- walk
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), place AS (
    SELECT coalesce((SELECT k.last_sign_in_at
                       FROM auth.users AS k
                      WHERE k.id = $2::uuid
                        AND date_trunc('second', k.last_sign_in_at) = $1::timestamptz),
                    $1::timestamptz) AS last_sign_in_at
), found AS (
    SELECT array_agg(p.id ORDER BY p.last_sign_in_at DESC, p.id DESC) AS ids
      FROM (SELECT u.id, u.last_sign_in_at
              FROM auth.users AS u
             WHERE (SELECT cardinality(ids) FROM so_far) < $3::integer
               AND u.last_sign_in_at IS NOT NULL
               AND ($2::uuid IS NULL
                    OR (u.last_sign_in_at, u.id) < ((SELECT last_sign_in_at FROM place), $2::uuid))
             ORDER BY u.last_sign_in_at DESC, u.id DESC
             LIMIT $3::integer) AS p
)
SELECT set_config('zmartctl.page',
                  ((so_far.ids || coalesce(found.ids, '{}'))[1:$3::integer])::text, true) AS page
  FROM so_far, found
