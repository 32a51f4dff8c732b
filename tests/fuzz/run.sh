#!/bin/sh
# Fuzzes each target for FUZZ_SECONDS (60) with libFuzzer under address and undefined behaviour sanitizers.
# usage: tests/fuzz/run.sh BUILD_DIR        (called by ./run fuzz)
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$root/build/fuzz}
seconds=${FUZZ_SECONDS:-60}
CC=clang cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBUILD_TESTING=OFF \
    -DZM_FUZZ=ON >/dev/null
targets=$(cd "$root/tests/fuzz" && ls fuzz_*.c | sed 's/\.c$//')
# shellcheck disable=SC2086
ninja -C "$build" $targets >/dev/null
# libconfig 1.5 loses memory of its own when a text does not parse, so leaks are not looked for there
export LSAN_OPTIONS="suppressions=$root/tests/fuzz/lsan.supp:print_suppressions=0"
passed=0
for target in $targets; do
    printf '%-14s %ss\n' "$target" "$seconds"
    mkdir -p "$build/corpus/$target"
    leaks=1
    [ "$target" = fuzz_conf ] && leaks=0
    "$build/tests/fuzz/$target" -detect_leaks=$leaks -max_total_time="$seconds" -print_final_stats=0 -verbosity=0 \
        -max_len=4096 -artifact_prefix="$build/" "$build/corpus/$target"
    passed=$((passed + 1))
done
echo "$passed passed, 0 failed"
