/*
 * A frame on its way out: the grid is compared with the one before, and the cells that changed are
 * handed to ncurses, which finds the cheapest bytes for them. Must not know what they show.
 */
#include <curses.h>
#include <wchar.h>

#include "term_state.h"
#include "zm/clock.h"

#define BLANKS_BETWEEN 3 /* words of one colour are at most so far apart */

void tui_frame_resize(struct tui *tui, int rows, int cols)
{
    tui_grid_size(&tui->next, rows, cols);
    tui_grid_size(&tui->shown, rows, cols);
    tui->run = zm_realloc(tui->run, ((size_t)cols + 1) * sizeof(cchar_t));
    tui->whole = true;
}

void tui_frame_done(struct tui *tui)
{
    tui_grid_done(&tui->next);
    tui_grid_done(&tui->shown);
    free(tui->run);
    tui->run = NULL;
}

static const struct tui_look *look(const struct tui *tui, const struct tui_cell_mem *cell)
{
    unsigned style = cell->style & 0xff;

    return &tui->look[style < TUI_STYLES ? style : TUI_TEXT][cell->style >> 8 & 3];
}

/* What the nearest character in a direction looks like, if only a few blanks lie between. */
static const struct tui_look *neighbour(const struct tui *tui, const struct tui_cell_mem *row,
                                        int col, int direction)
{
    int i;

    for (i = 1; i <= BLANKS_BETWEEN; i++) {
        int at = col + i * direction;
        const struct tui_look *l;

        if (at < 0 || at >= tui->next.cols)
            return NULL;
        l = look(tui, &row[at]);
        if (row[at].c || l->on_blank)
            return l->on_blank ? NULL : l;
    }
    return NULL;
}

/* A blank does not show most styles: it takes that of its neighbours where they agree, else none,
 * so that ncurses changes colours less often and finds the blank ends of lines. */
static const struct tui_look *blank_look(const struct tui *tui, const struct tui_cell_mem *row,
                                         int col)
{
    const struct tui_look *mine = look(tui, &row[col]), *left;

    if (mine->on_blank)
        return mine;
    left = neighbour(tui, row, col, -1);
    return left && left == neighbour(tui, row, col, 1) ? left : &tui->look[TUI_TEXT][0];
}

static void push_run(struct tui *tui, int row, int first, int last)
{
    const struct tui_cell_mem *cells = tui_grid_at(&tui->next, row, 0);
    cchar_t *run = tui->run;
    int col, n = 0;

    for (col = first; col <= last; col++) {
        const struct tui_cell_mem *cell = &cells[col];
        const struct tui_look *l;
        wchar_t text[4];

        if (cell->wide == TUI_WIDE_RIGHT)
            continue;
        l = cell->c ? look(tui, cell) : blank_look(tui, cells, col);
        text[0] = cell->c ? (wchar_t)cell->c : L' ';
        text[1] = (wchar_t)cell->mark[0];
        text[2] = (wchar_t)cell->mark[1];
        text[3] = L'\0';
        setcchar(&run[n++], text, l->attributes, l->pair, NULL);
    }
    mvwadd_wchnstr(stdscr, row, first, run, n);
}

/* True when there was anything to hand over. */
static bool push(struct tui *tui)
{
    size_t width = (size_t)tui->next.cols * sizeof(tui->next.cells[0]);
    bool any = tui->whole;
    int row, first, last;

    for (row = 0; row < tui->next.rows; row++) {
        if (tui->whole) {
            first = 0;
            last = tui->next.cols - 1;
        } else if (!tui_grid_differs(&tui->next, &tui->shown, row, &first, &last)) {
            continue;
        }
        push_run(tui, row, first, last);
        memcpy(tui_grid_at(&tui->shown, row, 0), tui_grid_at(&tui->next, row, 0), width);
        any = true;
    }
    return any;
}

/* Where the cursor cannot be hidden it waits at the bottom. True: it has to move. */
static bool place_cursor(struct tui *tui)
{
    bool shown = tui->cursor_row >= 0;
    bool moved = tui->cursor_row != tui->at_row || (shown && tui->cursor_col != tui->at_col);

    if (shown != (tui->at_row >= 0) || tui->at_row == -2)
        curs_set(shown);
    leaveok(stdscr, !shown && tui->hides_cursor);
    if (shown)
        wmove(stdscr, tui->cursor_row, tui->cursor_col);
    else if (!tui->hides_cursor)
        wmove(stdscr, tui->next.rows - 1, 0);
    tui->at_row = tui->cursor_row;
    tui->at_col = tui->cursor_col;
    return moved;
}

void tui_frame_send(struct tui *tui)
{
    bool any = push(tui);

    if (tui->whole)
        clearok(curscr, TRUE);
    tui->whole = tui->stale = false;
    if (place_cursor(tui) || any) {
        wnoutrefresh(stdscr);
        doupdate();
        tui_out_collect(tui);
        tui->sent_us = zm_now_us();
    }
    tui_out_flush(tui);
}

int64_t tui_sent_us(const struct tui *tui)
{
    return tui->sent_us;
}

void tui_frame_begin(struct tui *tui)
{
    tui_grid_clear(&tui->next);
    tui->cursor_row = -1;
    tui->last_frame = (struct tui_box){0, 0, 0, 0};
}

void tui_frame_end(struct tui *tui)
{
    if (tui->suspended || tui->gone)
        return;
    if (tui_out_flush(tui))
        tui_frame_send(tui);
    else
        tui->stale = true; /* the terminal is behind: it gets the newest frame when it is ready */
}

void tui_cursor(struct tui *tui, int row, int col)
{
    if (row < 0 || row >= tui->next.rows || col < 0)
        return;
    tui->cursor_row = row;
    tui->cursor_col = col < tui->next.cols ? col : tui->next.cols - 1;
}

void tui_redraw(struct tui *tui)
{
    tui->whole = true;
}
