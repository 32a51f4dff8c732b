/*
 * A menu over the screen: sort, columns, copy.
 */
#ifndef SCREENS_MENUS_H
#define SCREENS_MENUS_H

#include <stdbool.h>
#include <stddef.h>

#include "screens/app.h"
#include "tui/dialog.h"

/* What was chosen or toggled; true keeps a toggling menu open. */
typedef bool (*menu_fn)(struct app *app, void *context, size_t item);

/* Opens it; the items are copied, their texts and the title must outlive it. context is the
 * screen's state and is not touched after the menu closed. */
void menu_open(struct app *app, const char *title, const struct tui_menu_item *items, size_t n,
               bool toggle, menu_fn chosen, void *context);

#endif
