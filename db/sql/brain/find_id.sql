-- Adds the users whose id lies between $1 and $2 to the page, at most $3 of them.
-- needs: logins(id)
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), found AS (
    SELECT array_agg(p.id ORDER BY p.id) FILTER (
               WHERE p.id <> ALL ((SELECT ids FROM so_far)::uuid[])) AS ids
      FROM (SELECT u.id
              FROM auth.users AS u
             WHERE u.id >= $1::uuid
               AND u.id <= $2::uuid
             LIMIT $3::integer) AS p
)
SELECT set_config('zmartctl.page', (so_far.ids || coalesce(found.ids, '{}'))::text, true) AS page
  FROM so_far, found
