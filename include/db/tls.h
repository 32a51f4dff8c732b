/*
 * What protects a connection: below verify-full is refused unless nobody can stand in between (a
 * unix socket, the loopback interface) or the profile allows it (design section 3).
 */
#ifndef DB_TLS_H
#define DB_TLS_H

#include <stdbool.h>

#include "db/link_io.h"
#include "zm/error.h"

/* After PQconnectStartParams, before a byte was sent: by what libpq made of the keywords. */
bool db_tls_check_intent(const struct db_link *link, struct zm_error *err);
/* Connected: by the socket and by what libpq says it did. Fills link->local and facts' tls,
 * insecure. */
bool db_tls_check_done(struct db_link *link, struct zm_error *err);

#endif
