/*
 * A COMMIT that the line holds back until its sender has given it up, and then delivers: the
 * resolver may not conclude before the lost transaction has ended, or it says "nothing changed" of
 * something that is changed a moment later.
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

struct late {
    struct writer w;
    struct proxy *proxies[DB_SIDES];
};

static int start(void **state)
{
    struct late *late = zm_calloc(1, sizeof(*late));
    struct people *p = &late->w.people;
    struct zm_error err;
    char path[128];
    int side;

    writer_start(&late->w, "postgres", false);
    writer_fresh(&late->w);
    db_session_close(&p->session);
    for (side = 0; side < DB_SIDES; side++) {
        snprintf(path, sizeof(path), "%s/.s.PGSQL.%s", p->cluster[side].directory,
                 p->cluster[side].port);
        late->proxies[side] = proxy_start("127.0.0.1:0", path);
        p->options[side][0].value = "127.0.0.1";
        p->options[side][1].value = proxy_port(late->proxies[side]);
        p->targets[side].allow_insecure_tls = true;
    }
    if (!db_session_open(&p->session, p->targets, &err))
        fail_msg("%s", err.message);
    *state = late;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(in_brain, start, stop),
        cmocka_unit_test_setup_teardown(in_bot, start, stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
