/*
 * Moving about the Sync screen, by keys and by the mouse.
 */
#include "screens/sync_state.h"

#include "tui/layout.h"

static void scroll_diff(struct sync *s, int action)
{
    int page = s->diff_page > 2 ? s->diff_page - 1 : 1, last = s->diff_rows - s->diff_page;
    int by = action == APP_DOWN        ? 1
             : action == APP_UP        ? -1
             : action == APP_PAGE_DOWN ? page
             : action == APP_PAGE_UP   ? -page
             : action == APP_HALF_DOWN ? page / 2
             : action == APP_HALF_UP   ? -page / 2
             : action == APP_LAST      ? last
                                       : -s->diff_top;

    s->diff_top += by;
    s->diff_top = s->diff_top > last ? last : s->diff_top;
    s->diff_top = s->diff_top < 0 ? 0 : s->diff_top;
}

bool sync_move(struct sync *s, int action)
{
    static const enum tui_move moves[] = {
        [APP_UP] = TUI_MOVE_UP,           [APP_DOWN] = TUI_MOVE_DOWN,
        [APP_PAGE_UP] = TUI_MOVE_PAGE_UP, [APP_PAGE_DOWN] = TUI_MOVE_PAGE_DOWN,
        [APP_HALF_UP] = TUI_MOVE_HALF_UP, [APP_HALF_DOWN] = TUI_MOVE_HALF_DOWN,
        [APP_FIRST] = TUI_MOVE_FIRST,     [APP_LAST] = TUI_MOVE_LAST,
    };

    if (!s->found)
        return true;
    if (s->pane == SYNC_DIFF) {
        scroll_diff(s, action);
        return true;
    }
    if (s->pane == SYNC_CLASSES)
        tui_table_move(&s->classes, moves[action], s->classes_page);
    else
        tui_table_move(&s->rows, moves[action], s->rows_page);
    sync_settle(s);
    sync_hold_row(s);
    return true;
}

/* ---- the mouse ---- */

/* SYNC_PANES: none is there. */
static enum sync_pane pane_at(const struct sync *s, int row, int col)
{
    int i = 0;

    while (i < SYNC_PANES && !tui_box_has(s->place[i], row, col))
        i++;
    return (enum sync_pane)i;
}

/* The pane under it has the keys from then on; a click puts the cursor on the row under it. */
bool sync_mouse(struct sync *s, const struct tui_event *event)
{
    enum sync_pane pane = pane_at(s, event->row, event->col);
    struct tui_table *table = pane == SYNC_CLASSES ? &s->classes : &s->rows;
    long row;

    if (pane == SYNC_PANES)
        return event->wheel != 0;
    s->pane = pane;
    if (event->wheel)
        return sync_move(s, event->wheel > 0 ? APP_DOWN : APP_UP);
    row = pane == SYNC_DIFF ? -1 : tui_table_at(table, s->place[pane], event->row);
    if (row >= 0)
        table->cursor = (size_t)row;
    sync_settle(s);
    sync_hold_row(s);
    return true;
}
