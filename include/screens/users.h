/*
 * What other screens ask the list of users.
 */
#ifndef SCREENS_USERS_H
#define SCREENS_USERS_H

#include "screens/app.h"

/* The id of the user after (1) or before (-1) this one in the list as it is loaded, and moves the
 * list's cursor there; NULL at its end. Valid until the next turn. */
const char *users_neighbour(struct app *app, const char *id, int direction);
/* Shows the list with this filter, as if it had been typed. */
void users_filter(struct app *app, const char *text);
/* Sorts the list by "email", "id", "created" or "sign_in"; false for any other name. */
bool users_sort(struct app *app, const char *name);

#endif
