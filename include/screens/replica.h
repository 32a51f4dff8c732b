/*
 * The session of a comparison: the primaries' own links, but for sides whose profile names a
 * replica of theirs (`scan`).
 */
#ifndef SCREENS_REPLICA_H
#define SCREENS_REPLICA_H

#include <stdbool.h>

#include "db/session.h"
#include "screens/conf.h"
#include "zm/error.h"

/* Makes the links of the replicas, closed; zero *scan before the first time. They may be cancelled
 * from then on. */
void replica_prepare(struct db_session *scan, const struct conf *conf);
/* Fills in the primaries' links and opens the replicas, which have to be of the same databases as
 * their primaries, and to hold what those hold now: other rows would prove nothing. Those that are
 * behind are waited for; stopped (or NULL) is asked meanwhile. Blocks. */
bool replica_open(struct db_session *scan, const struct conf *conf,
                  const struct db_session *primary, bool (*stopped)(void *context), void *context,
                  struct zm_error *err);
/* Ends what the replicas are asked, from any thread, between prepare and close. The primaries'
 * links are another's. */
void replica_cancel(const struct db_session *scan, const struct conf *conf);
/* Frees the replicas' links; the others are the primaries'. */
void replica_close(struct db_session *scan, const struct conf *conf);

#endif
