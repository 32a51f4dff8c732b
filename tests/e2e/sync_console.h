/*
 * The Sync screen of a console, scanned and with its plan: for the tests of that screen.
 */
#ifndef E2E_SYNC_CONSOLE_H
#define E2E_SYNC_CONSOLE_H

#include "edit_console.h"

/* conf: NULL, the demo's. */
static inline struct vt *open_sync_as(const struct demo *demo, const char *conf, int rows, int cols)
{
    const char *const argv[] = {ZM_BINARY, "-c", conf ? conf : demo->conf, NULL};
    struct vt *vt = vt_start(argv, NULL, rows, cols);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    vt_type(vt, "2");
    return vt;
}

static inline struct vt *open_sync(const struct demo *demo, int rows, int cols)
{
    struct vt *vt = open_sync_as(demo, NULL, rows, cols);

    vt_wait(vt, "Last scan", VT_SOON_MS);
    vt_wait(vt, "in plan", VT_SOON_MS);
    return vt;
}

static inline void plan(struct vt *vt)
{
    vt_type(vt, "p");
    vt_wait(vt, "frozen", VT_SOON_MS);
    look(vt);
}

#endif
