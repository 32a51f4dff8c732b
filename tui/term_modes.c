/*
 * What terminals are good for, by their names, and the bytes that switch modes that ncurses does
 * not know: the keypad is here too, so that one place knows what has to be undone.
 */
#include <curses.h>
#include <langinfo.h>

#include "term_state.h"

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

/* Beginnings of TERM whose terminals ignore private modes they do not have. */
static const char *const modern[] = {"xterm",  "screen", "tmux",    "rxvt",    "alacritty",
                                     "foot",   "kitty",  "vte",     "konsole", "gnome",
                                     "putty",  "st-",    "wezterm", "ghostty", "contour",
                                     "mintty", "iterm",  "eterm",   "Eterm",   "mlterm"};

/* Terminals whose own line drawing is not Unicode: they get ASCII lines. */
static const char *const plain[] = {"vt1", "vt2", "vt3", "vt5", "ansi", "sun", "cons25", "pcansi"};

struct key_name {
    const char *name;
    int key;
};

// clang-format off
static const struct key_name key_names[] = {
    {"kcuu1", TUI_KEY_UP}, {"kcud1", TUI_KEY_DOWN}, {"kcub1", TUI_KEY_LEFT},
    {"kcuf1", TUI_KEY_RIGHT}, {"khome", TUI_KEY_HOME}, {"kend", TUI_KEY_END},
    {"kpp", TUI_KEY_PGUP}, {"knp", TUI_KEY_PGDN}, {"kdch1", TUI_KEY_DELETE},
    {"kich1", TUI_KEY_INSERT}, {"kcbt", TUI_KEY_BACKTAB}, {"kent", TUI_KEY_ENTER},
    {"kf1", TUI_KEY_F1}, {"kf2", TUI_KEY_F1 + 1}, {"kf3", TUI_KEY_F1 + 2},
    {"kf4", TUI_KEY_F1 + 3}, {"kf5", TUI_KEY_F1 + 4}, {"kf6", TUI_KEY_F1 + 5},
    {"kf7", TUI_KEY_F1 + 6}, {"kf8", TUI_KEY_F1 + 7}, {"kf9", TUI_KEY_F1 + 8},
    {"kf10", TUI_KEY_F1 + 9}, {"kf11", TUI_KEY_F1 + 10}, {"kf12", TUI_KEY_F12},
};
// clang-format on

static bool begins(const char *name, const char *const *table, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (strncmp(name, table[i], strlen(table[i])) == 0)
            return true;
    return false;
}

static const char *capability(const char *name)
{
    const char *s = tigetstr(name);

    return s == (char *)-1 ? NULL : s;
}

/* Appends a capability without its padding marks, "$<2>". */
static void append(char *dst, size_t size, const char *s)
{
    size_t n = strlen(dst);

    while (s && *s && n + 1 < size) {
        if (s[0] == '$' && s[1] == '<') {
            s += strcspn(s, ">");
            s += *s != '\0';
            continue;
        }
        dst[n++] = *s++;
    }
    dst[n] = '\0';
}

static enum tui_mux multiplexer(const char *term)
{
    if (getenv("TMUX") || strncmp(term, "tmux", 4) == 0)
        return TUI_MUX_TMUX;
    return strncmp(term, "screen", 6) == 0 ? TUI_MUX_SCREEN : TUI_MUX_NONE;
}

/* Whether the description chooses the character set anew with every change of colour, as xterm's
 * does. We draw no line with another set, so it is chosen once (term_out.c takes out the others).
 */
static bool repeats_charset(void)
{
    static const char choose[] = "%?%p9%t\033(0%e" TUI_CHOOSE_ASCII "%;";
    const char *sgr = capability("sgr");

    return sgr && strncmp(sgr, choose, sizeof(choose) - 1) == 0;
}

void tui_modes_init(struct tui *tui)
{
    bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    size_t i;

    tui->modern = begins(tui->name, modern, ZM_COUNT(modern));
    tui->mux = multiplexer(tui->name);
    tui->ascii = tui->ascii || !utf8;
    tui->box_lines = !tui->ascii && !begins(tui->name, plain, ZM_COUNT(plain));
    tui->hides_cursor = capability("civis") != NULL;
    tui->drops_charset = repeats_charset();
    append(tui->enter, sizeof(tui->enter), tui->drops_charset ? TUI_CHOOSE_ASCII : NULL);
    append(tui->enter, sizeof(tui->enter), capability("smkx"));
    append(tui->enter, sizeof(tui->enter), tui->modern ? PASTE_ON : NULL);
    append(tui->leave, sizeof(tui->leave), tui->modern ? PASTE_OFF : NULL);
    append(tui->leave, sizeof(tui->leave), capability("rmkx"));
    for (i = 0; i < ZM_COUNT(key_names); i++)
        if (capability(key_names[i].name))
            tui_decode_learn(&tui->decoder, capability(key_names[i].name), key_names[i].key);
    tui->decoder.bursts = !tui->modern;
}

void tui_modes_undo(const struct tui *tui, char *dst, size_t size)
{
    dst[0] = '\0';
    append(dst, size, tui->modern ? MOUSE_OFF : NULL);
    append(dst, size, tui->leave);
    append(dst, size, capability("op"));
    append(dst, size, capability("sgr0"));
    append(dst, size, capability("cnorm"));
    append(dst, size, capability("rmcup"));
    append(dst, size, capability("rmcup") ? NULL : "\r\n");
}

void tui_mouse(struct tui *tui, bool on)
{
    if (!tui->modern || tui->mouse == on)
        return;
    tui->mouse = on;
    if (!tui->suspended) {
        const char *s = on ? MOUSE_ON : MOUSE_OFF;

        tui_out_add(tui, s, strlen(s));
        tui_out_flush(tui);
    }
}

bool tui_has_blocks(const struct tui *tui)
{
    return tui->box_lines && tui->modern;
}
