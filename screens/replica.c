/*
 * Read replicas for comparisons. Whether rows agree is db/compare.h's; here only that they are read
 * from where they prove something.
 */
#include "screens/replica.h"

#include "db/replica.h"
#include "zm/str.h"

#define STATEMENTS 3 /* a replica may be behind for as long as so many may take */

void replica_prepare(struct db_session *scan, const struct conf *conf)
{
    int i;

    for (i = 0; i < DB_SIDES; i++)
        if (conf->has_scan[i] && !scan->link[i])
            scan->link[i] = db_link_new(&conf->scan[i]);
}

static bool check(const struct db_session *scan, const struct db_session *primary, int side,
                  struct zm_error *err)
{
    const struct db_facts *mine = db_link_facts(primary->link[side]), *replica;

    if (!db_session_link(scan, (enum db_side)side)) {
        *err = scan->err[side];
        return false;
    }
    replica = db_link_facts(scan->link[side]);
    if (zm_streq(mine->database_oid, replica->database_oid) &&
        (!mine->system[0] || !replica->system[0] || zm_streq(mine->system, replica->system)))
        return true;
    zm_error_set(err, ZM_ERR_IDENTITY, db_side_name((enum db_side)side), "compare",
                 "the server of scan is not a replica of the primary");
    return zm_error_hint(err, "see scan of the profile");
}

bool replica_open(struct db_session *scan, const struct conf *conf,
                  const struct db_session *primary, bool (*stopped)(void *context), void *context,
                  struct zm_error *err)
{
    int i;

    replica_prepare(scan, conf);
    for (i = 0; i < DB_SIDES; i++) {
        if (!db_session_link(primary, (enum db_side)i))
            return db_session_away(primary, (enum db_side)i, "compare", err);
        if (!conf->has_scan[i])
            scan->link[i] = primary->link[i];
    }
    if (conf->has_scan[DB_BRAIN] || conf->has_scan[DB_BOT])
        db_session_connect(scan);
    for (i = 0; i < DB_SIDES; i++)
        if (conf->has_scan[i] &&
            (!check(scan, primary, i, err) ||
             !db_replica_follows(scan->link[i], primary->link[i],
                                 STATEMENTS * conf->scan[i].statement_ms, stopped, context, err)))
            return false;
    return true;
}

void replica_cancel(const struct db_session *scan, const struct conf *conf)
{
    int i;

    for (i = 0; i < DB_SIDES; i++)
        if (conf->has_scan[i])
            db_link_cancel(scan->link[i]);
}

void replica_close(struct db_session *scan, const struct conf *conf)
{
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        if (conf->has_scan[i])
            db_link_free(scan->link[i]);
        scan->link[i] = NULL;
    }
}
