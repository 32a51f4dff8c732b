/*
 * A text over the screen that is read and closed. Must not know what it says.
 */
#include "tui/dialog.h"

#include <stdint.h>

#include "tui/layout.h"
#include "tui/pager.h"
#include "tui/text.h"
#include "zm/str.h"

#define WIDEST 76 /* longer lines are hard to read */
#define NARROWEST 26

/* The longest line of the text, in cells. */
static int text_width(const char *text, bool ascii)
{
    const char *line, *next;
    int cells = 0;

    for (line = text; *line; line = *next ? next + 1 : next) {
        struct zm_buf one = {0};
        int mine;

        next = line + strcspn(line, "\n");
        zm_buf_add(&one, line, (size_t)(next - line));
        mine = tui_text_cells(one.s, ascii);
        cells = mine > cells ? mine : cells;
        zm_buf_done(&one);
    }
    return cells;
}

void tui_notice_scroll(struct tui *tui, const char *title, const char *badge, const char *text,
                       size_t *top)
{
    struct tui_box screen = tui_screen_box(tui), frame, box;
    int cols = text_width(text, tui_is_ascii(tui));
    int head = tui_text_cells(zm_text(title), false) + tui_text_cells(zm_text(badge), false) + 6;
    struct tui_pager pager = {.wrap = true};

    cols = cols > WIDEST ? WIDEST : cols < NARROWEST ? NARROWEST : cols;
    cols = cols < head ? head : cols;
    cols = cols > screen.cols - 4 ? screen.cols - 4 : cols;
    pager.cols = cols > 0 ? cols : 1;
    tui_pager_set(&pager, text, strlen(text));
    frame = tui_centre(screen, (int)pager.n_lines + 2, cols + 4);
    box = tui_draw_frame(tui, frame, title, badge, TUI_INFO);
    pager.top = *top;
    if (pager.top + (size_t)box.rows > pager.n_lines)
        pager.top = pager.n_lines > (size_t)box.rows ? pager.n_lines - (size_t)box.rows : 0;
    *top = pager.top;
    tui_pager_draw(tui, box, &pager);
    if (pager.n_lines > (size_t)box.rows)
        tui_drawf(tui, frame, frame.rows - 1, 2, TUI_DIM,
                  frame.cols < 48 ? " %zu of %zu rows "
                                  : " %zu of %zu rows  PgDn PgUp  Esc closes ",
                  pager.top + (size_t)box.rows, pager.n_lines);
    tui_pager_done(&pager);
}

void tui_notice_draw(struct tui *tui, const char *title, const char *badge, const char *text)
{
    size_t top = 0;

    tui_notice_scroll(tui, title, badge, text, &top);
}

enum tui_answer tui_notice_key(int key, size_t *top)
{
    switch (key) {
    case TUI_KEY_ESC:
    case TUI_KEY_ENTER:
    case 'q':
        return TUI_CLOSED;
    case TUI_KEY_DOWN:
    case 'j':
        ++*top;
        break;
    case TUI_KEY_UP:
    case 'k':
        *top -= *top > 0;
        break;
    case 'g':
    case TUI_KEY_HOME:
        *top = 0;
        break;
    case 'G':
    case TUI_KEY_END:
        *top = SIZE_MAX / 2; /* drawing brings it into range */
        break;
    case TUI_KEY_PGDN:
    case ' ':
        *top += 10;
        break;
    case TUI_KEY_PGUP:
        *top -= *top > 10 ? 10 : *top;
        break;
    default:
        break;
    }
    return TUI_OPEN;
}
