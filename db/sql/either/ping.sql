-- Whether somebody is still there: no columns, nobody reads them.
SELECT
