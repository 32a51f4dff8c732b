-- Everything zmartctl does to a user is one after the other. $1 his id. 7731 keeps our locks apart
-- from other programs'.
SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 7731))::text AS page
