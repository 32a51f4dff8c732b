/*
 * Asks who holds a lock, on the same connection and at once: a moment later it may be another.
 */
#include "db/holder.h"

#include <stdio.h>

#include "zm/str.h"

static const struct db_field fields[] = {
    DB_FIELD(struct db_holder, pid),
    DB_FIELD(struct db_holder, role),
    DB_FIELD(struct db_holder, application),
    DB_FIELD(struct db_holder, seconds),
};
const struct db_shape db_shape_holder = {"holder", sizeof(struct db_holder), fields,
                                         ZM_COUNT(fields)};

bool db_holder_say(struct db_link *link, struct db_ask *ask, char *dst, size_t size)
{
    const struct db_holder *holder;
    bool known;

    known = db_link_is_open(link) && db_link_read(link, ask, 1, NULL) && ask->ok && ask->rows.n > 0;
    if (known) {
        holder = DB_ROW(&ask->rows, struct db_holder, 0);
        snprintf(dst, size, "held by pid %lld, role %.64s, application %.64s, for %lld s",
                 (long long)holder->pid, holder->role,
                 holder->application[0] ? holder->application : "without a name",
                 (long long)holder->seconds);
    }
    db_asks_done(ask, 1);
    return known;
}
