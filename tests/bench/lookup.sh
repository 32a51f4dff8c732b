#!/bin/sh
# An exact and a prefix look-up by e-mail, as the console does them, beside the same statements in
# psql and beside the one statement that a person would type there. Medians in milliseconds.
# usage: lookup.sh LOOKUP ZMARTCTL DEMO_DIR             (LOOKUP: tests/bench/lookup.c, built)
set -eu
lookup=$1 zmartctl=$2 demo=$3
script=$(mktemp)
trap 'rm -f "$script"' EXIT INT TERM
runs=100
missed=0
q() { psql -h "$demo/sock-brain" -U postgres -d postgres -AtqX "$@"; }

# What psql says it took, per run: the sum over the statements of $script.
time_script() {
    {
        printf '\\timing on\n\\o /dev/null\n'
        i=0
        while [ $i -lt $runs ]; do
            cat "$script"
            printf '\\echo run\n'
            i=$((i + 1))
        done
    } | q 2>&1 | awk '/^Time: /{sum += $2} /^run$/{print sum; sum = 0}' | sort -n |
        awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'
}

# name, our filter, the one statement of psql
compare() {
    ours=$("$lookup" "$demo/sock-brain" "$2" "$script")
    same=$(time_script)
    printf '%s\n' "$3" >"$script"
    typed=$(time_script)
    awk -v name="$1" -v ours="$ours" -v same="$same" -v typed="$typed" 'BEGIN {
        over = ours > 1.25 * same
        printf "%-52s %10.2f ms      limit %9.2f  %s  1.25 x the same statements in psql\n", name, ours,
            1.25 * same, over ? "MISSED" : "ok    "
        printf "%-52s %10.2f ms\n", "psql: one statement for it", typed
        exit over
    }' || missed=1
}

email=$(q -c "SELECT email FROM auth.users WHERE is_sso_user = false AND email LIKE 'm%' ORDER BY email LIMIT 1 OFFSET 20")
compare 'look-up: exact e-mail' "\"$email\"" \
    "SELECT id, email FROM auth.users WHERE email = '$email' AND is_sso_user = false;"
compare 'look-up: the first letters of an e-mail' 'mari' \
    "SELECT id, email FROM auth.users WHERE is_sso_user = false AND email >= 'mari' AND email < 'marj' ORDER BY email LIMIT 50;"

whole() {
    printf '%-52s' "$1"
    shift
    /usr/bin/env time -f '%e s' "$@" 2>&1 >/dev/null | tail -1
}
whole 'zmartctl users "exact" --limit 1, whole process' \
    "$zmartctl" -c "$demo/zmartctl.conf" users "\"$email\"" --limit 1 --json
whole 'zmartctl users "exact", whole process' \
    "$zmartctl" -c "$demo/zmartctl.conf" users "\"$email\"" --json
whole 'psql, one statement, whole process' \
    psql -h "$demo/sock-brain" -U postgres -d postgres -AtqX \
    -c "SELECT id FROM auth.users WHERE email = '$email' AND is_sso_user = false"
exit $missed
