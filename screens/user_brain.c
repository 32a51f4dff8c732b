/*
 * Brain's half of a user: login and profile as lines, subscriptions, activity and operator changes
 * as rows.
 */
#include "screens/user_state.h"

#include "tui/text.h"
#include "zm/str.h"

#define DATED 33      /* cells of "email" and "confirmed" with its date */
#define SHORT_TIER 44 /* cells below which "enterprise" is known by its first three letters */

// clang-format off
const struct tui_column user_subscription_columns[] = {
    {"TIER",    4, 1, 90, TUI_LEFT, 0},
    {"STATUS",  6, 1, 80, TUI_LEFT, 1},
    {"FROM",   10, 0, 70, TUI_LEFT, 2},
    {"TO",     10, 0, 60, TUI_LEFT, 3},
    {NULL,      0, 0,  0, TUI_LEFT, 0},
};

enum { ACTIVITY_ACTION = 2, ACTIVITY_DETAIL };
const struct tui_column user_activity_columns[] = {
    {"TIME",   11, 0, 90, TUI_LEFT, USER_COL_BRIEF},
    {"TIME",   19, 0, 90, TUI_LEFT, USER_COL_FULL},
    {"ACTION",  8, 1, 80, TUI_LEFT, ACTIVITY_ACTION},
    {"DETAIL",  6, 2, 70, TUI_LEFT, ACTIVITY_DETAIL},
    {NULL,      0, 0,  0, TUI_LEFT, 0},
};

enum { CHANGE_WHO = 2, CHANGE_WHAT, CHANGE_VALUES, CHANGE_REASON };
const struct tui_column user_change_columns[] = {
    {"TIME",   11, 0, 70, TUI_LEFT, USER_COL_BRIEF},
    {"TIME",   19, 0, 70, TUI_LEFT, USER_COL_FULL},
    {"WHO",     4, 1, 60, TUI_LEFT, CHANGE_WHO},
    {"WHAT",    7, 1, 90, TUI_LEFT, CHANGE_WHAT},
    {"CHANGE", 11, 1, 80, TUI_LEFT, CHANGE_VALUES},
    {"REASON",  8, 3, 50, TUI_LEFT, CHANGE_REASON},
    {NULL,      0, 0,  0, TUI_LEFT, 0},
};
// clang-format on

static void set(struct tui_cell *ret, const char *text, enum tui_style style)
{
    ret->text = text;
    ret->style = style;
}

void user_subscription_cell(void *context, size_t row, int column, struct tui_cell *ret)
{
    struct user *u = context;
    const struct db_subscription *s = user_pane_item(u, USER_SUBSCRIPTIONS, row, NULL);
    bool active = s && zm_streq(s->status, "active");

    set(ret, "", TUI_DIM);
    if (!s)
        return;
    switch (column) {
    case 0:
        if (u->cols[USER_SUBSCRIPTIONS] < SHORT_TIER && zm_streq(s->tier, "enterprise"))
            set(ret, "ent", TUI_TEXT);
        else
            set(ret, app_value(u->app, s->tier), TUI_TEXT);
        if (active)
            ret->style = TUI_STRONG;
        break;
    case 1:
        set(ret, app_value(u->app, s->status), active ? TUI_GOOD : TUI_DIM);
        break;
    case 2:
        set(ret, s->started_at ? user_day(u->app, s->started_at) : app_value(u->app, NULL),
            TUI_TEXT);
        break;
    default:
        set(ret, s->ended_at ? user_day(u->app, s->ended_at) : "", TUI_TEXT);
        break;
    }
}

static void time_cell(struct app *app, const char *utc, int column, struct tui_cell *ret)
{
    if (!utc)
        set(ret, app_value(app, NULL), TUI_DIM);
    else
        set(ret, column == USER_COL_FULL ? app_time(app, utc, false) : user_when(app, utc),
            TUI_TEXT);
}

void user_activity_cell(void *context, size_t row, int column, struct tui_cell *ret)
{
    struct user *u = context;
    const struct db_activity *a = user_pane_item(u, USER_ACTIVITY, row, NULL);

    set(ret, column == ACTIVITY_DETAIL ? "" : "..", TUI_DIM);
    if (!a)
        return;
    if (column == ACTIVITY_ACTION)
        set(ret, app_value(u->app, a->action), TUI_TEXT);
    else if (column == ACTIVITY_DETAIL)
        set(ret, user_flat_json(u->app, a->metadata), TUI_DIM);
    else
        time_cell(u->app, a->created_at, column, ret);
}

const char *user_what_text(struct app *app, const char *action)
{
    static const char *const endings[] = {"_change", "_toggle", "_edit"};
    const char *dot = action ? strchr(action, '.') : NULL;
    char *text, *c;
    size_t i;

    if (!action)
        return app_value(app, NULL);
    text = zm_arena_strdup(&app->frame, dot ? dot + 1 : action);
    for (i = 0; i < ZM_COUNT(endings); i++) {
        size_t n = strlen(text), end = strlen(endings[i]);

        if (n > end && strcmp(text + n - end, endings[i]) == 0)
            text[n - end] = '\0';
    }
    for (c = text; *c; c++)
        if (*c == '_')
            *c = ' ';
    return text;
}

const char *user_change_text(const struct app *app, const char *value)
{
    if (zm_streq(value, "true"))
        return "on";
    return zm_streq(value, "false") ? "OFF" : app_value(app, value);
}

void user_change_cell(void *context, size_t row, int column, struct tui_cell *ret)
{
    struct user *u = context;
    const struct db_operator_change *c = user_pane_item(u, USER_CHANGES, row, NULL);

    set(ret, "", TUI_DIM);
    if (!c)
        return;
    switch (column) {
    case CHANGE_WHO:
        set(ret, app_value(u->app, c->os_user ? c->os_user : c->db_role), TUI_TEXT);
        break;
    case CHANGE_WHAT:
        set(ret, user_what_text(u->app, c->action), TUI_TEXT);
        break;
    case CHANGE_VALUES:
        if (c->before || c->after)
            set(ret,
                zm_arena_printf(&u->app->frame, "%s -> %s", user_change_text(u->app, c->before),
                                user_change_text(u->app, c->after)),
                TUI_STRONG);
        break;
    case CHANGE_REASON:
        set(ret, zm_text(c->reason), TUI_DIM);
        break;
    default:
        time_cell(u->app, c->created_at, column, ret);
        break;
    }
}

/* ---- login and profile ---- */

static const char *id_text(struct user_lines *lines, const char *id)
{
    return lines->box.cols < USER_WIDE ? user_short_id(lines->app, id) : id;
}

static void email_line(const struct db_login *login, struct user_lines *lines)
{
    struct app *app = lines->app;
    struct user_line line = {.label = "email",
                             .value = app_value(app, login->email),
                             .style = login->email ? TUI_STRONG : TUI_DIM,
                             .label2 = "",
                             .value2 = "UNCONFIRMED",
                             .style2 = TUI_WARN};
    int room = lines->box.cols - DATED - tui_text_cells(line.value, tui_is_ascii(app->tui));

    if (login->email_confirmed_at) {
        line.label2 = "confirmed";
        line.value2 = room < 0 ? "" : user_day(app, login->email_confirmed_at);
        line.style2 = TUI_TEXT;
    }
    user_line(lines, &line);
}

static const char *maybe_text(const struct app *app, db_maybe value)
{
    return value > 0 ? "yes" : value == 0 ? "no" : app_value(app, NULL);
}

static void profile_lines(const struct db_profile *p, struct user_lines *lines)
{
    struct app *app = lines->app;

    user_line(lines, &(struct user_line){.label = "name",
                                         .value = app_value(app, p->name),
                                         .style = p->name ? TUI_TEXT : TUI_DIM,
                                         .label2 = "country",
                                         .value2 = app_value(app, p->country),
                                         .style2 = p->country ? TUI_TEXT : TUI_DIM});
    user_line(lines, &(struct user_line){.label = "tier",
                                         .value = app_value(app, p->tier),
                                         .style = p->tier ? TUI_STRONG : TUI_WARN,
                                         .label2 = "complete",
                                         .value2 = maybe_text(app, p->profile_completed),
                                         .style2 = p->profile_completed > 0 ? TUI_TEXT : TUI_WARN});
}

static void login_lines(const struct db_login *login, struct user_lines *lines)
{
    struct app *app = lines->app;

    user_line(lines, &(struct user_line){.label = "sign-in",
                                         .value = login->last_sign_in_at
                                                      ? user_moment(lines, login->last_sign_in_at)
                                                      : "never",
                                         .style = login->last_sign_in_at ? TUI_TEXT : TUI_DIM,
                                         .label2 = "banned",
                                         .value2 = login->banned ? NULL : "no",
                                         .style2 = TUI_DIM});
    if (login->banned)
        user_line(lines, &(struct user_line){
                             .label = "BANNED",
                             .value = zm_arena_printf(&app->frame, "until %s",
                                                      app_time(app, login->banned_until, false)),
                             .style = TUI_BAD});
    if (login->deleted_at)
        user_line(lines, &(struct user_line){.label = "deleted",
                                             .value = app_time(app, login->deleted_at, false),
                                             .style = TUI_BAD});
    user_line(lines,
              &(struct user_line){.label = "created",
                                  .value = login->created_at ? user_day(app, login->created_at)
                                                             : app_value(app, NULL),
                                  .style = TUI_TEXT,
                                  .label2 = "",
                                  .value2 = login->is_anonymous  ? "anonymous"
                                            : login->is_sso_user ? "SSO"
                                                                 : "",
                                  .style2 = TUI_INFO});
    if (login->phone && login->phone[0])
        user_line(lines,
                  &(struct user_line){.label = "phone",
                                      .value = zm_arena_printf(&app->frame, "+%s", login->phone),
                                      .style = TUI_TEXT});
}

/* More than one profile: the oldest counts, the others are named. */
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
        const struct db_profile *p = DB_ROW(&part->rows, struct db_profile, i);

        user_line(lines, &(struct user_line){.label = zm_arena_printf(&app->frame, "  #%zu", i + 1),
                                             .value = zm_arena_printf(&app->frame, "%s  %s",
                                                                      app_value(app, p->tier),
                                                                      app_value(app, p->name)),
                                             .style = TUI_TEXT,
                                             .label2 = "created",
                                             .value2 = user_day(app, p->created_at),
                                             .style2 = TUI_DIM});
    }
}

static void no_profile_line(const struct db_ask *part, struct user_lines *lines)
{
    if (!part->ok) {
        user_error_lines(lines, "profile", &part->err);
        return;
    }
    user_line(lines, &(struct user_line){.label = "profile",
                                         .value = "none in user_profiles",
                                         .style = TUI_WARN,
                                         .sign = '+'});
}

void user_profile_draw(const struct user *u, struct user_lines *lines)
{
    const struct db_ask *profiles = &u->brain.part[DB_UB_PROFILES];
    const struct db_ask *logins = &u->brain.part[DB_UB_LOGIN];
    const struct db_user *r = &u->record;

    user_line(lines, &(struct user_line){.label = "id", .value = id_text(lines, u->id)});
    if (!u->side[DB_BRAIN].known) {
        user_line(lines, &(struct user_line){.label = "email", .value = u->email});
        return;
    }
    if (r->login)
        email_line(r->login, lines);
    else if (!logins->ok)
        user_error_lines(lines, "login", &logins->err);
    else
        user_line(lines, &(struct user_line){.label = "login",
                                             .value = "none: orphan in ZmartBot",
                                             .style = TUI_BAD,
                                             .sign = '-'});
    if (r->profile)
        profile_lines(r->profile, lines);
    else if (r->login || !profiles->ok)
        no_profile_line(profiles, lines);
    if (r->login)
        login_lines(r->login, lines);
    duplicate_lines(profiles, lines);
}
