/*
 * One run: the program on its way to a point, a fault, and what is left of both.
 */
#include "torture.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "zm/clock.h"
#include "zm/str.h"

#define REACH_MS 20000 /* until the program comes to the point */
#define END_MS 45000   /* until it has ended: 30 s is what it may take */
/* After a signal, with a server that says nothing; but for its own work. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LEAVE_MS 2000
#else
#define LEAVE_MS 1000
#endif

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
    if (fault->answers || torture_is_voted(point))
        return;
    run->leaves_ms = client_wait_idle(client, LEAVE_MS);
    if (run->leaves_ms <= LEAVE_MS)
        return;
    fprintf(stderr, "it still waited for something %d ms after signal %d\n", run->leaves_ms,
            fault->signal);
    run->violated = true;
}

/* What a signal may lead to: nothing before the last vote, all of it from there on. A server that
 * answers meanwhile may bring the program past its votes. */
static bool signal_fits(const struct torture_point *point, const struct torture_fault *fault,
                        const struct torture_run *run)
{
    bool voted = torture_is_voted(point), done = zm_streq(run->result, "done");
    bool old = zm_streq(run->result, "nothing_changed") && run->brain == 'o' && run->bot == 'o';

    if (fault->signal == 0 || (done && (voted || fault->answers)) || (old && !voted))
        return true;
    fprintf(stderr, "after signal %d %s the last vote it said '%s'\n", fault->signal,
            voted ? "after" : "before", run->result);
    return false;
}

/* The fault, and all that follows until the program has ended and nothing is broken any more. */
static void strike(struct torture *t, const struct torture_point *point,
                   const struct torture_fault *fault, struct client *client,
                   struct torture_run *run)
{
    const enum db_side side = point->side;
    int64_t since = zm_now_ms();
    int left, i;

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
    for (i = 0; t->pooled && i < DB_SIDES; i++)
        bouncer_wait(&t->bouncer[i], t->role);
}

/* Whatever happened before: the next edit succeeds. */
static bool heals(struct torture *t, const struct torture_operation *operation,
                  struct torture_users *users)
{
    const struct writes_want want = {
        .kind = operation->kind, .value = operation->then_value, .by_token = true};
    struct torture_run run;
    struct client client;
    bool ok;
    int i;

    for (i = 0; i < users->n; i++) {
        writes_state_done(&users->before[i]);
        users->before[i] = users->after[i];
        memset(&users->after[i], 0, sizeof(users->after[i]));
    }
    client_start(&client, t, operation, (const char(*)[40])users->id, operation->then_word);
    if (!client_wait(&client, END_MS))
        client_kill(&client);
    ok = torture_judge(t, users, &want, &client);
    torture_sum_up(users, &client, &run);
    if (ok && zm_streq(run.result, "done"))
        return true;
    fprintf(stderr, "the edit afterwards did not succeed: '%s'\n", run.result);
    torture_say_error(&client);
    return false;
}

static void add_users(struct torture *t, const struct torture_operation *operation,
                      struct torture_users *users)
{
    int i;

    memset(users, 0, sizeof(*users));
    users->n = operation->users > 1 ? operation->users : 1;
    for (i = 0; i < users->n; i++) {
        torture_add_user(t, users->id[i]);
        writes_read(&t->place, users->id[i], &users->before[i]);
    }
}

void torture_once(struct torture *t, const struct torture_operation *operation,
                  const struct torture_point *point, const struct torture_fault *fault,
                  struct torture_run *ret)
{
    const struct writes_want want = {.kind = operation->kind,
                                     .value = operation->value,
                                     .spool_allowed = operation->without_brain};
    struct torture_users users;
    struct client client;
    bool ok = true;

    memset(ret, 0, sizeof(*ret));
    add_users(t, operation, &users);
    if (operation->without_brain)
        torture_brain_away(t);
    proxy_hold_since(t->proxy[point->side], point->since, point->text, 1, point->when);
    client_start(&client, t, operation, (const char(*)[40])users.id, operation->word);
    ret->held = reach(t, point->side, &client);
    if (operation->without_brain && ret->held)
        ok = torture_spool_first(t, point);
    strike(t, point, fault, &client, ret);
    client.signal = fault->signal;
    ok = torture_judge(t, &users, &want, &client) && ok;
    torture_sum_up(&users, &client, ret);
    ok = (!ret->held || signal_fits(point, fault, ret)) && ok;
    if (operation->without_brain)
        ok = torture_spool_replayed(t, &users, &want, &client) && ok;
    ok = heals(t, operation, &users) && ok;
    ret->violated = ret->violated || !ok;
    if (!ret->held || ret->violated)
        fprintf(stderr, "^^^ %s, %s, %s%s\n", operation->name, point->name, fault->name,
                ret->held ? "" : ": the point was not reached");
    torture_users_done(&users);
}
