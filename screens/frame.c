/*
 * The frame around a screen: row 1 says who, where and how both connections are, row 2 the screens,
 * the last two rows the message line and the keys. Draws from state only.
 */
#include "screens/frame.h"

#include "tui/layout.h"
#include "tui/text.h"
#include "zm/clock.h"
#include "zm/str.h"

bool frame_fits(const struct app *app)
{
    return tui_rows(app->tui) >= FRAME_MIN_ROWS && tui_cols(app->tui) >= FRAME_MIN_COLS;
}

/* "Brain up 23ms", "Bot DOWN 41s", "Bot STOPPED" */
static const char *side_text(struct app *app, enum db_side side, unsigned *style)
{
    const struct db_status *s = &app->status[side];
    const char *name = db_side_short(side);

    switch (s->state) {
    case DB_UP:
        *style = TUI_GOOD;
        if (app->shown_rtt[side] < 0)
            return zm_arena_printf(&app->frame, "%s up", name);
        return zm_arena_printf(&app->frame, "%s up %dms", name, app->shown_rtt[side]);
    case DB_RETRY:
        *style = TUI_BAD;
        return zm_arena_printf(&app->frame, "%s DOWN %s", name, app_age(app, s->since_ms));
    case DB_STOPPED:
        *style = TUI_BAD;
        return zm_arena_printf(&app->frame, "%s STOPPED", name);
    default:
        *style = TUI_WARN;
        return zm_arena_printf(&app->frame, "%s connecting", name);
    }
}

static void draw_title(struct app *app, struct tui_box row)
{
    const char *label = zm_arena_printf(&app->frame, " %s ", app->conf->label);
    unsigned style[DB_SIDES];
    const char *text[DB_SIDES];
    int col = 1, right = row.cols - 1, side;

    col += tui_draw(app->tui, row, 0, col, TUI_STRONG, "zmartctl") + 2;
    col += tui_draw(app->tui, row, 0, col, TUI_BADGE, label) + 2;
    for (side = DB_SIDES - 1; side >= 0; side--) {
        text[side] = side_text(app, (enum db_side)side, &style[side]);
        right -= tui_text_cells(text[side], tui_is_ascii(app->tui));
        if (right > col)
            tui_draw(app->tui, row, 0, right, style[side], text[side]);
        right -= 3;
    }
    if (right - col > 24)
        col += tui_draw(app->tui, row, 0, col, TUI_DIM, app->who) + 2;
    if (right - col > 3)
        tui_draw(app->tui, row, 0, col, TUI_TEXT, "READ");
}

static void draw_screens(struct app *app, struct tui_box row)
{
    char crumb[200] = "";
    int col = 1, i, cells;

    if (app->view->screen->crumb)
        app->view->screen->crumb(app, app->view->state, crumb, sizeof(crumb));
    cells = tui_text_cells(crumb, tui_is_ascii(app->tui));
    for (i = 0; screen_registry[i]; i++) {
        const struct screen *screen = screen_registry[i];
        bool here = app->view->screen == screen;
        char text[40];

        if (screen == &screen_messages && app->messages.unread > 0)
            snprintf(text, sizeof(text), "%c %s %u!", screen->key, screen->title,
                     app->messages.unread);
        else
            snprintf(text, sizeof(text), "%c %s", screen->key, screen->title);
        if (col + (int)strlen(text) + 2 > row.cols - (here ? 0 : cells))
            break;
        col += tui_draw(app->tui, row, 0, col, here ? TUI_INFO : TUI_DIM, text) + 2;
    }
    if (cells > 0 && row.cols - cells - 1 > col - 2)
        tui_draw(app->tui, row, 0, row.cols - cells - 1, TUI_TITLE, crumb);
}

/* What must not be missed; NULL: nothing. */
static const char *banner_text(struct app *app)
{
    int side;

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

static int draw_bar_map(struct app *app, struct tui_box row, int col, const struct tui_keymap *map,
                        const struct tui_keymap *above)
{
    size_t i;

    for (i = 0; map && i < map->n; i++) {
        const struct tui_binding *b = &map->bindings[i];
        char key[24];
        int cells;

        if (!(b->flags & TUI_BIND_BAR) || !tui_keys_first(app->keys, b, key)[0])
            continue;
        if (above && tui_keys_find(app->keys, above, tui_key_parse(key, strlen(key))))
            continue; /* the screen's own meaning is shown */
        cells = (int)strlen(key) + 1 + (int)strlen(b->label);
        if (col + cells > row.cols)
            return row.cols;
        col += tui_draw(app->tui, row, 0, col, TUI_KEY, key) + 1;
        col += tui_draw(app->tui, row, 0, col, TUI_TEXT, b->label) + 2;
    }
    return col;
}

static void draw_bar(struct app *app, struct tui_box row)
{
    int col = draw_bar_map(app, row, 1, app->view->screen->keymap, NULL);

    draw_bar_map(app, row, col, &keymap_global, app->view->screen->keymap);
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
    if (app->overlay)
        app->overlay->draw(app, app->overlay_state);
    tui_frame_end(app->tui);
}

int64_t frame_deadline(const struct app *app)
{
    int64_t due = ZM_NEVER, now = zm_now_ms();
    int side;

    if (has_message(app))
        due = app->messages.shown_until_ms;
    for (side = 0; side < DB_SIDES; side++)
        if (app->status[side].state == DB_RETRY && now + 1000 < due)
            due = now + 1000 - (now - app->status[side].since_ms) % 1000;
    return due;
}
