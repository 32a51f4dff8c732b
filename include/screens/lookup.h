/*
 * Finds one user by id, e-mail or phone and opens him; says so when nobody or several are meant.
 */
#ifndef SCREENS_LOOKUP_H
#define SCREENS_LOOKUP_H

#include "screens/app.h"

/* Looks on a lane, over the shown screen; Esc goes back to it. who is copied. */
void lookup_open(struct app *app, const char *who);

extern const struct screen screen_lookup;

#endif
