/*
 * One connection of `zmartctl init`: asked for, and tried.
 */
#ifndef SCREENS_INIT_SIDE_H
#define SCREENS_INIT_SIDE_H

#include <stdbool.h>

#include "db/facts.h"
#include "screens/init_ask.h"
#include "screens/init_uri.h"
#include "zm/error.h"

enum init_how { INIT_NOT_ASKED, INIT_PASSFILE, INIT_COMMAND, INIT_ENVIRONMENT, INIT_FILE };

/* Asks for everything. given: a password of the environment, "" for none. False: the input ended.
 */
bool init_side_ask(struct init_ask *ask, enum db_side side, const char *given,
                   struct init_side *ret);
/* Connects as the console will, and says what is there: TLS, role, tables, privileges. */
bool init_side_try(const struct init_ask *ask, enum db_side side, const struct init_side *answers,
                   struct db_facts *ret, struct zm_error *err);

#endif
