/*
 * Both halves of the user under the cursor, value by value, and what the class means. Draws from
 * state only.
 */
#include "screens/sync_state.h"
#include "screens/wrap.h"
#include "tui/layout.h"
#include "tui/text.h"
#include "zm/str.h"

/* Rows go by; those from `top` on that fit are drawn. */
struct diff {
    struct sync *s;
    struct tui_box box;
    int at;
};

static bool is_in_sight(const struct diff *d)
{
    int row = d->at - d->s->diff_top;

    return row >= 0 && row < d->box.rows;
}

static unsigned sign_style(char sign)
{
    return sign == '=' ? TUI_DIM : sync_sign_style(sign);
}

static void beside(struct diff *d, const struct sync_pair *pair)
{
    struct tui *tui = d->s->app->tui;
    int row = d->at - d->s->diff_top, cells = sync_half_cells(d->box.cols);
    unsigned style = pair->sign == '~' ? TUI_STRONG : TUI_TEXT;
    char sign[2] = {pair->sign, '\0'};

    if (is_in_sight(d)) {
        tui_draw_field(tui, d->box, row, 0, SYNC_LABEL - 1, TUI_LEFT, TUI_DIM, pair->label);
        tui_draw_field(tui, d->box, row, SYNC_LABEL, cells, TUI_LEFT, style, pair->brain);
        tui_draw_field(tui, d->box, row, SYNC_LABEL + cells + 1, 1, TUI_LEFT,
                       sign_style(pair->sign), sign);
        tui_draw_field(tui, d->box, row, SYNC_LABEL + cells + 1 + SYNC_SIGN, cells, TUI_LEFT, style,
                       zm_text(pair->bot));
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
        tui_draw(tui, d->box, d->at - d->s->diff_top, SYNC_LABEL - SYNC_SIGN, sign_style(sign),
                 shown);
    }
    do {
        size_t len = fitting(text, d->box.cols - SYNC_LABEL, tui_is_ascii(tui));

        if (is_in_sight(d))
            tui_draw_span(tui, d->box, d->at - d->s->diff_top, SYNC_LABEL,
                          sign == '~' ? TUI_STRONG : TUI_TEXT, text, len, 0);
        d->at++;
        text += len;
    } while (*text);
}

/* Beside each other, or where they are too long for that, below each other and whole. */
static void draw_pair(struct diff *d, const struct sync_pair *pair)
{
    int cells = sync_half_cells(d->box.cols);

    if (d->box.cols <= SYNC_LABEL || sync_pair_fits(d->s->app, pair, cells, cells)) {
        beside(d, pair);
        return;
    }
    whole(d, pair->label, pair->sign == '=' ? '=' : ' ', pair->brain);
    if (pair->bot && pair->sign != '=')
        whole(d, SYNC_IN_BOT, pair->sign, pair->bot);
}

static void head(struct diff *d)
{
    int row = d->at - d->s->diff_top, cells = sync_half_cells(d->box.cols);

    if (is_in_sight(d)) {
        tui_draw_field(d->s->app->tui, d->box, row, SYNC_LABEL, cells, TUI_LEFT, TUI_HEAD, "BRAIN");
        tui_draw_field(d->s->app->tui, d->box, row, SYNC_LABEL + cells + 1 + SYNC_SIGN, cells,
                       TUI_LEFT, TUI_HEAD, "BOT");
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

static void values(struct diff *d, const struct sync_user *user)
{
    struct app *app = d->s->app;
    struct sync_pair pairs[SYNC_PAIRS];
    const char *oldest = sync_oldest_text(app, &user->both);
    size_t i;

    head(d);
    sync_pairs(app, user, sync_half_cells(d->box.cols), pairs);
    for (i = 0; i < SYNC_PAIRS; i++)
        draw_pair(d, &pairs[i]);
    d->at++;
    if (oldest)
        sentence(d, TUI_WARN, oldest);
}

static void newer_sentences(struct diff *d, bool in)
{
    sentence(d, TUI_BAD, "! " SYNC_NEWER);
    sentence(d, TUI_TEXT, zm_arena_printf(&d->s->app->frame, "%s.", app_newer_text(d->s->app)));
    sentence(d, TUI_TEXT,
             in ? "You included this row."
                : "It is left out of the plan unless you include this row with i.");
}

static void all(struct diff *d, const struct sync_user *user, enum db_class class)
{
    const struct db_class_row *row = db_class_row(class);
    unsigned c;
    bool in = sync_is_in(&d->s->choices, user, class);

    values(d, user);
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
