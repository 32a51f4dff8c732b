-- $1 the user's id.
-- needs: public.user_api_keys(id, user_id, is_active)
-- updates: public.user_api_keys(is_active, updated_at)
-- index: user_api_keys_user_id_idx
UPDATE public.user_api_keys AS k
   SET is_active = false,
       updated_at = clock_timestamp() AT TIME ZONE 'UTC'
 WHERE k.user_id = $1::uuid
   AND k.is_active
RETURNING k.id::text AS id
