-- Adds the users whose e-mail begins with a word ($2: is the word), lower or upper case, SSO users
-- too, to the page. $1 the word in lower case, $3 how many to add at most. Served by the index of
-- Supabase Auth on its instance and the lower-case e-mail, which no view lets through: for a role
-- that reads auth.users itself.
-- needs: auth.users(id, instance_id, email)
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), found AS (
    SELECT array_agg(p.id ORDER BY p.email, p.id) FILTER (
               WHERE p.id <> ALL ((SELECT ids FROM so_far)::uuid[])
                 AND CASE WHEN $2::boolean THEN p.email = $1::text
                          ELSE starts_with(p.email, $1::text) END) AS ids
      FROM (SELECT u.id, lower(u.email) AS email
              FROM auth.users AS u
             WHERE u.instance_id = '00000000-0000-0000-0000-000000000000'
               AND lower(u.email) >= $1::text
               AND lower(u.email) <= greatest($1::text || 'zzzz', $1::text || chr(40959),
                                              $1::text || chr(65535), $1::text || chr(1114111))
             ORDER BY lower(u.email)
             LIMIT $3::integer) AS p
)
SELECT set_config('zmartctl.page', (so_far.ids || coalesce(found.ids, '{}'))::text, true) AS page
  FROM so_far, found
