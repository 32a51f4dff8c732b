/*
 * The console on the servers of a demo, in a terminal: to open it, to look at it, to leave it.
 */
#ifndef E2E_CONSOLE_H
#define E2E_CONSOLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/demo.h"
#include "support/vt.h"

static inline struct vt *open_console(const struct demo *demo, int rows, int cols, const char *env)
{
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};
    const char *const extra[] = {env, NULL};
    struct vt *vt = vt_start(argv, env ? extra : NULL, rows, cols);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    return vt;
}

/* Both sides are there, and it is known whether the first user can trade. */
static inline void wait_for_both(struct vt *vt)
{
    vt_wait(vt, "Brain up", VT_SOON_MS);
    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    vt_wait(vt, "[ok]", VT_SOON_MS);
}

static inline struct vt *open_on_both(const struct demo *demo, int rows, int cols, const char *env)
{
    struct vt *vt = open_console(demo, rows, cols, env);

    wait_for_both(vt);
    return vt;
}

static inline bool knows_equality(struct vt *vt, void *context)
{
    const char *at = strstr(vt_row(vt, 1), "2 Sync ");

    (void)context;
    return at && at[7] != ' ' && at[7] != '3';
}

/* Row 2 says whether the databases are equal, and nothing is being asked for it any more. */
static inline void wait_for_equality(struct vt *vt)
{
    vt_wait_until(vt, knows_equality, NULL, "row 2 knows whether they are equal", VT_SOON_MS);
}

/* Nothing that is due changes nothing: not a byte over two live refreshes. The age of a comparison
 * that another console took is due once a minute, in row 2 and nowhere else. */
static inline void assert_silent(struct vt *vt)
{
    char before[500];
    long long bytes;
    int i;

    for (i = 0; i < 2; i++) {
        snprintf(before, sizeof(before), "%s", vt_row(vt, 1));
        bytes = vt_bytes(vt);
        vt_settle(vt, 11000, 11500);
        if (vt_bytes(vt) == bytes)
            return;
        assert_string_not_equal(vt_row(vt, 1), before);
    }
    fail_msg("it is not silent: row 2 changes twice within half a minute");
}

/* Closes what is over the screen and shows `gone`. */
static inline void escape(struct vt *vt, const char *gone)
{
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, gone, VT_SOON_MS);
}

static inline void quit(struct vt *vt)
{
    vt_type(vt, "Q");
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 0);
    vt_check_restored(vt);
    vt_check_stream(vt);
    vt_done(vt);
}

static inline void assert_on_one_row(struct vt *vt, const char *a, const char *b)
{
    int row;

    vt_wait(vt, a, VT_SOON_MS);
    vt_wait(vt, b, VT_SOON_MS);
    for (row = 0; row < vt_rows(vt); row++)
        if (strstr(vt_row(vt, row), a) && strstr(vt_row(vt, row), b))
            return;
    vt_dump(vt);
    fail_msg("'%s' and '%s' are not on one row", a, b);
}

static inline void assert_absent(struct vt *vt, const char *text)
{
    if (vt_find(vt, text, NULL) < 0)
        return;
    vt_dump(vt);
    fail_msg("'%s' is on the screen", text);
}

#endif
