/*
 * The key E: what a screen shows goes to a file, by the code of `zmartctl export`, on the scan
 * lane. One at a time; it goes on while the person does something else.
 */
#ifndef SCREENS_EXPORT_H
#define SCREENS_EXPORT_H

#include <stdbool.h>

#include "db/filter.h"

struct app;
struct db_job;

/* Asks for the name of a file, and begins. kind: a name of export_find; what: "users /ana", for the
 * title; user: whose, or ""; filter: of users, or NULL. While an export is under way: says how far
 * it is, and offers to stop it. */
void export_open(struct app *app, const char *kind, const char *what, const char *user,
                 const struct db_filter *filter);
/* The same for a frozen set of users, which it takes over. */
struct db_idset;
void export_open_users(struct app *app, const char *what, struct db_idset *set);

/* Takes a finished export, and says what became of it; false: it is somebody else's job. The caller
 * drops it. */
bool export_job_done(struct app *app, struct db_job *job);

#endif
