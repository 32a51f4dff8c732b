-- The next of what compare_open_profiles opened. Without that cursor it cannot be described.
-- walk
-- script
FETCH FORWARD 4000 FROM zmartctl_profiles
