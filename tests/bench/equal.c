/*
 * "Are they equal?", the quick question of both databases, over open connections:
 *     equal BRAIN_SOCKET_DIR BOT_SOCKET_DIR
 * Prints the median of five in seconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/compare.h"
#include "db/gates.h"

#define RUNS 5

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    struct db_option options[DB_SIDES][3];
    struct db_target targets[DB_SIDES];
    struct db_policy policy;
    struct db_session session;
    struct db_compare compare = {.scan = &session,
                                 .primary = &session,
                                 .policy = &policy,
                                 .classes = ~0u,
                                 .limit_ms = 60000,
                                 .quick = true};
    struct db_compare_result result;
    struct zm_error err;
    double seconds[RUNS];
    int i;

    if (argc != 3)
        return 2;
    db_policy_default(&policy);
    memset(targets, 0, sizeof(targets));
    for (i = 0; i < DB_SIDES; i++) {
        options[i][0] = (struct db_option){"host", argv[1 + i]};
        options[i][1] = (struct db_option){"user", "postgres"};
        options[i][2] = (struct db_option){"dbname", "postgres"};
        targets[i] = (struct db_target){.side = (enum db_side)i,
                                        .options = options[i],
                                        .n_options = 3,
                                        .connect_ms = 5000,
                                        .statement_ms = 60000};
    }
    if (!db_session_open(&session, targets, &err)) {
        fprintf(stderr, "equal: %s\n", err.message);
        return 2;
    }
    for (i = -1; i < RUNS; i++) {
        if (!db_compare_run(&compare, &result, &err)) {
            fprintf(stderr, "equal: %s: %s\n", err.what, err.message);
            return 2;
        }
        if (i >= 0)
            seconds[i] = result.seconds;
    }
    qsort(seconds, RUNS, sizeof(seconds[0]), by_value);
    printf("%.3f %s\n", seconds[RUNS / 2], result.equal ? "equal" : "not equal");
    db_session_close(&session);
    return 0;
}
