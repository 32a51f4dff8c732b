/*
 * Bot's half of a user: the trading profile as lines with a sign where it meets Brain's, trades,
 * strategies and API keys as rows. No encrypted column is known here.
 */
#include "screens/user_state.h"

#include <strings.h>

#include "zm/str.h"

enum { TRADE_SIDE = 2, TRADE_SYMBOL, TRADE_AMOUNT, TRADE_PRICE, TRADE_TOTAL, TRADE_STATUS };
enum { STRATEGY_NAME, STRATEGY_STATE, STRATEGY_RESULT, STRATEGY_UPDATED };
enum { KEY_EXCHANGE, KEY_STATE, KEY_PERMISSIONS, KEY_CREATED };

// clang-format off
const struct tui_column user_trade_columns[] = {
    {"TIME",   11, 0, 99, TUI_LEFT,  USER_COL_BRIEF},
    {"TIME",   19, 0, 99, TUI_LEFT,  USER_COL_FULL},
    {"SIDE",    4, 0, 98, TUI_LEFT,  TRADE_SIDE},
    {"SYMBOL",  6, 1, 97, TUI_LEFT,  TRADE_SYMBOL},
    {"AMOUNT",  6, 2, 96, TUI_RIGHT, TRADE_AMOUNT},
    {"PRICE",   5, 2, 90, TUI_RIGHT, TRADE_PRICE},
    {"TOTAL",   5, 2, 80, TUI_RIGHT, TRADE_TOTAL},
    {"STATUS",  9, 0, 94, TUI_LEFT,  TRADE_STATUS},
    {NULL,      0, 0,  0, TUI_LEFT,  0},
};

const struct tui_column user_strategy_columns[] = {
    {"NAME",    12, 2, 90, TUI_LEFT, STRATEGY_NAME},
    {"STATE",    6, 0, 80, TUI_LEFT, STRATEGY_STATE},
    {"RESULT",   8, 3, 70, TUI_LEFT, STRATEGY_RESULT},
    {"UPDATED", 11, 0, 60, TUI_LEFT, STRATEGY_UPDATED},
    {NULL,       0, 0,  0, TUI_LEFT, 0},
};

const struct tui_column user_key_columns[] = {
    {"EXCHANGE",    10, 1, 90, TUI_LEFT, KEY_EXCHANGE},
    {"STATE",        8, 0, 80, TUI_LEFT, KEY_STATE},
    {"PERMISSIONS", 11, 3, 70, TUI_LEFT, KEY_PERMISSIONS},
    {"CREATED",     10, 0, 60, TUI_LEFT, KEY_CREATED},
    {NULL,           0, 0,  0, TUI_LEFT, 0},
};
// clang-format on

static void set(struct tui_cell *ret, const char *text, enum tui_style style)
{
    ret->text = text;
    ret->style = style;
}

void user_trade_cell(void *context, size_t row, int column, struct tui_cell *ret)
{
    struct user *u = context;
    const struct db_trade *t = user_pane_item(u, USER_TRADES, row, NULL);
    int *places = u->places[USER_TRADES];
    bool done;

    set(ret, column <= TRADE_SIDE ? ".." : "", TUI_DIM);
    if (!t)
        return;
    done = zm_streq(t->status, "completed") || zm_streq(t->status, "executed") ||
           zm_streq(t->status, "filled");
    switch (column) {
    case TRADE_SIDE:
        set(ret, app_value(u->app, t->side), zm_streq(t->side, "buy") ? TUI_INFO : TUI_TEXT);
        break;
    case TRADE_SYMBOL:
        set(ret, app_value(u->app, t->symbol), TUI_STRONG);
        break;
    case TRADE_AMOUNT:
        set(ret, user_decimal(u->app, t->amount, &places[0], false), TUI_TEXT);
        break;
    case TRADE_PRICE:
        set(ret, user_decimal(u->app, t->price, &places[1], false), TUI_TEXT);
        break;
    case TRADE_TOTAL:
        set(ret, user_decimal(u->app, t->total, &places[2], false), TUI_TEXT);
        break;
    case TRADE_STATUS:
        set(ret, app_value(u->app, t->status), done ? TUI_DIM : TUI_WARN);
        break;
    default:
        set(ret,
            column == USER_COL_FULL ? app_time(u->app, t->created_at, false)
                                    : user_when(u->app, t->created_at),
            TUI_TEXT);
        break;
    }
}

static const char *state_text(const struct app *app, db_maybe active)
{
    return active > 0 ? "active" : active == 0 ? "off" : app_value(app, NULL);
}

void user_strategy_cell(void *context, size_t row, int column, struct tui_cell *ret)
{
    struct user *u = context;
    const struct db_strategy *s = user_pane_item(u, USER_STRATEGIES, row, NULL);

    set(ret, "", TUI_DIM);
    if (!s)
        return;
    switch (column) {
    case STRATEGY_NAME:
        set(ret, app_value(u->app, s->strategy_name), TUI_STRONG);
        break;
    case STRATEGY_STATE:
        set(ret, state_text(u->app, s->is_active), s->is_active > 0 ? TUI_GOOD : TUI_DIM);
        break;
    case STRATEGY_RESULT:
        set(ret, user_flat_json(u->app, s->performance_metrics), TUI_TEXT);
        break;
    default:
        set(ret, user_when(u->app, s->updated_at), TUI_DIM);
        break;
    }
}

void user_key_cell(void *context, size_t row, int column, struct tui_cell *ret)
{
    struct user *u = context;
    const struct db_api_key *k = user_pane_item(u, USER_KEYS, row, NULL);

    set(ret, "", TUI_DIM);
    if (!k)
        return;
    switch (column) {
    case KEY_EXCHANGE:
        set(ret, app_value(u->app, k->exchange), TUI_STRONG);
        break;
    case KEY_STATE:
        set(ret, state_text(u->app, k->is_active), k->is_active > 0 ? TUI_GOOD : TUI_DIM);
        break;
    case KEY_PERMISSIONS:
        set(ret, user_flat_json(u->app, k->permissions), TUI_TEXT);
        break;
    default:
        set(ret, user_day(u->app, k->created_at), TUI_DIM);
        break;
    }
}

/* ---- where the halves meet ---- */

static bool is_tier(const char *tier)
{
    return zm_streq(tier, "free") || zm_streq(tier, "pro") || zm_streq(tier, "enterprise");
}

static char id_sign(const struct user *u)
{
    const struct db_user *r = &u->record;

    if (!u->side[DB_BRAIN].known || !r->brain_known)
        return '?';
    return r->login ? '=' : '-';
}

static char email_sign(const struct user *u)
{
    const struct db_user *r = &u->record;

    if (!u->side[DB_BRAIN].known || !r->brain_known)
        return '?';
    if (!r->login)
        return '-';
    return strcmp(zm_text(r->login->email), zm_text(r->trader->email)) == 0 ? '=' : '~';
}

static char tier_sign(const struct user *u)
{
    const struct db_user *r = &u->record;

    if (!is_tier(r->trader->tier))
        return '!';
    if (!u->side[DB_BRAIN].known || !r->profile_known)
        return '?';
    if (!r->profile)
        return r->login ? '+' : '-';
    return zm_streq(r->profile->tier, r->trader->tier) ? '=' : '~';
}

/* Rights are judged by Brain's tier, free where there is no profile. */
static bool exceeds(const struct user *u, db_maybe right, const char *const *tiers)
{
    const char *tier = u->record.profile ? u->record.profile->tier : "free";

    if (right <= 0 || !u->side[DB_BRAIN].known || !u->record.profile_known)
        return false;
    for (; *tiers; tiers++)
        if (zm_streq(*tiers, tier))
            return false;
    return true;
}

static const char *right_text(const struct app *app, db_maybe right)
{
    return right > 0 ? "on" : right == 0 ? "OFF" : app_value(app, NULL);
}

/* "by bo 11-20" of the newest change of that right, when it led to what stands there now. */
static const char *by_text(const struct user *u, struct app *app, const char *action)
{
    size_t i, n = user_pane_rows(u, USER_CHANGES);

    for (i = 0; i < n; i++) {
        const struct db_operator_change *c = user_pane_item(u, USER_CHANGES, i, NULL);

        if (c && c->action && strstr(c->action, action))
            return zm_arena_printf(&app->frame, "%s %.10s", zm_text(c->os_user),
                                   user_day(app, c->created_at));
    }
    return NULL;
}

static void right_line(const struct user *u, struct user_lines *lines, const char *label,
                       db_maybe right, const char *const *tiers, const char *action)
{
    struct user_line line = {.label = label, .value = right_text(lines->app, right)};

    line.style = right > 0 ? TUI_GOOD : right == 0 ? TUI_STRONG : TUI_DIM;
    line.label2 = "by";
    line.value2 = by_text(u, lines->app, action);
    line.style2 = TUI_DIM;
    if (exceeds(u, right, tiers)) {
        line.sign = '~';
        line.label2 = "";
        line.value2 = "not given by the tier";
        line.style2 = TUI_WARN;
    }
    user_line(lines, &line);
}

static void email_line(const struct user *u, struct user_lines *lines)
{
    const struct db_user *r = &u->record;
    struct user_line line = {.label = "email",
                             .value = app_value(lines->app, r->trader->email),
                             .style = TUI_TEXT,
                             .sign = email_sign(u)};

    if (line.sign == '~' && r->login->email && r->trader->email &&
        strcasecmp(r->login->email, r->trader->email) == 0) {
        line.label2 = "";
        line.value2 = "case only";
        line.style2 = TUI_WARN;
    }
    user_line(lines, &line);
}

static void tier_line(const struct user *u, struct user_lines *lines)
{
    const struct db_user *r = &u->record;
    struct user_line line = {.label = "tier",
                             .value = app_value(lines->app, r->trader->tier),
                             .style = TUI_STRONG,
                             .label2 = "",
                             .style2 = TUI_WARN,
                             .sign = tier_sign(u)};

    if (line.sign == '~')
        line.value2 = zm_arena_printf(&lines->app->frame, "<- Brain says %s",
                                      app_value(lines->app, r->profile->tier));
    else if (line.sign == '!')
        line.value2 = "not a tier";
    user_line(lines, &line);
}

static void duplicate_lines(const struct db_ask *part, struct user_lines *lines)
{
    struct app *app = lines->app;
    size_t i;

    if (part->rows.n < 2)
        return;
    user_line(lines,
              &(struct user_line){
                  .label = "rows",
                  .value = zm_arena_printf(&app->frame, "%zu: a person must decide", part->rows.n),
                  .style = TUI_BAD,
                  .sign = '!'});
    for (i = 1; i < part->rows.n; i++) {
        const struct db_trader *t = DB_ROW(&part->rows, struct db_trader, i);

        user_line(lines, &(struct user_line){
                             .label = zm_arena_printf(&app->frame, "  #%zu", i + 1),
                             .value = zm_arena_printf(&app->frame, "%s  trading %s  api %s",
                                                      app_value(app, t->tier),
                                                      right_text(app, t->trading_enabled),
                                                      right_text(app, t->api_access)),
                             .style = TUI_TEXT,
                             .label2 = "created",
                             .value2 = user_day(app, t->created_at),
                             .style2 = TUI_DIM});
    }
}

static void absent_lines(const struct user *u, struct user_lines *lines)
{
    const struct db_ask *part = &u->bot.part[DB_UT_TRADERS];

    if (!part->ok)
        user_error_lines(lines, "profile", &part->err);
    else
        user_line(lines, &(struct user_line){.label = "profile",
                                             .value = "none: not in ZmartBot",
                                             .style = TUI_WARN,
                                             .sign = '+'});
}

void user_trader_draw(const struct user *u, struct user_lines *lines)
{
    struct app *app = lines->app;
    const struct db_trader *t = u->record.trader;
    const struct db_policy *policy = &app->conf->policy;

    if (!u->side[DB_BOT].known)
        return;
    if (!t) {
        absent_lines(u, lines);
        return;
    }
    user_line(lines, &(struct user_line){.label = "user_id",
                                         .value = lines->box.cols < USER_WIDE + USER_SIGN
                                                      ? user_short_id(app, u->id)
                                                      : u->id,
                                         .style = TUI_DIM,
                                         .sign = id_sign(u)});
    email_line(u, lines);
    tier_line(u, lines);
    right_line(u, lines, "trading", t->trading_enabled, policy->trading_tiers, "trading");
    right_line(u, lines, "api", t->api_access, policy->api_tiers, "api");
    user_line(lines, &(struct user_line){.label = "updated",
                                         .value = user_moment(lines, t->updated_at),
                                         .style = TUI_TEXT,
                                         .label2 = "created",
                                         .value2 = t->created_at ? user_day(app, t->created_at)
                                                                 : app_value(app, NULL),
                                         .style2 = TUI_DIM});
    duplicate_lines(&u->bot.part[DB_UT_TRADERS], lines);
}
