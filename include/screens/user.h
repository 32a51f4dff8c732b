/*
 * The screen of one user, as other screens open it.
 */
#ifndef SCREENS_USER_H
#define SCREENS_USER_H

struct app;

/* Opens the user, and does the action (APP_EDIT_TIER ...) as soon as his record is there, unless a
 * key is pressed before. */
void user_show_for(struct app *app, const char *id, int action);

#endif
