/*
 * What is known of a side, as lines of label and text, and what is not as it should be. Reads the
 * published status and the messages; draws nothing.
 */
#include "screens/health_state.h"

#include <stdlib.h>

#include "db/indexes.h"
#include "zm/clock.h"
#include "zm/str.h"

#define HOUR_MS 3600000

const char health_rtt_label[] = "rtt";

const char *health_lasted(struct app *app, int64_t since_ms)
{
    long long minutes = (long long)((zm_now_ms() - since_ms) / 60000);

    if (minutes < 1)
        return "under a minute";
    if (minutes < 60)
        return zm_arena_printf(&app->frame, "%lldm", minutes);
    if (minutes < 24 * 60)
        return zm_arena_printf(&app->frame, "%lldh %02lldm", minutes / 60, minutes % 60);
    return zm_arena_printf(&app->frame, "%lldd %lldh", minutes / (24 * 60), minutes / 60 % 24);
}

static bool was_up(const struct db_status *s)
{
    return s->facts.version > 0;
}

/* A fact of a side that is away is what was known last: its heading says so. */
static const char *known(struct app *app, enum db_side side, unsigned *style, const char *text)
{
    const struct db_status *s = &app->status[side];

    if (s->state != DB_UP)
        *style = TUI_DIM;
    return was_up(s) ? text : "unknown yet";
}

const char *health_heading(struct app *app, enum db_side side)
{
    const struct db_status *s = &app->status[side];

    if (s->state == DB_UP || !was_up(s))
        return db_side_name(side);
    return zm_arena_printf(&app->frame, "%s, as last known", db_side_name(side));
}

static const char *option(const struct app *app, enum db_side side, const char *keyword)
{
    const struct db_target *target = &app->conf->target[side];
    size_t i;

    for (i = 0; i < target->n_options; i++)
        if (zm_streq(target->options[i].keyword, keyword))
            return target->options[i].value;
    return "";
}

/* ---- the lines ---- */

static const char *retry_text(struct app *app, const struct db_status *s)
{
    long long left = (long long)((s->retry_at_ms - zm_now_ms() + 999) / 1000);

    if (left <= 0)
        return zm_arena_printf(&app->frame, "down %s, try %d now", app_age(app, s->since_ms),
                               s->tries + 1);
    return zm_arena_printf(&app->frame, "down %s, try %d in %llds", app_age(app, s->since_ms),
                           s->tries + 1, left);
}

static const char *state_text(struct app *app, const struct health *h, enum db_side side,
                              unsigned *style)
{
    const struct db_status *s = &app->status[side];

    (void)h;
    switch (s->state) {
    case DB_UP:
        *style = TUI_GOOD;
        return zm_arena_printf(&app->frame, "up %s", health_lasted(app, s->since_ms));
    case DB_RETRY:
        *style = TUI_BAD;
        return retry_text(app, s);
    case DB_STOPPED:
        *style = TUI_BAD;
        return "refused; c tries again";
    default:
        *style = TUI_WARN;
        return "connecting ...";
    }
}

static const char *project_text(struct app *app, const struct health *h, enum db_side side,
                                unsigned *style)
{
    const char *project = app->conf->target[side].project;

    (void)h;
    if (project && project[0])
        return project;
    *style = TUI_DIM;
    return "not named in the profile";
}

static const char *host_text(struct app *app, const struct health *h, enum db_side side,
                             unsigned *style)
{
    const struct db_facts *f = &app->status[side].facts;
    const char *host = f->host[0] ? f->host : option(app, side, "host");

    (void)h;
    (void)style;
    return host[0] ? host : option(app, side, "service");
}

static const char *via_text(struct app *app, const struct health *h, enum db_side side,
                            unsigned *style)
{
    static const char *const words[] = {
        [DB_VIA_DIRECT] = "direct",
        [DB_VIA_SESSION_POOLER] = "session pooler",
        [DB_VIA_TRANSACTION_POOLER] = "transaction pooler",
        [DB_VIA_SOCKET] = "unix socket",
    };
    const struct db_facts *f = &app->status[side].facts;

    (void)h;
    if (!was_up(&app->status[side]))
        return known(app, side, style, "");
    return known(app, side, style,
                 zm_arena_printf(&app->frame, "%s :%s/%s", words[f->via], f->port, f->dbname));
}

static const char *tls_text(struct app *app, const struct health *h, enum db_side side,
                            unsigned *style)
{
    const struct db_facts *f = &app->status[side].facts;

    (void)h;
    if (f->insecure)
        *style = TUI_BAD;
    return known(app, side, style, f->tls);
}

static const char *server_text(struct app *app, const struct health *h, enum db_side side,
                               unsigned *style)
{
    const struct db_facts *f = &app->status[side].facts;
    const char *mode = f->standby ? ", standby" : f->read_only ? ", read-only" : "";

    (void)h;
    if (*mode)
        *style = TUI_WARN;
    if (!was_up(&app->status[side]))
        return known(app, side, style, "");
    return known(app, side, style,
                 zm_arena_printf(&app->frame, "PostgreSQL %s%s", f->server, mode));
}

static const char *role_text(struct app *app, const struct health *h, enum db_side side,
                             unsigned *style)
{
    (void)h;
    return known(app, side, style, app->status[side].facts.role);
}

static const char *writes_text(struct app *app, const struct health *h, enum db_side side,
                               unsigned *style)
{
    (void)h;
    return known(app, side, style, app->status[side].facts.writable);
}

static const char *logins_text(struct app *app, const struct health *h, enum db_side side,
                               unsigned *style)
{
    static const char *const words[] = {
        [DB_LOGINS_NONE] = "no relation can be read",
        [DB_LOGINS_TABLE] = "auth.users",
        [DB_LOGINS_VIEW] = "view zmartctl.users",
    };
    const struct db_facts *f = &app->status[side].facts;

    (void)h;
    if (side == DB_BOT) {
        *style = TUI_DIM;
        return "those of ZmartyBrain";
    }
    if (!was_up(&app->status[side]))
        return known(app, side, style, "");
    if (f->logins == DB_LOGINS_NONE)
        *style = TUI_BAD;
    return known(app, side, style, words[f->logins]);
}

static const char *rows_text(struct app *app, const struct health *h, enum db_side side,
                             unsigned *style)
{
    const struct db_facts *f = &app->status[side].facts;

    (void)h;
    if (!was_up(&app->status[side]))
        return known(app, side, style, "");
    if (f->estimate < 0)
        return known(app, side, style, "never analysed");
    return known(app, side, style,
                 zm_arena_printf(&app->frame, "%s %s", app_count(app, f->estimate, true),
                                 side == DB_BRAIN ? "logins" : "trading profiles"));
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static const char *rtt_text(struct app *app, const struct health *h, enum db_side side,
                            unsigned *style)
{
    const struct health_rtt *rtt = &h->rtt[side];
    double sorted[HEALTH_SAMPLES];
    size_t i;

    if (app->status[side].state != DB_UP || rtt->n == 0) {
        *style = TUI_DIM;
        return app->status[side].state == DB_UP ? "measuring ..." : "-";
    }
    for (i = 0; i < rtt->n; i++)
        sorted[i] = rtt->ms[i];
    qsort(sorted, rtt->n, sizeof(sorted[0]), by_value);
    return zm_arena_printf(&app->frame, "%.0fms  p95 %.0fms", rtt->ms[rtt->n - 1],
                           sorted[(rtt->n * 95 - 1) / 100]);
}

static const char *kind_word(enum zm_error_kind kind)
{
    switch (kind) {
    case ZM_ERR_CONNECT:
        return "no connection";
    case ZM_ERR_AUTH:
        return "refused";
    case ZM_ERR_LOST:
        return "lost";
    case ZM_ERR_TIMEOUT:
        return "timeout";
    case ZM_ERR_LOCKED:
        return "locked";
    case ZM_ERR_SHAPE:
        return "shape";
    case ZM_ERR_PRIVILEGE:
        return "privilege";
    case ZM_ERR_HIDDEN:
        return "hidden rows";
    case ZM_ERR_DATA:
        return "data";
    default:
        return "error";
    }
}

/* "none", "4: timeout 3, lost 1" */
static const char *errors_text(struct app *app, const struct health *h, enum db_side side,
                               unsigned *style)
{
    unsigned count[ZM_ERR_SYSTEM + 1] = {0}, total = 0;
    const struct message *m;
    struct zm_buf buf = {0};
    const char *text;
    size_t i;

    (void)h;
    for (i = 0; (m = messages_get(&app->messages, i)); i++) {
        if (m->level != MESSAGE_ERROR || zm_now_ms() - m->at_ms > HOUR_MS ||
            !zm_streq(m->err.where, db_side_name(side)))
            continue;
        count[m->err.kind] += m->repeats + 1;
        total += m->repeats + 1;
    }
    if (total == 0) {
        *style = TUI_DIM;
        return "none in the last hour";
    }
    *style = TUI_WARN;
    for (i = 0; i < ZM_COUNT(count); i++)
        if (count[i] > 0)
            zm_buf_printf(&buf, "%s%s %u", buf.len ? ", " : "", kind_word((enum zm_error_kind)i),
                          count[i]);
    text = zm_arena_printf(&app->frame, "%u in 1h: %s", total, buf.s);
    zm_buf_done(&buf);
    return text;
}

// clang-format off
const struct health_fact health_facts[] = {
    {"state",          state_text},
    {"project",        project_text},
    {"host",           host_text},
    {"via",            via_text},
    {"tls",            tls_text},
    {"server",         server_text},
    {"role",           role_text},
    {"writes",         writes_text},
    {"logins",         logins_text},
    {"rows",           rows_text},
    {health_rtt_label, rtt_text},
    {"errors",         errors_text},
    {NULL, NULL},
};
// clang-format on
