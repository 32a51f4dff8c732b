/*
 * Bindings: a key is declared once and feeds dispatch, key bar, help and the `:` palette. A keymap
 * is a const table; the configuration may give an action other keys.
 */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "zm/error.h"

enum tui_bind_flags {
    TUI_BIND_BAR = 1,    /* shown in the key bar, in the order of the table */
    TUI_BIND_FIXED = 2,  /* may not be rebound: X, Esc, Ctrl-C */
    TUI_BIND_WRITE = 4,  /* not there in a read-only session */
    TUI_BIND_HIDDEN = 8, /* works, but is neither in help nor in the palette (aliases) */
};

struct tui_binding {
    const char *keys; /* defaults, separated by blanks: "j Down"; "" for palette only */
    int action;
    const char *name; /* "filter": in the palette and, as keys.users.filter, in the configuration */
    const char *label; /* at most 12 cells, for the bar */
    const char *help;  /* one line */
    unsigned flags;
};

struct tui_keymap {
    const char *name;  /* "users"; "global" for keys of every screen */
    const char *title; /* "Users": the section of help */
    const struct tui_binding *bindings;
    size_t n;
};

/* The keys in force: the tables with what the configuration changed. */
struct tui_keys;

struct tui_keys *tui_keys_new(const struct tui_keymap *const *maps, size_t n);
void tui_keys_free(struct tui_keys *keys);
/* Gives map.name other keys ("F9 d"); "" leaves it to the palette. Fails on an unknown map, name or
 * key, on a fixed binding, and on a key that another action of that map or of "global" has. */
bool tui_keys_rebind(struct tui_keys *keys, const char *map, const char *name, const char *text,
                     struct zm_error *err);
/* Checks all tables: duplicate keys or names in a map, unparsable keys, missing names or help. For
 * a start-up test. A screen may give a key of "global" its own meaning. */
bool tui_keys_check(const struct tui_keys *keys, struct zm_error *err);
/* The binding of a key in map, NULL when it has none there. */
const struct tui_binding *tui_keys_find(const struct tui_keys *keys, const struct tui_keymap *map,
                                        int key);
const struct tui_binding *tui_keys_by_name(const struct tui_keys *keys,
                                           const struct tui_keymap *map, const char *name);
/* The keys in force of a binding as text, "j Down"; owned by keys. */
const char *tui_keys_text(const struct tui_keys *keys, const struct tui_binding *binding);
/* The first of them, "j". */
const char *tui_keys_first(const struct tui_keys *keys, const struct tui_binding *binding,
                           char dst[24]);

#endif
