-- The trading profile as the application writes it. $1 the user's id, $2 his e-mail. Runs as the role
-- that the application has.
INSERT INTO public.user_trading_profiles (user_id, email)
VALUES ($1::uuid, $2::text)
