/*
 * How the list of users looks: one record a row, Brain's half, a sign, Bot's half, the verdict;
 * below it why the user under the cursor can or cannot trade. Draws from state only.
 */
#include "screens/users_state.h"

#include <stdlib.h>

#include "screens/wrap.h"
#include "tui/layout.h"
#include "tui/text.h"
#include "zm/str.h"

#define NARROW 60 /* below: e-mail, sign and yes/NO */
#define MEDIUM 80 /* below: Tab flips between Brain's and Bot's columns */
#define PREVIEW 140
#define PREVIEW_LEAST 44
#define LIST_COLS 108 /* with e-mails as long as most are */
#define ALL_COLS 104  /* below, country and subscription give way to the e-mail */
#define GATE_CELLS 25 /* the longest gate, and a blank */

enum column {
    COL_EMAIL,
    COL_NAME,
    COL_COUNTRY,
    COL_PHONE,
    COL_CREATED,
    COL_SIGN_IN,
    COL_TIER,
    COL_CONFIRMED,
    COL_SUBSCRIPTION,
    COL_SIGN,
    COL_BOT_TIER,
    COL_TRADING,
    COL_API,
    COL_KEYS,
    COL_CAN,
    COL_CAN_SHORT,
};

// clang-format off
const struct tui_column users_columns[] = {
    {"EMAIL",      20, 8, 100, TUI_LEFT,   COL_EMAIL},
    {"NAME",       10, 2,  55, TUI_LEFT,   COL_NAME},
    {"CC",          2, 0,  40, TUI_LEFT,   COL_COUNTRY},
    {"PHONE",      13, 0,  30, TUI_LEFT,   COL_PHONE},
    {"CREATED",    10, 0,  31, TUI_LEFT,   COL_CREATED},
    {"SIGN-IN",    11, 0,  32, TUI_LEFT,   COL_SIGN_IN},
    {"TIER",        4, 0,  90, TUI_LEFT,   COL_TIER},
    {"CONF",        4, 0,  80, TUI_LEFT,   COL_CONFIRMED},
    {"SUBSCR",      6, 0,  50, TUI_LEFT,   COL_SUBSCRIPTION},
    {"S",           1, 0,  99, TUI_LEFT,   COL_SIGN},
    {"TIER",        4, 0,  88, TUI_LEFT,   COL_BOT_TIER},
    {"TRD",         3, 0,  89, TUI_LEFT,   COL_TRADING},
    {"API",         3, 0,  60, TUI_LEFT,   COL_API},
    {"KEYS",        4, 0,  70, TUI_LEFT,   COL_KEYS},
    {"CAN TRADE?", 24, 1,  98, TUI_LEFT,   COL_CAN},
    {"CAN",         3, 0,  98, TUI_LEFT,   COL_CAN_SHORT},
};
const size_t users_n_columns = ZM_COUNT(users_columns);
// clang-format on

#define BIT(column) (1u << (column))
#define BRAIN_COLUMNS                                                                              \
    (BIT(COL_TIER) | BIT(COL_CONFIRMED) | BIT(COL_NAME) | BIT(COL_COUNTRY) |                       \
     BIT(COL_SUBSCRIPTION) | BIT(COL_PHONE) | BIT(COL_CREATED) | BIT(COL_SIGN_IN))
#define BOT_COLUMNS (BIT(COL_BOT_TIER) | BIT(COL_TRADING) | BIT(COL_API) | BIT(COL_KEYS))

unsigned users_default_hidden(void)
{
    return BIT(COL_PHONE) | BIT(COL_CREATED) | BIT(COL_SIGN_IN) | BIT(COL_CAN_SHORT);
}

static const char *tier_text(const char *tier)
{
    return tier ? app_tier(tier) : "-";
}

static void set(struct tui_cell *ret, const char *text, enum tui_style style)
{
    ret->text = text;
    ret->style = style;
}

static const char *email_text(struct app *app, const struct db_user *user)
{
    const char *email = user->login ? user->login->email : NULL;

    if (!user->login && user->brain_known)
        return zm_arena_printf(&app->frame, "(no login) %s",
                               user->trader ? zm_text(user->trader->email) : user->id);
    if (!email && user->trader && !user->brain_known)
        email = user->trader->email;
    if (email && email[0])
        return email;
    if (user->login && user->login->phone && user->login->phone[0])
        return zm_arena_printf(&app->frame, "+%s", user->login->phone);
    if (user->login && user->login->is_anonymous)
        return zm_arena_printf(&app->frame, "(anonymous) %.8s", user->id);
    return zm_arena_printf(&app->frame, "(no e-mail) %.8s", user->id);
}

static void confirmed_cell(const struct db_login *login, struct tui_cell *ret)
{
    if (login->deleted_at)
        set(ret, "del", TUI_BAD);
    else if (login->banned)
        set(ret, "ban", TUI_BAD);
    else if (login->email_confirmed_at)
        set(ret, "yes", TUI_TEXT);
    else
        set(ret, "no", TUI_WARN);
}

static void brain_cell(struct app *app, const struct db_user *user, int column,
                       struct tui_cell *ret)
{
    const struct db_login *login = user->login;
    const struct db_profile *profile = user->profile;

    if (!user->brain_known && !login && !profile) {
        set(ret, "?", TUI_WARN);
        return;
    }
    switch (column) {
    case COL_NAME:
        set(ret, profile && profile->name ? profile->name : "-", TUI_TEXT);
        break;
    case COL_COUNTRY:
        set(ret, profile && profile->country ? profile->country : "-", TUI_TEXT);
        break;
    case COL_TIER:
        if (user->brain_known && !user->profile_known)
            set(ret, "?", TUI_WARN);
        else
            set(ret, tier_text(profile ? profile->tier : NULL), TUI_TEXT);
        break;
    case COL_SUBSCRIPTION:
        set(ret, user->active ? tier_text(user->active->tier) : "-", TUI_TEXT);
        break;
    case COL_CONFIRMED:
        if (login)
            confirmed_cell(login, ret);
        break;
    case COL_PHONE:
        set(ret, login && login->phone ? login->phone : "-", TUI_TEXT);
        break;
    case COL_CREATED:
        set(ret, login ? app_time(app, login->created_at, false) : "-", TUI_TEXT);
        break;
    default:
        set(ret, login ? app_time(app, login->last_sign_in_at, true) : "-", TUI_TEXT);
        break;
    }
}

static void flag_cell(db_maybe flag, const char *yes, const char *no, struct tui_cell *ret)
{
    set(ret, flag < 0 ? "-" : flag ? yes : no, TUI_TEXT);
}

static void bot_cell(struct app *app, const struct users *u, const struct db_user *user, int column,
                     struct tui_cell *ret)
{
    const struct db_trader *trader = user->trader;

    if (!user->bot_known && !trader) {
        if (users_half_is_coming(app, u, user))
            set(ret, "..", TUI_DIM);
        else
            set(ret, "?", TUI_WARN);
        return;
    }
    if (column == COL_KEYS) {
        if (!user->keys_known)
            set(ret, "?", TUI_WARN);
        else if (!user->keys)
            set(ret, trader ? "0/0" : "-", TUI_TEXT);
        else
            set(ret,
                zm_arena_printf(&app->frame, "%lld/%lld", (long long)user->keys->active,
                                (long long)user->keys->total),
                TUI_TEXT);
        return;
    }
    if (!trader) {
        set(ret, "-", TUI_TEXT);
        return;
    }
    if (column == COL_BOT_TIER)
        set(ret, tier_text(trader->tier), TUI_TEXT);
    else if (column == COL_TRADING)
        flag_cell(trader->trading_enabled, "on", "off", ret);
    else
        flag_cell(trader->api_access, "yes", "no", ret);
}

static enum tui_style sign_style(enum db_sync sync)
{
    switch (sync) {
    case DB_SYNC_SYNCED:
        return TUI_TEXT;
    case DB_SYNC_UNKNOWN:
        return TUI_WARN;
    case DB_SYNC_DUPLICATE:
    case DB_SYNC_ORPHAN_IN_BOT:
        return TUI_BAD;
    default:
        return TUI_WARN;
    }
}

static void can_cell(struct app *app, const struct users *u, const struct db_user *user, bool brief,
                     struct tui_cell *ret)
{
    char *text = zm_arena_alloc(&app->frame, 160);
    enum db_known can = user->verdict.can_trade;
    enum tui_style style = can == DB_HOLDS ? TUI_TEXT : can == DB_FAILS ? TUI_BAD : TUI_WARN;

    if (can == DB_UNKNOWN && users_half_is_coming(app, u, user)) {
        set(ret, "..", TUI_DIM);
        return;
    }
    if (brief) {
        set(ret, can == DB_HOLDS ? "yes" : can == DB_FAILS ? "NO" : "?", style);
        return;
    }
    db_verdict_text(&user->verdict, text, 160);
    set(ret, text, style);
}

void users_cell(void *context, size_t row, int column, struct tui_cell *ret)
{
    struct app *app = context;
    const struct users *u = app->kept[0]->state;
    const struct db_user *user = users_rows_at(&u->rows, row);

    set(ret, "", TUI_TEXT);
    if (!user)
        return;
    switch (column) {
    case COL_EMAIL:
        set(ret, email_text(app, user), TUI_TEXT);
        ret->id = user->id;
        break;
    case COL_SIGN:
        set(ret, zm_arena_printf(&app->frame, "%c", db_sync_sign(user->sync)),
            sign_style(user->sync));
        if (users_half_is_coming(app, u, user))
            set(ret, ".", TUI_DIM);
        break;
    case COL_CAN:
    case COL_CAN_SHORT:
        can_cell(app, u, user, column == COL_CAN_SHORT, ret);
        break;
    case COL_BOT_TIER:
    case COL_TRADING:
    case COL_API:
    case COL_KEYS:
        bot_cell(app, u, user, column, ret);
        if (!user->bot_known)
            ret->style = TUI_DIM; /* old: what it said last */
        break;
    default:
        brain_cell(app, user, column, ret);
        if (!user->brain_known)
            ret->style = TUI_DIM;
        break;
    }
}

/* ---- why ---- */

static const char *gate_tag(const struct db_gate_result *g)
{
    if (g->ok == DB_HOLDS)
        return "[ok]";
    if (g->ok == DB_UNKNOWN)
        return "[??]";
    return g->level == DB_LEVEL_HARD ? "[NO]" : "[--]";
}

static unsigned gate_style(const struct db_gate_result *g)
{
    if (g->ok == DB_HOLDS)
        return TUI_DIM;
    return g->ok == DB_FAILS && g->level == DB_LEVEL_HARD ? TUI_BAD : TUI_WARN;
}

static int gate_columns(struct tui_box box)
{
    return box.cols < GATE_CELLS ? 1 : box.cols / GATE_CELLS;
}

static int gate_rows(const struct db_user *user, int columns)
{
    return ((int)user->verdict.n + columns - 1) / columns;
}

/* Every gate has its place: from one user to the next only what differs is drawn. */
int users_draw_gates(struct app *app, struct tui_box box, const struct db_user *user)
{
    int columns = gate_columns(box), rows = gate_rows(user, columns);
    size_t i, n = user->verdict.n;

    for (i = 0; i < n; i++) {
        const struct db_gate_result *g = &user->verdict.gate[i];
        int row = (int)i / columns, col = (int)i % columns * (box.cols / columns);

        if (row < box.rows)
            tui_draw_field(
                app->tui, box, row, col, box.cols / columns - 1, TUI_LEFT, gate_style(g),
                zm_arena_printf(&app->frame, "%s %s", gate_tag(g), db_gate_title(g->gate)));
    }
    return rows < box.rows ? rows : box.rows;
}

/* "1) tier equal: Brain pro / Bot free  2) trading enabled: off": the hard gates that fail. */
const char *users_reasons(struct app *app, const struct db_user *user)
{
    struct zm_buf text = {0};
    const char *ret;
    size_t i, n = 0;

    for (i = 0; i < user->verdict.n; i++) {
        const struct db_gate_result *g = &user->verdict.gate[i];

        if (g->level != DB_LEVEL_HARD || g->ok != DB_FAILS)
            continue;
        zm_buf_printf(&text, "%s%zu) %s%s%s", n ? "  " : "", n + 1, db_gate_title(g->gate),
                      g->detail[0] ? ": " : "", g->detail);
        n++;
    }
    ret = zm_arena_strdup(&app->frame, text.s ? text.s : "");
    zm_buf_done(&text);
    return ret;
}

/* Why it is not known whether he may trade. */
static const char *unknown_text(struct app *app, const struct users *u, const struct db_user *user)
{
    return user->bot_known || u->bot_err.kind == ZM_ERR_NONE
               ? "may trade or not: a database is away"
               : zm_arena_printf(&app->frame, "may trade or not: %s: %s", u->bot_err.where,
                                 u->bot_err.message);
}

/* Its head is text and no rule: a rule would be drawn again behind every name. */
static void draw_why(struct app *app, const struct users *u, struct tui_box box)
{
    const struct db_user *user = users_rows_at(&u->rows, u->table.cursor);
    enum db_known can = user ? user->verdict.can_trade : DB_UNKNOWN;
    struct tui_box head = tui_cut_top(&box, 1);
    int col;

    if (!user)
        return;
    col =
        tui_draw(app->tui, head, 0, 0, TUI_DIM, tui_is_ascii(app->tui) ? "--" : "\u2500\u2500") + 1;
    col += tui_draw(app->tui, head, 0, col, TUI_STRONG, email_text(app, user)) + 1;
    if (!user->trader && users_half_is_coming(app, u, user)) {
        tui_draw(app->tui, head, 0, col, TUI_DIM, "reading ZmartBot ...");
        return;
    }
    if (can == DB_HOLDS)
        tui_draw(app->tui, head, 0, col, TUI_GOOD, "can trade");
    else if (can == DB_UNKNOWN)
        tui_draw(app->tui, head, 0, col, TUI_WARN, unknown_text(app, u, user));
    else
        tui_drawf(app->tui, head, 0, col, TUI_BAD, "CANNOT TRADE  %s", users_reasons(app, user));
    box = tui_inset(box, 0, 1);
    if (can == DB_FAILS && gate_rows(user, gate_columns(box)) > box.rows)
        wrap_draw(app, box, TUI_BAD, users_reasons(app, user));
    else
        users_draw_gates(app, box, user);
}

/* ---- the list ---- */

static unsigned hidden_for(const struct users *u, int cols)
{
    unsigned hidden = u->table.hidden & ~(BIT(COL_CAN) | BIT(COL_CAN_SHORT));

    if (cols < NARROW)
        return hidden | BRAIN_COLUMNS | BOT_COLUMNS | BIT(COL_CAN);
    hidden |= BIT(COL_CAN_SHORT);
    if (cols < MEDIUM)
        hidden |= u->flip ? BRAIN_COLUMNS : BOT_COLUMNS;
    if (cols < 90)
        hidden |= BIT(COL_NAME) | BIT(COL_COUNTRY) | BIT(COL_SUBSCRIPTION) | BIT(COL_API);
    if (cols < ALL_COLS)
        hidden |= BIT(COL_COUNTRY) | BIT(COL_SUBSCRIPTION);
    return hidden;
}

static const char *empty_text(struct app *app, const struct users *u)
{
    if (u->err.kind != ZM_ERR_NONE) {
        char line[700];

        return zm_arena_strdup(&app->frame, zm_error_line(&u->err, line, sizeof(line)));
    }
    if (u->search.err.kind != ZM_ERR_NONE)
        return zm_arena_printf(&app->frame, "%s%s%s", u->search.err.message,
                               u->search.err.hint[0] ? "; " : "", u->search.err.hint);
    if (u->search.on && (u->search.walking || u->search.finding))
        return "searching all users ...";
    if (u->search.on)
        return "no user matches; Esc clears the filter";
    if (!u->loaded)
        return app_is_up(app, DB_BRAIN) ? "loading ..." : "connecting ...";
    return "no users yet";
}

static void draw_halves(struct app *app, const struct users *u, struct tui_box box)
{
    int at = tui_table_column_at(&u->table, box, COL_SIGN);

    tui_draw_rule(app->tui, box, 0, NULL, TUI_DIM);
    if (at < 24 || box.cols - at < 12)
        return;
    tui_draw(app->tui, box, 0, 2, TUI_DIM,
             u->source == USERS_FROM_BOT ? " ZmartyBrain (away) " : " ZmartyBrain ");
    tui_draw(app->tui, box, 0, at + 2, TUI_DIM,
             app_is_up(app, DB_BOT) ? " ZmartBot " : " ZmartBot (away) ");
}

static void draw_list(struct app *app, struct users *u, struct tui_box box)
{
    unsigned hidden = u->table.hidden;
    struct tui_box head;

    u->table.hidden = hidden_for(u, box.cols);
    u->table.rows = u->rows.n;
    u->table.empty = empty_text(app, u);
    u->table.sorted = u->sort == DB_SORT_EMAIL     ? COL_EMAIL
                      : u->sort == DB_SORT_CREATED ? COL_CREATED
                      : u->sort == DB_SORT_SIGN_IN ? COL_SIGN_IN
                                                   : -1;
    u->table.descending = u->descending;
    if (box.rows > 14) {
        head = tui_cut_top(&box, 1);
        draw_halves(app, u, head);
    }
    u->page = tui_table_draw(app->tui, box, &u->table, true);
    u->table.hidden = hidden;
}

/* The list has what it needs first. */
static int preview_cols(int cols)
{
    int most = cols * 2 / 5, left = cols - LIST_COLS;

    return left < PREVIEW_LEAST ? PREVIEW_LEAST : left < most ? left : most;
}

void users_draw(struct app *app, struct users *u, struct tui_box body)
{
    struct tui_box side = {0}, why;
    int why_rows = body.rows >= 19 ? 5 : body.rows >= 14 ? 4 : body.rows >= 10 ? 2 : 0;

    if (body.cols >= PREVIEW) {
        side = tui_cut_right(&body, preview_cols(body.cols));
        tui_draw_vline(app->tui, side, 0);
        (void)tui_cut_left(&side, 2);
        users_preview_draw(app, u, side);
    } else if (why_rows > 0) {
        why = tui_cut_bottom(&body, why_rows);
        draw_why(app, u, why);
    }
    draw_list(app, u, body);
}
