/*
 * Looks again and again, and keeps the time. Must not know what the test is for, nor who made the
 * user.
 */
#include "db/flow_watch.h"

#include <string.h>
#include <time.h>

#include "db/link.h"
#include "db/rows.h"
#include "zm/clock.h"
#include "zm/str.h"

#define POLL_MS 1000 /* for a sign-up */
#define HOP_MS 200   /* for what follows: indexed look-ups */
#define SLICE_MS 100 /* how often the caller is asked whether he still wants it */
#define SHARE 10     /* of the time the server works at most a tenth for us */

/* clang-format off */
static const struct db_field moment_fields[] = {
    DB_FIELD(struct db_flow_moment, at),
};
static const struct db_field login_fields[] = {
    DB_FIELD(struct db_flow_login, id),
    DB_FIELD(struct db_flow_login, email),
    DB_FIELD(struct db_flow_login, age_ms),
    DB_FIELD(struct db_flow_login, at),
};
static const struct db_field row_fields[] = {
    DB_FIELD(struct db_flow_row, n),
    DB_FIELD(struct db_flow_row, says_ms),
};
const struct db_shape db_shape_flow_moment = {
    "flow moment", sizeof(struct db_flow_moment), moment_fields, ZM_COUNT(moment_fields)};
const struct db_shape db_shape_flow_login = {
    "flow login", sizeof(struct db_flow_login), login_fields, ZM_COUNT(login_fields)};
const struct db_shape db_shape_flow_row = {
    "flow row", sizeof(struct db_flow_row), row_fields, ZM_COUNT(row_fields)};
/* clang-format on */

struct watch {
    struct db_checklist *list;
    const struct db_flow_wanted *wanted;
    struct db_flow_seen *seen;
    int64_t signed_up_ms; /* of our clock: when he was seen less how old he was then */
};

static bool is_stopped(const struct db_checklist *list)
{
    return list->stopped && list->stopped(list->context);
}

bool db_flow_pause(struct db_checklist *list, int64_t ms)
{
    int64_t until = zm_now_ms() + ms, left;

    while ((left = until - zm_now_ms()) > 0 && !is_stopped(list)) {
        int64_t slice = left < SLICE_MS ? left : SLICE_MS;
        const struct timespec pause = {.tv_nsec = (long)slice * 1000000};

        nanosleep(&pause, NULL);
    }
    return !is_stopped(list);
}

/* One statement; a connection that broke is opened again first. */
static bool read_one(struct db_checklist *list, enum db_side side, struct db_ask *ask,
                     struct zm_error *err)
{
    if (!db_session_link(list->session, side))
        db_session_connect(list->session);
    if (!db_session_link(list->session, side))
        return db_session_away(list->session, side, "watch the registration", err);
    if (!db_link_read(db_session_link(list->session, side), ask, 1, err))
        return false;
    if (!ask->ok)
        *err = ask->err;
    return ask->ok;
}

bool db_flow_now(struct db_checklist *list, char ret[40], struct zm_error *err)
{
    struct db_ask ask = {.sql = DB_SQL_BRAIN_FLOW_NOW};
    bool ok = read_one(list, DB_BRAIN, &ask, err);

    if (ok)
        zm_copy(ret, 40, DB_ROW(&ask.rows, struct db_flow_moment, 0)->at);
    db_asks_done(&ask, 1);
    return ok;
}

/* ---- the hops ---- */

static bool look_for_login(struct watch *w, bool *ret, struct zm_error *err)
{
    const struct db_flow_wanted *want = w->wanted;
    struct db_ask ask = {.sql = want->email ? DB_SQL_BRAIN_FLOW_SIGN_UP_NAMED
                                            : DB_SQL_BRAIN_FLOW_SIGN_UP,
                         .params = {want->email ? want->email : want->since, want->pattern}};
    bool ok = read_one(w->list, DB_BRAIN, &ask, err);

    *ret = ok && ask.rows.n > 0;
    if (*ret) {
        const struct db_flow_login *row = DB_ROW(&ask.rows, struct db_flow_login, 0);

        w->signed_up_ms = zm_now_ms() - row->age_ms;
        zm_copy(w->seen->id, sizeof(w->seen->id), row->id);
        zm_copy(w->seen->email, sizeof(w->seen->email), row->email);
        zm_copy(w->seen->at, sizeof(w->seen->at), row->at);
    }
    db_asks_done(&ask, 1);
    return ok;
}

static bool look_for_row(struct watch *w, enum db_sql sql, int64_t *ret_ms, bool *ret,
                         struct zm_error *err)
{
    struct db_ask ask = {.sql = sql, .params = {w->seen->id, w->seen->at}};
    bool ok = read_one(w->list, sql == DB_SQL_BOT_FLOW_TRADER ? DB_BOT : DB_BRAIN, &ask, err);

    *ret = false;
    if (ok && ask.rows.n > 0 && DB_ROW(&ask.rows, struct db_flow_row, 0)->n > 0) {
        int64_t says = DB_ROW(&ask.rows, struct db_flow_row, 0)->says_ms;

        *ret_ms = zm_now_ms() - w->signed_up_ms;
        if (says >= 0 &&
            says <= *ret_ms) /* else its clock, or who wrote it, is not to be trusted */
            *ret_ms = says;
        *ret = true;
    }
    db_asks_done(&ask, 1);
    return ok;
}

static bool look(struct watch *w, int hop, bool *ret, struct zm_error *err)
{
    if (hop == 0)
        return look_for_login(w, ret, err);
    if (hop == 1)
        return look_for_row(w, DB_SQL_BRAIN_FLOW_PROFILE, &w->seen->profile_ms, ret, err);
    return look_for_row(w, DB_SQL_BOT_FLOW_TRADER, &w->seen->trader_ms, ret, err);
}

static bool is_passing(const struct zm_error *err)
{
    return err->kind == ZM_ERR_LOST || err->kind == ZM_ERR_CONNECT || err->kind == ZM_ERR_TIMEOUT;
}

static void tell(const struct watch *w, int hop, int64_t since_ms)
{
    static const char *const words[] = {"", "his profile in ZmartyBrain",
                                        "his trading profile in ZmartBot"};
    const char *as = w->wanted->email     ? w->wanted->email
                     : w->wanted->pattern ? w->list->registration_email
                                          : NULL;
    long long seconds = (long long)(zm_now_ms() - since_ms) / 1000;
    char line[480];

    if (w->seen->email[0])
        snprintf(line, sizeof(line), "%s has signed up; waiting for %s (%lld s)", w->seen->email,
                 words[hop], seconds);
    else
        snprintf(line, sizeof(line), "waiting for a sign-up%s%.300s (%lld s)", as ? " as " : "",
                 zm_text(as), seconds);
    if (w->list->say)
        w->list->say(w->list->context, line);
}

/* Until it is there (*ret), the time is up, or somebody stops it. */
static bool wait_for(struct watch *w, int hop, bool *ret, struct zm_error *err)
{
    int64_t began = zm_now_ms(), until = began + (hop ? w->wanted->hop_ms : w->wanted->login_ms);
    int64_t asked, pause, told = 0;
    bool ok;

    for (;;) {
        asked = zm_now_ms();
        ok = look(w, hop, ret, err);
        if (!ok && !is_passing(err))
            return false;
        if (*ret || zm_now_ms() >= until)
            return ok;
        if (zm_now_ms() - told >= POLL_MS) {
            told = zm_now_ms();
            tell(w, hop, began);
        }
        pause = hop || w->wanted->email ? HOP_MS : POLL_MS;
        if ((zm_now_ms() - asked) * SHARE > pause)
            pause = (zm_now_ms() - asked) * SHARE;
        if (!db_flow_pause(w->list, pause)) {
            w->seen->stopped = true;
            return true;
        }
    }
}

bool db_flow_watch(struct db_checklist *list, const struct db_flow_wanted *wanted,
                   struct db_flow_seen *ret, struct zm_error *err)
{
    struct watch w = {.list = list, .wanted = wanted};
    bool there = false;

    memset(ret, 0, sizeof(*ret));
    w.seen = ret;
    if (!wait_for(&w, 0, &there, err))
        return false;
    if (!there)
        return true;
    if (!wait_for(&w, 1, &ret->profile, err))
        return false;
    if (ret->profile && !ret->stopped)
        return wait_for(&w, 2, &ret->trader, err);
    return look(&w, 2, &ret->trader, err); /* some applications make only that one */
}

/* ---- in words ---- */

const char *db_flow_words(struct db_checklist *list, const struct db_flow_seen *seen)
{
    const char *profile = "no profile", *trader = "no trading profile";

    if (!seen->id[0])
        return seen->stopped ? "stopped before anybody signed up" : "nobody signed up";
    if (seen->profile)
        profile = zm_arena_printf(&list->arena, "profile %.1f s", (double)seen->profile_ms / 1000);
    if (seen->trader)
        trader =
            zm_arena_printf(&list->arena, "trading profile %.1f s", (double)seen->trader_ms / 1000);
    return zm_arena_printf(&list->arena, "auth.users -> %s -> %s%s", profile, trader,
                           seen->stopped ? "; stopped" : "");
}
