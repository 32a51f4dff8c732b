/*
 * The rig and one run of it.
 */
#include "torture.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/least.h"
#include "support/process.h"
#include "zm/clock.h"
#include "zm/str.h"

#define REACH_MS 20000 /* until the program comes to the point */
#define END_MS 45000   /* until it has ended: 30 s is what it may take */
#define QUIET_MS 20000 /* I6: no transaction lives longer */
#define LEAVE_MS 3000  /* after a signal, with a server that says nothing */

static void write_conf(struct torture *t)
{
    FILE *file;

    snprintf(t->conf, sizeof(t->conf), "%s/zmartctl.conf", t->directory);
    file = fopen(t->conf, "w");
    assert_non_null(file);
    fprintf(file, "profiles: { torture: { guard = \"open\";\n");
    fprintf(file, "brain: { host = \"%s/brain\"; dbname = \"postgres\"; user = \"%s\"; };\n",
            t->directory, t->role);
    fprintf(file, "bot: { host = \"%s/bot\"; dbname = \"postgres\"; user = \"%s\"; }; }; };\n",
            t->directory, t->role);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(t->conf, 0600), 0);
}

void torture_start(struct torture *t, const char *program, const char *role)
{
    char listen_on[160], server[160];
    int i;

    memset(t, 0, sizeof(*t));
    t->program = program;
    t->role = role;
    zm_copy(t->directory, sizeof(t->directory), "/tmp/zmx.XXXXXX");
    assert_non_null(mkdtemp(t->directory));
    people_start(&t->people, true, NULL);
    least_privilege_people(&t->people);
    writes_place_people(&t->people, &t->place);
    for (i = 0; i < DB_SIDES; i++) {
        snprintf(listen_on, sizeof(listen_on), "%s/%s", t->directory, db_side_key((enum db_side)i));
        assert_int_equal(mkdir(listen_on, 0700), 0);
        snprintf(listen_on, sizeof(listen_on), "%s/%s/.s.PGSQL.5432", t->directory,
                 db_side_key((enum db_side)i));
        snprintf(server, sizeof(server), "%s/.s.PGSQL.%s", t->place.host[i], t->place.port[i]);
        t->proxy[i] = proxy_start(listen_on, server);
    }
    write_conf(t);
}

void torture_done(struct torture *t)
{
    const char *const argv[] = {"rm", "-rf", t->directory, NULL};
    int i;

    for (i = 0; i < DB_SIDES; i++)
        proxy_stop(t->proxy[i]);
    people_done(&t->people);
    if (t->directory[0])
        process_run(argv);
}

/* Somebody who has all that a tier can take away. */
static void add_user(struct torture *t, char ret_id[40])
{
    char sql[1024];
    int n = ++t->next_user;

    snprintf(ret_id, 40, "00000000-0000-4000-8000-%012d", n);
    snprintf(sql, sizeof(sql),
             "INSERT INTO auth.users (id, email, created_at) VALUES (pid(%d), 'u%d@example.com',"
             " now()); INSERT INTO user_profiles (user_id, tier, name, country, profile_completed)"
             " VALUES (pid(%d), 'enterprise', 'U %d', 'NO', true);"
             "INSERT INTO user_subscriptions (user_id, tier, status)"
             " VALUES (pid(%d), 'enterprise', 'active')",
             n, n, n, n, n);
    people_sql(&t->people, DB_BRAIN, sql);
    snprintf(sql, sizeof(sql),
             "INSERT INTO user_trading_profiles (user_id, email, tier, trading_enabled, api_access)"
             " VALUES (pid(%d), 'u%d@example.com', 'enterprise', true, true)",
             n, n);
    people_sql(&t->people, DB_BOT, sql);
}

/* False: the program ended without coming to the point. */
static bool reach(struct torture *t, enum db_side side, struct client *client)
{
    int64_t deadline = zm_now_ms() + REACH_MS;

    while (!proxy_wait_held(t->proxy[side], 20))
        if (client_wait(client, 0) || zm_now_ms() > deadline)
            return proxy_wait_held(t->proxy[side], 0);
    return true;
}

/* Before the last vote it leaves by itself, whether the server answers or not. */
static void send_signal(const struct torture_point *point, const struct torture_fault *fault,
                        struct client *client, struct torture_run *run)
{
    client_signal(client, fault->signal);
    if (fault->answers || torture_is_voted(point) || client_wait(client, LEAVE_MS))
        return;
    fprintf(stderr, "it still ran %d s after signal %d\n", LEAVE_MS / 1000, fault->signal);
    run->violated = true;
}

/* What a signal may lead to: nothing before the last vote, all of it from there on. A server that
 * answers meanwhile may bring the program past its votes. */
static bool signal_fits(const struct torture_point *point, const struct torture_fault *fault,
                        const struct client *client, const struct writes_sides *sides)
{
    bool voted = torture_is_voted(point), done = zm_streq(client->result, "done");
    bool old = zm_streq(client->result, "nothing_changed") && sides->is_old[DB_BRAIN] &&
               sides->is_old[DB_BOT];

    if (fault->signal == 0 || (done && (voted || fault->answers)) || (old && !voted))
        return true;
    fprintf(stderr, "after signal %d %s the last vote it said '%s'\n", fault->signal,
            voted ? "after" : "before", client->result);
    return false;
}

/* The fault, and all that follows until the program has ended and nothing is broken any more. */
static void strike(struct torture *t, const struct torture_point *point,
                   const struct torture_fault *fault, struct client *client,
                   struct torture_run *run)
{
    const enum db_side side = point->side;
    int64_t since = zm_now_ms();
    int left;

    fault->strike(t, side, client);
    if (fault->signal)
        send_signal(point, fault, client, run);
    if (!fault->keeps_on)
        proxy_release(t->proxy[side]);
    if (fault->undo && fault->undo_ms > 0) {
        client_wait(client, fault->undo_ms);
        left = fault->undo_ms - (int)(zm_now_ms() - since);
        poll(NULL, 0, left > 0 ? left : 0);
        fault->undo(t, side);
    }
    if (!client_wait(client, END_MS)) {
        fprintf(stderr, "it still ran after %d s\n", END_MS / 1000);
        run->violated = true;
        client_kill(client);
    }
    run->ms = (int)(client->ended_ms - since);
    if (fault->undo && fault->undo_ms == 0)
        fault->undo(t, side);
    proxy_release(t->proxy[side]);
}

/* Exit code and result belong together. */
static bool code_fits(const struct client *c)
{
    if (c->signal)
        return c->code == 128 + c->signal;
    if (zm_streq(c->result, "done"))
        return c->code == 0;
    if (zm_streq(c->result, "partial") || zm_streq(c->result, "unknown"))
        return c->code == 4;
    if (zm_streq(c->result, "nothing_changed"))
        return c->code == 3 || c->code == 5;
    return c->code == 5;
}

static void say_error(const struct client *c)
{
    char bytes[2048];
    FILE *file = fopen(c->err, "r");
    size_t n = file ? fread(bytes, 1, sizeof(bytes), file) : 0;

    fprintf(stderr, "it ended with %d, message '%s', stderr: %.*s\n", c->code, c->message, (int)n,
            bytes);
    if (file)
        fclose(file);
}

static char letter(const struct writes_sides *sides, enum db_side side)
{
    if (sides->is_old[side] && sides->is_new[side])
        return '=';
    return sides->is_old[side] ? 'o' : sides->is_new[side] ? 'n' : '?';
}

/* True: nothing is wrong. */
static bool judge(struct torture *t, const char *user, const struct writes_want *want,
                  const struct writes_state *before, struct writes_state *after,
                  const struct client *client, struct writes_sides *ret_sides)
{
    const struct writes_claim claim = {client->result[0] ? client->result : NULL, client->request};
    struct zm_buf why = {.s = NULL};
    bool ok;

    if (!writes_wait_quiet(&t->place, QUIET_MS))
        zm_buf_puts(&why, "I6: a transaction is still open after 20 s\n");
    writes_read(&t->place, user, after);
    ok = writes_judge(before, after, want, &claim, ret_sides, &why) && why.len == 0;
    if (!client->killed && !client->result[0])
        zm_buf_puts(&why, "it printed no result\n");
    else if (!client->killed && !code_fits(client))
        zm_buf_printf(&why, "the exit code %d does not go with '%s'\n", client->code,
                      client->result);
    if (why.len > 0) {
        fprintf(stderr, "%s", why.s);
        say_error(client);
    }
    ok = ok && why.len == 0;
    zm_buf_done(&why);
    return ok;
}

/* Whatever happened before: the next edit succeeds. */
static bool heals(struct torture *t, const struct torture_operation *operation, const char *user,
                  const struct writes_state *before)
{
    const struct writes_want want = {
        .kind = operation->kind, .value = operation->then_value, .by_token = true};
    struct writes_state after;
    struct client client;
    bool ok;

    client_start(&client, t, operation->command, user, operation->then_word);
    if (!client_wait(&client, END_MS))
        client_kill(&client);
    ok = judge(t, user, &want, before, &after, &client, NULL) && zm_streq(client.result, "done");
    if (!ok) {
        fprintf(stderr, "the edit afterwards did not succeed: '%s'\n", client.result);
        say_error(&client);
    }
    writes_state_done(&after);
    return ok;
}

void torture_once(struct torture *t, const struct torture_operation *operation,
                  const struct torture_point *point, const struct torture_fault *fault,
                  struct torture_run *ret)
{
    const struct writes_want want = {.kind = operation->kind, .value = operation->value};
    struct writes_state before, after;
    struct writes_sides sides;
    struct client client;
    char user[40];

    memset(ret, 0, sizeof(*ret));
    add_user(t, user);
    writes_read(&t->place, user, &before);
    proxy_hold_since(t->proxy[point->side], point->since, point->text, 1, point->when);
    client_start(&client, t, operation->command, user, operation->word);
    ret->held = reach(t, point->side, &client);
    strike(t, point, fault, &client, ret);
    client.signal = fault->signal;
    ret->killed = client.killed;
    zm_copy(ret->result, sizeof(ret->result), client.result);
    if (!judge(t, user, &want, &before, &after, &client, &sides) ||
        (ret->held && !signal_fits(point, fault, &client, &sides)))
        ret->violated = true;
    ret->brain = letter(&sides, DB_BRAIN);
    ret->bot = letter(&sides, DB_BOT);
    if (!heals(t, operation, user, &after))
        ret->violated = true;
    if (!ret->held || ret->violated)
        fprintf(stderr, "^^^ %s, %s, %s%s\n", operation->command, point->name, fault->name,
                ret->held ? "" : ": the point was not reached");
    writes_state_done(&before);
    writes_state_done(&after);
}
