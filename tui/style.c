/*
 * Themes: what each meaning looks like. `default` is readable on dark and on light backgrounds, so
 * it leaves out yellow, white, black and blue. Must not know what is drawn with it.
 */
#include "tui/style.h"

#include <curses.h>
#include <strings.h>

#include "term_state.h"

struct paint {
    short colour; /* -1: the terminal's own */
    attr_t attributes;
};

enum { NONE = -1 };

struct theme {
    const char *name;
    struct paint paint[TUI_STYLES];
    bool light; /* bold would brighten a colour on many terminals, and white swallow it */
};

/* What all themes have in common is written once; a theme gives colours to the rest. */
// clang-format off
#define COMMON                                      \
    [TUI_TEXT] = {NONE, A_NORMAL},                  \
    [TUI_DIM] = {NONE, A_DIM},                      \
    [TUI_STRONG] = {NONE, A_BOLD},                  \
    [TUI_TITLE] = {NONE, A_BOLD},                   \
    [TUI_HEAD] = {NONE, A_DIM},                     \
    [TUI_KEY] = {NONE, A_BOLD},                     \
    [TUI_BADGE] = {NONE, A_REVERSE | A_BOLD},       \
    [TUI_FOREIGN] = {NONE, A_UNDERLINE}

static const struct theme themes[] = {
    {"default", {COMMON,
                 [TUI_GOOD] = {COLOR_GREEN, A_NORMAL}, [TUI_WARN] = {COLOR_MAGENTA, A_NORMAL},
                 [TUI_BAD] = {COLOR_RED, A_NORMAL}, [TUI_INFO] = {COLOR_CYAN, A_BOLD},
                 [TUI_ALARM] = {COLOR_RED, A_REVERSE | A_BOLD}}, false},
    {"dark", {COMMON,
              [TUI_GOOD] = {COLOR_GREEN, A_NORMAL}, [TUI_WARN] = {COLOR_YELLOW, A_NORMAL},
              [TUI_BAD] = {COLOR_RED, A_NORMAL}, [TUI_INFO] = {COLOR_CYAN, A_BOLD},
              [TUI_ALARM] = {COLOR_RED, A_REVERSE | A_BOLD}}, false},
    {"light", {COMMON,
               [TUI_GOOD] = {COLOR_GREEN, A_NORMAL}, [TUI_WARN] = {COLOR_MAGENTA, A_NORMAL},
               [TUI_BAD] = {COLOR_RED, A_NORMAL}, [TUI_INFO] = {COLOR_BLUE, A_NORMAL},
               [TUI_ALARM] = {COLOR_RED, A_REVERSE | A_BOLD}}, true},
    {"mono", {COMMON,
              [TUI_GOOD] = {NONE, A_NORMAL}, [TUI_WARN] = {NONE, A_BOLD},
              [TUI_BAD] = {NONE, A_BOLD}, [TUI_INFO] = {NONE, A_BOLD},
              [TUI_ALARM] = {NONE, A_REVERSE | A_BOLD}}, false},
};
// clang-format on

#define MONO (ZM_COUNT(themes) - 1)

const char *tui_theme_name(int i)
{
    return i >= 0 && i < (int)ZM_COUNT(themes) ? themes[i].name : NULL;
}

static const struct theme *find(const struct tui *tui, const char *name)
{
    size_t i;

    if (!tui->colour)
        return &themes[MONO];
    for (i = 0; name && i < ZM_COUNT(themes); i++)
        if (strcasecmp(name, themes[i].name) == 0)
            return &themes[i];
    return &themes[0];
}

/* A selected row looks the same in all its cells: it is found at once, and costs few bytes. */
static struct tui_look look(const struct theme *theme, struct paint paint, unsigned state)
{
    struct tui_look ret = {.attributes = paint.attributes};

    if (state & TUI_SELECTED)
        ret.attributes = A_REVERSE;
    else if (paint.colour != NONE && !(theme->light && state & TUI_MARKED))
        ret.pair = (short)(paint.colour + 1);
    if (state & TUI_MARKED)
        ret.attributes |= A_BOLD;
    ret.on_blank = (ret.attributes & (A_REVERSE | A_UNDERLINE)) != 0;
    return ret;
}

void tui_style_init(struct tui *tui, const char *name)
{
    const struct theme *theme = find(tui, name);
    short colour;
    size_t i;
    unsigned state;

    for (colour = 0; tui->colour && colour < 8; colour++)
        init_pair((short)(colour + 1), colour, NONE);
    for (i = 0; i < TUI_STYLES; i++)
        for (state = 0; state < 4; state++)
            tui->look[i][state] = look(theme, theme->paint[i], state << 8);
}

bool tui_theme_set(struct tui *tui, const char *name)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(themes); i++) {
        if (strcasecmp(name, themes[i].name) != 0)
            continue;
        tui_style_init(tui, name);
        tui->whole = true;
        return true;
    }
    return false;
}
