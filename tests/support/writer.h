/*
 * What write tests share: two servers with one person, changed by the role and over the way that a
 * test asks for.
 */
#ifndef SUPPORT_WRITER_H
#define SUPPORT_WRITER_H

#include "db/operator.h"
#include "db/spool.h"
#include "db/write.h"
#include "support/bouncer.h"
#include "support/people.h"

/* pid(1) */
#define WRITER_PERSON "00000000-0000-4000-8000-000000000001"

struct writer {
    struct people people;
    const char *role;
    bool pooled; /* through pgbouncer in transaction mode */
    struct bouncer bouncer[DB_SIDES];
    struct db_operator who;
    struct db_spool spool;
    struct db_terms terms;
};

void writer_start(struct writer *w, const char *role, bool pooled);
void writer_done(struct writer *w);
/* The same servers by another role, or by another way. */
void writer_as(struct writer *w, const char *role, bool pooled);
/* Connects again, after a change of privileges or an outage. */
void writer_open(struct writer *w);

/* Person 1 alone, tier free in both, one active subscription, rights off; triggers and constraints
 * that a test made are gone. */
void writer_fresh(struct writer *w);
void writer_sql(const struct writer *w, enum db_side side, const char *sql);
const char *writer_value(const struct writer *w, enum db_side side, const char *sql);
/* Both halves of person 1, as in WRITER_OLD. */
const char *writer_state(const struct writer *w, char *dst, size_t size);

/* An edit of person 1. */
struct db_edit writer_tier(const char *seen, const char *to);
struct db_edit writer_flag(enum db_item item, bool on);
/* Runs it, and checks the result; on a failure the message is shown. */
void writer_run(struct writer *w, const struct db_edit *edit, enum db_result expected,
                struct db_written *ret);

/* Runs an edit that changes nothing, finds the words in what is said, and the state as it was. */
void writer_refused(struct writer *w, const struct db_edit *edit, enum db_result result,
                    const char *words, const char *state);
/* Runs one that is done and changes something. */
void writer_done_with(struct writer *w, const struct db_edit *edit, const char *state);
void writer_assert_state(const struct writer *w, const char *expected);

/* Setup of a test: writer_fresh. */
int writer_setup(void **state);
/* Runs the tests as the owner of the tables, as an operator of least privilege, and as one through
 * a transaction pooler. Returns how many failed. */
struct CMUnitTest;
int writer_run_tests(const struct CMUnitTest *tests, size_t n);

/* What person 1 is after writer_fresh: profile | subscriptions | journal rows | trading profile. */
#define WRITER_OLD "free|free:active|0|free,false,false"

#endif
