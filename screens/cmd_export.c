/*
 * `zmartctl export WHAT`: whole tables as a stream, for files. A page is in memory at a time.
 */
#include <jansson.h>
#include <stdlib.h>
#include <time.h>

#include "db/export.h"
#include "screens/command_user.h"
#include "screens/command_users.h"
#include "screens/commands.h"
#include "screens/json_user.h"
#include "zm/str.h"

struct export
{
    struct command_run run;
    struct out *out;
    char user[37];  /* "" for all */
    char since[24]; /* "2026-11-01T00:00:00Z", "" for all */
};

/* clang-format off */
static const struct out_column trade_columns[] = {
    {"id", false}, {"user_id", false}, {"symbol", false}, {"side", false}, {"amount", true},
    {"price", true}, {"total", true}, {"status", false}, {"executed_at", false},
    {"created_at", false},
};
static const struct out_column portfolio_columns[] = {
    {"id", false}, {"user_id", false}, {"symbol", false}, {"amount", true},
    {"avg_buy_price", true}, {"current_value", true}, {"pnl", true}, {"created_at", false},
    {"updated_at", false},
};
/* clang-format on */

/* ---- --since ---- */

/* Both are UTC in the same form, so their texts are in the order of their times. What has no time
 * is not known to be recent. */
static bool is_recent(const struct export *e, const char *time)
{
    return !e->since[0] || (time && strcmp(time, e->since) >= 0);
}

static bool take_since(const char *text, char ret[24], struct zm_error *err)
{
    struct tm tm = {.tm_mday = 1}, real;
    const char *end = NULL;
    time_t t;
    size_t i;
    static const char *const forms[] = {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S",
                                        "%Y-%m-%d %H:%M:%S",  "%Y-%m-%dT%H:%M",
                                        "%Y-%m-%d %H:%M",     "%Y-%m-%d"};

    for (i = 0; i < ZM_COUNT(forms) && !(end && *end == '\0'); i++) {
        memset(&tm, 0, sizeof(tm));
        end = strptime(text, forms[i], &tm);
    }
    real = tm;
    t = timegm(&real); /* moves the 31st of November to the 1st of December */
    if (end && *end == '\0' && real.tm_mday == tm.tm_mday && gmtime_r(&t, &real) &&
        strftime(ret, 24, "%Y-%m-%dT%H:%M:%SZ", &real) == 20)
        return true;
    zm_error_set(err, ZM_ERR_USAGE, "", "", "--since '%.60s' is not a date", text);
    return zm_error_hint(err, "2026-11-01, or 2026-11-01T09:30:00Z; times are UTC");
}

/* ---- rows of ZmartBot ---- */

/* Rows whose members are all texts, in the order of the columns. */
static void print_row(const struct export *e, const struct db_shape *shape, size_t n,
                      const void *row)
{
    const char *values[16];
    size_t i;

    for (i = 0; i < n; i++)
        values[i] = *(const char *const *)((const char *)row + shape->fields[i].offset);
    out_row(e->out, values, out_wants_json(e->out) ? json_row(shape, row, "place") : NULL);
}

static void print_trades(struct export *e, const struct db_rows *rows)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        const struct db_export_trade *row = DB_ROW(rows, struct db_export_trade, i);

        if (is_recent(e, row->created_at))
            print_row(e, &db_shape_export_trade, ZM_COUNT(trade_columns), row);
    }
}

static void print_portfolios(struct export *e, const struct db_rows *rows)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        const struct db_export_portfolio *row = DB_ROW(rows, struct db_export_portfolio, i);

        if (is_recent(e, row->updated_at ? row->updated_at : row->created_at))
            print_row(e, &db_shape_export_portfolio, ZM_COUNT(portfolio_columns), row);
    }
}

typedef bool read_fn(struct db_link *bot, struct db_export *at, struct db_ask *ret,
                     struct zm_error *err);

static void export_bot(struct export *e, read_fn *read,
                       void (*print)(struct export *e, const struct db_rows *rows))
{
    struct db_export at = {.user = e->user[0] ? e->user : NULL,
                           .since = e->since[0] ? e->since : NULL};
    struct zm_error err;

    while (!at.done && out_alive(e->out)) {
        struct db_link *bot = command_link(&e->run, DB_BOT);
        struct db_ask page;

        if (!bot)
            return;
        if (!read(bot, &at, &page, &err)) {
            db_asks_done(&page, 1);
            command_fail(&e->run, &err);
            return;
        }
        print(e, &page.rows);
        db_asks_done(&page, 1);
        out_pulse(e->out);
    }
}

static void export_trades(struct export *e)
{
    export_bot(e, db_export_trades, print_trades);
}

static void export_portfolios(struct export *e)
{
    export_bot(e, db_export_portfolios, print_portfolios);
}

/* ---- users ---- */

static bool take_user(struct command_users *users, const struct db_user *user)
{
    struct export *e = users->context;
    const char *created =
        user->login ? user->login->created_at : (user->trader ? user->trader->created_at : NULL);
    struct json_user_values values;

    if (is_recent(e, created)) {
        json_user_values(user, &values);
        out_row(e->out, values.value, out_wants_json(e->out) ? json_user(user) : NULL);
    }
    return out_alive(e->out);
}

static void pulse(struct command_users *users)
{
    out_pulse(((struct export *)users->context)->out);
}

static void export_users(struct export *e)
{
    struct command_users users = {.run = &e->run, .take = take_user, .pulse = pulse, .context = e};
    struct command_user one;

    if (!e->user[0]) {
        command_users_stream(&users);
        return;
    }
    command_user_read(&e->run, e->user, &one);
    take_user(&users, &one.user);
    command_user_done(&one);
}

/* clang-format off */
static const struct {
    const char *name;
    void (*run)(struct export *e);
    const struct out_column *columns;
    size_t n;
} kinds[] = {
    {"users",      export_users,      json_user_columns, JSON_USER_COLUMNS},
    {"trades",     export_trades,     trade_columns,     ZM_COUNT(trade_columns)},
    {"portfolios", export_portfolios, portfolio_columns, ZM_COUNT(portfolio_columns)},
};
/* clang-format on */

static bool find_kind(const char *name, size_t *ret, struct zm_error *err)
{
    for (*ret = 0; *ret < ZM_COUNT(kinds); (*ret)++)
        if (zm_streq(kinds[*ret].name, name))
            return true;
    zm_error_set(err, ZM_ERR_USAGE, "", "", "'%.60s' cannot be exported", name);
    return zm_error_hint(err, "users, trades or portfolios");
}

int cmd_export(const struct options *options, struct conf *conf)
{
    struct export e = {.user = "", .since = ""};
    struct zm_error err;
    size_t kind;

    if (!find_kind(options->args[0], &kind, &err) ||
        (options->since && !take_since(options->since, e.since, &err))) {
        out_error(&err, options->ascii);
        return zm_error_exit_code(err.kind);
    }
    if (!command_begin(&e.run, options, conf))
        return e.run.exit_code;
    if (options->user && !command_resolve(&e.run, options->user, e.user))
        return command_end(&e.run, NULL);
    e.out = out_new(NULL, out_pick(options, OUT_CSV), options->raw, e.run.ascii,
                    kinds[kind].columns, kinds[kind].n);
    kinds[kind].run(&e);
    return command_end(&e.run, e.out);
}
