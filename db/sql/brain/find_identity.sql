-- Adds the users who sign in by an e-mail like $1, a pattern in lower case without a % in front, to
-- the page, at most $2 of them. Its index knows prefixes in every collation.
-- needs: auth.identities(user_id, email)
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), found AS (
    SELECT array_agg(p.user_id ORDER BY p.email USING ~<~) FILTER (
               WHERE p.user_id <> ALL ((SELECT ids FROM so_far)::uuid[])) AS ids
      FROM (SELECT i.user_id, i.email
              FROM auth.identities AS i
             WHERE i.email LIKE $1::text
             ORDER BY i.email USING ~<~
             LIMIT $2::integer) AS p
)
SELECT set_config('zmartctl.page', (so_far.ids || coalesce(found.ids, '{}'))::text, true) AS page
  FROM so_far, found
