#!/bin/sh
# Long runs of what the tests do briefly, under the sanitizers.
# usage: tests/torture/run.sh BUILD_DIR        (called by ./run torture)
# TORTURE_ROUNDS (1) of every fault at every point of a write, TORTURE_SECONDS (60) of random keys in
# each of three rounds, then every integration test five times.
set -eu
build=${1:-build/asan}
rounds=0
for operation in tier trading api; do
    "$build/tests/matrix" --operation $operation --jobs "${TORTURE_JOBS:-3}" \
        --repeat "${TORTURE_ROUNDS:-1}"
    rounds=$((rounds + 1))
done
for round in 1 2 3; do
    ZM_RANDOM_SECONDS=${TORTURE_SECONDS:-60} ctest --test-dir "$build" --timeout 3600 \
        --output-on-failure -R 'test_e2e_random' | tail -4
    rounds=$((rounds + 1))
    echo "random keys: round $round done"
done
ctest --test-dir "$build" -L integration --repeat until-fail:5 -j2 --timeout 3600 --output-on-failure | tail -4
echo "$rounds passed, 0 failed"
