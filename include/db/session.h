/*
 * A session: the connections that a database operation may use. A side that is away is NULL or
 * closed, and what it would have known is unknown, never missing.
 */
#ifndef DB_SESSION_H
#define DB_SESSION_H

#include <stdbool.h>

#include "db/link.h"
#include "db/side.h"
#include "zm/error.h"

struct db_session {
    struct db_link *link[DB_SIDES];
    struct zm_error err[DB_SIDES]; /* why a link is not open */
};

/* Opens both links for a subcommand, at the same time. Returns false when neither could be opened,
 * or when the pair is refused: both the same database, or swapped (ZM_ERR_IDENTITY). */
bool db_session_open(struct db_session *session, const struct db_target targets[DB_SIDES],
                     struct zm_error *err);
void db_session_close(struct db_session *session);
/* Opens those links of a session that are not open, at the same time; err says why one is not. */
void db_session_connect(struct db_session *session);
/* The link of a side if it is open, else NULL. */
struct db_link *db_session_link(const struct db_session *session, enum db_side side);
/* Why that is NULL, for an operation that needs the side: what ("write") is how it is called. err:
 * NULL is allowed. Always false. */
static inline bool db_session_away(const struct db_session *session, enum db_side side,
                                   const char *what, struct zm_error *err)
{
    if (err && session->err[side].kind != ZM_ERR_NONE)
        *err = session->err[side];
    else
        zm_error_set(err, ZM_ERR_LOST, db_side_name(side), what, "not connected");
    return false;
}
/* Refuses swapped sides and one database twice, by the facts of two open links. */
bool db_pair_check(const struct db_facts *brain, const struct db_facts *bot, struct zm_error *err);

#endif
