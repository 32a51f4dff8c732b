/*
 * Two private servers with the source document's tables, for tests that put their own people in
 * them. Role postgres reads auth.users itself; role plain reads it through the view zmartctl.users
 * and sees all rows of the other tables by policies, as the least-privilege step leaves them.
 */
#ifndef SUPPORT_PEOPLE_H
#define SUPPORT_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "db/gates.h"
#include "db/session.h"
#include "db/users.h"
#include "support/cluster.h"

struct people {
    struct cluster cluster[DB_SIDES];
    struct db_option options[DB_SIDES][4];
    struct db_target targets[DB_SIDES];
    struct db_session session;
    struct db_policy policy;
    bool by_locale; /* texts are not in the order of their bytes */
};

/* with_indexes: those of db/indexes.h. icu_locale: texts are ordered as people do, "en-US"; NULL:
 * by their bytes. In SQL, pid(7) is the id of person 7. */
void people_start(struct people *p, bool with_indexes, const char *icu_locale);
void people_done(struct people *p);
/* The same around a group of tests whose state it is, with indexes, and after each of them. */
int people_begin(void **state);
int people_end(void **state);
int people_empty(void **state);
/* Connects (again) to both as that role: the catalogue is read once per connection. */
void people_open(struct people *p, const char *role);
void people_sql(const struct people *p, enum db_side side, const char *sql);
/* Empties all tables of both sides. */
void people_clear(const struct people *p);
/* The person of an id made by pid(), 0 for another. */
int people_number(const char *id);
/* The numbers of a page's records, "3 1 7". Returns dst. */
const char *people_list(const struct db_page *page, char *dst, size_t size);
/* What Brain found and Bot adds to it, joined. The caller does db_page_done. */
void people_join(struct people *p, struct db_page *page);

#endif
