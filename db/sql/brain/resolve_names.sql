-- Whose login has one of these e-mails ($1: text[], in lower case), SSO users too: the first id of
-- each e-mail, and how many there are. By the indexes of Supabase Auth.
-- needs: auth.users(id, instance_id, email, is_sso_user)
SELECT w.email, min(w.id::text) AS id, count(DISTINCT w.id) AS users
  FROM (SELECT u.id, u.email
          FROM auth.users AS u
         WHERE u.is_sso_user = false AND u.email = ANY ($1::text[])
        UNION ALL
        SELECT u.id, lower(u.email) AS email
          FROM auth.users AS u
         WHERE u.instance_id = '00000000-0000-0000-0000-000000000000'
           AND lower(u.email) = ANY ($1::text[])) AS w
 GROUP BY w.email
