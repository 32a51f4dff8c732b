-- Adds the password users whose e-mail begins with a word ($2: is the word), lower or upper case,
-- to the page. $1 the word in lower case, $3 how many to add at most, $4 and $5: only above and up
-- to, NULL for no bound (see users_by_email). A prefix is not a range in every collation: the range
-- makes it quick, the comparison makes it right, and what the range leaves out is found by the
-- walk.
-- needs: logins(id, email, is_sso_user)
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), found AS (
    SELECT array_agg(p.id ORDER BY p.email) FILTER (
               WHERE p.id <> ALL ((SELECT ids FROM so_far)::uuid[])
                 AND CASE WHEN $2::boolean THEN lower(p.email) = $1::text
                          ELSE starts_with(lower(p.email), $1::text) END) AS ids
      FROM (SELECT u.id, u.email
              FROM auth.users AS u
             WHERE (SELECT cardinality(ids) FROM so_far) < $3::integer
               AND u.is_sso_user = false
               AND u.email >= $1::text
               AND u.email <= greatest($1::text || 'zzzz', $1::text || chr(40959),
                                       $1::text || chr(65535), $1::text || chr(1114111))
               AND ($4::text IS NULL OR u.email > $4::text)
               AND ($5::text IS NULL OR u.email <= $5::text)
             ORDER BY u.email
             LIMIT $3::integer) AS p
)
SELECT set_config('zmartctl.page', (so_far.ids || coalesce(found.ids, '{}'))::text, true) AS page
  FROM so_far, found
