-- Adds the password users after a place to the page, by e-mail. $1 e-mail and $2 id of the row
-- before, NULL at the beginning, $3 rows in the page. The row itself knows its e-mail whole; $1 may
-- be cut. $4 and $5: only above and up to, NULL for no bound: through a view no index gives the
-- order, so that the rows are asked for in narrow ranges, of which those after a full page cost
-- nothing.
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
               AND ($4::text IS NULL OR u.email > $4::text)
               AND ($5::text IS NULL OR u.email <= $5::text)
               AND ($2::uuid IS NULL
                    OR u.email > (SELECT email FROM place))
             ORDER BY u.email
             LIMIT $3::integer) AS p
)
SELECT set_config('zmartctl.page',
                  ((so_far.ids || coalesce(found.ids, '{}'))[1:$3::integer])::text, true) AS page
  FROM so_far, found
