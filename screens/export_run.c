/*
 * What is exported and how its rows are printed. Knows neither a command line nor a screen.
 */
#include "screens/export_run.h"

#include <jansson.h>
#include <stdlib.h>

#include "db/export.h"
#include "screens/command_user.h"
#include "screens/command_users.h"
#include "screens/export_audit.h"
#include "screens/export_drift.h"
#include "screens/json_drift.h"
#include "screens/json_user.h"
#include "zm/str.h"

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

static bool is_wanted(const struct export_run *e)
{
    return out_alive(e->out) && !(e->cancelled && atomic_load(e->cancelled));
}

/* Both are UTC in the same form, so their texts are in the order of their times. What has no time
 * is not known to be recent. */
static bool is_recent(const struct export_run *e, const char *time)
{
    return !e->since[0] || (time && strcmp(time, e->since) >= 0);
}

/* ---- rows of ZmartBot ---- */

/* Rows whose members are all texts, in the order of the columns. */
static void print_row(struct export_run *e, const struct db_shape *shape, size_t n, const void *row)
{
    const char *values[16];
    size_t i;

    for (i = 0; i < n; i++)
        values[i] = *(const char *const *)((const char *)row + shape->fields[i].offset);
    out_row(e->out, values, out_wants_json(e->out) ? json_row(shape, row, "place") : NULL);
    atomic_fetch_add(&e->rows, 1);
}

static void print_trades(struct export_run *e, const struct db_rows *rows)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        const struct db_export_trade *row = DB_ROW(rows, struct db_export_trade, i);

        if (is_recent(e, row->created_at))
            print_row(e, &db_shape_export_trade, ZM_COUNT(trade_columns), row);
    }
}

static void print_portfolios(struct export_run *e, const struct db_rows *rows)
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

static void export_bot(struct export_run *e, read_fn *read,
                       void (*print)(struct export_run *e, const struct db_rows *rows))
{
    struct db_export at = {.user = e->user[0] ? e->user : NULL,
                           .since = e->since[0] ? e->since : NULL};
    struct zm_error err;

    while (!at.done && is_wanted(e)) {
        struct db_link *bot = command_link(e->run, DB_BOT);
        struct db_ask page;

        if (!bot)
            return;
        if (!read(bot, &at, &page, &err)) {
            db_asks_done(&page, 1);
            command_fail(e->run, &err);
            return;
        }
        print(e, &page.rows);
        db_asks_done(&page, 1);
        out_pulse(e->out);
    }
}

static void export_trades(struct export_run *e)
{
    export_bot(e, db_export_trades, print_trades);
}

static void export_portfolios(struct export_run *e)
{
    export_bot(e, db_export_portfolios, print_portfolios);
}

/* ---- users ---- */

static bool take_user(struct command_users *users, const struct db_user *user)
{
    struct export_run *e = users->context;
    const char *created =
        user->login ? user->login->created_at : (user->trader ? user->trader->created_at : NULL);
    struct json_user_values values;

    if (is_recent(e, created)) {
        json_user_values(user, &values);
        out_row(e->out, values.value, out_wants_json(e->out) ? json_user(user) : NULL);
        atomic_fetch_add(&e->rows, 1);
    }
    return is_wanted(e);
}

static void pulse(struct command_users *users)
{
    out_pulse(((struct export_run *)users->context)->out);
}

static void export_users(struct export_run *e)
{
    struct command_users users = {.run = e->run,
                                  .filter = e->filter,
                                  .set = e->set,
                                  .take = take_user,
                                  .pulse = pulse,
                                  .context = e};
    struct command_user one;

    if (!e->user[0]) {
        command_users_stream(&users);
        return;
    }
    command_user_read(e->run, e->user, &one);
    take_user(&users, &one.user);
    command_user_done(&one);
}

/* clang-format off */
static const struct export_kind kinds[] = {
    {"users",      export_users,      json_user_columns, JSON_USER_COLUMNS},
    {"trades",     export_trades,     trade_columns,     ZM_COUNT(trade_columns)},
    {"portfolios", export_portfolios, portfolio_columns, ZM_COUNT(portfolio_columns)},
    {"drift",      export_drift,      json_drift_columns, JSON_DRIFT_COLUMNS},
    {"audit",      export_audit,      export_audit_columns, EXPORT_AUDIT_COLUMNS},
};
/* clang-format on */

bool export_find(const char *name, const struct export_kind **ret, struct zm_error *err)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(kinds); i++)
        if (zm_streq(kinds[i].name, name)) {
            *ret = &kinds[i];
            return true;
        }
    zm_error_set(err, ZM_ERR_USAGE, "", "", "'%.60s' cannot be exported", name);
    return zm_error_hint(err, "users, trades, portfolios, drift or audit");
}
