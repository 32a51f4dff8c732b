/*
 * The fault matrix in short: the points around the two commits, and the faults that are over soon.
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

static int start_rig(void **state)
{
    struct torture *t = zm_calloc(1, sizeof(*t));

    *state = t;
    torture_start(t, ZM_BINARY, "op_olga");
    return 0;
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

/* At each point; what was broken has been said on stderr. */
static void strike_with(struct torture *t, const char *fault_name)
{
    const struct torture_fault *fault = NULL;
    struct torture_run run;
    size_t i, k;

    for (i = 0; i < torture_faults(); i++)
        if (strcmp(torture_fault(i)->name, fault_name) == 0)
            fault = torture_fault(i);
    assert_non_null(fault);
    for (k = 0; k < ZM_COUNT(points); k++) {
        torture_once(t, torture_operation(0), point_named(points[k]), fault, &run);
        if (!run.held || run.violated)
            fail_msg("%s at %s: Brain %c, Bot %c, it said '%s'%s", fault_name, points[k], run.brain,
                     run.bot, run.result, run.held ? "" : "; the point was not reached");
        if (strcmp(fault_name, "none") == 0)
            assert_string_equal(run.result, "done");
    }
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
    strike_with(*state, "ctrl-c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_on_after_a_pause),     cmocka_unit_test(survives_its_own_death),
        cmocka_unit_test(survives_lost_connections), cmocka_unit_test(survives_terminated_backends),
        cmocka_unit_test(survives_crashed_servers),  cmocka_unit_test(leaves_or_ends_at_a_signal),
    };

    return cmocka_run_group_tests(tests, start_rig, stop_rig);
}
