/*
 * One user on the screen: what the tests of it have in common.
 */
#ifndef E2E_USER_CONSOLE_H
#define E2E_USER_CONSOLE_H

#include "console.h"

/* Opens a user by what the palette resolves; crumb is what then stands at the end of row 2. */
static inline struct vt *open_user(const struct demo *demo, int rows, int cols, const char *who)
{
    struct vt *vt = open_console(demo, rows, cols, NULL);
    char crumb[80];

    vt_type(vt, ":user ");
    vt_type(vt, who);
    vt_keys(vt, "Enter");
    snprintf(crumb, sizeof(crumb), "Users > %.12s", who);
    vt_wait(vt, crumb, VT_SOON_MS);
    vt_wait_gone(vt, "loading", VT_SOON_MS);
    return vt;
}

#endif
