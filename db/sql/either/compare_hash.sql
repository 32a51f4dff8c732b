-- The first statement of a comparison, which takes its snapshot. The hash functions are core's but
-- undocumented: both servers must agree on constants. $1 how long a statement may take (ms), $2 whether
-- without parallel workers: they map the server's memory anew, page by page, which takes longer than one
-- process needs to add up a million rows.
-- Compiling the sums costs more than it saves, and joining subscriptions needs 64 MB.
SELECT hashtextextended('zmartctl', 0)::text || ' ' ||
       uuid_hash_extended('9b1f2c3d-0000-4000-8000-00000000002a', 7)::text || ' ' ||
       uuid_hash('9b1f2c3d-0000-4000-8000-00000000002a')::text AS constants,
       concat_ws(' ', set_config('statement_timeout', $1::text, true),
                 set_config('jit', 'off', true),
                 CASE WHEN $2::boolean THEN set_config('max_parallel_workers_per_gather', '0', true) END,
                 CASE WHEN pg_size_bytes(current_setting('work_mem')) < 67108864
                      THEN set_config('work_mem', '64MB', true) END) AS settings
