/*
 * Who is meant by many ids and e-mails at once, by the rules of db_user_resolve: e-mails in any
 * case of letters, Brain's users first, Bot's for those whom Brain does not know or when Brain is
 * away.
 */
#ifndef DB_NAMES_H
#define DB_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/rows.h"
#include "db/session.h"
#include "db/sql.h"
#include "zm/error.h"

struct db_name {
    char text[321]; /* given: an id or an e-mail; lowered by the call */
    char id[37];    /* of the only one whom it names */
    int64_t users;  /* how many it names; -1: not known, a database is away */
};
#define DB_NAMES 500

/* How e-mails are looked up in this database; zero before the first batch of a file. */
struct db_names_way {
    enum db_sql sql; /* 0: not known yet */
};
/* At most DB_NAMES of them; one round trip to Brain, and two to Bot for those whom Brain does not
 * know. False: a database that is there did not answer. */
bool db_names_resolve(struct db_session *session, struct db_name *names, size_t n,
                      struct db_names_way *way, struct zm_error *err);

/* What the statements return; for db/sql.c. */
struct db_name_row {
    const char *email, *id;
    int64_t users;
};
extern const struct db_shape db_shape_name_row;

#endif
