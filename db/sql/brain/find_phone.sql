-- Adds the users whose phone begins with digits ($2: is the digits) to the page. $1 digits, $3 how
-- many to add at most. Supabase Auth stores a phone without its plus.
-- needs: logins(id, phone)
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), found AS (
    SELECT array_agg(p.id ORDER BY p.phone) FILTER (
               WHERE p.id <> ALL ((SELECT ids FROM so_far)::uuid[])
                 AND CASE WHEN $2::boolean THEN p.phone = $1::text
                          ELSE starts_with(p.phone, $1::text) END) AS ids
      FROM (SELECT u.id, u.phone
              FROM auth.users AS u
             WHERE u.phone >= $1::text
               AND u.phone <= $1::text || 'a'
             ORDER BY u.phone
             LIMIT $3::integer) AS p
)
SELECT set_config('zmartctl.page', (so_far.ids || coalesce(found.ids, '{}'))::text, true) AS page
  FROM so_far, found
