/*
 * Twelve writers on five users, killed at random moments, directly and through a transaction
 * pooler: whatever the servers were left with is an allowed state, what a writer claimed is true,
 * and one repair of each user brings Bot in line. CONTEND_SECONDS (4) for each of the two ways.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/writer.h"
#include "zm/arena.h"
#include "zm/clock.h"
#include "zm/str.h"

#define WRITERS 12
#define USERS 5
#define ENOUGH 12 /* edits that were done */

struct claim {
    char request[37];
    enum db_result result;
    bool changed;
};

struct contest {
    struct writer w;
    pid_t writers[WRITERS];
    int claims_pipe[2]; /* what the writers say; a record is written at once */
    struct claim *claims;
    size_t edits;
    unsigned seed;
    long killed, lies, by_result[DB_RESULTS];
};

static unsigned chance(unsigned *seed, unsigned n)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % n;
}

/* One process that edits until it is killed. */
static void write_for_ever(struct contest *c, unsigned seed)
{
    static const char *const tiers[] = {"free", "pro", "enterprise"};
    struct people *p = &c->w.people;

    memset(&p->session, 0, sizeof(p->session));
    for (;;) {
        struct claim claim;
        struct db_written out;
        struct db_edit edit = writer_tier(NULL, tiers[chance(&seed, 3)]);
        struct zm_error err;

        if (!db_session_link(&p->session, DB_BRAIN) || !db_session_link(&p->session, DB_BOT)) {
            db_session_close(&p->session);
            if (!db_session_open(&p->session, p->targets, &err))
                continue;
        }
        edit.user_id[35] = (char)('1' + chance(&seed, USERS));
        db_write(&p->session, &c->w.terms, &edit, &out);
        zm_copy(claim.request, sizeof(claim.request), out.request);
        claim.result = out.result;
        claim.changed = out.changed;
        db_written_done(&out);
        if (write(c->claims_pipe[1], &claim, sizeof(claim)) != (ssize_t)sizeof(claim))
            _exit(1);
    }
}

static void start_writer(struct contest *c, size_t i)
{
    unsigned seed = c->seed += 7919;

    c->writers[i] = fork();
    assert_true(c->writers[i] >= 0);
    if (c->writers[i] == 0) {
        write_for_ever(c, seed);
        _exit(0);
    }
}

static void kill_writer(struct contest *c, size_t i)
{
    kill(c->writers[i], SIGKILL);
    waitpid(c->writers[i], NULL, 0);
}

static void read_claims(struct contest *c, int wait_ms)
{
    struct pollfd fd = {.fd = c->claims_pipe[0], .events = POLLIN};

    while (poll(&fd, 1, wait_ms) > 0) {
        c->claims = zm_realloc(c->claims, (c->edits + 1) * sizeof(*c->claims));
        if (read(fd.fd, &c->claims[c->edits], sizeof(*c->claims)) <= 0)
            return;
        c->by_result[c->claims[c->edits++].result]++;
        wait_ms = 0;
    }
}

/* What was claimed as done has its journal row; what was not has none. */
static void check_claims(struct contest *c)
{
    struct pg_conn *conn = cluster_hold(&c->w.people.cluster[DB_BRAIN], "SELECT");
    size_t i;

    for (i = 0; i < c->edits; i++) {
        const struct claim *claim = &c->claims[i];
        const char *id = claim->request;
        PGresult *result = PQexecParams(conn, "SELECT FROM public.user_activity WHERE id = $1", 1,
                                        NULL, &id, NULL, NULL, 0);
        bool journalled = PQntuples(result) == 1;

        PQclear(result);
        if (claim->result == DB_RESULT_UNKNOWN || journalled == claim->changed ||
            (claim->result == DB_RESULT_PARTIAL && journalled))
            continue;
        c->lies++;
        print_error("a lie: request %s said %s and is %s the journal\n", id,
                    db_result_key(claim->result), journalled ? "in" : "not in");
    }
    cluster_release(conn);
}

static void assert_none(const struct writer *w, enum db_side side, const char *what,
                        const char *sql)
{
    const char *found = writer_value(w, side, sql);

    if (strcmp(found, "0") != 0)
        fail_msg("%s: %s", what, found);
}

/* Brain's transactions were whole: tier, history and journal tell the same story. */
static void check_brain(const struct writer *w)
{
    assert_none(w, DB_BRAIN, "users without exactly one active subscription of their tier",
                "SELECT count(*) FROM public.user_profiles p WHERE (SELECT count(*) FROM"
                " public.user_subscriptions s WHERE s.user_id = p.user_id AND s.status = 'active'"
                " AND s.tier = p.tier) <> 1 OR (SELECT count(*) FROM public.user_subscriptions s"
                " WHERE s.user_id = p.user_id AND s.status = 'active') <> 1");
    assert_none(
        w, DB_BRAIN, "changes in the history and not in the journal, or the reverse",
        "SELECT count(*) FROM (SELECT p.user_id FROM public.user_profiles p WHERE"
        " (SELECT count(*) FROM public.user_subscriptions s WHERE s.user_id = p.user_id) - 1"
        " <> (SELECT count(*) FROM public.user_activity a WHERE a.user_id = p.user_id"
        " AND a.action = 'zmartctl.tier_change')) x");
}

/* Bot is behind at most: it never has what Brain has not. Returns how many users differ. The last
 * change is the last that wrote under the user's lock; who began last may have come to it first. */
static long check_bot(const struct writer *w)
{
    char sql[512], brain[128], bot[64];
    long differ = 0;
    int i;

    for (i = 1; i <= USERS; i++) {
        snprintf(sql, sizeof(sql),
                 "SELECT p.tier || ' ' || coalesce((SELECT a.metadata->>'bot_old' FROM"
                 " public.user_activity a WHERE a.user_id = p.user_id AND a.action ="
                 " 'zmartctl.tier_change' ORDER BY age(a.xmin) LIMIT 1), p.tier)"
                 " FROM public.user_profiles p WHERE p.user_id = pid(%d)",
                 i);
        zm_copy(brain, sizeof(brain), writer_value(w, DB_BRAIN, sql));
        snprintf(sql, sizeof(sql),
                 "SELECT tier FROM public.user_trading_profiles WHERE user_id = pid(%d)", i);
        zm_copy(bot, sizeof(bot), writer_value(w, DB_BOT, sql));
        if (strncmp(brain, bot, strlen(bot)) == 0 && brain[strlen(bot)] == ' ')
            continue;
        differ++;
        if (strcmp(strchr(brain, ' ') + 1, bot) != 0)
            fail_msg("user %d: Brain and before: %s, Bot: %s", i, brain, bot);
    }
    return differ;
}

static void repair(struct writer *w)
{
    int i;

    writer_open(w);
    for (i = 1; i <= USERS; i++) {
        struct db_edit edit = writer_tier(NULL, "free");
        struct db_written out;

        memset(&edit.want, 0, sizeof(edit.want));
        edit.action = DB_ACTION_REPAIR;
        db_values_set(&edit.want, DB_ITEM_BOT_TIER, NULL);
        edit.user_id[35] = (char)('0' + i);
        writer_run(w, &edit, DB_RESULT_DONE, &out);
        db_written_done(&out);
    }
}

static void make_users(const struct writer *w)
{
    writer_sql(w, DB_BRAIN,
               "INSERT INTO auth.users (id, email) SELECT pid(n), n || '@example.com'"
               " FROM generate_series(2, 5) n;"
               "INSERT INTO public.user_profiles (user_id, tier) SELECT pid(n), 'free'"
               " FROM generate_series(2, 5) n;"
               "INSERT INTO public.user_subscriptions (user_id, tier) SELECT pid(n), 'free'"
               " FROM generate_series(2, 5) n");
    writer_sql(w, DB_BOT,
               "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
               " SELECT pid(n), n || '@example.com', 'free' FROM generate_series(2, 5) n");
}

/* Sessions of the killed end by themselves; then nothing moves any more. */
static void wait_for_quiet(const struct writer *w)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        while (strcmp(writer_value(w, (enum db_side)side,
                                   "SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                                   " 'zmartctl' AND state <> 'idle'"),
                      "0") != 0)
            usleep(20000);
}

static void contest(bool pooled)
{
    const char *seconds = getenv("CONTEND_SECONDS");
    int64_t until = zm_now_ms() + 1000 * (seconds ? strtol(seconds, NULL, 10) : 4);
    struct contest c = {.seed = (unsigned)getpid()};
    int64_t latest = until + 60000;
    long differ, unhealed;
    size_t i, before;

    writer_start(&c.w, "op_olga", pooled);
    writer_fresh(&c.w);
    make_users(&c.w);
    db_session_close(&c.w.people.session);
    assert_int_equal(pipe(c.claims_pipe), 0);
    for (i = 0; i < WRITERS; i++)
        start_writer(&c, i);
    while (zm_now_ms() < until || (c.by_result[DB_RESULT_DONE] < ENOUGH && zm_now_ms() < latest)) {
        before = c.edits;
        read_claims(&c, 200); /* on a slow machine nobody is killed before somebody got through */
        if (c.edits == before && chance(&c.seed, 4) > 0)
            continue;
        i = chance(&c.seed, WRITERS);
        kill_writer(&c, i);
        c.killed++;
        start_writer(&c, i);
    }
    for (i = 0; i < WRITERS; i++)
        kill_writer(&c, i);
    wait_for_quiet(&c.w);
    read_claims(&c, 0);
    close(c.claims_pipe[0]);
    close(c.claims_pipe[1]);
    check_claims(&c);
    free(c.claims);
    check_brain(&c.w);
    differ = check_bot(&c.w);
    repair(&c.w);
    unhealed = check_bot(&c.w);
    print_message("%s: %zu edits claimed (%ld done, %ld nothing changed, %ld partial, %ld unknown),"
                  " %ld writers killed, %ld users behind, %ld unhealed, %ld lies\n",
                  pooled ? "pooled" : "direct", c.edits, c.by_result[DB_RESULT_DONE],
                  c.by_result[DB_RESULT_NOTHING_CHANGED], c.by_result[DB_RESULT_PARTIAL],
                  c.by_result[DB_RESULT_UNKNOWN], c.killed, differ, unhealed, c.lies);
    writer_done(&c.w);
    assert_int_equal(c.lies, 0);
    assert_int_equal(unhealed, 0);
    assert_true(c.by_result[DB_RESULT_DONE] >= ENOUGH);
}

static void direct(void **state)
{
    (void)state;
    contest(false);
}

static void pooled(void **state)
{
    (void)state;
    contest(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(direct),
        cmocka_unit_test(pooled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
