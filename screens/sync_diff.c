/*
 * Both halves of the user under the cursor, field by field, and what the class means. Draws from
 * state only.
 */
#include "screens/json_drift.h"
#include "screens/sync_state.h"
#include "screens/text.h"
#include "screens/wrap.h"
#include "tui/layout.h"
#include "tui/text.h"
#include "zm/str.h"

#define LABEL 13
#define SIGN 2

/* Rows go by; those from `top` on that fit are drawn. */
struct diff {
    struct sync *s;
    struct tui_box box;
    int at;
};

static int half_cells(const struct diff *d)
{
    int cells = (d->box.cols - LABEL - SIGN - 1) / 2;

    return cells < 1 ? 1 : cells;
}

static bool is_in_sight(const struct diff *d)
{
    int row = d->at - d->s->diff_top;

    return row >= 0 && row < d->box.rows;
}

/* sign ' ': the two are not to be equal. */
static void field(struct diff *d, const char *label, const char *brain, char sign, const char *bot)
{
    struct tui *tui = d->s->app->tui;
    int row = d->at - d->s->diff_top, cells = half_cells(d);
    unsigned style = sign == '~' ? TUI_STRONG : TUI_TEXT;
    char text[2] = {sign, '\0'};

    if (is_in_sight(d)) {
        tui_draw_field(tui, d->box, row, 0, LABEL - 1, TUI_LEFT, TUI_DIM, label);
        tui_draw_field(tui, d->box, row, LABEL, cells, TUI_LEFT, style, brain);
        tui_draw_field(tui, d->box, row, LABEL + cells + 1, 1, TUI_LEFT,
                       sign == '=' ? TUI_DIM : sync_sign_style(sign), text);
        tui_draw_field(tui, d->box, row, LABEL + cells + 1 + SIGN, cells, TUI_LEFT, style, bot);
    }
    d->at++;
}

/* Bytes of a value that fit so many cells. It is not wrapped at a blank, which would not be seen
 * then. */
static size_t fitting(const char *text, int cells, bool ascii)
{
    size_t n = strlen(text), at = 0;
    struct tui_glyph glyph;

    while (at < n && tui_glyph_next(text + at, n - at, ascii, &glyph) &&
           (at == 0 || glyph.cells <= cells)) {
        cells -= glyph.cells;
        at += glyph.bytes;
    }
    return at;
}

/* In as many rows as it takes. */
static void whole(struct diff *d, const char *label, char sign, const char *text)
{
    struct tui *tui = d->s->app->tui;
    char shown[2] = {sign, '\0'};

    if (is_in_sight(d)) {
        tui_draw(tui, d->box, d->at - d->s->diff_top, 0, TUI_DIM, label);
        tui_draw(tui, d->box, d->at - d->s->diff_top, LABEL - SIGN,
                 sign == '=' ? TUI_DIM : sync_sign_style(sign), shown);
    }
    do {
        size_t len = fitting(text, d->box.cols - LABEL, tui_is_ascii(tui));

        if (is_in_sight(d))
            tui_draw_span(tui, d->box, d->at - d->s->diff_top, LABEL,
                          sign == '~' ? TUI_STRONG : TUI_TEXT, text, len, 0);
        d->at++;
        text += len;
    } while (*text);
}

/* Beside each other, or where they are too long for that, below each other and whole. */
static void long_field(struct diff *d, const char *label, const char *brain, char sign,
                       const char *bot)
{
    bool ascii = tui_is_ascii(d->s->app->tui);
    int cells = half_cells(d);

    if (d->box.cols <= LABEL ||
        (tui_text_cells(brain, ascii) <= cells && tui_text_cells(bot, ascii) <= cells)) {
        field(d, label, brain, sign, bot);
        return;
    }
    whole(d, label, sign == '=' ? '=' : ' ', app_line(d->s->app, brain));
    if (sign != '=')
        whole(d, "  in Bot", sign, app_line(d->s->app, bot));
}

static void head(struct diff *d)
{
    int row = d->at - d->s->diff_top, cells = half_cells(d);

    if (is_in_sight(d)) {
        tui_draw_field(d->s->app->tui, d->box, row, LABEL, cells, TUI_LEFT, TUI_HEAD, "BRAIN");
        tui_draw_field(d->s->app->tui, d->box, row, LABEL + cells + 1 + SIGN, cells, TUI_LEFT,
                       TUI_HEAD, "BOT");
    }
    d->at++;
}

static void sentence(struct diff *d, unsigned style, const char *text)
{
    while (*text) {
        const char *next;
        size_t len = wrap_line(text, d->box.cols, tui_is_ascii(d->s->app->tui), &next);

        if (is_in_sight(d))
            tui_draw_span(d->s->app->tui, d->box, d->at - d->s->diff_top, 0, style, text, len, 0);
        d->at++;
        text = next;
    }
}

/* Where there is no room for the hour, the day. */
static const char *when(struct diff *d, const char *text)
{
    char iso[40];
    const char *at;

    if (!text)
        return "-";
    at = app_time(d->s->app, json_drift_time(text, iso, sizeof(iso)), true);
    return half_cells(d) >= (int)strlen(at) ? at : zm_arena_strndup(&d->s->app->frame, at, 5);
}

static char sign_of(bool known, const char *a, const char *b)
{
    return !known ? '?' : zm_streq(a, b) ? '=' : '~';
}

static char tiers_sign(const struct db_both *both)
{
    return sign_of(!(both->lacks & (DB_LACKS_TIER | DB_LACKS_BOT_TIER)), both->tier,
                   both->bot_tier);
}

static char emails_sign(const struct db_both *both)
{
    return sign_of(!(both->lacks & DB_LACKS_BOT_EMAIL), zm_text(both->email),
                   zm_text(both->bot_email));
}

static const char *right(db_maybe value)
{
    return value < 0 ? "?" : value ? "on" : "off";
}

static const char *rows_text(struct diff *d, int64_t n)
{
    return n == 0 ? "none"
                  : zm_arena_printf(&d->s->app->frame, "%s row%s", app_count(d->s->app, n, false),
                                    n == 1 ? "" : "s");
}

static void fields(struct diff *d, const struct db_both *both, bool rights_exceed)
{
    struct app *app = d->s->app;
    bool brain = both->profiles > 0, bot = both->traders > 0;
    const char *none = "-", *tier = brain ? sync_tier(app, both, DB_BRAIN) : none;

    head(d);
    field(d, "login", !both->login ? "none" : both->deleted ? "deleted" : "yes", ' ', "");
    field(d, "profile", rows_text(d, both->profiles),
          both->profiles == 1 && both->traders == 1 ? '=' : '~', rows_text(d, both->traders));
    field(d, "tier", tier, brain && bot ? tiers_sign(both) : ' ',
          bot ? sync_tier(app, both, DB_BOT) : none);
    long_field(d, "e-mail", both->login ? sync_email(app, both, DB_BRAIN) : none,
               both->login && bot ? emails_sign(both) : ' ',
               bot ? sync_email(app, both, DB_BOT) : none);
    field(d, "trading", "", rights_exceed && both->trading_enabled == 1 ? '~' : ' ',
          bot ? right(both->trading_enabled) : none);
    field(d, "api", "", rights_exceed && both->api_access == 1 ? '~' : ' ',
          bot ? right(both->api_access) : none);
    field(d, "subscription",
          !both->subscriptions_known ? "not known"
          : both->subscriptions      ? sync_text(app, both->subscription_tier)
                                     : "none active",
          ' ', "");
    field(d, "written", when(d, both->profile_updated_at), ' ', when(d, both->bot_updated_at));
}

static void newer_sentences(struct diff *d, bool in)
{
    sentence(d, TUI_BAD, "! Bot is NEWER and has MORE rights than Brain.");
    sentence(d, TUI_TEXT, zm_arena_printf(&d->s->app->frame, "%s.", app_newer_text(d->s->app)));
    sentence(d, TUI_TEXT,
             in ? "You included this row."
                : "It is left out of the plan unless you include this row with i.");
}

static void all(struct diff *d, const struct sync_user *user, enum db_class class)
{
    const struct db_class_row *row = db_class_row(class);
    unsigned rights = DB_CLASS_BIT(DB_CLASS_FLAGS_EXCEED_TIER) |
                      DB_CLASS_BIT(DB_CLASS_ORPHAN_IN_BOT) |
                      DB_CLASS_BIT(DB_CLASS_DELETED_IN_BRAIN),
             c;
    bool in = sync_is_in(&d->s->choices, user, class);

    fields(d, &user->both, user->classes & rights);
    d->at++;
    if (user->bot_newer && class == DB_CLASS_TIER_DIFFERS)
        newer_sentences(d, in);
    else if (row->mend == DB_MEND_HUMAN)
        sentence(d, TUI_BAD, zm_arena_printf(&d->s->app->frame, "! %s.", row->repair));
    if (row->mend != DB_MEND_HUMAN && row->mend != DB_MEND_INFO)
        sentence(d, in ? TUI_GOOD : TUI_DIM,
                 zm_arena_printf(&d->s->app->frame, "%s: %s.",
                                 in ? "In the plan" : "Not in the plan (i includes it)",
                                 row->repair));
    sentence(d, TUI_DIM, zm_arena_printf(&d->s->app->frame, "While it stays: %s.", row->risk));
    if (class == DB_CLASS_EMAIL_DIFFERS && user->case_only)
        sentence(d, TUI_DIM, "Equal but for upper and lower case.");
    for (c = 0; c < DB_CLASSES; c++)
        if (c != (unsigned)class && user->classes & DB_CLASS_BIT(c))
            sentence(d, TUI_DIM,
                     zm_arena_printf(&d->s->app->frame, "Also: %s.",
                                     db_class_row((enum db_class)c)->title));
}

void sync_draw_diff(struct sync *s, struct tui_box box)
{
    const struct sync_user *user = sync_user_at(s);
    struct diff d = {s, box, 0}, nothing = {s, box, 0};

    if (!user)
        return;
    nothing.box.rows = 0;
    all(&nothing, user, s->listed); /* how long it is */
    s->diff_rows = nothing.at;
    s->diff_page = box.rows;
    if (s->diff_top > s->diff_rows - box.rows)
        s->diff_top = s->diff_rows > box.rows ? s->diff_rows - box.rows : 0;
    all(&d, user, s->listed);
}

/* ---- as a text ---- */

static void add(struct zm_buf *b, const char *label, const char *brain, char sign, const char *bot)
{
    zm_buf_printf(b, "  %-14s %-36s %c %s\n", label, brain ? brain : "NULL", sign,
                  bot ? bot : "NULL");
}

static void add_halves(struct zm_arena *arena, struct zm_buf *b, const struct db_both *both)
{
    zm_buf_printf(b, "  %-14s %-36s   %s\n", "", "ZmartyBrain", "ZmartBot");
    zm_buf_printf(b, "  %-14s %-36s   -\n", "login",
                  !both->login    ? "none"
                  : both->deleted ? zm_text(both->deleted_at)
                                  : "yes");
    zm_buf_printf(b, "  %-14s %-36lld   %lld\n", "rows", (long long)both->profiles,
                  (long long)both->traders);
    add(b, "email", zm_quoted(arena, both->email), emails_sign(both),
        both->lacks & DB_LACKS_BOT_EMAIL ? "?" : zm_quoted(arena, both->bot_email));
    add(b, "tier", both->lacks & DB_LACKS_TIER ? "?" : zm_quoted(arena, both->tier),
        tiers_sign(both), both->lacks & DB_LACKS_BOT_TIER ? "?" : zm_quoted(arena, both->bot_tier));
    zm_buf_printf(b, "  %-14s %-36s   %s\n", "trading", "-", right(both->trading_enabled));
    zm_buf_printf(b, "  %-14s %-36s   %s\n", "api", "-", right(both->api_access));
    zm_buf_printf(b, "  %-14s %-36s   -\n", "subscription",
                  !both->subscriptions_known ? "not known"
                  : both->subscriptions      ? zm_text(zm_quoted(arena, both->subscription_tier))
                                             : "none active");
    zm_buf_printf(b, "  %-14s %-36.19s   %.19s\n", "updated_at", zm_text(both->profile_updated_at),
                  zm_text(both->bot_updated_at));
}

void sync_show_text(struct app *app, struct sync *s)
{
    const struct sync_user *user = sync_user_at(s);
    struct zm_buf b = {.s = NULL};
    unsigned c;

    if (!user)
        return;
    zm_buf_printf(&b, "%s   %s\n\n", sync_name(&user->both), user->both.id);
    add_halves(&app->frame, &b, &user->both);
    for (c = 0; c < DB_CLASSES; c++) {
        const struct db_class_row *row = db_class_row((enum db_class)c);

        if (user->classes & DB_CLASS_BIT(c))
            zm_buf_printf(&b, "\n%c %s (%s)\n    while it stays: %s\n    repair: %s\n",
                          sync_sign(user, (enum db_class)c), row->title,
                          sync_is_in(&s->choices, user, (enum db_class)c) ? "in the plan"
                                                                          : "not in the plan",
                          row->risk, row->repair);
    }
    text_show(app, sync_name(&user->both), b.s, 4);
    zm_buf_done(&b);
}
