-- The first statement of a comparison, which takes its snapshot. The hash functions are core's but
-- undocumented: both servers must agree on constants. $1 how long a statement may take (ms).
SELECT hashtextextended('zmartctl', 0)::text || ' ' ||
       uuid_hash_extended('9b1f2c3d-0000-4000-8000-00000000002a', 7)::text || ' ' ||
       uuid_hash('9b1f2c3d-0000-4000-8000-00000000002a')::text AS constants,
       set_config('statement_timeout', $1::text, true) AS settings
