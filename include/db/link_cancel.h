/*
 * Ending what a server is doing for us.
 */
#ifndef DB_LINK_CANCEL_H
#define DB_LINK_CANCEL_H

#include <stdbool.h>

#include "db/link_io.h"

/* Asks the server to end the running statement, by the deadline. False: that is not
 * possible here (an old libpq would send the key unencrypted) or it does not answer: close the link
 * then; the server ends the statement by itself (client_connection_check_interval,
 * statement_timeout). */
bool db_link_interrupt(struct db_link *link, int64_t deadline_ms);

#endif
