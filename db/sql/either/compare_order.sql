-- Before rows are read in the order of their users: from an index ($1 on, $2 off), which gives the first
-- ones at once, or from whole tables that are sorted ($1 off, $2 on), which gives the last ones sooner.
-- The journal, which is asked between them, is looked up row by row.
SELECT set_config('enable_indexscan', $1::text, true) || ' ' ||
       set_config('enable_seqscan', $2::text, true) || ' ' ||
       set_config('enable_bitmapscan', $2::text, true) || ' ' ||
       set_config('enable_sort', $2::text, true) || ' ' ||
       set_config('enable_nestloop', 'on', true) AS settings
