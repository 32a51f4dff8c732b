/*
 * Two operators on one user, in order and not at random: one is held at every point of the protocol
 * while the other begins, and either runs to his end or waits for a lock. Afterwards the user is as
 * if one had come after the other, and both were told the truth. A pair of each kind; with
 * ZM_TWO_ALL, which ./run torture sets, everything meets everything.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "torture/torture.h"
#include "zm/clock.h"
#include "zm/str.h"

#define REACH_MS 20000
#define LOCK_MS 3000  /* lock_timeout */
#define SLACK_MS 2500 /* beside it, on a busy machine */

/* Of a user with tier enterprise and all rights; finishing and reversing are about a change to pro
 * of which Bot's leg is missing. */
#define ONE 1, false
/* clang-format off */
static const struct torture_operation
    to_pro  = {"pro", "tier", WRITES_TIER, "pro", "pro", "", "", ONE, TORTURE_COMMAND},
    to_free = {"free", "tier", WRITES_TIER, "free", "free", "", "", ONE, TORTURE_COMMAND},
    stop    = {"off", "trading", WRITES_TRADING, "off", "false", "", "", ONE, TORTURE_COMMAND},
    allow   = {"on", "trading", WRITES_TRADING, "on", "true", "", "", ONE, TORTURE_COMMAND},
    undo    = {"undo", "", WRITES_TIER, "", "pro", "", "", ONE, TORTURE_UNDO},
    finish  = {"finish", "", WRITES_TIER, "", "pro", "", "", ONE, TORTURE_FINISH},
    reverse = {"reverse", "", WRITES_TIER, "", "enterprise", "", "", ONE, TORTURE_REVERSE};
/* clang-format on */

struct pair {
    const struct torture_operation *a, *b;
};
static const struct pair pairs[] = {
    {&to_pro, &to_free}, {&to_pro, &to_pro},  {&to_pro, &stop},    {&to_free, &stop},
    {&stop, &to_pro},    {&stop, &stop},      {&stop, &allow},     {&undo, &undo},
    {&undo, &to_free},   {&to_free, &undo},   {&undo, &stop},      {&finish, &finish},
    {&finish, &reverse}, {&finish, &to_free}, {&to_free, &finish},
};

struct rig {
    struct torture a, b; /* b is the same servers, past the proxies */
    int blocked, ended;
};

/* ---- what may come of it ---- */

/* What can be told of a user by what was done to him. */
struct state {
    char tier[16], bot_tier[16], trading[8], api[8];
    int tiers_set, intents;
};

static void apply(struct state *s, const struct torture_operation *operation)
{
    s->intents++;
    if (operation->console == TORTURE_FINISH) { /* Bot takes what Brain says by now */
        zm_copy(s->bot_tier, sizeof(s->bot_tier), s->tier);
        zm_copy(s->api, sizeof(s->api), "false");
        return;
    }
    if (operation->kind == WRITES_TRADING) {
        zm_copy(s->trading, sizeof(s->trading), operation->value);
        return;
    }
    s->tiers_set++;
    zm_copy(s->tier, sizeof(s->tier), operation->value);
    zm_copy(s->bot_tier, sizeof(s->bot_tier), operation->value);
    if (strcmp(operation->value, "enterprise") == 0)
        return;
    zm_copy(s->api, sizeof(s->api), "false"); /* neither pro nor free gives it */
    if (strcmp(operation->value, "free") == 0)
        zm_copy(s->trading, sizeof(s->trading), "false");
}

static bool is_that(const struct writes_state *now, const struct state *s)
{
    size_t i;
    int intents = 0;

    for (i = 0; i < now->n_journal; i++)
        intents += strcmp(now->journal[i].action, "zmartctl.result") != 0;
    return zm_streq(now->tier, s->tier) && zm_streq(now->bot_tier, s->bot_tier) &&
           zm_streq(now->active, s->tier) && zm_streq(now->trading, s->trading) &&
           zm_streq(now->api, s->api) && now->n_active == 1 && now->n_ended == s->tiers_set &&
           intents == s->intents;
}

/* The rights that a tier does not give stay away, whoever came last. */
static bool is_allowed(const struct writes_state *now)
{
    return strcmp(now->tier, "free") != 0 || zm_streq(now->trading, "false");
}

static bool is_open(const struct pair *pair)
{
    return pair->a->console >= TORTURE_FINISH || pair->b->console >= TORTURE_FINISH;
}

/* An open change is settled once, by him who did something about it; nobody else touches it. */
static bool is_settled(const struct writes_state *now, const struct pair *pair, const char *open,
                       bool a, bool b)
{
    const struct torture_operation *by = a && pair->a->console >= TORTURE_FINISH   ? pair->a
                                         : b && pair->b->console >= TORTURE_FINISH ? pair->b
                                                                                   : NULL;
    const char *outcome = by == &finish ? "done" : "nothing_changed";
    size_t i, n = 0;

    for (i = 0; is_open(pair) && i < now->n_journal; i++)
        if (zm_streq(now->journal[i].ref, open)) {
            n++;
            if (!by || !zm_streq(now->journal[i].outcome, outcome))
                return false;
        }
    return !is_open(pair) || n == (by ? 1 : 0);
}

/* Those who say that they changed something did, one after the other, and nobody else. */
static bool is_serial(const struct writes_state *now, const struct pair *pair, bool a, bool b)
{
    const struct state whole = {"enterprise", "enterprise", "true", "true", 0, 0},
                       half = {"pro", "enterprise", "true", "true", 1, 1};
    struct state ab = is_open(pair) ? half : whole, ba = ab;

    if (b)
        apply(&ba, pair->b);
    if (a) {
        apply(&ab, pair->a);
        apply(&ba, pair->a);
    }
    if (b)
        apply(&ab, pair->b);
    return is_that(now, &ab) || is_that(now, &ba);
}

/* The row of a request: of a change there is one, with the result that was told; else none. */
static bool journal_fits(const struct writes_state *now, const struct client_claim *claim)
{
    bool intent = false, result = false;
    size_t i;

    for (i = 0; i < now->n_journal; i++) {
        const struct writes_entry *e = &now->journal[i];

        intent = intent || zm_streq(e->id, claim->request);
        result = result || (zm_streq(e->ref, claim->request) && zm_streq(e->outcome, "done"));
    }
    return claim->changed ? intent && result : !intent && !result;
}

/* Whoever is past his locks and not yet committed in Bot holds up the other. */
static bool holds_up(const struct torture_point *point)
{
    static const char *const free_points[] = {"begin", "begun", "brain lock", "bot committed",
                                              "look"};
    size_t i;

    for (i = 0; i < ZM_COUNT(free_points); i++)
        if (strcmp(point->name, free_points[i]) == 0 ||
            (strchr(free_points[i], ' ') == NULL && strstr(point->name, free_points[i])))
            return false;
    return true;
}

/* Who saw a tier that somebody changed before his turn came does not change it: both do only where
 * the one began when the other was through. */
static bool was_seen(const struct pair *pair, const struct torture_point *point, bool a, bool b)
{
    bool through = torture_is_voted(point) && !holds_up(point);

    return !(a && b) || through || pair->a->kind != WRITES_TIER || pair->b->kind != WRITES_TIER;
}

/* It was so, before or by the hand of the other. */
static bool was_so(const struct torture_operation *mine, const struct torture_operation *others)
{
    return mine == &allow ||
           (mine->kind == others->kind && strcmp(mine->value, others->value) == 0) ||
           (mine == &stop && others == &to_free);
}

static bool says_truth(const struct client *c, const struct writes_state *now,
                       const struct torture_operation *mine, const struct torture_operation *others)
{
    const struct client_claim *claim = &c->claims[0];

    if (c->n_claims != 1 || !journal_fits(now, claim))
        return false;
    if (zm_streq(claim->result, "done"))
        return c->code == 0 && (claim->changed || was_so(mine, others));
    return !claim->changed && c->code == 5 &&
           (zm_streq(claim->result, "stale") || zm_streq(claim->result, "refused") ||
            zm_streq(claim->result, "nothing_changed"));
}

static void judge(struct rig *rig, const struct pair *pair, const struct torture_point *point,
                  const char *user, const struct client *a, const struct client *b)
{
    const bool did_a = a->claims[0].changed, did_b = b->claims[0].changed;
    struct zm_buf text = {.s = NULL};
    struct writes_state now;

    writes_read(&rig->a.place, user, &now);
    if (is_serial(&now, pair, did_a, did_b) && is_allowed(&now) && (did_a || did_b) &&
        was_seen(pair, point, did_a, did_b) &&
        is_settled(&now, pair, rig->a.settles, did_a, did_b) &&
        says_truth(a, &now, pair->a, pair->b) && says_truth(b, &now, pair->b, pair->a)) {
        writes_state_done(&now);
        return;
    }
    writes_text(&now, &text);
    fprintf(stderr, "%s", text.s);
    torture_say_error(a);
    torture_say_error(b);
    zm_buf_done(&text);
    fail_msg("%s held at '%s', %s meanwhile: not one after the other, or somebody was told a lie",
             pair->a->name, point->name, pair->b->name);
}

/* ---- the two ---- */

static bool somebody_waits(const struct rig *rig)
{
    const char *sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    int side;

    for (side = 0; side < DB_SIDES; side++)
        if (strcmp(cluster_value(&rig->a.people.cluster[side], sql), "0") != 0)
            return true;
    return false;
}

static void reach(struct rig *rig, const struct torture_point *point, struct client *client)
{
    int64_t deadline = zm_now_ms() + REACH_MS;

    while (!proxy_wait_held(rig->a.proxy[point->side], 20))
        if (client_wait(client, 0) || zm_now_ms() > deadline)
            fail_msg("'%s' was not reached", point->name);
}

/* Until he has ended or waits for a lock. */
static bool waits(struct rig *rig, struct client *client)
{
    int64_t deadline = zm_now_ms() + REACH_MS;

    while (!client_wait(client, 5)) {
        if (somebody_waits(rig))
            return true;
        if (zm_now_ms() > deadline)
            fail_msg("he neither ends nor waits for a lock");
    }
    return false;
}

static void end(struct client *c, const char *who, const struct torture_point *point)
{
    if (!client_wait(c, LOCK_MS + SLACK_MS))
        fail_msg("%s, held at '%s': it goes on for longer than lock_timeout", who, point->name);
}

/* A is held; outlasts: until B has given up, else until B is seen to wait. */
static void meet(struct rig *rig, const struct pair *pair, const struct torture_point *point,
                 bool outlasts)
{
    struct client a, b;
    char user[1][40];
    bool blocked;

    torture_add_user(&rig->a, user[0]);
    if (is_open(pair))
        torture_leave_open(&rig->a, user[0], rig->a.settles);
    else
        rig->a.settles[0] = '\0';
    memcpy(rig->b.settles, rig->a.settles, sizeof(rig->b.settles));
    proxy_hold_since(rig->a.proxy[point->side], point->since, point->text, 1, point->when);
    client_start(&a, &rig->a, pair->a, (const char(*)[40])user, pair->a->word);
    reach(rig, point, &a);
    client_start(&b, &rig->b, pair->b, (const char(*)[40])user, pair->b->word);
    blocked = waits(rig, &b);
    rig->blocked += blocked;
    rig->ended += !blocked;
    /* what B was to do may be so already, and then he needs no lock */
    if (blocked != holds_up(point) && !(holds_up(point) && !b.claims[0].changed))
        fail_msg("%s held at '%s': %s %s", pair->a->name, point->name, pair->b->name,
                 blocked ? "waits and need not" : "does not wait");
    if (outlasts)
        end(&b, "B", point);
    proxy_release(rig->a.proxy[point->side]);
    end(&a, "A", point);
    end(&b, "B", point);
    if (outlasts && !zm_streq(b.claims[0].result, "nothing_changed"))
        fail_msg("B outlasted: it said '%s'", b.claims[0].result);
    judge(rig, pair, point, user[0], &a, &b);
}

static void every_point(struct rig *rig, const struct pair *pair)
{
    size_t i;

    for (i = 0; i < torture_points(); i++)
        if (torture_is_point_of(torture_point(i), pair->a))
            meet(rig, pair, torture_point(i), false);
    assert_true(rig->blocked > 0 && rig->ended > 0);
}

/* The first of the pairs, and the others where there is time for them. */
static void every_pair(struct rig *rig, size_t first, size_t n)
{
    size_t i;

    for (i = 0; i < (getenv("ZM_TWO_ALL") ? n : 1); i++)
        every_point(rig, &pairs[first + i]);
}

static void two_tiers(void **state)
{
    every_pair(*state, 0, 2);
}

static void tier_and_trading(void **state)
{
    every_pair(*state, 2, 2);
    every_pair(*state, 4, 1);
}

static void two_toggles(void **state)
{
    every_pair(*state, 5, 2);
}

static void undoing(void **state)
{
    every_pair(*state, 7, 4);
}

static void finishing(void **state)
{
    every_pair(*state, 11, 4);
}

/* Nobody waits for longer than lock_timeout, and who gave up is told so. */
static void gives_up(void **state)
{
    static const char *const points[] = {"brain locked", "bot vote"};
    size_t i, k;

    for (i = 0; i < torture_points(); i++)
        for (k = 0; k < ZM_COUNT(points); k++)
            if (strcmp(torture_point(i)->name, points[k]) == 0)
                meet(*state, &pairs[k == 0 ? 0 : 4], torture_point(i), true);
}

/* ---- the rig ---- */

static int start_rig(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));
    FILE *file;
    int side;

    *state = rig;
    torture_start(&rig->a, ZM_BINARY, "op_olga", false);
    rig->b = rig->a;
    rig->b.past_proxies = true;
    snprintf(rig->b.directory, sizeof(rig->b.directory), "%.40s/other", rig->a.directory);
    assert_int_equal(mkdir(rig->b.directory, 0700), 0);
    snprintf(rig->b.conf, sizeof(rig->b.conf), "%.60s/zmartctl.conf", rig->b.directory);
    file = fopen(rig->b.conf, "w");
    assert_non_null(file);
    fprintf(file, "profiles: { other: { guard = \"open\"; state_directory = \"%s/state\";\n",
            rig->b.directory);
    for (side = 0; side < DB_SIDES; side++)
        fprintf(file, "%s: { host = \"%s\"; port = %s; dbname = \"postgres\"; user = \"%s\"; };\n",
                db_side_key((enum db_side)side), rig->a.place.host[side], rig->a.place.port[side],
                "op_olga");
    fprintf(file, "}; };\n");
    assert_int_equal(fclose(file), 0);
    return chmod(rig->b.conf, 0600);
}

static int stop_rig(void **state)
{
    struct rig *rig = *state;

    torture_done(&rig->a);
    free(rig);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_tiers),   cmocka_unit_test(tier_and_trading),
        cmocka_unit_test(two_toggles), cmocka_unit_test(undoing),
        cmocka_unit_test(finishing),   cmocka_unit_test(gives_up),
    };

    if (argc > 1 && strcmp(argv[1], TORTURE_CONSOLE) == 0)
        return torture_console(argv);
    return cmocka_run_group_tests(tests, start_rig, stop_rig);
}
