-- The profile as the application writes it for whoever has signed up. $1 his id. Runs as that user.
INSERT INTO public.user_profiles (user_id, name, country)
VALUES ($1::uuid, 'zmartctl test', 'ZZ')
