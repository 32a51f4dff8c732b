/*
 * The help as a screen over the one that it is about: columns as the width allows, typing searches,
 * Enter runs what the cursor is on. What it says is help_page.c.
 */
#include "screens/help_screen.h"

#include <string.h>

#include "screens/help_page.h"
#include "tui/edit.h"
#include "tui/layout.h"
#include "tui/text.h"

#define KEYS_CELLS 12
#define COLUMN_CELLS 38 /* a column of help is not narrower where there are several */
#define COLUMNS_MAX 3
#define COLUMN_ROWS 12 /* a shorter list is not divided */
#define WIDEST 170

struct help {
    struct tui_edit search;
    size_t cursor; /* the how many-th binding that is shown */
    int top;       /* rows scrolled off above */
    int rows;      /* of a column, when last drawn */
};

/* ---- drawing ---- */

/* As many whole keys as fit. */
static const char *fit_keys(struct app *app, const char *keys, int cells)
{
    size_t len = strlen(keys);

    while (len > (size_t)cells) {
        while (len > 0 && keys[len - 1] != ' ')
            len--;
        while (len > 0 && keys[len - 1] == ' ')
            len--;
        if (len == 0)
            return keys;
    }
    return zm_arena_strndup(&app->frame, keys, len);
}

static void draw_line(struct app *app, struct tui_box row, const struct help_line *line, bool here)
{
    unsigned selected = here ? TUI_SELECTED : 0u;

    switch (line->kind) {
    case HELP_TITLE:
        tui_draw(app->tui, row, 0, 1, TUI_INFO, line->text);
        break;
    case HELP_BINDING:
        tui_draw(app->tui, row, 0, 0, TUI_INFO, here ? ">" : " ");
        tui_draw_field(app->tui, row, 0, 2, KEYS_CELLS - 1, TUI_LEFT, TUI_KEY | selected,
                       fit_keys(app, line->left, KEYS_CELLS - 1));
        tui_draw(app->tui, row, 0, 2 + KEYS_CELLS, TUI_TEXT, line->text);
        break;
    case HELP_TEXT:
        tui_draw_field(app->tui, row, 0, 2, KEYS_CELLS - 1, TUI_LEFT, TUI_DIM, line->left);
        tui_draw(app->tui, row, 0, 2 + KEYS_CELLS, TUI_DIM, line->text);
        break;
    default:
        break;
    }
}

/* A title does not stand at the foot of a column, nor a blank line at its head. */
static int place_lines(const struct help_page *page, int columns, int row_of[HELP_LINES],
                       int column_of[HELP_LINES])
{
    int height = ((int)page->n + columns - 1) / columns, row = 0, column = 0, most = 0;
    size_t i;

    height = height < COLUMN_ROWS ? COLUMN_ROWS : height;
    for (i = 0; i < page->n; i++) {
        bool title_last = page->line[i].kind == HELP_TITLE && row >= height - 1;

        if (column < columns - 1 && (row >= height || title_last)) {
            column++;
            row = 0;
        }
        if (row == 0 && column > 0 && page->line[i].kind == HELP_BLANK) {
            row_of[i] = -1;
            column_of[i] = column;
            continue;
        }
        row_of[i] = row++;
        column_of[i] = column;
        most = row > most ? row : most;
    }
    return most;
}

static void draw_page(struct app *app, struct help *h, struct tui_box box,
                      const struct help_page *page)
{
    int row_of[HELP_LINES], column_of[HELP_LINES], rows, columns = box.cols / COLUMN_CELLS, cells;
    size_t at = help_page_line(page, h->cursor), i;

    columns = columns < 1 ? 1 : columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
    cells = box.cols / columns;
    rows = place_lines(page, columns, row_of, column_of);
    h->rows = box.rows;
    if (at < page->n && row_of[at] < h->top)
        h->top = row_of[at] <= 1 ? 0 : row_of[at];
    if (at < page->n && row_of[at] >= h->top + box.rows)
        h->top = row_of[at] - box.rows + 1;
    if (h->top > rows - 1)
        h->top = 0;
    for (i = 0; i < page->n; i++) {
        int row = row_of[i] - h->top;
        struct tui_box line = {box.row + row, box.col + column_of[i] * cells, 1,
                               cells - (columns > 1)};

        if (row_of[i] >= 0 && row >= 0 && row < box.rows)
            draw_line(app, line, &page->line[i], i == at);
    }
    if (h->top + box.rows < rows)
        tui_draw(app->tui, box, box.rows - 1, box.cols - 1, TUI_DIM,
                 tui_is_ascii(app->tui) ? "v" : "\u2193");
}

static void draw_search(struct app *app, const struct help *h, struct tui_box row)
{
    int col =
        tui_drawf(app->tui, row, 0, 1, TUI_TITLE, "HELP  %s", help_subject(app)->screen->title);

    col += 4;
    if (row.cols - col < 12)
        return;
    col += tui_draw(app->tui, row, 0, col, TUI_DIM, "type to search: ");
    tui_edit_draw(app->tui, row, 0, col, row.cols - col - 1, &h->search);
}

/* What the cursor is on, uncut, with the name that the palette knows it by. */
static void draw_whole(struct app *app, const struct help *h, struct tui_box row,
                       const struct help_page *page)
{
    size_t at = help_page_line(page, h->cursor);
    int col = 1;

    if (at == page->n)
        return;
    col += tui_draw(app->tui, row, 0, col, TUI_TEXT, page->line[at].text) + 2;
    tui_drawf(app->tui, row, 0, col, TUI_DIM, ":%s", page->line[at].name);
}

static void help_draw(struct app *app, void *state, struct tui_box body)
{
    struct help *h = state;
    const struct help_page *page = help_page_new(app, h->search.text);
    struct tui_box bar = {body.row + body.rows, body.col, 2, body.cols}, whole = bar;

    tui_draw_clear(app->tui, bar); /* its keys are its own */
    draw_whole(app, h, tui_cut_top(&whole, 1), page);
    tui_draw(app->tui, bar, 1, 1, TUI_DIM,
             bar.cols >= 60 ? "arrows move  Enter runs it  typing searches  Esc closes"
                            : "Enter runs it  Esc closes");
    body = tui_centre(body, body.rows, WIDEST);
    draw_search(app, h, tui_cut_top(&body, 1));
    if (body.rows > 12)
        (void)tui_cut_top(&body, 1);
    if (page->n == 0)
        tui_draw(app->tui, body, 0, 3, TUI_DIM, "no key does that; Esc clears the search");
    draw_page(app, h, tui_inset(body, 0, 1), page);
}

/* ---- keys ---- */

static void move(struct help *h, size_t n, int by)
{
    long at = (long)h->cursor + by;

    h->cursor = n == 0 || at < 0 ? 0 : at >= (long)n ? n - 1 : (size_t)at;
}

/* Closes the help and runs what the cursor was on, on the screen under it. */
static void run(struct app *app, const struct help *h)
{
    const struct help_page *page = help_page_new(app, h->search.text);
    size_t at = help_page_line(page, h->cursor);
    int action = at < page->n ? page->line[at].action : APP_NONE;

    if (action == APP_NONE)
        return;
    app_back(app);
    if (action != APP_HELP)
        app_act(app, action);
}

static bool escape(struct app *app, struct help *h)
{
    if (h->search.len == 0) {
        app_back(app);
        return true;
    }
    tui_edit_set(&h->search, "");
    h->cursor = 0;
    return true;
}

static bool key(struct app *app, struct help *h, int k)
{
    size_t n = help_page_bindings(help_page_new(app, h->search.text));

    switch (k) {
    case TUI_KEY_ESC:
    case TUI_KEY_CTRL | 'c':
        return escape(app, h);
    case TUI_KEY_ENTER:
        run(app, h);
        return true;
    case TUI_KEY_UP:
    case TUI_KEY_DOWN:
        move(h, n, k == TUI_KEY_UP ? -1 : 1);
        return true;
    case TUI_KEY_PGUP:
    case TUI_KEY_PGDN:
        move(h, n, k == TUI_KEY_PGUP ? -h->rows : h->rows);
        return true;
    case 'q':
    case '?':
        if (h->search.len == 0)
            return escape(app, h);
        break;
    case TUI_KEY_CTRL | 'l':
    case TUI_KEY_CTRL | 'z':
        return false;
    default:
        break;
    }
    if (tui_edit_key(&h->search, k))
        h->cursor = 0;
    return true;
}

static bool help_event(struct app *app, void *state, const struct tui_event *event)
{
    struct help *h = state;

    if (event->type == TUI_EVENT_PASTE) {
        tui_edit_paste(&h->search, event->text, event->text_len);
        h->cursor = 0;
        return true;
    }
    if (event->type == TUI_EVENT_MOUSE && event->wheel)
        move(h, help_page_bindings(help_page_new(app, h->search.text)), event->wheel);
    return event->type != TUI_EVENT_KEY || key(app, h, event->key);
}

static void help_crumb(struct app *app, void *state, char *dst, size_t size)
{
    (void)state;
    snprintf(dst, size, "%s > Help", help_subject(app)->screen->title);
}

void help_open(struct app *app)
{
    if (app->view->screen != &screen_help)
        app_show(app, &screen_help, NULL);
}

const struct screen screen_help = {
    .name = "help",
    .title = "Help",
    .state_size = sizeof(struct help),
    .draw = help_draw,
    .event = help_event,
    .crumb = help_crumb,
};
