/*
 * Changing a user from the console: the dialogs of `t`, `e`, `X`, `u` and `f`, as the other screens
 * and the loop see them. One dialog is open at a time; a write goes on in the write lane while its
 * dialog waits.
 */
#ifndef SCREENS_EDIT_H
#define SCREENS_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/users.h"

struct app;
struct db_job;

/* Opens the dialog of an action (APP_EDIT_TIER ...) for the record that the person sees, whose
 * texts are copied. NULL: nobody is under the cursor. False: not one of these actions. */
bool edit_act(struct app *app, int action, const struct db_user *user);
/* Undo of one change by its request id, whatever came after it: for the Audit screen. who: what the
 * user is called. */
void edit_undo_request(struct app *app, const char *user_id, const char *who, const char *request);
/* Finishes or reverses a write whose end is missing in the journal: for Health and Audit. */
void edit_finish_request(struct app *app, const char *user_id, const char *who, const char *request,
                         bool reverse);

/* ---- for the loop ---- */

/* Takes a finished job of these dialogs; false: it is somebody else's. The caller drops it. */
bool edit_job_done(struct app *app, struct db_job *job);
/* A write is under way. */
bool edit_is_writing(const struct app *app);
/* The program ends while a write is under way: what can still be cancelled is, and the dialog says
 * that the rest is waited for. What became of it goes to app->fatal when the lanes have ended. */
void edit_leave(struct app *app);
/* The program ended and the lane is stuck: says so in app->fatal. */
void edit_abandon(struct app *app);
/* When the dialog has to be drawn again by itself (elapsed seconds), ZM_NEVER for never. */
int64_t edit_deadline(const struct app *app);

#endif
