/*
 * Read replicas. What one shows is of use only when it follows its primary: one that was promoted,
 * or that is far behind, would show how things were.
 */
#ifndef DB_REPLICA_H
#define DB_REPLICA_H

#include <stdbool.h>

#include "db/link.h"
#include "db/rows.h"
#include "zm/error.h"

struct db_replica_row {
    bool standby, reached;
    const char *started, *position;
};
extern const struct db_shape db_shape_replica;

/* Waits until the replica shows all that the primary holds now, for at most wait_ms; stopped (or
 * NULL) is asked meanwhile. The same server as the primary is fine. False: ZM_ERR_IDENTITY for one
 * that follows nobody, ZM_ERR_TIMEOUT for one that is still behind. Blocks. */
bool db_replica_follows(struct db_link *replica, struct db_link *primary, int wait_ms,
                        bool (*stopped)(void *context), void *context, struct zm_error *err);

#endif
