/*
 * Names of keys, both ways. One table; what has several names is written with the first of them.
 * Must not know how keys arrive.
 */
#include "tui/key.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tui/text.h"
#include "zm/str.h"

struct name {
    const char *text;
    int key;
};

// clang-format off
static const struct name names[] = {
    {"Enter",     TUI_KEY_ENTER},
    {"Esc",       TUI_KEY_ESC},
    {"Tab",       TUI_KEY_TAB},
    {"S-Tab",     TUI_KEY_BACKTAB},
    {"Space",     ' '},
    {"Backspace", TUI_KEY_BACKSPACE},
    {"Delete",    TUI_KEY_DELETE},
    {"Insert",    TUI_KEY_INSERT},
    {"Up",        TUI_KEY_UP},
    {"Down",      TUI_KEY_DOWN},
    {"Left",      TUI_KEY_LEFT},
    {"Right",     TUI_KEY_RIGHT},
    {"Home",      TUI_KEY_HOME},
    {"End",       TUI_KEY_END},
    {"PgUp",      TUI_KEY_PGUP},
    {"PgDn",      TUI_KEY_PGDN},
    /* other names that people write */
    {"Return",    TUI_KEY_ENTER},
    {"Escape",    TUI_KEY_ESC},
    {"Shift-Tab", TUI_KEY_BACKTAB},
    {"BackTab",   TUI_KEY_BACKTAB},
    {"BS",        TUI_KEY_BACKSPACE},
    {"Del",       TUI_KEY_DELETE},
    {"Ins",       TUI_KEY_INSERT},
    {"PageUp",    TUI_KEY_PGUP},
    {"PageDown",  TUI_KEY_PGDN},
};

/* What a terminal sends for these is the key on the right. */
static const struct name same[] = {
    {"i", TUI_KEY_TAB}, {"m", TUI_KEY_ENTER}, {"j", TUI_KEY_ENTER}, {"h", TUI_KEY_BACKSPACE},
    {"[", TUI_KEY_ESC}, {"?", TUI_KEY_BACKSPACE}, {"@", TUI_KEY_CTRL | ' '},
};
// clang-format on

static bool is_name(const char *s, size_t len, const char *name)
{
    return strlen(name) == len && strncasecmp(s, name, len) == 0;
}

/* "F1" to "F12"; TUI_KEY_NONE for anything else. */
static int parse_function(const char *s, size_t len)
{
    int n = 0;
    size_t i;

    if (len < 2 || len > 3 || (s[0] != 'F' && s[0] != 'f'))
        return TUI_KEY_NONE;
    for (i = 1; i < len; i++) {
        if (s[i] < '0' || s[i] > '9')
            return TUI_KEY_NONE;
        n = n * 10 + (s[i] - '0');
    }
    return n >= 1 && n <= 12 && s[1] != '0' ? TUI_KEY_F1 + n - 1 : TUI_KEY_NONE;
}

static int parse_plain(const char *s, size_t len)
{
    struct tui_glyph g;
    int32_t c;
    size_t i;

    for (i = 0; i < ZM_COUNT(names); i++)
        if (is_name(s, len, names[i].text))
            return names[i].key;
    if (len > 1 && parse_function(s, len) != TUI_KEY_NONE)
        return parse_function(s, len);
    if (len == 0 || tui_utf8_decode(s, len, &c) != len || c <= 0x20)
        return TUI_KEY_NONE;
    return tui_glyph_next(s, len, false, &g) && !g.foreign ? c : TUI_KEY_NONE;
}

static int with_ctrl(int key)
{
    size_t i;

    if (key >= TUI_KEY_ENTER)
        return key >= TUI_KEY_UP && key <= TUI_KEY_F12 ? TUI_KEY_CTRL | key : TUI_KEY_NONE;
    if (key >= 'A' && key <= 'Z')
        key += 'a' - 'A';
    for (i = 0; i < ZM_COUNT(same); i++)
        if (key == same[i].text[0])
            return same[i].key;
    if ((key >= 'a' && key <= 'z') || key == ' ' || (key >= '\\' && key <= '_'))
        return TUI_KEY_CTRL | key;
    return TUI_KEY_NONE;
}

int tui_key_alt(int key)
{
    if (key >= '1' && key <= '9')
        return TUI_KEY_F1 + key - '1';
    return key == '0' ? TUI_KEY_F1 + 9 : key | TUI_KEY_ALT;
}

int tui_key_parse(const char *name, size_t len)
{
    int key;

    if (len > 4 && strncasecmp(name, "Alt-", 4) == 0) {
        key = tui_key_parse(name + 4, len - 4);
        if (key == TUI_KEY_NONE || key & TUI_KEY_ALT)
            return TUI_KEY_NONE;
        return tui_key_alt(key);
    }
    if (len > 5 && strncasecmp(name, "Ctrl-", 5) == 0) {
        key = parse_plain(name + 5, len - 5);
        return key == TUI_KEY_NONE ? TUI_KEY_NONE : with_ctrl(key);
    }
    return parse_plain(name, len);
}

const char *tui_key_name(int key, char dst[24])
{
    int plain = key & ~(TUI_KEY_CTRL | TUI_KEY_ALT);
    char text[8];
    size_t i;

    text[0] = '\0';
    for (i = 0; i < ZM_COUNT(names); i++)
        if (names[i].key == plain) {
            snprintf(dst, 24, "%s%s%s", key & TUI_KEY_ALT ? "Alt-" : "",
                     key & TUI_KEY_CTRL ? "Ctrl-" : "", names[i].text);
            return dst;
        }
    if (plain >= TUI_KEY_F1 && plain <= TUI_KEY_F12)
        snprintf(text, sizeof(text), "F%d", plain - TUI_KEY_F1 + 1);
    else if (key & TUI_KEY_CTRL && plain >= 'a' && plain <= 'z')
        snprintf(text, sizeof(text), "%c", plain - 'a' + 'A');
    else if (plain > 0 && plain < 0x110000)
        tui_utf8_encode(plain, text);
    snprintf(dst, 24, "%s%s%s", key & TUI_KEY_ALT ? "Alt-" : "", key & TUI_KEY_CTRL ? "Ctrl-" : "",
             text);
    return dst;
}
