-- The server's time, from which on a sign-up is looked for.
SELECT clock_timestamp()::text AS at
