/*
 * Text, lines and boxes into the grid of the frame. Cleaning happens here and nowhere else on the
 * way to the screen; plain ASCII goes the short way. Must not know ncurses.
 */
#include "tui/draw.h"

#include <stdarg.h>

#include "term_state.h"
#include "tui/text.h"

enum line { HORIZONTAL, VERTICAL, TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT };

static const int32_t unicode_lines[] = {0x2500, 0x2502, 0x250c, 0x2510, 0x2514, 0x2518};
static const int32_t ascii_lines[] = {'-', '|', '+', '+', '+', '+'};

static int32_t line_char(const struct tui *tui, enum line which)
{
    return tui->box_lines ? unicode_lines[which] : ascii_lines[which];
}

/* A place to write in: absolute, with what the box and the screen leave of it. */
struct span {
    struct tui_grid *grid;
    int row, col, end;
    unsigned style;
};

static struct span place(struct tui *tui, struct tui_box box, int row, int col, unsigned style)
{
    struct span s = {&tui->next, box.row + row, box.col + col, box.col + box.cols, style};

    if (s.end > s.grid->cols)
        s.end = s.grid->cols;
    if (row < 0 || row >= box.rows || s.row < 0 || s.row >= s.grid->rows || s.col < 0 || col < 0)
        s.end = s.col;
    return s;
}

/* How many bytes from s on are ASCII that stands for itself; the last one before other bytes is
 * left out, it may carry combining marks. */
static size_t ascii_run(const char *s, size_t n)
{
    size_t i = 0;

    while (i < n && s[i] >= 0x20 && s[i] < 0x7f)
        i++;
    return i > 0 && i < n && (unsigned char)s[i] >= 0x80 ? i - 1 : i;
}

static void put_glyph(struct span *s, const struct tui_glyph *g)
{
    struct tui_cell_mem *cell;
    size_t at = 0, n = strlen(g->s);
    int32_t c;
    int mark;

    if (g->foreign) {
        unsigned style = TUI_FOREIGN | (s->style & ~0xffu);
        int fits = g->cells < s->end - s->col ? g->cells : s->end - s->col;

        tui_grid_ascii(s->grid, s->row, s->col, g->s, fits, style);
        return;
    }
    at = tui_utf8_decode(g->s, n, &c);
    tui_grid_put(s->grid, s->row, s->col, c, g->cells, s->style);
    cell = tui_grid_at(s->grid, s->row, s->col);
    for (mark = 0; mark < 2 && at < n; mark++)
        at += tui_utf8_decode(g->s + at, n - at, &cell->mark[mark]);
}

/* The text is longer than its place: '~' in the last cell says so. */
static void put_cut(const struct span *s)
{
    if (s->end > 0)
        tui_grid_put(s->grid, s->row, s->end - 1, '~', 1, s->style);
}

/* Writes text without its first skip cells; returns the cells used. */
static int put(struct tui *tui, struct span s, const char *text, size_t n, int skip)
{
    int from = s.col;
    struct tui_glyph g;

    if (s.end <= s.col)
        return 0;
    while (n > 0) {
        size_t run = ascii_run(text, n);

        if (run > 0 && skip >= (int)run) {
            skip -= (int)run;
        } else if (run > 0) {
            int fits = (int)run - skip < s.end - s.col ? (int)run - skip : s.end - s.col;

            tui_grid_ascii(s.grid, s.row, s.col, text + skip, fits, s.style);
            s.col += fits;
            if (fits < (int)run - skip) {
                put_cut(&s);
                return s.end - from;
            }
            skip = 0;
        } else {
            tui_glyph_next(text, n, tui->ascii, &g);
            run = g.bytes;
            if (skip > 0) {
                skip = skip > g.cells ? skip - g.cells : 0;
            } else if (g.cells > s.end - s.col) {
                if (g.foreign)
                    put_glyph(&s, &g);
                put_cut(&s);
                return s.end - from;
            } else {
                put_glyph(&s, &g);
                s.col += g.cells;
            }
        }
        text += run;
        n -= run;
    }
    return s.col - from;
}

int tui_draw(struct tui *tui, struct tui_box box, int row, int col, unsigned style,
             const char *text)
{
    return put(tui, place(tui, box, row, col, style), text, strlen(text), 0);
}

int tui_draw_span(struct tui *tui, struct tui_box box, int row, int col, unsigned style,
                  const char *text, size_t len, int skip)
{
    return put(tui, place(tui, box, row, col, style), text, len, skip);
}

int tui_drawf(struct tui *tui, struct tui_box box, int row, int col, unsigned style,
              const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return tui_draw(tui, box, row, col, style, text);
}

void tui_draw_blank(struct tui *tui, struct tui_box box, int row, int col, int cells,
                    unsigned style)
{
    static const char blanks[] = "                                                                ";
    struct span s = place(tui, box, row, col, style);

    if (s.end > s.col + cells)
        s.end = s.col + cells;
    while (s.col < s.end) {
        int n = s.end - s.col < (int)sizeof(blanks) - 1 ? s.end - s.col : (int)sizeof(blanks) - 1;

        tui_grid_ascii(s.grid, s.row, s.col, blanks, n, style);
        s.col += n;
    }
}

void tui_draw_field(struct tui *tui, struct tui_box box, int row, int col, int cells,
                    enum tui_align align, unsigned style, const char *text)
{
    struct span s = place(tui, box, row, col, style);
    int used = align == TUI_LEFT ? cells : tui_text_cells(text, tui->ascii);
    int before = used >= cells ? 0 : align == TUI_RIGHT ? cells - used : (cells - used) / 2;

    if (s.end > s.col + cells)
        s.end = s.col + cells;
    tui_draw_blank(tui, box, row, col, before, style);
    s.col += before;
    used = put(tui, s, text, strlen(text), 0);
    tui_draw_blank(tui, box, row, col + before + used, cells - before - used, style);
}

static void line(struct tui *tui, struct tui_box box, int row, int col, int cells, unsigned style)
{
    struct span s = place(tui, box, row, col, style);
    int i;

    for (i = 0; i < cells && s.col + i < s.end; i++)
        tui_grid_put(s.grid, s.row, s.col + i, line_char(tui, HORIZONTAL), 1, style);
}

void tui_draw_rule(struct tui *tui, struct tui_box box, int row, const char *title, unsigned style)
{
    int cells;

    line(tui, box, row, 0, box.cols, title ? TUI_DIM : style);
    if (!title || !title[0] || box.cols < 8)
        return;
    cells = tui_text_cells(title, tui->ascii);
    if (cells > box.cols - 6)
        cells = box.cols - 6;
    tui_draw_blank(tui, box, row, 2, cells + 2, TUI_TEXT);
    tui_draw_field(tui, box, row, 3, cells, TUI_LEFT, style, title);
}

void tui_draw_vline(struct tui *tui, struct tui_box box, int col)
{
    int row;

    for (row = 0; row < box.rows; row++) {
        struct span s = place(tui, box, row, col, TUI_DIM);

        if (s.col < s.end)
            tui_grid_put(s.grid, s.row, s.col, line_char(tui, VERTICAL), 1, TUI_DIM);
    }
}

static void corner(struct tui *tui, struct tui_box box, int row, int col, enum line which,
                   unsigned style)
{
    struct span s = place(tui, box, row, col, style);

    if (s.col < s.end)
        tui_grid_put(s.grid, s.row, s.col, line_char(tui, which), 1, style);
}

struct tui_box tui_draw_frame(struct tui *tui, struct tui_box box, const char *title,
                              const char *right, unsigned style)
{
    struct tui_box inside = {box.row + 1, box.col + 2, box.rows - 2, box.cols - 4};
    int cells = right && right[0] ? tui_text_cells(right, tui->ascii) : 0, row;
    int room = box.cols - 6 - (cells ? cells + 3 : 0);

    tui->last_frame = box;
    tui_draw_clear(tui, box);
    line(tui, box, 0, 0, box.cols, style);
    line(tui, box, box.rows - 1, 0, box.cols, style);
    for (row = 1; row < box.rows - 1; row++) {
        corner(tui, box, row, 0, VERTICAL, style);
        corner(tui, box, row, box.cols - 1, VERTICAL, style);
    }
    corner(tui, box, 0, 0, TOP_LEFT, style);
    corner(tui, box, 0, box.cols - 1, TOP_RIGHT, style);
    corner(tui, box, box.rows - 1, 0, BOTTOM_LEFT, style);
    corner(tui, box, box.rows - 1, box.cols - 1, BOTTOM_RIGHT, style);
    if (title && room > 0) {
        int used = tui_text_cells(title, tui->ascii);

        used = used < room ? used : room;
        tui_draw_blank(tui, box, 0, 2, used + 2, TUI_TEXT);
        tui_draw_field(tui, box, 0, 3, used, TUI_LEFT, TUI_TITLE, title);
    }
    if (cells > 0 && cells < box.cols - 6) {
        tui_draw_blank(tui, box, 0, box.cols - cells - 4, cells + 2, TUI_TEXT);
        tui_draw(tui, box, 0, box.cols - cells - 3, TUI_BADGE, right);
    }
    if (inside.rows < 0)
        inside.rows = 0;
    if (inside.cols < 0)
        inside.cols = 0;
    return inside;
}

struct tui_box tui_last_frame(const struct tui *tui)
{
    return tui->last_frame;
}

void tui_draw_clear(struct tui *tui, struct tui_box box)
{
    int row;

    for (row = 0; row < box.rows; row++)
        tui_draw_blank(tui, box, row, 0, box.cols, TUI_TEXT);
}

struct tui_box tui_screen_box(const struct tui *tui)
{
    return (struct tui_box){0, 0, tui->next.rows, tui->next.cols};
}
