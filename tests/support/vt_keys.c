/*
 * Keys as xterm sends them. Cursor keys have two forms; which one is asked for by the program.
 */
#include "vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "vt_state.h"

struct key {
    const char *name, *bytes;
    char cursor; /* the final letter of a cursor key, after CSI or SS3 */
};

/* clang-format off */
static const struct key keys[] = {
    {"Enter", "\r", 0},      {"Esc", "\033", 0},        {"Tab", "\t", 0},
    {"S-Tab", "\033[Z", 0},  {"Space", " ", 0},         {"Backspace", "\177", 0},
    {"Delete", "\033[3~", 0}, {"Insert", "\033[2~", 0}, {"PgUp", "\033[5~", 0},
    {"PgDn", "\033[6~", 0},  {"Up", NULL, 'A'},         {"Down", NULL, 'B'},
    {"Right", NULL, 'C'},    {"Left", NULL, 'D'},       {"Home", NULL, 'H'},
    {"End", NULL, 'F'},      {"F1", "\033OP", 0},       {"F2", "\033OQ", 0},
    {"F3", "\033OR", 0},     {"F4", "\033OS", 0},       {"F5", "\033[15~", 0},
    {"F6", "\033[17~", 0},   {"F7", "\033[18~", 0},     {"F8", "\033[19~", 0},
    {"F9", "\033[20~", 0},   {"F10", "\033[21~", 0},    {"F11", "\033[23~", 0},
    {"F12", "\033[24~", 0},
};
/* clang-format on */

static void press(struct vt *vt, const char *name)
{
    char bytes[16] = "";
    size_t i;

    if (strncmp(name, "Alt-", 4) == 0) {
        vt_type(vt, "\033");
        name += 4;
    }
    for (i = 0; i < ZM_COUNT(keys); i++)
        if (strcmp(keys[i].name, name) == 0 && keys[i].cursor)
            snprintf(bytes, sizeof(bytes), "\033%c%c",
                     vt->stream.modes & VT_MODE_CURSOR_KEYS ? 'O' : '[', keys[i].cursor);
        else if (strcmp(keys[i].name, name) == 0)
            zm_copy(bytes, sizeof(bytes), keys[i].bytes);
    if (!bytes[0] && strncmp(name, "Ctrl-", 5) == 0 && name[5] >= '@' && !name[6])
        bytes[0] = (char)(name[5] & 0x1f);
    if (!bytes[0] && (!name[1] || (name[0] & 0x80)))
        zm_copy(bytes, sizeof(bytes), name);
    if (!bytes[0])
        fail_msg("there is no key '%s'", name);
    vt_type(vt, bytes);
}

void vt_keys(struct vt *vt, const char *names)
{
    char copy[512], *rest = copy;

    assert_true(zm_copy(copy, sizeof(copy), names));
    while (*rest) {
        size_t n = strcspn(rest, " ");
        bool last = !rest[n];

        rest[n] = '\0';
        if (n > 0)
            press(vt, rest);
        rest += n + !last;
    }
}

void vt_paste(struct vt *vt, const char *text)
{
    bool bracketed = vt->stream.modes & VT_MODE_PASTE;

    vt_type(vt, bracketed ? "\033[200~" : "");
    vt_type(vt, text);
    vt_type(vt, bracketed ? "\033[201~" : "");
}
