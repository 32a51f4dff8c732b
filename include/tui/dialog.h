/*
 * A dialog over the screen: a centred frame that takes only its own keys, names its target and
 * label, and drops what was typed ahead. A menu is a dialog with one list to choose from. Enter
 * never means yes.
 */
#ifndef TUI_DIALOG_H
#define TUI_DIALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/draw.h"
#include "tui/key.h"

struct tui_menu_item {
    const char *key; /* shown and accepted: "e"; NULL: only by cursor and Enter */
    const char *label;
    const char *note; /* dim, at the right; NULL none */
    bool on;          /* shown as chosen */
    bool disabled;
};

struct tui_menu {
    const char *title;
    const struct tui_menu_item *items;
    size_t n;
    size_t cursor, top;
    bool toggle; /* Space toggles an item (columns); else Enter chooses (sort) */
};

enum tui_answer { TUI_OPEN, TUI_CHOSEN, TUI_TOGGLED, TUI_CLOSED };

/* What the key did; *ret is the item for TUI_CHOSEN and TUI_TOGGLED. An item's own key wins over j,
 * k and q. */
enum tui_answer tui_menu_key(struct tui_menu *menu, int key, size_t *ret);
void tui_menu_draw(struct tui *tui, const struct tui_menu *menu, const char *badge);

/* A text that is read and closed: any of Esc, q, Enter closes it. Long lines are wrapped. */
void tui_notice_draw(struct tui *tui, const char *title, const char *badge, const char *text);
/* The same for texts that may be longer than the screen, from row *top on, which is kept in range;
 * tui_notice_key moves it: TUI_CLOSED, else TUI_OPEN. */
void tui_notice_scroll(struct tui *tui, const char *title, const char *badge, const char *text,
                       size_t *top);
enum tui_answer tui_notice_key(int key, size_t *top);

#endif
