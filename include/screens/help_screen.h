/*
 * The help of the console: the keys that work on the shown screen, searchable, each can be run.
 */
#ifndef SCREENS_HELP_SCREEN_H
#define SCREENS_HELP_SCREEN_H

#include "screens/app.h"

/* Opens it over the shown screen. */
void help_open(struct app *app);

#endif
