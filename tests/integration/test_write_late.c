/*
 * A COMMIT that the line holds back until its sender has given it up, and then delivers: the
 * resolver may not conclude before the lost transaction has ended, or it says "nothing changed" of
 * something that is changed a moment later. One that is lost twice: the write's own, and that of
 * what was to heal it. And a batch that has to be healed while ZmartBot stops answering.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "support/process.h"
#include "support/proxy.h"
#include "support/writer.h"
#include "write_people.h"
#include "zm/clock.h"
#include "zm/str.h"

#define VOTE "SET CONSTRAINTS ALL IMMEDIATE"
#define MANY 20
#define ASKED_MS 20000  /* a COMMIT is given up after 6 s at most, and asked after at once */
#define HEALED_MS 60000 /* 11 s, and what comes before and after; with a deadline each: minutes */

struct late {
    struct writer w;
    struct proxy *proxies[DB_SIDES];
};

static int start(void **state)
{
    struct late *late = zm_calloc(1, sizeof(*late));
    struct people *p = &late->w.people;
    char path[128];
    int side;

    *state = late;
    writer_start(&late->w, "postgres", false);
    db_session_close(&p->session);
    for (side = 0; side < DB_SIDES; side++) {
        snprintf(path, sizeof(path), "%s/.s.PGSQL.%s", p->cluster[side].directory,
                 p->cluster[side].port);
        late->proxies[side] = proxy_start("127.0.0.1:0", path);
        p->options[side][0].value = "127.0.0.1";
        p->options[side][1].value = proxy_port(late->proxies[side]);
        p->targets[side].allow_insecure_tls = true;
    }
    return 0;
}

static int fresh(void **state)
{
    struct late *late = *state;
    struct zm_error err;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        proxy_refuse(late->proxies[side], false);
    db_session_close(&late->w.people.session);
    writer_fresh(&late->w);
    if (!db_session_open(&late->w.people.session, late->w.people.targets, &err))
        fail_msg("%s", err.message);
    return 0;
}

static int stop(void **state)
{
    struct late *late = *state;
    int side;

    db_session_close(&late->w.people.session);
    for (side = 0; side < DB_SIDES; side++)
        proxy_stop(late->proxies[side]);
    writer_done(&late->w);
    free(late);
    return 0;
}

/* Lets the COMMIT go once the sender has a second connection, by which it tries to find out. From a
 * sender who does not ask it never arrives. */
static void *deliver_late(void *proxy)
{
    const struct timespec a_while = {.tv_nsec = 50000000}, second = {.tv_sec = 1};
    int64_t until;

    proxy_wait_held(proxy, 10000);
    until = zm_now_ms() + ASKED_MS;
    while (proxy_connections(proxy) < 2 && zm_now_ms() < until)
        nanosleep(&a_while, NULL);
    if (proxy_connections(proxy) < 2) {
        proxy_reset(proxy);
        return NULL;
    }
    nanosleep(&second, NULL); /* it asks, and has to wait for its answer */
    proxy_release(proxy);
    return NULL;
}

static void arrives_late(struct late *late, enum db_side side, const struct db_edit *edit,
                         const char *state)
{
    struct db_written out;
    pthread_t thread;

    proxy_hold_at(late->proxies[side], "COMMIT", 1, PROXY_HOLD_BEFORE);
    pthread_create(&thread, NULL, deliver_late, late->proxies[side]);
    writer_run(&late->w, edit, DB_RESULT_DONE, &out);
    pthread_join(thread, NULL);
    writer_assert_state(&late->w, state);
    db_written_done(&out);
}

static void commit_comes_late(struct late *late, enum db_side side)
{
    struct db_edit edit = writer_tier("free", "pro");

    arrives_late(late, side, &edit, "pro|pro:active+free:ended|1|pro,false,false");
}

static void in_brain(void **state)
{
    commit_comes_late(*state, DB_BRAIN);
}

static void in_bot(void **state)
{
    commit_comes_late(*state, DB_BOT);
}

/* What is not Brain's cannot be healed: taken as failed, it would be said not to have happened. */
static void in_bot_of_a_right(void **state)
{
    struct late *late = *state;
    struct db_edit edit = writer_flag(DB_ITEM_TRADING, false);

    writer_sql(&late->w, DB_BOT, "UPDATE public.user_trading_profiles SET trading_enabled = true");
    db_values_set(&edit.seen, DB_ITEM_TRADING, "true");
    arrives_late(late, DB_BOT, &edit, "free|free:active|1|free,false,false");
}

/* While Brain is away nothing heals: what the resolver concludes is what is told. */
static void in_bot_alone(void **state)
{
    struct late *late = *state;
    struct db_edit edit = writer_flag(DB_ITEM_TRADING, false);
    struct db_written out;
    pthread_t thread;

    writer_sql(&late->w, DB_BOT, "UPDATE public.user_trading_profiles SET trading_enabled = true");
    proxy_refuse(late->proxies[DB_BRAIN], true);
    db_link_close(late->w.people.session.link[DB_BRAIN]);
    proxy_hold_at(late->proxies[DB_BOT], "COMMIT", 1, PROXY_HOLD_BEFORE);
    pthread_create(&thread, NULL, deliver_late, late->proxies[DB_BOT]);
    writer_run(&late->w, &edit, DB_RESULT_DONE, &out);
    pthread_join(thread, NULL);
    writer_assert_state(&late->w, "free|free:active|0|free,false,false");
    db_written_done(&out);
}

/* Where there was no row to lock, something else has to fence the lost transaction. */
static void in_bot_of_a_new_row(void **state)
{
    struct late *late = *state;

    writer_sql(&late->w, DB_BOT, "TRUNCATE public.user_trading_profiles");
    commit_comes_late(late, DB_BOT);
}

/* ---- a row that is created ---- */

/* No row can be locked before it is there: its COMMIT is on its way while somebody has to know
 * whether it will come. */
struct new_row {
    struct late *late;
    bool first_is_lost; /* the COMMIT in question is that of the healing */
    bool brain_goes;    /* while it is on its way */
    atomic_bool ended;  /* the write, without having waited for it */
};

static bool somebody_waits(const struct late *late)
{
    return strcmp(writer_value(&late->w, DB_BOT,
                               "SELECT count(*) FROM pg_locks"
                               " WHERE locktype = 'advisory' AND NOT granted"),
                  "0") != 0;
}

static void *deliver_to_who_waits(void *arg)
{
    const struct timespec a_while = {.tv_nsec = 20000000};
    struct new_row *row = arg;
    struct proxy *bot = row->late->proxies[DB_BOT], *brain = row->late->proxies[DB_BRAIN];

    proxy_wait_held(bot, 10000);
    if (row->first_is_lost) {
        proxy_reset(bot);
        proxy_hold_since(bot, VOTE, "COMMIT", 1, PROXY_HOLD_BEFORE);
        proxy_wait_held(bot, 20000);
    }
    if (row->brain_goes) {
        proxy_refuse(brain, true);
        proxy_reset(brain);
    }
    while (!row->ended && !somebody_waits(row->late))
        nanosleep(&a_while, NULL);
    proxy_release(bot);
    return NULL;
}

/* Whatever was told, it is so once the COMMIT has come: one row, and it is done. */
static void comes_late_of_a_new_row(struct new_row *row)
{
    struct late *late = row->late;
    struct db_edit edit = writer_tier("free", "pro");
    struct db_written out;
    pthread_t thread;

    writer_sql(&late->w, DB_BOT, "TRUNCATE public.user_trading_profiles");
    proxy_hold_since(late->proxies[DB_BOT], VOTE, "COMMIT", 1, PROXY_HOLD_BEFORE);
    pthread_create(&thread, NULL, deliver_to_who_waits, row);
    db_write(&late->w.people.session, &late->w.terms, &edit, &out);
    row->ended = true;
    pthread_join(thread, NULL);
    writer_assert_state(&late->w, "pro|pro:active+free:ended|1|pro,false,false");
    if (out.result != DB_RESULT_DONE)
        fail_msg("not done, they say: %s", out.message);
    db_written_done(&out);
}

/* With Brain away nothing is healed afterwards: the resolver alone says what became of it. */
static void resolver_waits_for_a_new_row(void **state)
{
    struct new_row row = {.late = *state, .brain_goes = true};

    comes_late_of_a_new_row(&row);
}

/* Healing creates the row in its stead; whoever heals after that must not create a second one. */
static void healing_waits_for_a_new_row(void **state)
{
    struct new_row row = {.late = *state, .first_is_lost = true};

    comes_late_of_a_new_row(&row);
}

static void *lose_once(void *proxy)
{
    proxy_wait_held(proxy, 10000);
    proxy_reset(proxy);
    return NULL;
}

/* Bot's COMMIT gets lost on its way there, and that of the healing on its way back; then Bot is
 * gone. */
static void *lose_twice(void *arg)
{
    struct proxy *proxy = arg;

    proxy_wait_held(proxy, 10000);
    proxy_reset(proxy);
    proxy_hold_since(proxy, VOTE, "COMMIT", 1, PROXY_HOLD_AFTER);
    proxy_wait_held(proxy, 10000);
    proxy_refuse(proxy, true);
    proxy_reset(proxy);
    return NULL;
}

static void lost_twice(struct late *late, const struct db_edit *edit, const char *state)
{
    struct db_written out;
    pthread_t thread;

    proxy_hold_since(late->proxies[DB_BOT], VOTE, "COMMIT", 1, PROXY_HOLD_BEFORE);
    pthread_create(&thread, NULL, lose_twice, late->proxies[DB_BOT]);
    writer_run(&late->w, edit, DB_RESULT_UNKNOWN, &out);
    pthread_join(thread, NULL);
    writer_assert_state(&late->w, state);
    assert_string_equal(writer_value(&late->w, DB_BRAIN,
                                     "SELECT count(*) FROM public.user_activity"
                                     " WHERE action = 'zmartctl.result'"),
                        "0");
    db_written_done(&out);
}

static void healing_is_lost_too(void **state)
{
    struct db_edit edit = writer_tier("free", "pro");

    lost_twice(*state, &edit, "pro|pro:active+free:ended|1|pro,false,false");
}

static void healing_of_a_right_is_lost_too(void **state)
{
    struct late *late = *state;
    struct db_edit edit = writer_flag(DB_ITEM_TRADING, false);

    writer_sql(&late->w, DB_BOT, "UPDATE public.user_trading_profiles SET trading_enabled = true");
    lost_twice(late, &edit, "free|free:active|1|free,false,false");
}

/* Bot's COMMIT gets lost on its way there; the first is healed, and while the second is, ZmartBot
 * stops answering. */
static void *freeze_while_healing(void *arg)
{
    struct late *late = arg;
    struct proxy *proxy = late->proxies[DB_BOT];

    proxy_wait_held(proxy, 10000);
    proxy_reset(proxy);
    proxy_hold_since(proxy, VOTE, "COMMIT", 2, PROXY_HOLD_BEFORE);
    proxy_wait_held(proxy, 10000);
    process_signal_tree(late->w.people.cluster[DB_BOT].pid, SIGSTOP);
    return NULL;
}

/* All of a batch have one deadline, however many they are, and of each is said what is known: he
 * is healed, may be, or was never begun with. */
static void healing_of_many_ends_in_time(void **state)
{
    struct late *late = *state;
    struct db_edit edits[MANY];
    struct db_written out[MANY];
    int64_t began = zm_now_ms();
    pthread_t thread;
    size_t i, culprit;

    add_people(&late->w, 2, MANY);
    for (i = 0; i < MANY; i++) {
        edits[i] = writer_tier("free", "pro");
        snprintf(edits[i].user_id, sizeof(edits[i].user_id), "00000000-0000-4000-8000-%012zu",
                 i + 1);
    }
    proxy_hold_since(late->proxies[DB_BOT], VOTE, "COMMIT", 1, PROXY_HOLD_BEFORE);
    pthread_create(&thread, NULL, freeze_while_healing, late);
    assert_true(
        db_write_batch(&late->w.people.session, &late->w.terms, edits, MANY, out, &culprit));
    pthread_join(thread, NULL);
    assert_in_range(zm_now_ms() - began, 0, HEALED_MS);
    process_signal_tree(late->w.people.cluster[DB_BOT].pid, SIGCONT);
    assert_int_equal(out[0].result, DB_RESULT_DONE);
    assert_int_equal(out[1].result, DB_RESULT_UNKNOWN);
    for (i = 2; i < MANY; i++)
        assert_int_equal(out[i].result, DB_RESULT_PARTIAL);
    for (i = 0; i < MANY; i++)
        db_written_done(&out[i]);
    assert_string_equal(writer_value(&late->w, DB_BRAIN,
                                     "SELECT string_agg(DISTINCT tier, ' ') || count(*)"
                                     " FROM public.user_profiles"),
                        "pro20");
    assert_string_equal(writer_value(&late->w, DB_BOT,
                                     "SELECT string_agg(DISTINCT tier, ' ') || count(*)"
                                     " FROM public.user_trading_profiles WHERE user_id > pid(2)"),
                        "free18");
    assert_string_equal(writer_value(&late->w, DB_BOT,
                                     "SELECT tier FROM public.user_trading_profiles"
                                     " WHERE user_id = pid(1)"),
                        "pro");
}

/* A column that a trigger keeps as it was tells nobody what became of the COMMIT. */
static void token_stands_still(void **state)
{
    struct late *late = *state;
    struct db_edit edit = writer_tier("free", "pro");
    struct db_written out;
    pthread_t thread;

    writer_sql(&late->w, DB_BOT,
               "CREATE FUNCTION public.test_trigger() RETURNS trigger LANGUAGE plpgsql AS"
               " $$ BEGIN NEW.updated_at := OLD.updated_at; RETURN NEW; END $$;"
               "CREATE TRIGGER test_trigger BEFORE UPDATE ON public.user_trading_profiles"
               " FOR EACH ROW EXECUTE FUNCTION public.test_trigger()");
    proxy_hold_since(late->proxies[DB_BOT], VOTE, "COMMIT", 1, PROXY_HOLD_BEFORE);
    pthread_create(&thread, NULL, lose_once, late->proxies[DB_BOT]);
    writer_run(&late->w, &edit, DB_RESULT_UNKNOWN, &out);
    pthread_join(thread, NULL);
    writer_assert_state(&late->w, "pro|pro:active+free:ended|1|free,false,false");
    db_written_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(in_brain, fresh),
        cmocka_unit_test_setup(in_bot, fresh),
        cmocka_unit_test_setup(in_bot_of_a_right, fresh),
        cmocka_unit_test_setup(in_bot_alone, fresh),
        cmocka_unit_test_setup(in_bot_of_a_new_row, fresh),
        cmocka_unit_test_setup(resolver_waits_for_a_new_row, fresh),
        cmocka_unit_test_setup(healing_waits_for_a_new_row, fresh),
        cmocka_unit_test_setup(token_stands_still, fresh),
        cmocka_unit_test_setup(healing_is_lost_too, fresh),
        cmocka_unit_test_setup(healing_of_a_right_is_lost_too, fresh),
        cmocka_unit_test_setup(healing_of_many_ends_in_time, fresh),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
