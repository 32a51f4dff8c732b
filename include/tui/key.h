/*
 * Keys and other input as values. A key is written as people write it: "j", "G", "Enter", "Esc",
 * "Tab", "S-Tab", "Space", "Backspace", "Up", "PgDn", "Home", "F5", "Ctrl-D", "Alt-x".
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>

enum tui_key { /* a printable character is its code point; these lie above Unicode */
               TUI_KEY_NONE = 0,
               TUI_KEY_ENTER = 0x110000,
               TUI_KEY_ESC,
               TUI_KEY_TAB,
               TUI_KEY_BACKTAB,
               TUI_KEY_BACKSPACE,
               TUI_KEY_DELETE,
               TUI_KEY_INSERT,
               TUI_KEY_UP,
               TUI_KEY_DOWN,
               TUI_KEY_LEFT,
               TUI_KEY_RIGHT,
               TUI_KEY_HOME,
               TUI_KEY_END,
               TUI_KEY_PGUP,
               TUI_KEY_PGDN,
               TUI_KEY_F1, /* F2 is F1 + 1, up to F12 */
               TUI_KEY_F12 = TUI_KEY_F1 + 11,
               TUI_KEY_CTRL = 0x1000000, /* or-ed to a letter (TUI_KEY_CTRL | 'd'), an arrow ... */
               TUI_KEY_ALT = 0x2000000,  /* or-ed to anything */
};

enum tui_event_type {
    TUI_EVENT_NONE,
    TUI_EVENT_KEY,
    TUI_EVENT_PASTE, /* bracketed paste: text is valid until the next read */
    TUI_EVENT_MOUSE,
    TUI_EVENT_RESIZE,
    TUI_EVENT_EOF, /* the terminal is gone */
};

struct tui_event {
    enum tui_event_type type;
    int key;          /* TUI_EVENT_KEY */
    const char *text; /* TUI_EVENT_PASTE */
    size_t text_len;
    int row, col; /* TUI_EVENT_MOUSE */
    int wheel;    /* -1 up, 1 down, 0 a click */
};

/* A key with Alt or after Esc; Esc and a digit is a function key, for keyboards that lack them. */
int tui_key_alt(int key);
/* "Ctrl-D" -> value; TUI_KEY_NONE when the name is unknown. */
int tui_key_parse(const char *name, size_t len);
/* value -> "Ctrl-D"; returns dst. */
const char *tui_key_name(int key, char dst[24]);

#endif
