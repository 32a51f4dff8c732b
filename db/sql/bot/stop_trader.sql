-- Trading off, whatever was seen of him: what a person runs by hand. $1 the user's id.
-- needs: public.user_trading_profiles(id, user_id, trading_enabled, updated_at)
-- updates: public.user_trading_profiles(trading_enabled, updated_at)
-- index: user_trading_profiles_user_id_idx
UPDATE public.user_trading_profiles AS t
   SET trading_enabled = false,
       updated_at = clock_timestamp() AT TIME ZONE 'UTC'
 WHERE t.user_id = $1::uuid
RETURNING t.id::text AS id
