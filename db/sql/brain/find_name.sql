-- Adds the users whose name is like $1, a pattern in lower case without a % in front, to the page,
-- at most $2 of them. A pattern is shorter than what is indexed of a name.
-- needs: public.user_profiles(user_id, name)
-- index: user_profiles_name_idx
WITH so_far AS (
    SELECT coalesce(nullif(current_setting('zmartctl.page', true), ''), '{}')::uuid[] AS ids
), found AS (
    SELECT array_agg(p.user_id ORDER BY p.name USING ~<~) FILTER (
               WHERE p.user_id <> ALL ((SELECT ids FROM so_far)::uuid[])) AS ids
      FROM (SELECT n.user_id, left(lower(n.name), 200) AS name
              FROM public.user_profiles AS n
             WHERE left(lower(n.name), 200) LIKE $1::text
               AND n.user_id IS NOT NULL
             ORDER BY left(lower(n.name), 200) USING ~<~
             LIMIT $2::integer) AS p
)
SELECT set_config('zmartctl.page', (so_far.ids || coalesce(found.ids, '{}'))::text, true) AS page
  FROM so_far, found
