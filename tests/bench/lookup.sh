#!/bin/sh
# An exact and a prefix look-up by e-mail: the median time of the console's own statements, run by psql
# one hundred times over one connection, beside what the server itself says (\timing and EXPLAIN).
# usage: lookup.sh BUILD_DIR DEMO_DIR
set -eu
demo=$2
q() { psql -h "$demo/sock-brain" -U postgres -d postgres -AtqX "$@"; }
email=$(q -c "SELECT email FROM auth.users WHERE is_sso_user = false AND email LIKE 'm%' ORDER BY email LIMIT 1 OFFSET 5000")
median() { sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }
time_sql() {
    { printf '%s\n' '\timing on'; i=0; while [ $i -lt 100 ]; do printf '%s\n' "$1"; i=$((i + 1)); done; } |
        q 2>&1 | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | median
}
printf '%-52s %10s ms\n' 'psql: exact e-mail' \
    "$(time_sql "SELECT id FROM auth.users WHERE email = '$email' AND is_sso_user = false;")"
printf '%-52s %10s ms\n' 'psql: prefix of an e-mail' \
    "$(time_sql "SELECT id FROM auth.users WHERE is_sso_user = false AND email >= 'mar' AND email < 'mas' ORDER BY email LIMIT 50;")"
printf '%-52s' 'zmartctl users "exact", whole process'
/usr/bin/env time -f '%e s' "$1/zmartctl" -c "$demo/zmartctl.conf" users "\"$email\"" --limit 1 --json 2>&1 >/dev/null | tail -1
printf '%-52s' 'psql, the same, whole process'
/usr/bin/env time -f '%e s' psql -h "$demo/sock-brain" -U postgres -d postgres -AtqX \
    -c "SELECT id FROM auth.users WHERE email = '$email' AND is_sso_user = false" 2>&1 >/dev/null | tail -1
