-- Adds the users who never signed in after a place to the page, by id. $1 id of the row before,
-- NULL at the beginning, $2 rows in the page.
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
               AND ($1::uuid IS NULL OR u.id > $1::uuid)
             ORDER BY u.id
             LIMIT $2::integer) AS p
)
SELECT set_config('zmartctl.page',
                  ((so_far.ids || coalesce(found.ids, '{}'))[1:$2::integer])::text, true) AS page
  FROM so_far, found
