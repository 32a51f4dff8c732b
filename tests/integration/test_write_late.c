/*
 * A COMMIT that the line holds back until its sender has given it up, and then delivers: the
 * resolver may not conclude before the lost transaction has ended, or it says "nothing changed" of
 * something that is changed a moment later. And one that is lost twice: the write's own, and that
 * of what was to heal it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "support/proxy.h"
#include "support/writer.h"
#include "zm/str.h"

#define VOTE "SET CONSTRAINTS ALL IMMEDIATE"

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

/* Lets the COMMIT go once the sender has a second connection, by which it tries to find out. */
static void *deliver_late(void *proxy)
{
    const struct timespec a_while = {.tv_nsec = 50000000}, second = {.tv_sec = 1};

    proxy_wait_held(proxy, 10000);
    while (proxy_connections(proxy) < 2)
        nanosleep(&a_while, NULL);
    nanosleep(&second, NULL); /* it asks, and has to wait for its answer */
    proxy_release(proxy);
    return NULL;
}

static void commit_comes_late(struct late *late, enum db_side side)
{
    struct db_edit edit = writer_tier("free", "pro");
    struct db_written out;
    pthread_t thread;

    proxy_hold_at(late->proxies[side], "COMMIT", 1, PROXY_HOLD_BEFORE);
    pthread_create(&thread, NULL, deliver_late, late->proxies[side]);
    writer_run(&late->w, &edit, DB_RESULT_DONE, &out);
    pthread_join(thread, NULL);
    writer_assert_state(&late->w, "pro|pro:active+free:ended|1|pro,false,false");
    db_written_done(&out);
}

static void in_brain(void **state)
{
    commit_comes_late(*state, DB_BRAIN);
}

static void in_bot(void **state)
{
    commit_comes_late(*state, DB_BOT);
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
        cmocka_unit_test_setup(in_bot_alone, fresh),
        cmocka_unit_test_setup(in_bot_of_a_new_row, fresh),
        cmocka_unit_test_setup(token_stands_still, fresh),
        cmocka_unit_test_setup(healing_is_lost_too, fresh),
        cmocka_unit_test_setup(healing_of_a_right_is_lost_too, fresh),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
