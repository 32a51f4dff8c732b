-- Deferred constraints and triggers fail here and not in COMMIT; the answer also proves that the
-- session is alive.
SET CONSTRAINTS ALL IMMEDIATE
