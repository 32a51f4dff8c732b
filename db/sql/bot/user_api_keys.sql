-- The API keys of a user without what is secret about them, at most 100.
-- needs: public.user_api_keys(id, user_id, exchange, is_active, permissions, created_at, updated_at)
-- index: user_api_keys_user_id_idx
SELECT k.id::text AS id,
       left(k.exchange, 64) AS exchange,
       k.is_active,
       left(k.permissions::text, 400) AS permissions,
       CASE WHEN k.created_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(k.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE k.created_at::text END AS created_at,
       CASE WHEN k.updated_at BETWEEN '0001-01-01' AND '99999-12-31'
            THEN to_char(k.updated_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            ELSE k.updated_at::text END AS updated_at
  FROM public.user_api_keys AS k
 WHERE k.user_id = $1::uuid
 ORDER BY k.is_active DESC NULLS LAST, k.exchange, k.id
 LIMIT 100
