-- Alone, because a server may keep it from ordinary roles.
SELECT system_identifier::text AS system FROM pg_control_system()
