/*
 * The question about test users that nobody has asked for: it may stand over any screen.
 */
#ifndef SCREENS_CHECK_CLEAN_H
#define SCREENS_CHECK_CLEAN_H

#include <stdbool.h>

#include "db/leftovers.h"

struct app;
struct db_job;

/* Lists them (*left is moved out) and asks: y removes, and any key that is none of the dialog's
 * closes it and means what it meant before. */
void check_clean_ask(struct app *app, struct db_leftovers *left);
/* Takes the job of a removal that no Checklist waits for; false: it is another one. The caller
 * drops it. */
bool check_clean_left(struct app *app, struct db_job *job);

#endif
