-- Puts the users who never signed in before a place in front of the page, by id. $1 id of the row
-- after, NULL at the end, $2 rows in the page.
-- needs: logins(id, last_sign_in_at)
-- walk
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), found AS (
    SELECT array_agg(p.id ORDER BY p.id) AS ids
      FROM (SELECT u.id
              FROM auth.users AS u
             WHERE (SELECT cardinality(ids) FROM so_far) < $2::integer
               AND u.last_sign_in_at IS NULL
               AND ($1::uuid IS NULL OR u.id < $1::uuid)
             ORDER BY u.id DESC
             LIMIT $2::integer) AS p
), page AS (
    SELECT coalesce(found.ids, '{}') || so_far.ids AS ids FROM so_far, found
)
SELECT set_config('zmartctl.page',
                  (ids[greatest(1, cardinality(ids) - $2::integer + 1):])::text, true) AS page
  FROM page
