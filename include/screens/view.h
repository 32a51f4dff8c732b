/*
 * The stack of open screens, for the loop only (screens use app.h).
 */
#ifndef SCREENS_VIEW_H
#define SCREENS_VIEW_H

#include <stdbool.h>

#include "screens/app.h"

/* Nothing lies under the shown view: closing it would leave the program. */
bool view_is_top(const struct app *app);
/* The open instance with that id, or NULL. */
struct view *view_by_id(struct app *app, unsigned id);
/* Gives a finished job to its screen, or drops it where that has been closed. */
void view_deliver(struct app *app, struct db_job *job);
/* Tells every open screen that a side's status changed. */
void view_status(struct app *app, enum db_side side);
void view_close_all(struct app *app);

#endif
