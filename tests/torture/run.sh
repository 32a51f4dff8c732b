#!/bin/sh
# Long runs of what the tests do briefly, under the sanitizers.
# usage: tests/torture/run.sh BUILD_DIR TSAN_BUILD_DIR        (called by ./run torture)
# TORTURE_ROUNDS (1) of every fault at every point of a write, of one user, of several and while
# ZmartyBrain is away, directly and through a transaction pooler; TORTURE_SECONDS (60) of random keys in
# each of three rounds; the comparison of TORTURE_USERS (200000) a side with known drift, repairs that
# are killed, and plans of TORTURE_PLAN (1000000) rows; then every integration test five times; and
# the jobs of the console's lanes, those that write among them, under the thread sanitizer.
set -eu
build=${1:-build/asan}
threads=${2:-build/tsan}
# All of its output where one fails, else its end.
tests() {
    log=$(mktemp)
    if ! ctest --output-on-failure "$@" >"$log" 2>&1; then
        cat "$log"
        rm -f "$log"
        exit 1
    fi
    tail -4 "$log"
    rm -f "$log"
}

rounds=0
for through in "" "--through pooler"; do
    for operation in tier trading api bulk breakglass; do
        # shellcheck disable=SC2086
        "$build/tests/matrix" --operation $operation $through --jobs "${TORTURE_JOBS:-3}" \
            --repeat "${TORTURE_ROUNDS:-1}"
        rounds=$((rounds + 1))
    done
done
for round in 1 2 3; do
    ZM_RANDOM_SECONDS=${TORTURE_SECONDS:-60}
    export ZM_RANDOM_SECONDS
    tests --test-dir "$build" --timeout 3600 -R 'test_e2e_random'
    rounds=$((rounds + 1))
    echo "random keys: round $round done"
done
(
    export ZM_TRUTH_USERS="${TORTURE_USERS:-200000}" ZM_TRUTH_PLAN="${TORTURE_PLAN:-1000000}"
    tests --test-dir "$build" --timeout 3600 -R 'test_(drift_truth|repair_killed|repair_huge)$'
)
rounds=$((rounds + 1))
export ZM_TWO_ALL=1 ZM_PLANS_USERS=200000
tests --test-dir "$build" -L integration --repeat until-fail:5 -j2 --timeout 3600
tests --test-dir "$threads" --timeout 1200 \
    -R 'test_lane|e2e_(edit|edit_create|bulk|undo|sync|scans|check)$'
rounds=$((rounds + 1))
echo "$rounds passed, 0 failed"
