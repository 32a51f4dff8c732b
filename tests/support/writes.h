/*
 * The judge of writes: what both databases hold for one user before and after, and whether that and
 * what the program claims agree with the rules. It reads as the superuser, past every proxy and
 * pooler, and knows nothing of how a write is done.
 *
 * The rules. I1: Brain's profile, subscriptions and journal change together or not at all. I2: Bot
 * is never changed where Brain is not. I4: done is both, nothing_changed, stale and refused are
 * neither, partial is Brain alone, and only what could not be found out is unknown. I5: nothing
 * changes without its row in the journal.
 */
#ifndef SUPPORT_WRITES_H
#define SUPPORT_WRITES_H

#include <stdbool.h>
#include <stddef.h>

#include "db/side.h"
#include "support/demo.h"
#include "support/people.h"
#include "zm/str.h"

/* The two servers themselves. */
struct writes_place {
    char host[DB_SIDES][96], port[DB_SIDES][8];
};
void writes_place_people(const struct people *people, struct writes_place *ret);
void writes_place_demo(const struct demo *demo, struct writes_place *ret);

/* A row of the journal; "" for what its metadata does not hold. Times without a zone, as text. */
struct writes_entry {
    char id[40], action[48], ref[40], outcome[24], role[64], reason[128], before[64], after[64],
        token[40];
};

/* One user. Of several rows the values are joined by commas; NULL is "NULL", no row is "". */
struct writes_state {
    long profiles, traders; /* rows */
    char login[256];        /* e-mail of the login */
    char tier[64], name[160], country[64], completed[32];
    char active[160]; /* tiers of the active subscriptions */
    long n_active, n_ended;
    char bot_tier[64], email[256], trading[32], api[32], bot_updated[96];
    long strategies_on, keys_on;
    struct writes_entry *journal; /* zmartctl.* of this subject, oldest first */
    size_t n_journal;
};
/* Waits up to 20 s for servers that are coming up, then fails the test. */
void writes_read(const struct writes_place *place, const char *user, struct writes_state *ret);
void writes_state_done(struct writes_state *state);
/* Until nobody has a transaction open on either server; false: somebody still has. */
bool writes_wait_quiet(const struct writes_place *place, int timeout_ms);

/* What was asked for. Tier: rights that the tier does not give by the default policy go off. */
enum writes_kind { WRITES_TIER, WRITES_TRADING, WRITES_API };
struct writes_want {
    enum writes_kind kind;
    const char *value; /* "pro"; of a toggle "true" or "false" */
    bool keep_rights;
    bool spool_allowed; /* break-glass: the journal row may still be on its way */
    bool by_token;      /* nothing was healed: Bot's row carries the token of the journal */
};
struct writes_claim {
    const char *result;  /* as in JSON; NULL: the program said nothing, for instance was killed */
    const char *request; /* "" or NULL: it named none */
};

/* What of the two sides is new. A side can be both where nothing was to be changed there. */
struct writes_sides {
    bool is_old[DB_SIDES], is_new[DB_SIDES];
};
/* False: a rule is broken; *ret_why then says which, with both states. */
bool writes_judge(const struct writes_state *before, const struct writes_state *after,
                  const struct writes_want *want, const struct writes_claim *claim,
                  struct writes_sides *ret_sides, struct zm_buf *ret_why);
/* The same; fails the test. */
void writes_check(const struct writes_state *before, const struct writes_state *after,
                  const struct writes_want *want, const struct writes_claim *claim);
/* For people, one line a side and one a journal row. */
void writes_text(const struct writes_state *state, struct zm_buf *ret);

#endif
