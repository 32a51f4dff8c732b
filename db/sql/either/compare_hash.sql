-- The first statement of a comparison, which takes its snapshot. The hash functions are core's but
-- undocumented: both servers must agree on constants. $1 how long a statement may take (ms); rows
-- are read in the order of an index ($2 on, $3 off) or as tables ($2 off, $3 on).
SELECT hashtextextended('zmartctl', 0)::text || ' ' ||
       uuid_hash_extended('9b1f2c3d-0000-4000-8000-00000000002a', 7)::text || ' ' ||
       uuid_hash('9b1f2c3d-0000-4000-8000-00000000002a')::text AS constants,
       set_config('statement_timeout', $1::text, true) || ' ' ||
       set_config('enable_indexscan', $2::text, true) || ' ' ||
       set_config('enable_seqscan', $3::text, true) || ' ' ||
       set_config('enable_bitmapscan', $3::text, true) || ' ' ||
       set_config('enable_sort', $3::text, true) AS settings
