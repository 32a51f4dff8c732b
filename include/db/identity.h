/*
 * Which server this is: not the other side's, not the same one twice, and the one that was met
 * before.
 */
#ifndef DB_IDENTITY_H
#define DB_IDENTITY_H

#include <stdbool.h>

#include "db/link.h"
#include "zm/error.h"

/* For db/link.c: ZM_ERR_IDENTITY when this looks like the other side's database. Fills
 * first_contact and changed_server of the facts from the file of the target, and records a first
 * contact there; a file that cannot be used is a warning. */
bool db_identity_check(struct db_link *link, struct zm_error *err);

#endif
