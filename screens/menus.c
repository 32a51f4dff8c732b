/*
 * The menu as an overlay: keys go to tui/dialog, what was chosen goes to the screen that opened it.
 * Knows neither what the items mean nor who they belong to.
 */
#include "screens/menus.h"

#include <stdlib.h>
#include <string.h>

#include "zm/arena.h"

struct open_menu {
    struct tui_menu menu;
    struct tui_menu_item *items; /* owned */
    menu_fn chosen;
    void *context;
};

static void menu_draw(struct app *app, void *state)
{
    struct open_menu *m = state;

    tui_menu_draw(app->tui, &m->menu, app->conf->label);
}

static bool menu_event(struct app *app, void *state, const struct tui_event *event)
{
    struct open_menu *m = state;
    size_t item;

    if (event->type != TUI_EVENT_KEY)
        return true;
    switch (tui_menu_key(&m->menu, event->key, &item)) {
    case TUI_CHOSEN:
        app->overlay = NULL; /* what was chosen may open another */
        app->overlay_state = NULL;
        m->chosen(app, m->context, item);
        return false;
    case TUI_TOGGLED:
        m->items[item].on = !m->items[item].on;
        return m->chosen(app, m->context, item);
    case TUI_CLOSED:
        return false;
    default:
        return true;
    }
}

static void menu_close(struct app *app, void *state)
{
    struct open_menu *m = state;

    (void)app;
    free(m->items);
    free(m);
}

static const struct overlay menu_overlay = {menu_draw, menu_event, menu_close};

void menu_open(struct app *app, const char *title, const struct tui_menu_item *items, size_t n,
               bool toggle, menu_fn chosen, void *context)
{
    struct open_menu *m = zm_calloc(1, sizeof(*m));
    size_t i;

    m->items = zm_calloc(n, sizeof(*m->items));
    memcpy(m->items, items, n * sizeof(*items));
    m->menu = (struct tui_menu){.title = title, .items = m->items, .n = n, .toggle = toggle};
    for (i = 0; i < n && !toggle; i++)
        if (items[i].on)
            m->menu.cursor = i;
    m->chosen = chosen;
    m->context = context;
    app_overlay(app, &menu_overlay, m);
}
