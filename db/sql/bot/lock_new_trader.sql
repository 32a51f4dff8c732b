-- There is no row to lock yet, so that two who create it come one after the other. $1 the user's id.
SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 7731))::text AS page
