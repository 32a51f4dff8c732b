/*
 * `:demo`: an outage to look at, where the console runs on its own two servers.
 */
#ifndef SCREENS_PALETTE_DEMO_H
#define SCREENS_PALETTE_DEMO_H

#include <stdbool.h>

#include "db/servers.h"
#include "screens/app.h"
#include "zm/error.h"

/* args: "outage bot", "resume bot", "resume" (what is away). Works on the scan lane; the servers
 * outlive the lanes. False, ZM_ERR_USAGE: args say neither, and nothing was done. */
bool palette_demo_run(struct app *app, const struct db_servers *servers, const char *args,
                      struct zm_error *err);
/* What may follow, for completion. */
const char *palette_demo_choices(struct app *app, const char *word);

#endif
