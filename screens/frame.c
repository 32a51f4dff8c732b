/*
 * The frame around a screen: row 1 says who, where and how both connections are, row 2 the screens,
 * the last two rows the message line and the keys. Draws from state only.
 */
#include "screens/frame.h"

#include <time.h>

#include "screens/bulk.h"
#include "screens/edit.h"
#include "screens/equal.h"
#include "screens/plan.h"
#include "screens/spool.h"
#include "tui/layout.h"
#include "tui/text.h"
#include "zm/clock.h"
#include "zm/str.h"

#define CRUMB_LEAST 8  /* cells: below it says nothing */
#define SILENT_MS 3000 /* no answer for so long is worth a word */

bool frame_fits(const struct app *app)
{
    return tui_rows(app->tui) >= FRAME_MIN_ROWS && tui_cols(app->tui) >= FRAME_MIN_COLS;
}

/* Since when there is no answer; 0: none is waited for. */
static int64_t waits_ms(const struct app *app, enum db_side side)
{
    return app->lanes && app->status[side].state == DB_UP ? db_lanes_waits_ms(app->lanes, side) : 0;
}

bool frame_is_silent(const struct app *app, enum db_side side)
{
    int64_t waits = waits_ms(app, side);

    return waits > 0 && zm_now_ms() >= waits + SILENT_MS;
}

/* "Brain up 23ms", "Bot no answer 4s", "Bot DOWN 41s", "Bot REFUSED"; brief: without the words that
 * can be spared. */
static const char *side_text(struct app *app, enum db_side side, bool brief, unsigned *style)
{
    const struct db_status *s = &app->status[side];
    const char *name = db_side_short(side);
    int64_t waits = waits_ms(app, side);

    switch (s->state) {
    case DB_UP:
        if (frame_is_silent(app, side)) {
            *style = TUI_WARN;
            return zm_arena_printf(&app->frame, brief ? "%s ... %s" : "%s no answer %s", name,
                                   app_age(app, waits));
        }
        *style = TUI_GOOD;
        if (app->shown_rtt[side] < 0)
            return zm_arena_printf(&app->frame, "%s up", name);
        return zm_arena_printf(&app->frame, brief ? "%s %dms" : "%s up %dms", name,
                               app->shown_rtt[side]);
    case DB_RETRY:
        *style = TUI_BAD;
        return zm_arena_printf(&app->frame, "%s DOWN %s", name, app_age(app, s->since_ms));
    case DB_STOPPED:
        *style = TUI_BAD;
        return zm_arena_printf(&app->frame, "%s REFUSED", name);
    default:
        *style = TUI_WARN;
        return zm_arena_printf(&app->frame, brief ? "%s ..." : "%s connecting", name);
    }
}

/* Row 1 in one of its forms: what stands at its left, and both sides at its right. */
struct title {
    const char *name, *label, *who, *guard, *side[DB_SIDES];
    unsigned side_style[DB_SIDES];
    int gap;
};

static int title_cells(const struct app *app, const struct title *t)
{
    const char *const parts[] = {t->name,  t->label,          t->who,
                                 t->guard, t->side[DB_BRAIN], t->side[DB_BOT]};
    int cells = 2 - t->gap;
    size_t i;

    for (i = 0; i < ZM_COUNT(parts); i++)
        if (parts[i])
            cells += tui_text_cells(parts[i], tui_is_ascii(app->tui)) + t->gap;
    return cells;
}

/* Label, guard and both connections are always there. What can be spared goes first: who it is,
 * the program's name, blanks, words, the time that is left. */
static struct title title_for(struct app *app, int cols)
{
    const char *guard = guard_text(app);
    struct title t = {.name = "zmartctl", .who = app->who, .guard = guard, .gap = 2};
    const char *label = app->conf->label;
    int form, side;

    t.label = zm_arena_printf(&app->frame, " %s ", label);
    for (form = 0; form < 6; form++) {
        t.who = form < 1 ? app->who : NULL;
        t.name = form < 2 ? "zmartctl" : NULL;
        t.gap = form < 3 ? 2 : 1;
        t.guard = form < 5 ? guard : guard_is_open(app) ? "RW" : "RO";
        for (side = 0; side < DB_SIDES; side++)
            t.side[side] = side_text(app, (enum db_side)side, form >= 4, &t.side_style[side]);
        if (title_cells(app, &t) <= cols)
            return t;
    }
    label = zm_arena_strndup(&app->frame, label, strnlen(label, 8));
    t.label = zm_arena_printf(&app->frame, " %s ", label);
    return t;
}

static void draw_title(struct app *app, struct tui_box row)
{
    struct title t = title_for(app, row.cols);
    int col = 1, right = row.cols - 1, side;

    if (t.name)
        col += tui_draw(app->tui, row, 0, col, TUI_STRONG, t.name) + t.gap;
    col += tui_draw(app->tui, row, 0, col, TUI_BADGE, t.label) + t.gap;
    if (t.who)
        col += tui_draw(app->tui, row, 0, col, TUI_DIM, t.who) + t.gap;
    tui_draw(app->tui, row, 0, col, guard_is_open(app) ? TUI_STRONG : TUI_TEXT, t.guard);
    for (side = DB_SIDES - 1; side >= 0; side--) {
        right -= tui_text_cells(t.side[side], tui_is_ascii(app->tui));
        tui_draw(app->tui, row, 0, right, t.side_style[side], t.side[side]);
        right -= t.gap;
    }
}

/* A screen on row 2, with what there is to know of it. True: it must be seen. */
static bool tab_of(const struct app *app, const struct screen *screen, char *dst, size_t size)
{
    int n = snprintf(dst, size, "%c %s", screen->key, screen->title);
    bool unread = screen == &screen_messages && app->messages.unread > 0;

    if (unread)
        snprintf(dst + n, size - (size_t)n, " %u!", app->messages.unread);
    else if (screen == &screen_check && app->check.known)
        snprintf(dst + n, size - (size_t)n, " %d/6", app->check.n_signed);
    else if (screen == &screen_sync)
        equal_text(app, dst + n, size - (size_t)n);
    return unread || app->view->screen == screen || (screen == &screen_sync && dst[n]);
}

/* Cells of all of them, or of those from the i-th on that must be seen. */
static int tabs_cells(const struct app *app, int i, int gap, bool all)
{
    char text[40];
    int cells = 0;

    for (; screen_registry[i]; i++)
        if (tab_of(app, screen_registry[i], text, sizeof(text)) || all)
            cells += (int)strlen(text) + gap;
    return cells;
}

static void draw_screens(struct app *app, struct tui_box row)
{
    char crumb[200] = "", text[40];
    int col = 1, i, cells, gap, room;

    if (app->view->screen->crumb)
        app->view->screen->crumb(app, app->view->state, crumb, sizeof(crumb));
    cells = tui_text_cells(crumb, tui_is_ascii(app->tui));
    room = row.cols - cells - 1;
    gap = col + tabs_cells(app, 0, 2, true) <= room ? 2 : 1;
    for (i = 0; screen_registry[i]; i++) {
        const struct screen *screen = screen_registry[i];
        unsigned style = app->view->screen == screen ? TUI_INFO : TUI_DIM;
        bool must = tab_of(app, screen, text, sizeof(text));

        if (must ? col + (int)strlen(text) > row.cols - 1
                 : col + (int)strlen(text) + gap + tabs_cells(app, i + 1, gap, false) > room)
            continue; /* what has no room takes none */
        col += tui_draw(app->tui, row, 0, col, style, text) + gap;
    }
    if (room < col)
        room = col;
    if (cells > 0 && row.cols - 1 - room >= CRUMB_LEAST)
        tui_draw_field(app->tui, row, 0, room, row.cols - 1 - room, TUI_LEFT, TUI_TITLE, crumb);
}

/* What must not be missed; NULL: nothing. */
static const char *banner_text(struct app *app)
{
    int side;

    if (spool_banner(app))
        return spool_banner(app);
    if (unfinished_banner(app))
        return unfinished_banner(app);
    for (side = 0; side < DB_SIDES; side++) {
        const struct db_facts *f = &app->status[side].facts;

        if (f->insecure)
            return zm_arena_printf(
                &app->frame, "%s is reached without verified TLS (%s): allow_insecure_tls is on",
                db_side_name((enum db_side)side), f->tls);
        if (f->changed_server)
            return zm_arena_printf(&app->frame,
                                   "%s is not the server that was recorded: zmartctl init --accept",
                                   db_side_name((enum db_side)side));
    }
    return NULL;
}

static bool has_message(const struct app *app)
{
    const struct message *m = messages_get(&app->messages, 0);

    return m && zm_now_ms() < app->messages.shown_until_ms;
}

static void draw_line(struct app *app, struct tui_box row)
{
    static const unsigned styles[] = {
        [MESSAGE_INFO] = TUI_INFO, [MESSAGE_WARN] = TUI_WARN, [MESSAGE_ERROR] = TUI_BAD};
    const struct message *m = messages_get(&app->messages, 0);
    char text[800] = "";

    if (has_message(app)) {
        zm_error_line(&m->err, text, sizeof(text));
        if (m->err.hint[0])
            snprintf(text + strlen(text), sizeof(text) - strlen(text), "; %s", m->err.hint);
        tui_draw(app->tui, row, 0, 1, styles[m->level], text);
        return;
    }
    if (app->view->screen->line)
        app->view->screen->line(app, app->view->state, text, sizeof(text));
    tui_draw(app->tui, row, 0, 1, TUI_DIM, text);
}

/* Over a box that hides the message line: what it says stands in the box's lower border then, which
 * holds nothing but hints. */
static void draw_line_over(struct app *app, struct tui_box row)
{
    struct tui_box box = tui_last_frame(app->tui);
    int border = box.row + box.rows - 1;

    if (!has_message(app) || border < row.row)
        return;
    row.row = border;
    tui_draw_clear(app->tui, row);
    draw_line(app, row);
}

/* ---- the key bar ---- */

/* How much of the bar a binding takes, with its key in ret_key; 0: it is not in force. */
static int bar_cells(struct app *app, const struct tui_binding *b, char ret_key[24])
{
    bool writes = b->flags & TUI_BIND_WRITE;

    if (!(b->flags & TUI_BIND_BAR) || (writes && guard_is_final(app)) ||
        !tui_keys_first(app->keys, b, ret_key)[0])
        return 0;
    return (int)strlen(ret_key) + 1 + (int)strlen(b->label);
}

static int draw_binding(struct app *app, struct tui_box row, int col, const struct tui_binding *b,
                        const char *key)
{
    col += tui_draw(app->tui, row, 0, col, TUI_KEY, key) + 1;
    return col + tui_draw(app->tui, row, 0, col, TUI_TEXT, b->label) + 2;
}

static bool is_listed(const char *list, const char *name)
{
    size_t n = strlen(name);
    const char *at = list;

    while (at && (at = strstr(at, name))) {
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
            return true;
        at += n;
    }
    return false;
}

/* The keys that work everywhere stand at the right end, whatever else has room. */
static int draw_always(struct app *app, struct tui_box row)
{
    static const char *const always[] = {"help", "palette"};
    int right = row.cols + 1;
    size_t i;

    for (i = 0; i < ZM_COUNT(always); i++) {
        const struct tui_binding *b = tui_keys_by_name(app->keys, &keymap_global, always[i]);
        char key[24];
        int cells = b ? bar_cells(app, b, key) : 0;

        if (cells == 0 || right - 2 - cells < 1)
            continue;
        right -= cells + 2;
        draw_binding(app, row, right, b, key);
    }
    return right;
}

/* Those of a map that fit left of `right`, in its order; of the global one those that the screen
 * lists and does not mean otherwise. */
static int draw_map(struct app *app, struct tui_box row, int col, int right,
                    const struct tui_keymap *map)
{
    const struct screen *screen = app->view->screen;
    size_t i;

    for (i = 0; map && i < map->n; i++) {
        const struct tui_binding *b = &map->bindings[i];
        char key[24];
        int cells = bar_cells(app, b, key);

        if (cells == 0)
            continue;
        if (map == &keymap_global &&
            (!is_listed(screen->bar, b->name) ||
             tui_keys_find(app->keys, screen->keymap, tui_key_parse(key, strlen(key)))))
            continue;
        if (col + cells + 2 > right)
            return right;
        col = draw_binding(app, row, col, b, key);
    }
    return col;
}

static void draw_bar(struct app *app, struct tui_box row)
{
    int right, col;

    if (plan_draw_bar(app, row) || app->overlay) /* whose own keys are in force, and say so */
        return;
    right = draw_always(app, row);
    col = draw_map(app, row, 1, right, &keymap_global);

    draw_map(app, row, col, right, app->view->screen->keymap);
}

static void draw_small(struct app *app)
{
    struct tui_box all = tui_screen_box(app->tui);

    tui_drawf(app->tui, all, 0, 0, TUI_TEXT, "needs %dx%d, have %dx%d", FRAME_MIN_COLS,
              FRAME_MIN_ROWS, all.cols, all.rows);
}

void frame_draw(struct app *app)
{
    struct tui_box body = tui_screen_box(app->tui), title, screens, banner, line, bar;
    const char *alarm;

    zm_arena_reset(&app->frame);
    tui_frame_begin(app->tui);
    if (!frame_fits(app)) {
        draw_small(app);
        tui_frame_end(app->tui);
        return;
    }
    title = tui_cut_top(&body, 1);
    screens = tui_cut_top(&body, 1);
    bar = tui_cut_bottom(&body, 1);
    line = tui_cut_bottom(&body, 1);
    draw_title(app, title);
    draw_screens(app, screens);
    alarm = banner_text(app);
    if (alarm) {
        banner = tui_cut_top(&body, 1);
        tui_draw_field(app->tui, banner, 0, 0, banner.cols, TUI_LEFT, TUI_ALARM, alarm);
    }
    draw_line(app, line);
    draw_bar(app, bar);
    app->view->screen->draw(app, app->view->state, body);
    if (app->overlay) {
        app->overlay->draw(app, app->overlay_state);
        draw_line_over(app, line);
    }
    tui_frame_end(app->tui);
}

/* When what row 1 says of a side has to be said anew: seconds are counted. */
static int64_t side_deadline(const struct app *app, enum db_side side, int64_t now)
{
    const struct db_status *s = &app->status[side];
    int64_t since = s->state == DB_RETRY ? s->since_ms : waits_ms(app, side);

    if (since == 0)
        return ZM_NEVER;
    if (s->state == DB_UP && now < since + SILENT_MS)
        return since + SILENT_MS;
    return now + 1000 - (now - since) % 1000;
}

int64_t frame_deadline(const struct app *app)
{
    int64_t due = edit_deadline(app), now = zm_now_ms();
    int side;

    if (bulk_deadline(app) < due)
        due = bulk_deadline(app);
    if (plan_deadline(app) < due)
        due = plan_deadline(app);
    if (guard_deadline(app) < due)
        due = guard_deadline(app);
    if (guard_text_deadline(app) < due)
        due = guard_text_deadline(app);
    if (app->messages.shown_until_ms > 0 && app->messages.shown_until_ms < due)
        due = app->messages.shown_until_ms;
    if (equal_at(app) > 0 && now + 60000 < due) /* its age is in minutes */
        due = now + 60000 - (int64_t)(time(NULL) - equal_at(app)) % 60 * 1000;
    for (side = 0; side < DB_SIDES; side++)
        if (side_deadline(app, (enum db_side)side, now) < due)
            due = side_deadline(app, (enum db_side)side, now);
    return due;
}
