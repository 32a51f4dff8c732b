/*
 * Styles by meaning. A theme maps each to colours and attributes; every state is also a sign and a
 * word, so that mono, NO_COLOR and both backgrounds stay readable. Only the 16 named colours and
 * the terminal's own default are used.
 */
#ifndef TUI_STYLE_H
#define TUI_STYLE_H

#include <stdbool.h>

enum tui_style {
    TUI_TEXT,
    TUI_DIM,    /* secondary: rules, units, what is not set */
    TUI_STRONG, /* what the eye should find first */
    TUI_TITLE,  /* names of panes and screens */
    TUI_HEAD,   /* column heads */
    TUI_KEY,    /* a key in the key bar */
    TUI_GOOD,
    TUI_WARN,
    TUI_BAD,
    TUI_INFO,    /* the one accent: what is current, links */
    TUI_BADGE,   /* the profile's label in the title: reverse */
    TUI_ALARM,   /* a banner that must not be missed */
    TUI_FOREIGN, /* substitutes for unprintable characters */
    TUI_STYLES,
    TUI_SELECTED = 0x100, /* or-ed: the row under the cursor */
    TUI_MARKED = 0x200,   /* or-ed: a marked row */
};

struct tui;

/* "default", "light", "mono": names for the configuration; NULL after the last. */
const char *tui_theme_name(int i);
/* From the next frame on, which is sent whole. False: there is no such theme. A terminal without
 * colours keeps the looks of "mono". */
bool tui_theme_set(struct tui *tui, const char *name);

#endif
