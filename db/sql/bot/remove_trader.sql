-- Removes the trading profile of a test user. $1 his id, $2 the address that marks him.
-- needs: public.user_trading_profiles(id, user_id, email)
-- index: user_trading_profiles_user_id_idx
DELETE FROM public.user_trading_profiles AS t
 WHERE t.user_id = $1::uuid
   AND t.email = $2::text
RETURNING t.id::text AS id
