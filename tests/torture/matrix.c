/*
 * Every fault at every point, on several rigs at once, and a table of what came of it. A cell says
 * what Brain and Bot were afterwards (o old, n new, = nothing was to change) and what the program
 * claimed: Done, Nothing changed, Stale, Refused, Partial, Unknown, Mixed, k killed;
 * a * is where several users differ. A ! is a violation, a
 * - a point that the program never came to.
 *
 * usage: matrix [--operation tier|trading|api|bulk|breakglass] [--through pooler] [--jobs N]
 *               [--repeat N] [--points TEXT] [--faults TEXT] [--role R] [--program FILE]
 * TEXT is part of a name. Ends with 1 when there was a violation or a point was not reached.
 */
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "torture.h"
#include "zm/str.h"

struct plan {
    int jobs, repeat;
    const char *points, *faults, *role, *program;
    bool pooled;
    const struct torture_operation *operation;
};

struct worker {
    const struct plan *plan;
    int number, write_to;
    struct torture t;
};

/* What a worker tells of a run; less than what a pipe takes in one piece. */
struct told {
    int point, fault;
    struct torture_run run;
};

static int start_rig(void **state)
{
    struct worker *w = *state;

    torture_start(&w->t, w->plan->program, w->plan->role, w->plan->pooled);
    return 0;
}

static int stop_rig(void **state)
{
    struct worker *w = *state;

    torture_done(&w->t);
    return 0;
}

static bool is_wanted(const struct plan *plan, int point, int fault)
{
    const struct torture_fault *f = torture_fault((size_t)fault);

    if ((f->is_poolers && !plan->pooled) || (f->is_brains && plan->operation->without_brain))
        return false;
    if (f->is_early && torture_is_voted(torture_point((size_t)point)))
        return false;
    return torture_is_point_of(torture_point((size_t)point), plan->operation) &&
           strstr(torture_point((size_t)point)->name, plan->points) &&
           strstr(f->name, plan->faults);
}

/* Faults are dealt in turn: slow ones and fast ones for every worker. */
static void work(void **state)
{
    struct worker *w = *state;
    struct told told;
    int round, turn = 0;

    for (round = 0; round < w->plan->repeat; round++)
        for (told.fault = 0; told.fault < (int)torture_faults(); told.fault++)
            for (told.point = 0; told.point < (int)torture_points(); told.point++) {
                if (!is_wanted(w->plan, told.point, told.fault) ||
                    turn++ % w->plan->jobs != w->number)
                    continue;
                torture_once(&w->t, w->plan->operation, torture_point((size_t)told.point),
                             torture_fault((size_t)told.fault), &told.run);
                assert_int_equal(write(w->write_to, &told, sizeof(told)), sizeof(told));
            }
}

static void start_worker(const struct plan *plan, int number, const int ends[2])
{
    struct worker worker = {.plan = plan, .number = number, .write_to = ends[1]};
    const struct CMUnitTest tests[] = {
        {"matrix", work, start_rig, stop_rig, &worker},
    };

    fflush(NULL);
    if (fork() != 0)
        return;
    close(ends[0]);
    if (!freopen("/dev/null", "w", stdout))
        _exit(1);
    _exit(cmocka_run_group_tests(tests, NULL, NULL) != 0);
}

static char claim_letter(const struct torture_run *run)
{
    if (run->killed)
        return 'k';
    return run->result[0] ? (char)(run->result[0] - 'a' + 'A') : '?';
}

struct sums {
    int runs, violations, missed, unknowns, slowest_ms, leaves_ms;
};

static bool is_shown(const struct plan *plan, int fault)
{
    return strstr(torture_fault((size_t)fault)->name, plan->faults);
}

static void print_table(const struct plan *plan, char (*cells)[8])
{
    int point, fault, n = (int)torture_faults();

    printf("\n%-17s", "");
    for (fault = 0; fault < n; fault++)
        if (is_shown(plan, fault))
            printf(" %-8.8s", torture_fault((size_t)fault)->name);
    for (point = 0; point < (int)torture_points(); point++) {
        if (!strstr(torture_point((size_t)point)->name, plan->points))
            continue;
        printf("\n%-17s", torture_point((size_t)point)->name);
        for (fault = 0; fault < n; fault++)
            if (is_shown(plan, fault))
                printf(" %-8s", cells[point * n + fault]);
    }
    printf("\n");
}

static void take(const struct told *told, char (*cells)[8], struct sums *sums)
{
    const struct torture_run *run = &told->run;
    char *cell = cells[told->point * (int)torture_faults() + told->fault];

    sums->runs++;
    sums->violations += run->violated;
    sums->missed += !run->held;
    sums->unknowns += strcmp(run->result, "unknown") == 0;
    if (run->ms > sums->slowest_ms)
        sums->slowest_ms = run->ms;
    if (run->leaves_ms > sums->leaves_ms)
        sums->leaves_ms = run->leaves_ms;
    if (!strchr(cell, '!'))
        snprintf(cell, 8, "%c%c%c%s%s", run->brain, run->bot, claim_letter(run),
                 run->violated ? "!" : "", run->held ? "" : "-");
    printf("%-17s %-13s Brain %c  Bot %c  %-16s %5d ms%s%s\n",
           torture_point((size_t)told->point)->name, torture_fault((size_t)told->fault)->name,
           run->brain, run->bot, run->killed ? "(killed)" : run->result, run->ms,
           run->held ? "" : "  NOT REACHED", run->violated ? "  VIOLATION" : "");
    fflush(stdout);
}

static int run_matrix(const struct plan *plan)
{
    char(*cells)[8] = zm_calloc(torture_points() * torture_faults(), sizeof(*cells));
    struct sums sums = {0};
    struct told told;
    int ends[2], i, status, failed = 0;

    if (pipe(ends) != 0)
        return 1;
    for (i = 0; i < plan->jobs; i++)
        start_worker(plan, i, ends);
    close(ends[1]);
    while (read(ends[0], &told, sizeof(told)) == (ssize_t)sizeof(told))
        take(&told, cells, &sums);
    close(ends[0]);
    while (wait(&status) > 0)
        failed += status != 0;
    print_table(plan, cells);
    printf(
        "%s%s: %d runs, %d violations, %d unknown, %d not reached, slowest %d ms, to leave %d ms",
        plan->operation->name, plan->pooled ? " through a pooler" : "", sums.runs, sums.violations,
        sums.unknowns, sums.missed, sums.slowest_ms, sums.leaves_ms);
    printf(failed ? ", %d rigs broke\n" : "\n", failed);
    free(cells);
    return sums.violations || sums.missed || failed || sums.runs == 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"jobs", required_argument, NULL, 'j'},
        {"repeat", required_argument, NULL, 'n'},
        {"operation", required_argument, NULL, 'o'},
        {"points", required_argument, NULL, 'p'},
        {"faults", required_argument, NULL, 'f'},
        {"role", required_argument, NULL, 'r'},
        {"program", required_argument, NULL, 'x'},
        {"through", required_argument, NULL, 't'},
        {NULL, 0, NULL, 0},
    };
    struct plan plan = {2, 1, "", "", "op_olga", ZM_BINARY, false, NULL};
    const char *operation = "tier";
    size_t i;
    int c;

    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
        switch (c) {
        case 'j':
            plan.jobs = (int)strtol(optarg, NULL, 10);
            break;
        case 'n':
            plan.repeat = (int)strtol(optarg, NULL, 10);
            break;
        case 'o':
            operation = optarg;
            break;
        case 'p':
            plan.points = optarg;
            break;
        case 'f':
            plan.faults = optarg;
            break;
        case 'r':
            plan.role = optarg;
            break;
        case 't':
            plan.pooled = strcmp(optarg, "pooler") == 0;
            break;
        case 'x':
            plan.program = optarg;
            break;
        default:
            return 2;
        }
    for (i = 0; i < torture_operations(); i++)
        if (strcmp(torture_operation(i)->name, operation) == 0)
            plan.operation = torture_operation(i);
    return plan.jobs > 0 && plan.operation ? run_matrix(&plan) : 2;
}
