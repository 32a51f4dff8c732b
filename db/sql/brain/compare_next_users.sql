-- The next of what compare_open_users opened. Without that cursor it cannot be described.
-- walk
-- script
FETCH FORWARD 4000 FROM zmartctl_users
