/*
 * Whether a replica follows its primary, by their places in the write-ahead log.
 */
#include "db/replica.h"

#include <poll.h>

#include "zm/clock.h"
#include "zm/str.h"

#define NAP_MS 50

static const struct db_field fields[] = {
    DB_FIELD(struct db_replica_row, standby),
    DB_FIELD(struct db_replica_row, reached),
    DB_FIELD(struct db_replica_row, started),
    DB_FIELD(struct db_replica_row, position),
};
const struct db_shape db_shape_replica = {"replica", sizeof(struct db_replica_row), fields,
                                          ZM_COUNT(fields)};

/* Asks a server where it is. The caller does db_asks_done in any case. */
static bool look(struct db_link *link, const char *position, struct db_ask *ret,
                 struct zm_error *err)
{
    *ret = (struct db_ask){.sql = DB_SQL_EITHER_REPLICA, .params = {position}};
    if (!db_link_read(link, ret, 1, err))
        return false;
    if (ret->ok && ret->rows.n == 1)
        return true;
    *err = ret->err;
    return false;
}

static bool is_no_replica(const struct db_link *replica, struct zm_error *err)
{
    zm_error_set(err, ZM_ERR_IDENTITY, db_side_name(db_link_facts(replica)->side), "compare",
                 "the server of scan is no replica: it was promoted, or restored apart");
    return zm_error_hint(err, "nothing was compared; see scan of the profile");
}

static bool is_behind(const struct db_link *replica, int wait_ms, struct zm_error *err)
{
    zm_error_set(err, ZM_ERR_TIMEOUT, db_side_name(db_link_facts(replica)->side), "compare",
                 "the replica of scan is behind its primary, and not there after %d s",
                 wait_ms / 1000);
    return zm_error_hint(err, "nothing was compared; without scan in the profile the primary is "
                              "read");
}

static bool wait_for(struct db_link *replica, const struct db_replica_row *primary, int wait_ms,
                     bool (*stopped)(void *context), void *context, struct zm_error *err)
{
    int64_t until = zm_now_ms() + wait_ms;
    bool ok, there = false, follows = true;
    struct db_ask ask;

    for (;;) {
        const struct db_replica_row *row;

        ok = look(replica, primary->position, &ask, err);
        if (ok) {
            row = DB_ROW(&ask.rows, struct db_replica_row, 0);
            follows = row->standby || zm_streq(row->started, primary->started);
            there = row->reached;
        }
        db_asks_done(&ask, 1);
        if (!ok)
            return false;
        if (!follows)
            return is_no_replica(replica, err);
        if (there)
            return true;
        if (stopped && stopped(context))
            return zm_error_set(err, ZM_ERR_CANCELLED, "", "compare", "cancelled");
        if (zm_now_ms() >= until)
            return is_behind(replica, wait_ms, err);
        poll(NULL, 0, NAP_MS);
    }
}

bool db_replica_follows(struct db_link *replica, struct db_link *primary, int wait_ms,
                        bool (*stopped)(void *context), void *context, struct zm_error *err)
{
    struct db_ask ask;
    bool ok = look(primary, NULL, &ask, err) &&
              wait_for(replica, DB_ROW(&ask.rows, struct db_replica_row, 0), wait_ms, stopped,
                       context, err);

    db_asks_done(&ask, 1);
    return ok;
}
