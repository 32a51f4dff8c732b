/*
 * Making a connection: keywords, password, the handshake under a deadline, what protects it.
 */
#ifndef DB_LINK_CONNECT_H
#define DB_LINK_CONNECT_H

#include <stdbool.h>

#include "db/link_io.h"
#include "zm/error.h"

/* Connects link->conn and fills what the handshake tells of link->facts. Blocks for connect_ms of
 * the target at most, plus a name look-up, which nothing can interrupt. On failure conn is NULL
 * again. */
bool db_link_connect(struct db_link *link, struct zm_error *err);

#endif
