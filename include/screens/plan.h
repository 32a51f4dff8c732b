/*
 * A repair plan in the console: made of what a scan found, shown frozen, asked for, applied batch
 * by batch in the write lane. One is open at a time.
 */
#ifndef SCREENS_PLAN_H
#define SCREENS_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/draw.h"

struct app;
struct db_job;
struct sync;

/* Makes a plan of what is in, and shows it; apply: goes on to the question at once. */
void plan_make(struct app *app, const struct sync *s, bool apply);
/* The same, and keeps the file. */
void plan_save(struct app *app, const struct sync *s);
/* Makes a plan for a frozen set of users, who are read for it, and shows it. Takes the set over. */
struct db_idset;
void plan_make_of(struct app *app, struct db_idset *set);
/* Opens a saved plan. */
void plan_open(struct app *app, const char *path);

/* ---- for the Sync screen and the frame ---- */

/* The open plan in a part of the screen, where sync_holds_plan says that it stands there. */
void plan_draw_pane(struct app *app, struct tui_box box);
/* The plan's keys in place of the screen's. False: it is not a part of the screen. */
bool plan_draw_bar(struct app *app, struct tui_box row);

/* ---- for the loop: as in screens/edit.h ---- */

bool plan_job_done(struct app *app, struct db_job *job);
bool plan_is_writing(const struct app *app);
void plan_leave(struct app *app);
void plan_abandon(struct app *app);
int64_t plan_deadline(const struct app *app);

#endif
