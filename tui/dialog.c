/*
 * Menus over the screen. They take only their own keys; nothing here decides anything.
 */
#include "tui/dialog.h"

#include <string.h>

#include "tui/layout.h"
#include "tui/text.h"
#include "zm/str.h"

#define MENU_PAGE 10

static bool selectable(const struct tui_menu *menu, size_t i)
{
    return i < menu->n && !menu->items[i].disabled;
}

static void step(struct tui_menu *menu, int direction)
{
    size_t at = menu->cursor, i;

    for (i = 0; i < menu->n; i++) {
        at = (at + menu->n + (direction > 0 ? 1 : menu->n - 1)) % menu->n;
        if (selectable(menu, at)) {
            menu->cursor = at;
            return;
        }
    }
}

/* A page, or to an end; where the item there cannot be chosen, to the next that can. */
static void jump(struct tui_menu *menu, size_t to, int direction)
{
    if (menu->n == 0)
        return;
    menu->cursor = to < menu->n ? to : menu->n - 1;
    if (!selectable(menu, menu->cursor))
        step(menu, direction);
}

static enum tui_answer choose(struct tui_menu *menu, size_t i, size_t *ret)
{
    if (!selectable(menu, i))
        return TUI_OPEN;
    menu->cursor = i;
    *ret = i;
    return menu->toggle ? TUI_TOGGLED : TUI_CHOSEN;
}

enum tui_answer tui_menu_key(struct tui_menu *menu, int key, size_t *ret)
{
    size_t i;

    for (i = 0; i < menu->n; i++) {
        const char *own = menu->items[i].key;

        if (own && tui_key_parse(own, strlen(own)) == key)
            return choose(menu, i, ret);
    }
    switch (key) {
    case TUI_KEY_HOME:
        jump(menu, 0, 1);
        return TUI_OPEN;
    case TUI_KEY_END:
        jump(menu, menu->n, -1);
        return TUI_OPEN;
    case TUI_KEY_PGUP:
        jump(menu, menu->cursor > MENU_PAGE ? menu->cursor - MENU_PAGE : 0, 1);
        return TUI_OPEN;
    case TUI_KEY_PGDN:
        jump(menu, menu->cursor + MENU_PAGE, -1);
        return TUI_OPEN;
    case TUI_KEY_UP:
    case 'k':
        step(menu, -1);
        return TUI_OPEN;
    case TUI_KEY_DOWN:
    case 'j':
        step(menu, 1);
        return TUI_OPEN;
    case ' ':
        return menu->toggle ? choose(menu, menu->cursor, ret) : TUI_OPEN;
    case TUI_KEY_ENTER:
        return menu->toggle ? TUI_CLOSED : choose(menu, menu->cursor, ret);
    case TUI_KEY_ESC:
    case 'q':
    case TUI_KEY_CTRL | 'c':
        return TUI_CLOSED;
    default:
        return TUI_OPEN;
    }
}

/* How wide the parts of a menu are. */
struct widths {
    int key, label, note;
};

static int wider(int cells, const char *text, bool ascii)
{
    int mine = tui_text_cells(zm_text(text), ascii);

    return mine > cells ? mine : cells;
}

static struct widths measure(const struct tui_menu *menu, bool ascii)
{
    struct widths w = {0, 0, 0};
    size_t i;

    for (i = 0; i < menu->n; i++) {
        w.key = wider(w.key, menu->items[i].key, ascii);
        w.label = wider(w.label, menu->items[i].label, ascii);
        w.note = wider(w.note, menu->items[i].note, ascii);
    }
    return w;
}

static void draw_item(struct tui *tui, struct tui_box box, int row, const struct tui_menu *menu,
                      size_t i, struct widths w)
{
    const struct tui_menu_item *item = &menu->items[i];
    bool here = i == menu->cursor;
    unsigned style = (item->disabled ? TUI_DIM : TUI_TEXT) | (here ? TUI_SELECTED : 0u);
    const char *sign = menu->toggle ? item->on ? "[x]" : "[ ]" : item->on ? "(*)" : "( )";
    int col = 6;

    tui_draw(tui, box, row, 0, TUI_INFO, here ? ">" : " ");
    tui_draw(tui, box, row, 2, item->on ? TUI_TEXT : TUI_DIM, sign);
    if (w.key > 0) {
        tui_draw(tui, box, row, col, TUI_KEY, zm_text(item->key));
        col += w.key + 1;
    }
    tui_draw_field(tui, box, row, col, w.label, TUI_LEFT, style, item->label);
    tui_draw(tui, box, row, col + w.label + 2, TUI_DIM, zm_text(item->note));
}

void tui_menu_draw(struct tui *tui, const struct tui_menu *menu, const char *badge)
{
    const char *hint = menu->toggle ? "Space toggles  Esc closes" : "Enter chooses  Esc closes";
    bool ascii = tui_is_ascii(tui);
    struct widths w = measure(menu, ascii);
    int cols = 10 + (w.key ? w.key + 1 : 0) + w.label + (w.note ? w.note + 2 : 0), row;
    struct tui_box box;
    size_t top = 0, rows;

    cols = cols > (int)strlen(hint) + 4 ? cols : (int)strlen(hint) + 4;
    row = tui_text_cells(menu->title, ascii) + tui_text_cells(zm_text(badge), ascii) + 10;
    box = tui_centre(tui_screen_box(tui), (int)menu->n + 3, cols > row ? cols : row);
    box = tui_draw_frame(tui, box, menu->title, badge, TUI_INFO);
    rows = box.rows > 1 ? (size_t)box.rows - 1 : 1;
    if (menu->cursor >= rows)
        top = menu->cursor - rows + 1;
    for (row = 0; row < (int)rows && top + (size_t)row < menu->n; row++)
        draw_item(tui, box, row, menu, top + (size_t)row, w);
    if (box.rows > 1)
        tui_draw(tui, box, box.rows - 1, 0, TUI_DIM, hint);
}
