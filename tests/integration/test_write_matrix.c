/*
 * The fault matrix in short: the points around the two commits, and the faults that are over soon.
 * One user directly, several at once and break-glass through a transaction pooler.
 * `./run torture` runs all of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "torture/torture.h"
#include "zm/str.h"

static const char *const points[] = {"brain changed", "brain commit", "brain committed",
                                     "bot commit", "bot committed"};

static int start(void **state, bool pooled)
{
    struct torture *t = zm_calloc(1, sizeof(*t));

    *state = t;
    torture_start(t, ZM_BINARY, "op_olga", pooled);
    return 0;
}

static int start_rig(void **state)
{
    return start(state, false);
}

static int start_pooled(void **state)
{
    return start(state, true);
}

static int stop_rig(void **state)
{
    torture_done(*state);
    free(*state);
    return 0;
}

static const struct torture_point *point_named(const char *name)
{
    size_t i;

    for (i = 0; i < torture_points(); i++)
        if (strcmp(torture_point(i)->name, name) == 0)
            return torture_point(i);
    fail_msg("there is no point '%s'", name);
    return NULL;
}

static const struct torture_operation *operation_named(const char *name)
{
    size_t i;

    for (i = 0; i < torture_operations(); i++)
        if (strcmp(torture_operation(i)->name, name) == 0)
            return torture_operation(i);
    fail_msg("there is no operation '%s'", name);
    return NULL;
}

/* At each point; what was broken has been said on stderr. */
static void strike(struct torture *t, const char *operation_name, const char *fault_name)
{
    const struct torture_operation *operation = operation_named(operation_name);
    const struct torture_fault *fault = NULL;
    struct torture_run run;
    size_t i, k;

    for (i = 0; i < torture_faults(); i++)
        if (strcmp(torture_fault(i)->name, fault_name) == 0)
            fault = torture_fault(i);
    assert_non_null(fault);
    for (k = 0; k < ZM_COUNT(points); k++) {
        const struct torture_point *point = point_named(points[k]);

        if (!torture_is_point_of(point, operation) || (fault->is_early && torture_is_voted(point)))
            continue;
        torture_once(t, operation, point, fault, &run);
        if (!run.held || run.violated)
            fail_msg("%s, %s at %s: Brain %c, Bot %c, it said '%s'%s", operation_name, fault_name,
                     points[k], run.brain, run.bot, run.result,
                     run.held ? "" : "; the point was not reached");
        if (strcmp(fault_name, "none") == 0)
            assert_string_equal(run.result, "done");
    }
}

static void strike_with(struct torture *t, const char *fault_name)
{
    strike(t, "tier", fault_name);
}

static void goes_on_after_a_pause(void **state)
{
    strike_with(*state, "none");
}

static void survives_its_own_death(void **state)
{
    strike_with(*state, "kill lost");
    strike_with(*state, "kill late");
}

static void survives_lost_connections(void **state)
{
    strike_with(*state, "rst brain");
    strike_with(*state, "rst bot");
    strike_with(*state, "rst both");
}

static void survives_terminated_backends(void **state)
{
    strike_with(*state, "terminate");
    strike_with(*state, "other term");
}

static void survives_crashed_servers(void **state)
{
    strike_with(*state, "crash");
    strike_with(*state, "other crash");
}

/* Before the last vote a signal ends it at once and nothing is changed; from there on it waits. */
static void leaves_or_ends_at_a_signal(void **state)
{
    strike_with(*state, "sigint");
    strike_with(*state, "sighup");
    strike_with(*state, "sigterm");
    strike_with(*state, "frozen term");
    strike_with(*state, "ctrl-c");
}

static void several_at_once(void **state)
{
    static const char *const faults[] = {"none", "rst both", "crash", "poolers"};
    size_t i;

    for (i = 0; i < ZM_COUNT(faults); i++)
        strike(*state, "bulk", faults[i]);
}

/* The record is there before the change, and what becomes of it in Brain is that very request. */
static void break_glass(void **state)
{
    static const char *const faults[] = {"none", "kill late", "rst bot", "poolers"};
    size_t i;

    for (i = 0; i < ZM_COUNT(faults); i++)
        strike(*state, "breakglass", faults[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_on_after_a_pause),     cmocka_unit_test(survives_its_own_death),
        cmocka_unit_test(survives_lost_connections), cmocka_unit_test(survives_terminated_backends),
        cmocka_unit_test(survives_crashed_servers),  cmocka_unit_test(leaves_or_ends_at_a_signal),
    };
    const struct CMUnitTest pooled[] = {
        cmocka_unit_test(several_at_once),
        cmocka_unit_test(break_glass),
    };

    return cmocka_run_group_tests(tests, start_rig, stop_rig) +
           cmocka_run_group_tests(pooled, start_pooled, stop_rig);
}
