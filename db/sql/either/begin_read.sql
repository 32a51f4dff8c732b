-- One snapshot for all statements of a screen, so that a record is never half of two moments.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
