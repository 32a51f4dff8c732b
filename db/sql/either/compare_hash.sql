-- The settings of a comparison, for its transaction, and whether its sums are of use: the hash functions
-- are core's but undocumented, both servers must agree on constants. $1 how many parallel workers at
-- most. Compiling the sums costs more than it saves, joining subscriptions needs 64 MB; whole tables are
-- read, or some users by an index.
SELECT hashtextextended('zmartctl', 0)::text || ' ' ||
       uuid_hash_extended('9b1f2c3d-0000-4000-8000-00000000002a', 7)::text || ' ' ||
       uuid_hash('9b1f2c3d-0000-4000-8000-00000000002a')::text AS constants,
       concat_ws(' ', set_config('cursor_tuple_fraction', '1', true),
                 set_config('enable_mergejoin', 'off', true),
                 set_config('enable_nestloop', 'off', true),
                 set_config('random_page_cost', '1.1', true),
                 CASE WHEN current_setting('max_parallel_workers_per_gather')::integer > $1::integer
                      THEN set_config('max_parallel_workers_per_gather', $1::text, true) END,
                 CASE WHEN pg_size_bytes(current_setting('work_mem')) < 67108864
                      THEN set_config('work_mem', '64MB', true) END) AS settings
