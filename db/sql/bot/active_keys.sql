-- Which of a user's API keys are on, after a change. $1 his id.
-- needs: public.user_api_keys(id, user_id, is_active)
-- index: user_api_keys_user_id_idx
SELECT k.id::text AS id
  FROM public.user_api_keys AS k
 WHERE k.user_id = $1::uuid
   AND k.is_active
 ORDER BY k.id
