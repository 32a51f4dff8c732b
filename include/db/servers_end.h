/*
 * How private servers end; shared by their owner and the guardian, which uses nothing but system
 * calls and libc.
 */
#ifndef DB_SERVERS_END_H
#define DB_SERVERS_END_H

#include <stdbool.h>

#include "db/side.h"

/* Ends the server of DIR/brain or DIR/bot at once, as a crash would, and waits until it is gone.
 * False: none ran. */
bool db_servers_end(const char *dir, enum db_side side);
/* Removes the directory and all in it. */
void db_servers_remove(const char *dir);
/* The guardian's life: waits until nobody holds the other end of fd, then cleans up. */
void db_servers_guard(const char *dir, int fd);

#endif
