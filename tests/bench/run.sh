#!/bin/sh
# The figures of the console beside bare ncurses and psql, in one run on this machine.
# usage: tests/bench/run.sh BUILD_DIR WRITES        (called by ./run bench)
# WRITES is the program that measures writes.
# BENCH_USERS (1000000) and BENCH_SMALL (10000) are the sizes of the two demos.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build/release}
writes=${2:-$root/build/debug/tests/bench_writes}
work=$(mktemp -d /tmp/zmb.XXXXXX)
# shellcheck disable=SC2317
cleanup() {
    if [ -d "$work/demo" ]; then
        "$build/zmartctl" demo --stop "$work/demo" || true
    fi
    rm -rf "$work"
}
trap cleanup EXIT INT TERM
chmod 755 "$work"
export XDG_STATE_HOME="$work/state" HOME="$work"

cc -O2 -D_DEFAULT_SOURCE -o "$work/bench" "$root"/tests/bench/bench.c "$root"/tests/bench/probe.c -lutil -w
# shellcheck disable=SC2046
cc -O2 -o "$work/floor" "$root/tests/bench/floor.c" -w $(pkg-config --cflags --libs ncursesw)
# shellcheck disable=SC2046
cc -O2 -D_DEFAULT_SOURCE -I"$build/include/db" -I"$build/include/zm" -o "$work/lookup" -w \
    "$root/tests/bench/lookup.c" $(pkg-config --cflags libpq) "$build/libdb.a" \
    $(pkg-config --libs libpq uuid jansson libcurl) -lpthread -ldl

for users in "${BENCH_USERS:-1000000}" "${BENCH_SMALL:-10000}"; do
    echo "== $users users"
    "$build/zmartctl" demo --users "$users" --detach "$work/demo" >/dev/null
    sleep 2
    "$work/bench" "$work/floor" "$build/zmartctl" "$work/demo/zmartctl.conf" "$work/demo" \
        "$work/memory" || missed=1
    sh "$root/tests/bench/lookup.sh" "$work/lookup" "$build/zmartctl" "$work/demo" || missed=1
    "$build/zmartctl" demo --stop "$work/demo"
done
sh "$root/tests/bench/drift.sh" "$build" "$work" || missed=1
echo "== writes"
"$writes" || missed=1
exit "${missed:-0}"
