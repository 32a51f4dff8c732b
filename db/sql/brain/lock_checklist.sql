-- What is said about the checklist is said one after the other. 7731 keeps our locks apart from
-- other programs'.
SELECT pg_advisory_xact_lock(hashtextextended('zmartctl checklist', 7731))::text AS page
