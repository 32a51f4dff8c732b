#!/bin/sh
# What a comparison and a repair of all users cost, beside streaming everything, a join through
# postgres_fdw and pg_comparator, in one run on this machine. Medians of five.
# usage: drift.sh BUILD_DIR WORK_DIR               (called by run.sh; WORK_DIR is private to it)
# BENCH_USERS (1000000) and BENCH_SMALL (10000) are the sizes of the two demos.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$1 work=$2
users=${BENCH_USERS:-1000000} small=${BENCH_SMALL:-10000}
demo=$work/drift missed=0 wires=''
cleanup() {
    # shellcheck disable=SC2086
    [ -z "$wires" ] || kill $wires 2>/dev/null || true
    wires=''
    [ ! -d "$demo" ] || "$build/zmartctl" demo --stop "$demo" || true
}
trap cleanup EXIT INT TERM

cc -O2 -D_DEFAULT_SOURCE -w -o "$work/wire" "$root/tests/bench/wire.c"
# shellcheck disable=SC2046
cc -O2 -D_DEFAULT_SOURCE -I"$build/include/db" -I"$build/include/zm" -o "$work/equal" -w \
    "$root/tests/bench/equal.c" $(pkg-config --cflags libpq) "$build/libdb.a" \
    $(pkg-config --libs libpq uuid jansson libcurl) -lpthread -ldl

brain() { psql -h "$demo/sock-brain" -U supabase_admin -d postgres -AtqX "$@"; }
bot() { psql -h "$demo/sock-bot" -U supabase_admin -d postgres -AtqX "$@"; }
now() { date +%s.%N; }
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
# name, value, unit, limit or "", what the limit is
figure() {
    awk -v name="$1" -v value="$2" -v unit="$3" -v limit="$4" -v what="$5" 'BEGIN {
        if (limit == "") { printf "%-52s %10.2f %-5s %s\n", name, value, unit, what; exit 0 }
        over = value + 0 > limit + 0
        printf "%-52s %10.2f %-5s limit %7.2f  %s  %s\n", name, value, unit, limit, over ? "MISSED" : "ok    ", what
        exit over
    }' || missed=1
}

# What a comparison has to know of every user, in one stream a side; and the same table by table,
# which leaves it to the reader to put the rows of a user together.
of_user="SELECT u.id, u.email, u.deleted_at, p.tier, s.tier FROM auth.users u
    LEFT JOIN public.user_profiles p ON p.user_id = u.id
    LEFT JOIN public.user_subscriptions s ON s.user_id = u.id AND s.status = 'active'"
of_trader='SELECT user_id, email, tier, trading_enabled, api_access FROM public.user_trading_profiles'
out() { printf '\\copy (%s) TO %s (FORMAT binary)' "$(printf '%s' "$1" | tr '\n' ' ')" "$2"; }
# directory of the sockets' parents, file or /dev/null
stream_joined() {
    psql -h "$1/sock-brain" -U postgres -d postgres -qX -c "$(out "$of_user" /dev/null)" &
    psql -h "$1/sock-bot" -U postgres -d postgres -qX -c "$(out "$of_trader" /dev/null)"
    wait $!
}
stream_tables() {
    psql -h "$1/sock-brain" -U postgres -d postgres -qX \
        -c "$(out 'SELECT id, email, deleted_at FROM auth.users' /dev/null)" \
        -c "$(out 'SELECT user_id, tier FROM public.user_profiles' /dev/null)" \
        -c "$(out "SELECT user_id, tier FROM public.user_subscriptions WHERE status = 'active'" /dev/null)" &
    psql -h "$1/sock-bot" -U postgres -d postgres -qX -c "$(out "$of_trader" /dev/null)"
    wait $!
}
seconds_of() {
    began=$(now)
    "$@" >/dev/null
    echo "$(now) $began" | awk '{print $1 - $2}'
}
zmartctl() { "$build/zmartctl" -c "$demo/zmartctl.conf" "$@"; }
# The scan; the second look waits for its grace time whatever it costs.
scan_of() { { "$build/zmartctl" "$@" drift --json 2>/dev/null || true; } | sed -n 's/.*"summary":true.*"seconds":\([0-9.]*\).*/\1/p'; }

start() {
    "$build/zmartctl" demo --users "$1" --detach "$demo" >/dev/null
    rest
}
# What a server still has to do about what was written is done now, and not while something is measured.
rest() {
    brain -c 'VACUUM ANALYZE' -c CHECKPOINT
    bot -c 'VACUUM ANALYZE' -c CHECKPOINT
}
# The demo's few users who differ go, so that nobody does.
make_equal() {
    zmartctl drift --json 2>/dev/null | grep -v -e '"no_email"' -e '"summary"' |
        sed -n "s/.*\"user_id\":\"\([0-9a-f-]*\)\".*/'\1'/p" >"$work/odd" || true
    brain -c "SELECT quote_literal(id::text) FROM auth.users WHERE deleted_at IS NOT NULL" >>"$work/odd"
    odd=$(sort -u "$work/odd" | paste -sd, -)
    brain -c "DELETE FROM public.user_profiles WHERE user_id IN ($odd)" \
        -c "DELETE FROM public.user_subscriptions WHERE user_id IN ($odd)" \
        -c "DELETE FROM auth.users WHERE id IN ($odd)"
    bot -c "DELETE FROM public.user_trading_profiles WHERE user_id IN ($odd)"
    rest
}
# The sums that the question cannot do without, a table each, both servers at once.
plain_sums() {
    brain -c 'SELECT count(*), sum(uuid_hash_extended(id, hashtextextended(email, 0))) FROM auth.users' \
        -c 'SELECT count(*), sum(uuid_hash_extended(user_id, hashtextextended(tier::text, 0))) FROM public.user_profiles' &
    bot -c 'SELECT count(*), sum(uuid_hash_extended(user_id, hashtextextended(email, 0))), sum(uuid_hash_extended(user_id, hashtextextended(tier::text, 0))) FROM public.user_trading_profiles'
    wait $!
}
# in one session, as the question is asked
count_users() {
    { printf '%s\n' '\timing on'; yes 'SELECT count(*) FROM auth.users;' | head -5; } | brain |
        sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | median | awk '{print $1 / 1000}'
}
# 350 users in a million, of four kinds
drift_apart() {
    bot -v n="$((users * 35 / 100000 / 4 + 1))" <<'SQL'
DELETE FROM public.user_trading_profiles WHERE id IN (SELECT id FROM public.user_trading_profiles WHERE user_id::text LIKE '%a0_' OR user_id::text LIKE '%a1_' LIMIT :n);
UPDATE public.user_trading_profiles SET tier = CASE tier WHEN 'pro' THEN 'free' ELSE 'pro' END
 WHERE id IN (SELECT id FROM public.user_trading_profiles WHERE tier IN ('free', 'pro') AND NOT trading_enabled AND (user_id::text LIKE '%b_0' OR user_id::text LIKE '%b_1') LIMIT :n);
UPDATE public.user_trading_profiles SET email = 'old.' || email WHERE id IN (SELECT id FROM public.user_trading_profiles WHERE user_id::text LIKE '%c0_' OR user_id::text LIKE '%c1_' LIMIT :n);
UPDATE public.user_trading_profiles SET email = upper(email) WHERE id IN (SELECT id FROM public.user_trading_profiles WHERE user_id::text LIKE '%d0_' OR user_id::text LIKE '%d1_' LIMIT :n);
VACUUM ANALYZE public.user_trading_profiles;
SQL
}

# RTT_MS KBIT_S: the same two servers behind lines of their own
wires_begin() {
    mkdir -p "$work/line/sock-brain" "$work/line/sock-bot"
    sed "s|$demo/sock|$work/line/sock|; s|\"$demo/state\"|\"$work/line/state\"|" "$demo/zmartctl.conf" >"$work/line/zmartctl.conf"
    "$work/wire" "$work/line/sock-brain" "$demo/sock-brain/.s.PGSQL.5432" "$1" "$2" "$work/line/brain" &
    wires=$!
    "$work/wire" "$work/line/sock-bot" "$demo/sock-bot/.s.PGSQL.5432" "$1" "$2" "$work/line/bot" &
    wires="$wires $!"
    while [ ! -S "$work/line/sock-bot/.s.PGSQL.5432" ]; do sleep 0.1; done
}
# prints the megabytes of both sides and directions
wires_end() {
    for pid in $wires; do
        kill "$pid"
        wait "$pid" || true
    done
    wires=''
    cat "$work/line/brain" "$work/line/bot" | awk '{n += $1 + $2} END {print n / 1e6}'
}
bytes_of() {
    wires_begin 0 0
    "$@" >/dev/null 2>&1 || true
    wires_end
}

echo "== drift: $small users"
start "$small"
scan_of -c "$demo/zmartctl.conf" >/dev/null
small_scan=$(for _ in 1 2 3 4 5; do scan_of -c "$demo/zmartctl.conf"; done | median)
small_mb=$(/usr/bin/env time -f %M "$build/zmartctl" -c "$demo/zmartctl.conf" drift --json 2>&1 >/dev/null | tail -1 | awk '{print $1 / 1024}')
"$build/zmartctl" demo --stop "$demo"

echo "== drift: $users users"
start "$users"
make_equal
answer=$("$work/equal" "$demo/sock-brain" "$demo/sock-bot")
for _ in 1 2 3 4 5; do seconds_of plain_sums >>"$work/sums"; done
counted=$(count_users)
figure 'are they equal? yes' "${answer% *}" s 0.3 "the answer: ${answer#* }"
figure '  beside a count of auth.users' "$counted" s '' '0.054 s on the machine that the limit was set on'
figure '  beside a plain sum of each table' "$(median <"$work/sums")" s '' 'both servers at once, psql'
stream_mb=$(bytes_of stream_joined "$work/line")
synced_mb=$(bytes_of "$build/zmartctl" -c "$work/line/zmartctl.conf" drift --json)
drift_apart
drifted_mb=$(bytes_of "$build/zmartctl" -c "$work/line/zmartctl.conf" drift --json)
figure 'bytes of a comparison, in sync' "$synced_mb" MB "$(echo "$stream_mb" | awk '{print $1 * .04}')" '4 % of streaming'
figure 'bytes of a comparison, 0.035 % drift' "$drifted_mb" MB "$(echo "$stream_mb" | awk '{print $1 * .04}')" '4 % of streaming'

for _ in 1 2 3 4 5; do
    seconds_of stream_joined "$demo" >>"$work/joined"
    seconds_of stream_tables "$demo" >>"$work/tables"
    scan_of -c "$demo/zmartctl.conf" >>"$work/scans"
done
joined=$(median <"$work/joined") tables=$(median <"$work/tables") scan=$(median <"$work/scans")
figure 'comparison' "$scan" s "$joined" 'two parallel binary \copy, a row a user'
figure '  beside \copy table by table' "$tables" s '' ''
figure 'growth from the small demo' "$(echo "$scan $small_scan" | awk '{print $1 / ($2 > 0 ? $2 : .001)}')" x '' "$small_scan s at $small users"
answer=$("$work/equal" "$demo/sock-brain" "$demo/sock-bot")
figure 'are they equal? no' "${answer% *}" s '' "the answer: ${answer#* }; deleted users are looked for"

mb=$(/usr/bin/env time -f %M "$build/zmartctl" -c "$demo/zmartctl.conf" drift --json 2>&1 >/dev/null | tail -1 | awk '{print $1 / 1024}')
figure 'peak memory' "$mb" MB 20 "$small_mb MB at $small users"

wires_begin 100 20000
far=$(for _ in 1 2 3; do scan_of -c "$work/line/zmartctl.conf"; done | median)
far_stream=$(seconds_of stream_joined "$work/line")
wires_end >/dev/null
figure 'comparison over 100 ms, 20 Mbit/s' "$far" s "$(echo "$far_stream" | awk '{print $1 / 10}')" 'a tenth of streaming over it'

brain >/dev/null <<SQL
CREATE EXTENSION IF NOT EXISTS postgres_fdw SCHEMA extensions;
CREATE SERVER bench_bot FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$demo/sock-bot', dbname 'postgres', fetch_size '10000');
CREATE USER MAPPING FOR CURRENT_USER SERVER bench_bot OPTIONS (user 'postgres');
CREATE FOREIGN TABLE public.bench_traders (user_id uuid, email varchar, tier varchar) SERVER bench_bot OPTIONS (schema_name 'public', table_name 'user_trading_profiles');
SQL
fdw() {
    brain -c "SELECT count(*) FROM (SELECT u.id, u.email, p.tier FROM auth.users u LEFT JOIN public.user_profiles p ON p.user_id = u.id WHERE u.deleted_at IS NULL) b
        FULL JOIN public.bench_traders t ON t.user_id = b.id
        WHERE b.id IS NULL OR t.user_id IS NULL OR coalesce(b.email, '') <> t.email OR b.tier IS DISTINCT FROM t.tier"
}
figure 'postgres_fdw full join, counts only' "$(for _ in 1 2 3; do seconds_of fdw; done | median)" s '' ''
brain -c 'DROP SERVER bench_bot CASCADE'
# It compares tables with a key: they are made for it, a row a user, and that is not counted.
comparator_tables() {
    brain <<'SQL'
CREATE EXTENSION pgcmp;
CREATE TABLE public.bench_users AS
SELECT DISTINCT ON (u.id) u.id, coalesce(u.email, '') AS email, coalesce(p.tier::text, '') AS tier
  FROM auth.users u LEFT JOIN public.user_profiles p ON p.user_id = u.id
 WHERE u.deleted_at IS NULL ORDER BY u.id;
ALTER TABLE public.bench_users ADD PRIMARY KEY (id);
ANALYZE public.bench_users;
SQL
    bot <<'SQL'
CREATE EXTENSION pgcmp;
CREATE TABLE public.bench_users AS
SELECT DISTINCT ON (user_id) user_id AS id, email, coalesce(tier::text, '') AS tier
  FROM public.user_trading_profiles ORDER BY user_id;
ALTER TABLE public.bench_users ADD PRIMARY KEY (id);
ANALYZE public.bench_users;
SQL
}
comparator() {
    pg_comparator -1 "dbi:Pg:host=$demo/sock-brain;dbname=postgres" -2 "dbi:Pg:host=$demo/sock-bot;dbname=postgres" \
        'pgsql://supabase_admin@brain/postgres/public.bench_users?id:email,tier' \
        'pgsql://supabase_admin@bot/postgres/public.bench_users?id:email,tier'
}
if command -v pg_comparator >/dev/null; then
    comparator_tables >/dev/null
    figure 'pg_comparator, tables made for it, ids only' "$(for _ in 1 2 3; do seconds_of comparator; done | median)" s '' ''
    brain -c 'DROP TABLE public.bench_users' >/dev/null
    bot -c 'DROP TABLE public.bench_users' >/dev/null
else
    echo 'pg_comparator: not installed (package postgresql-comparator)'
fi

began=$(now)
zmartctl repair --reason bench --yes --allow-mass --json >"$work/repaired" 2>/dev/null || true
took=$(echo "$(now) $began" | awk '{print $1 - $2}')
rows=$(grep -c '"result":"done"' "$work/repaired" || true)
figure 'repair, comparison and its second look included' "$took" s '' "$rows users"
exit "$missed"
