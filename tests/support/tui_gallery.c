/*
 * Every widget of the toolkit on invented data: to look at, to photograph, to measure. Not
 * installed. Keys: arrows and pages move, / edits, m menu, t columns, n notice, p pager, c charts,
 * x hostile text, y copy, % mouse, Ctrl-L, Ctrl-Z, q.
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/chart.h"
#include "tui/dialog.h"
#include "tui/edit.h"
#include "tui/layout.h"
#include "tui/loop.h"
#include "tui/pager.h"
#include "tui/table.h"
#include "tui/text.h"
#include "zm/clock.h"

enum page { LIST, PAGER, CHARTS, HOSTILE };
enum over { NOTHING, FIELD, MENU, COLUMNS, NOTICE };
enum column { EMAIL, TIER, SIGN, TRADING, AMOUNT, WHY };

struct gallery {
    struct tui *tui;
    struct tui_loop *loop;
    struct tui_table table;
    struct tui_edit edit;
    struct tui_menu menu;
    struct tui_pager pager;
    enum page page;
    enum over over;
    size_t notice_top;
    int page_rows;
    long typed, pasted;
    char text[64];
    bool quit;
};

// clang-format off
static const struct tui_column columns[] = {
    {"EMAIL",      16, 3, 100, TUI_LEFT,  EMAIL},
    {"TIER",        4, 0,  90, TUI_LEFT,  TIER},
    {"S",           1, 0,  99, TUI_LEFT,  SIGN},
    {"TRD",         3, 0,  80, TUI_LEFT,  TRADING},
    {"AMOUNT",     12, 0,  50, TUI_RIGHT, AMOUNT},
    {"CAN TRADE?", 16, 2,  98, TUI_LEFT,  WHY},
};

static const char *const people[] = {
    "ana.pop@example.ro", "ana.ionescu@example.com", "anamaria.k@example.org",
    "jos\303\251 mart\303\255nez@example.es", "\345\261\261\347\224\260@example.jp",
    "roxana.very.long.name.that.is.cut@mail.example.com", "o'brien@example.ie", "x\033[31mred@example.net",
};

static const char *const hostile[] = {
    "CSI     \033[31mred\033[0m", "OSC 52  \033]52;c;ZXZpbA==\007", "C1      \302\2331m \233",
    "bidi    user\342\200\256moc.elpmaxe", "zero    a\342\200\213b\357\273\277c\342\200\215d",
    "wide    \345\261\261\347\224\260\345\244\252\351\203\216|", "emoji   \360\237\221\251\342\200\215\360\237\222\273|",
    "marks   e\314\201\314\202\314\203\314\204|", "lone    \314\201|", "broken  \303 \355\240\200 \364\220\200\200 \377",
    "lines   one\ntwo\tthree\r", "DEL     \177 NUL ^@", "PUA     \356\200\200 tag \363\240\201\201",
};

static const struct tui_menu_item sorts[] = {
    {"e", "e-mail", "indexed", true, false}, {"i", "id", "indexed", false, false},
    {"c", "created", "indexed", false, false}, {"l", "last sign-in", "scans", false, true},
};
// clang-format on

static void cell(void *context, size_t row, int id, struct tui_cell *ret)
{
    static const char *const tiers[] = {"free", "pro", "ent"};
    struct gallery *g = context;
    bool no = row % 3 == 1;

    ret->text = g->text;
    switch ((enum column)id) {
    case EMAIL:
        if (row < ZM_COUNT(people))
            ret->text = people[row];
        else
            snprintf(g->text, sizeof(g->text), "user%06zu@example.com", row);
        break;
    case TIER:
        ret->text = tiers[row % 3];
        break;
    case SIGN:
        ret->text = row % 5 == 2 ? "~" : "=";
        ret->style = row % 5 == 2 ? TUI_WARN : TUI_DIM;
        break;
    case TRADING:
        ret->text = no ? "off" : "on";
        ret->style = no ? TUI_WARN : TUI_TEXT;
        break;
    case AMOUNT: {
        char number[32];

        snprintf(number, sizeof(number), "%zu%s", row * 7919 % 100003, row % 2 ? ".5" : "");
        tui_decimal_pad(number, 2, g->text, sizeof(g->text));
        break;
    }
    case WHY:
        ret->text = no ? "NO  trading off" : "yes";
        ret->style = no ? TUI_BAD : TUI_GOOD;
        break;
    }
}

static unsigned row_state(void *context, size_t row)
{
    (void)context;
    return row % 7 == 3 ? TUI_MARKED : 0;
}

static void draw_charts(struct gallery *g, struct tui_box body)
{
    double values[90];
    struct tui_box left = tui_cut_left(&body, body.cols / 2), top;
    size_t i;

    for (i = 0; i < ZM_COUNT(values); i++)
        values[i] = (double)((i * i * 31 + i * 17) % 97) * (i % 11 == 0 ? 0 : 1);
    tui_draw_rule(g->tui, left, 0, "sparkline", TUI_TITLE);
    tui_spark(g->tui, left, 1, 1, 30, TUI_INFO, values, ZM_COUNT(values));
    tui_draw_rule(g->tui, left, 3, "bars", TUI_TITLE);
    for (i = 0; i < 4; i++) {
        tui_draw_field(g->tui, left, 4 + (int)i, 1, 8, TUI_LEFT, TUI_TEXT,
                       i == 0   ? "free"
                       : i == 1 ? "pro"
                       : i == 2 ? "ent"
                                : "none");
        tui_bar(g->tui, left, 4 + (int)i, 10, left.cols - 20, TUI_INFO, values[i + 5], 97);
        tui_drawf(g->tui, left, 4 + (int)i, left.cols - 8, TUI_DIM, "%6.0f", values[i + 5]);
    }
    top = tui_cut_top(&body, 12);
    tui_draw_vline(g->tui, top, 0);
    tui_draw_rule(g->tui, tui_cut_top(&top, 1), 0, "columns", TUI_TITLE);
    tui_columns(g->tui, tui_inset(top, 0, 2), TUI_GOOD, values, 30);
}

static void draw_hostile(struct gallery *g, struct tui_box body)
{
    static const char *const styles[] = {"TEXT",  "DIM",   "STRONG", "TITLE", "HEAD",
                                         "KEY",   "GOOD",  "WARN",   "BAD",   "INFO",
                                         "BADGE", "ALARM", "FOREIGN"};
    struct tui_box right = tui_cut_right(&body, 30);
    size_t i;

    for (i = 0; i < ZM_COUNT(hostile); i++)
        tui_draw_field(g->tui, body, (int)i, 1, body.cols - 2, TUI_LEFT, TUI_TEXT, hostile[i]);
    for (i = 0; i < ZM_COUNT(styles); i++) {
        tui_draw(g->tui, right, (int)i, 1, (unsigned)i, styles[i]);
        tui_draw(g->tui, right, (int)i, 12, (unsigned)i | TUI_SELECTED, styles[i]);
        tui_draw(g->tui, right, (int)i, 22, (unsigned)i | TUI_MARKED, styles[i]);
    }
}

static void draw_over(struct gallery *g, struct tui_box line)
{
    switch (g->over) {
    case FIELD:
        tui_draw(g->tui, line, 0, 1, TUI_KEY, "/");
        tui_edit_draw(g->tui, line, 0, 2, line.cols / 2, &g->edit);
        break;
    case MENU:
    case COLUMNS:
        tui_menu_draw(g->tui, &g->menu, "DEMO");
        break;
    case NOTICE:
        tui_notice_draw(g->tui, "Conflict", "DEMO",
                        "ZmartBot: the row changed while you looked.\n\nNothing was written. A "
                        "long line is wrapped where a word ends so that all of it can be read.");
        break;
    default:
        break;
    }
}

static void draw(struct gallery *g)
{
    struct tui_box body, title, line, bar;
    int col = 1;

    tui_frame_begin(g->tui);
    body = tui_screen_box(g->tui);
    title = tui_cut_top(&body, 1);
    bar = tui_cut_bottom(&body, 1);
    line = tui_cut_bottom(&body, 1);
    col += tui_draw(g->tui, title, 0, col, TUI_STRONG, "gallery") + 2;
    col += tui_draw(g->tui, title, 0, col, TUI_BADGE, " DEMO ") + 2;
    tui_drawf(g->tui, title, 0, col, TUI_DIM, "%s %dx%d", tui_term_name(g->tui), tui_cols(g->tui),
              tui_rows(g->tui));
    tui_drawf(g->tui, line, 0, 1, TUI_DIM, "row %zu of %zu  pasted %ld  mouse %d,%d",
              g->table.cursor + 1, g->table.rows, g->pasted, 0, 0);
    tui_draw(g->tui, bar, 0, 1, TUI_KEY, "/");
    tui_draw(g->tui, bar, 0, 3, TUI_TEXT, "filter");
    if (g->page == LIST)
        g->page_rows = tui_table_draw(g->tui, body, &g->table, g->over == NOTHING);
    else if (g->page == PAGER)
        tui_pager_draw(g->tui, body, &g->pager);
    else if (g->page == CHARTS)
        draw_charts(g, body);
    else
        draw_hostile(g, body);
    draw_over(g, line);
    tui_frame_end(g->tui);
}

static void open_menu(struct gallery *g, enum over over)
{
    g->over = over;
    g->menu = (struct tui_menu){.title = over == MENU ? "Sort by" : "Columns",
                                .items = sorts,
                                .n = ZM_COUNT(sorts),
                                .toggle = over == COLUMNS};
    tui_flush_input(g->tui);
}

static void key_over(struct gallery *g, int key)
{
    size_t chosen;

    if (g->over == FIELD && tui_edit_key(&g->edit, key))
        return;
    if ((g->over == MENU || g->over == COLUMNS) && tui_menu_key(&g->menu, key, &chosen) == TUI_OPEN)
        return;
    g->over = NOTHING;
}

static void move(struct gallery *g, int key)
{
    static const int keys[] = {TUI_KEY_UP,         TUI_KEY_DOWN,       TUI_KEY_PGUP, TUI_KEY_PGDN,
                               TUI_KEY_CTRL | 'u', TUI_KEY_CTRL | 'd', TUI_KEY_HOME, TUI_KEY_END};
    size_t i;

    for (i = 0; i < ZM_COUNT(keys); i++)
        if (keys[i] == key && g->page == PAGER)
            tui_pager_move(&g->pager, (enum tui_move)i, g->page_rows);
        else if (keys[i] == key)
            tui_table_move(&g->table, (enum tui_move)i, g->page_rows);
}

static void key_page(struct gallery *g, int key)
{
    static const char letters[] = "lpcx";
    const char *page = key < 128 ? strchr(letters, key) : NULL;

    if (page && *page)
        g->page = (enum page)(page - letters);
    else if (key == '/')
        g->over = FIELD;
    else if (key == 'm' || key == 't')
        open_menu(g, key == 'm' ? MENU : COLUMNS);
    else if (key == 'n')
        g->over = NOTICE;
    else if (key == 'y')
        tui_copy(g->tui, "copied from the gallery");
    else if (key == '%')
        tui_mouse(g->tui, true);
    else if (key == (TUI_KEY_CTRL | 'l'))
        tui_redraw(g->tui);
    else if (key == 'q')
        g->quit = true;
    else if (key == '!')
        raise(SIGSEGV);
    else if (key == (TUI_KEY_CTRL | 'z')) {
        tui_suspend(g->tui);
        tui_loop_stop();
        tui_resume(g->tui);
    } else
        move(g, key);
}

static void take(struct gallery *g, const struct tui_event *event)
{
    if (event->type == TUI_EVENT_PASTE) {
        g->pasted += (long)event->text_len;
        if (g->over == FIELD)
            tui_edit_paste(&g->edit, event->text, event->text_len);
    } else if (event->type == TUI_EVENT_MOUSE && event->wheel) {
        tui_table_move(&g->table, event->wheel < 0 ? TUI_MOVE_UP : TUI_MOVE_DOWN, g->page_rows);
    } else if (event->type == TUI_EVENT_KEY && g->over != NOTHING) {
        key_over(g, event->key);
    } else if (event->type == TUI_EVENT_KEY) {
        key_page(g, event->key);
    }
}

static int run(struct gallery *g)
{
    struct tui_event event;

    draw(g);
    while (!g->quit) {
        unsigned woke = tui_loop_wait(g->loop, g->tui, -1, ZM_NEVER);

        if (woke & TUI_WAKE_QUIT)
            return 128 + (tui_loop_signal(g->loop) ? tui_loop_signal(g->loop) : SIGHUP);
        if (woke & TUI_WAKE_RESIZE)
            tui_resized(g->tui);
        while (!g->quit && tui_read(g->tui, &event))
            take(g, &event);
        draw(g);
    }
    return 0;
}

static char *long_text(void)
{
    struct zm_buf text = {0};
    int i;

    for (i = 0; i < 2000; i++)
        zm_buf_printf(&text, "  \"key_%d\": {\"symbol\": \"BTC\", \"amount\": \"%d.5\"},%s\n", i, i,
                      i % 10 ? "" : " \"note\": \"a long line that goes on and on and on and on\"");
    return text.s;
}

int main(void)
{
    struct gallery g = {.table = {.columns = columns,
                                  .n_columns = ZM_COUNT(columns),
                                  .sorted = 0,
                                  .rows = 100000,
                                  .cell = cell,
                                  .row_state = row_state,
                                  .empty = "nobody"}};
    struct tui_options options = {.ascii = getenv("GALLERY_ASCII") != NULL,
                                  .theme = getenv("GALLERY_THEME")};
    struct zm_error err;
    char *text = long_text();
    int code;

    setlocale(LC_ALL, "");
    g.table.context = &g;
    tui_pager_set(&g.pager, text, strlen(text));
    if (!tui_loop_new(&g.loop, &err) || !tui_open(&options, &g.tui, &err)) {
        fprintf(stderr, "gallery: %s: %s; %s\n", err.what, err.message, err.hint);
        return zm_error_exit_code(err.kind);
    }
    code = run(&g);
    tui_close(g.tui);
    tui_loop_free(g.loop);
    tui_pager_done(&g.pager);
    free(text);
    return code;
}
