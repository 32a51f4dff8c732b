/*
 * One user for people: what decides first, then both halves, then the lists, newest first. Long
 * lists end where a screen does, and say how to get the rest.
 */
#include <stdlib.h>

#include "screens/command_user.h"
#include "screens/json_user.h"
#include "zm/str.h"

/* ---- gates ---- */

static const char *gate_sign(const struct db_gate_result *g)
{
    if (g->ok == DB_HOLDS)
        return "[ok]";
    if (g->ok == DB_UNKNOWN)
        return "[??]";
    return g->level == DB_LEVEL_HARD ? "[NO]" : "[--]";
}

void command_user_print_gates(const struct command_user *one, struct out *out)
{
    const struct db_verdict *verdict = &one->user.verdict;
    size_t i;

    for (i = 0; i < verdict->n; i++) {
        const struct db_gate_result *g = &verdict->gate[i];

        out_line(out, "%s %s%s%s", gate_sign(g), db_gate_key(g->gate), g->detail[0] ? "  " : "",
                 g->detail);
    }
}

/* ---- label and value ---- */

static const struct out_column pair_columns[] = {{"", false}, {"", false}};

static void pair(struct out *out, const char *label, const char *value)
{
    const char *values[] = {label, value && value[0] ? value : NULL};

    out_row(out, values, NULL);
}

static void begin_pairs(struct out *out, const char *title)
{
    out_section(out, title, pair_columns, ZM_COUNT(pair_columns));
}

static void print_login(struct out *out, const struct db_login *login)
{
    char text[160];

    if (!login) {
        pair(out, "login", "none");
        return;
    }
    pair(out, "email", login->email);
    pair(out, "phone", login->phone);
    pair(out, "email_confirmed_at", login->email_confirmed_at);
    pair(out, "created_at", login->created_at);
    pair(out, "last_sign_in_at", login->last_sign_in_at);
    if (login->banned_until) {
        snprintf(text, sizeof(text), "%s%s", login->banned_until, login->banned ? "  BANNED" : "");
        pair(out, "banned_until", text);
    }
    if (login->deleted_at)
        pair(out, "deleted_at", login->deleted_at);
    if (login->is_sso_user)
        pair(out, "is_sso_user", "true");
    if (login->is_anonymous)
        pair(out, "is_anonymous", "true");
}

static void print_profiles(struct out *out, const struct db_rows *rows)
{
    size_t i;

    if (rows->n == 0)
        pair(out, "profile", "none");
    for (i = 0; i < rows->n; i++) {
        const struct db_profile *p = DB_ROW(rows, struct db_profile, i);

        if (rows->n > 1)
            pair(out, "profile", p->id);
        pair(out, "tier", p->tier);
        pair(out, "name", p->name);
        pair(out, "country", p->country);
        pair(out, "profile_completed", json_maybe_text(p->profile_completed));
        pair(out, "updated_at", p->updated_at);
    }
}

static void print_traders(struct out *out, const struct db_rows *rows)
{
    size_t i;

    if (rows->n == 0)
        pair(out, "trading profile", "none");
    for (i = 0; i < rows->n; i++) {
        const struct db_trader *t = DB_ROW(rows, struct db_trader, i);

        if (rows->n > 1)
            pair(out, "trading profile", t->id);
        pair(out, "email", t->email);
        pair(out, "tier", t->tier);
        pair(out, "trading_enabled", json_maybe_text(t->trading_enabled));
        pair(out, "api_access", json_maybe_text(t->api_access));
        pair(out, "created_at", t->created_at);
        pair(out, "updated_at", t->updated_at);
    }
}

/* ---- lists ---- */

#define MAX_COLUMNS 9

/* Columns by the names of the shape's members. */
struct section {
    const char *title;
    const struct db_shape *shape;
    struct out_column columns[MAX_COLUMNS];
};

/* clang-format off */
static const struct section subscriptions = {"Subscriptions", &db_shape_subscription,
    {{"tier", false}, {"status", false}, {"started_at", false}, {"ended_at", false}}};
static const struct section activity = {"Activity", &db_shape_activity,
    {{"created_at", false}, {"action", false}, {"metadata", false}}};
static const struct section operators = {"Changes by operators", &db_shape_operator_change,
    {{"created_at", false}, {"db_role", false}, {"action", false}, {"before", false}, {"after", false}, {"reason", false}}};
static const struct section portfolios = {"Portfolio", &db_shape_portfolio,
    {{"symbol", false}, {"amount", true}, {"avg_buy_price", true}, {"current_value", true}, {"pnl", true}, {"updated_at", false}}};
static const struct section strategies = {"Strategies", &db_shape_strategy,
    {{"strategy_name", false}, {"is_active", false}, {"updated_at", false}, {"performance_metrics", false}}};
static const struct section trades = {"Trades", &db_shape_trade,
    {{"created_at", false}, {"symbol", false}, {"side", false}, {"amount", true}, {"price", true}, {"total", true}, {"status", false}, {"executed_at", false}}};
static const struct section api_keys = {"API keys", &db_shape_api_key,
    {{"exchange", false}, {"is_active", false}, {"permissions", false}, {"created_at", false}, {"updated_at", false}}};
/* clang-format on */

static const char *value_of(const struct db_shape *shape, const void *row, const char *name)
{
    size_t i;

    for (i = 0; i < shape->n_fields; i++) {
        const void *at = (const char *)row + shape->fields[i].offset;

        if (!zm_streq(shape->fields[i].name, name))
            continue;
        if (shape->fields[i].kind == DB_KIND_MAYBE)
            return json_maybe_text(*(const db_maybe *)at);
        return *(const char *const *)at;
    }
    return NULL;
}

static void print_list(struct out *out, const struct section *section, const struct db_ask *ask,
                       const char *total)
{
    const char *values[MAX_COLUMNS];
    char title[80];
    size_t n = 0, i, k;

    while (n < MAX_COLUMNS && section->columns[n].name)
        n++;
    if (!ask->ok)
        snprintf(title, sizeof(title), "%s: cannot be read", section->title);
    else if (total)
        snprintf(title, sizeof(title), "%s (%s)", section->title, total);
    else
        snprintf(title, sizeof(title), "%s (%zu)", section->title, ask->rows.n);
    out_section(out, title, section->columns, n);
    for (i = 0; i < ask->rows.n; i++) {
        for (k = 0; k < n; k++)
            values[k] =
                value_of(section->shape, (const char *)ask->rows.items + i * section->shape->size,
                         section->columns[k].name);
        out_row(out, values, NULL);
    }
}

static void print_portfolio(struct out *out, const struct command_user *one)
{
    const struct db_ask *total = &one->bot.part[DB_UT_TOTAL];

    print_list(out, &portfolios, &one->bot.part[DB_UT_PORTFOLIO], NULL);
    if (total->ok && total->rows.n == 1) {
        const struct db_portfolio_total *t = DB_ROW(&total->rows, struct db_portfolio_total, 0);

        if (t->symbols > 0)
            out_line(out, "total value %s, pnl %s, %lld symbols", zm_text(t->current_value),
                     zm_text(t->pnl), (long long)t->symbols);
    }
}

static void print_trades(struct out *out, const struct command_user *one)
{
    const struct db_ask *ask = &one->bot.part[DB_UT_TRADES];
    const struct db_ask *count = &one->bot.part[DB_UT_TRADE_COUNT];
    long long n = (long long)ask->rows.n;
    char total[40];

    if (count->ok && count->rows.n == 1)
        n = (long long)DB_ROW(&count->rows, struct db_trade_count, 0)->trades;
    if (n > 10000)
        zm_copy(total, sizeof(total), "10,000+");
    else
        snprintf(total, sizeof(total), "%lld", n);
    print_list(out, &trades, ask, ask->ok ? total : NULL);
    if (ask->ok && n > (long long)ask->rows.n)
        out_line(out, "the newest %zu; all of them: zmartctl export trades --user %s", ask->rows.n,
                 one->id);
}

void command_user_print_text(struct command_run *run, const struct command_user *one,
                             struct out *out)
{
    const char *email = json_user_email(&one->user);
    char verdict[256];

    (void)run;
    db_verdict_text(&one->user.verdict, verdict, sizeof(verdict));
    out_line(out, "%s%s%s", zm_text(email), email ? "  " : "", one->id);
    out_line(out, "can trade: %s", verdict);
    out_line(out, "sync: %s", db_sync_key(one->user.sync));
    out_section(out, "Gates", NULL, 0);
    command_user_print_gates(one, out);
    begin_pairs(out, "ZmartyBrain");
    if (one->has[DB_BRAIN]) {
        print_login(out, one->user.login);
        print_profiles(out, command_user_brain_rows(one, DB_UB_PROFILES));
        print_list(out, &subscriptions, &one->brain.part[DB_UB_SUBSCRIPTIONS], NULL);
    } else {
        pair(out, "unknown", "the database is away");
    }
    begin_pairs(out, "ZmartBot");
    if (one->has[DB_BOT]) {
        print_traders(out, command_user_bot_rows(one, DB_UT_TRADERS));
        print_portfolio(out, one);
        print_list(out, &strategies, &one->bot.part[DB_UT_STRATEGIES], NULL);
        print_list(out, &api_keys, &one->bot.part[DB_UT_API_KEYS], NULL);
        print_trades(out, one);
    } else {
        pair(out, "unknown", "the database is away");
    }
    if (one->has[DB_BRAIN]) {
        print_list(out, &activity, &one->brain.part[DB_UB_ACTIVITY], NULL);
        print_list(out, &operators, &one->brain.part[DB_UB_OPERATORS], NULL);
    }
}
