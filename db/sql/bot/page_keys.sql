-- The API keys of each user of the page, counted.
-- needs: public.user_api_keys(user_id, is_active)
-- index: user_api_keys_user_id_idx
SELECT k.user_id::text AS user_id,
       count(*) AS total,
       count(*) FILTER (WHERE k.is_active) AS active
  FROM public.user_api_keys AS k
 WHERE k.user_id = ANY ((SELECT current_setting('zmartctl.page')::uuid[])::uuid[])
 GROUP BY k.user_id
