/*
 * Sequences of a terminal after ECMA-48: one grammar for xterm, screen, tmux, rxvt, linux, putty
 * and vt terminals, whether or not their keypad is in application mode. Must not know the buffer.
 */
#include "decode_sequence.h"

#include "tui/text.h"

struct code {
    int code, key;
};

// clang-format off
/* CSI n ~ */
static const struct code tilde[] = {
    {1, TUI_KEY_HOME}, {2, TUI_KEY_INSERT}, {3, TUI_KEY_DELETE}, {4, TUI_KEY_END},
    {5, TUI_KEY_PGUP}, {6, TUI_KEY_PGDN}, {7, TUI_KEY_HOME}, {8, TUI_KEY_END},
    {11, TUI_KEY_F1}, {12, TUI_KEY_F1 + 1}, {13, TUI_KEY_F1 + 2}, {14, TUI_KEY_F1 + 3},
    {15, TUI_KEY_F1 + 4}, {17, TUI_KEY_F1 + 5}, {18, TUI_KEY_F1 + 6}, {19, TUI_KEY_F1 + 7},
    {20, TUI_KEY_F1 + 8}, {21, TUI_KEY_F1 + 9}, {23, TUI_KEY_F1 + 10}, {24, TUI_KEY_F12},
};

/* CSI letter and SS3 letter */
static const struct code letters[] = {
    {'A', TUI_KEY_UP}, {'B', TUI_KEY_DOWN}, {'C', TUI_KEY_RIGHT}, {'D', TUI_KEY_LEFT},
    {'H', TUI_KEY_HOME}, {'F', TUI_KEY_END}, {'Z', TUI_KEY_BACKTAB},
    {'P', TUI_KEY_F1}, {'Q', TUI_KEY_F1 + 1}, {'S', TUI_KEY_F1 + 3},
};

/* SS3 only: F3 (CSI R is an answer, not a key) and the keypad in application mode */
static const struct code keypad[] = {
    {'R', TUI_KEY_F1 + 2}, {'M', TUI_KEY_ENTER}, {'j', '*'}, {'k', '+'}, {'l', ','}, {'m', '-'},
    {'n', '.'}, {'o', '/'}, {'p', '0'}, {'q', '1'}, {'r', '2'}, {'s', '3'}, {'t', '4'}, {'u', '5'},
    {'v', '6'}, {'w', '7'}, {'x', '8'}, {'y', '9'}, {'X', '='},
};
// clang-format on

static int look_up(const struct code *table, size_t n, int code)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (table[i].code == code)
            return table[i].key;
    return TUI_KEY_NONE;
}

/* xterm's modifier parameter: 1 + 1 shift + 2 alt + 4 ctrl. */
static int modified(int key, int modifier)
{
    int bits = modifier > 1 ? modifier - 1 : 0;

    if (key == TUI_KEY_NONE)
        return key;
    if (key == TUI_KEY_TAB && bits & 1)
        key = TUI_KEY_BACKTAB;
    if (bits & 4 && ((key >= TUI_KEY_UP && key <= TUI_KEY_F12) || (key >= 'a' && key <= 'z')))
        key |= TUI_KEY_CTRL;
    return bits & 2 ? tui_key_alt(key) : key;
}

/* A key reported by its code point: CSI code ; modifier u, CSI 27 ; modifier ; code ~ */
static int by_code(int code, int modifier)
{
    static const struct code codes[] = {{13, TUI_KEY_ENTER},
                                        {9, TUI_KEY_TAB},
                                        {27, TUI_KEY_ESC},
                                        {127, TUI_KEY_BACKSPACE},
                                        {8, TUI_KEY_BACKSPACE}};
    int key = look_up(codes, ZM_COUNT(codes), code);

    if (key == TUI_KEY_NONE && code >= 0x20 && code < 0x7f)
        key = code;
    return modified(key, modifier);
}

static void set_key(struct tui_event *ret, int key)
{
    if (key != TUI_KEY_NONE) {
        ret->type = TUI_EVENT_KEY;
        ret->key = key;
    }
}

/* SGR mouse: CSI < button ; col ; row M (press) or m (release). */
static void set_mouse(struct tui_event *ret, const int param[4], int final)
{
    int button = param[0] & ~0x1c; /* modifiers off */

    if (final != 'M' || (button != 0 && button != 64 && button != 65) || param[0] & 0x20)
        return;
    ret->type = TUI_EVENT_MOUSE;
    ret->wheel = button == 64 ? -1 : button == 65 ? 1 : 0;
    ret->col = param[1] - 1;
    ret->row = param[2] - 1;
}

static void csi_event(struct tui_decoder *d, int mark, const int param[4], int final,
                      struct tui_event *ret)
{
    if (mark == '<')
        set_mouse(ret, param, final);
    if (mark)
        return;
    if (final == '~' && param[0] == 200)
        d->pasting = true;
    else if (final == '~' && param[0] == 27)
        set_key(ret, by_code(param[2], param[1]));
    else if (final == '~')
        set_key(ret, modified(look_up(tilde, ZM_COUNT(tilde), param[0]), param[1]));
    else if (final == 'u')
        set_key(ret, by_code(param[0], param[1]));
    else if (param[0] <= 1)
        set_key(ret, modified(look_up(letters, ZM_COUNT(letters), final), param[1]));
}

/* After ESC [. Returns the bytes taken from s, TUI_DECODE_MORE when its end is not there yet. */
static int csi(struct tui_decoder *d, const unsigned char *s, size_t n, struct tui_event *ret)
{
    int param[4] = {0}, mark = 0, at = 0;
    size_t i = 0;

    if (n > 0 && s[0] == '[') { /* the Linux console: F1 to F5 */
        if (n < 2)
            return TUI_DECODE_MORE;
        set_key(ret, s[1] >= 'A' && s[1] <= 'E' ? TUI_KEY_F1 + s[1] - 'A' : TUI_KEY_NONE);
        return 2;
    }
    if (n > 0 && s[0] == 'M') /* a mouse report of the oldest kind: three more bytes */
        return n < 4 ? TUI_DECODE_MORE : 4;
    if (n > 0 && s[0] >= '<' && s[0] <= '?')
        mark = s[i++];
    for (; i < n; i++) {
        if (s[i] >= '0' && s[i] <= '9') {
            if (at < 4 && param[at] < 100000)
                param[at] = param[at] * 10 + (s[i] - '0');
        } else if (s[i] == ';' || s[i] == ':') {
            at++;
        } else if (s[i] >= 0x40 && s[i] < 0x7f) {
            csi_event(d, mark, param, s[i], ret);
            return (int)i + 1;
        } else if (s[i] < 0x20 || s[i] >= 0x7f) {
            return (int)i; /* broken off: what follows is its own */
        }
    }
    return TUI_DECODE_MORE;
}

/* After ESC O; a digit before the letter is a modifier (old xterm). */
static int ss3(const unsigned char *s, size_t n, struct tui_event *ret)
{
    size_t i = 0;
    int modifier = 0, key;

    if (n > 0 && s[0] >= '1' && s[0] <= '8')
        modifier = s[i++] - '0';
    if (i >= n)
        return TUI_DECODE_MORE;
    key = look_up(letters, ZM_COUNT(letters), s[i]);
    if (key == TUI_KEY_NONE)
        key = look_up(keypad, ZM_COUNT(keypad), s[i]);
    set_key(ret, modified(key, modifier));
    return (int)i + 1;
}

int tui_decode_string(struct tui_decoder *d, const unsigned char *s, size_t n, bool late)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (s[i] == 0x07)
            return (int)i + 1;
        if (s[i] == TUI_ESC && i + 1 < n)
            return s[i + 1] == '\\' ? (int)i + 2 : (int)i;
    }
    if (n < TUI_DECODE_BYTES / 2)
        return late ? (int)n : TUI_DECODE_MORE;
    d->skipping = true;
    return (int)n;
}

static int control(unsigned char c)
{
    switch (c) {
    case 0x00:
        return TUI_KEY_CTRL | ' ';
    case 0x09:
        return TUI_KEY_TAB;
    case 0x0a:
    case 0x0d:
        return TUI_KEY_ENTER;
    case 0x08:
    case 0x7f:
        return TUI_KEY_BACKSPACE;
    case TUI_ESC:
        return TUI_KEY_ESC;
    default:
        return TUI_KEY_CTRL | (c < TUI_ESC ? c + 'a' - 1 : c + '@');
    }
}

int tui_decode_plain(const unsigned char *s, size_t n, bool late, struct tui_event *ret)
{
    size_t want = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : s[0] >= 0xc2 ? 2 : 1, took, i;
    int32_t c;

    if (s[0] < 0x20 || s[0] == 0x7f) {
        set_key(ret, control(s[0]));
        return 1;
    }
    for (i = 1; i < want && i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            want = i;
    if (n < want && !late)
        return TUI_DECODE_MORE;
    took = tui_utf8_decode((const char *)s, n, &c);
    if (c >= 0 && (c < 0x7f || c > 0x9f))
        set_key(ret, c);
    return (int)took;
}

int tui_decode_escape(struct tui_decoder *d, const unsigned char *s, size_t n, bool late,
                      struct tui_event *ret)
{
    int took;

    switch (s[0]) {
    case '[':
        took = csi(d, s + 1, n - 1, ret);
        break;
    case 'O':
        took = ss3(s + 1, n - 1, ret);
        break;
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
        if (n == 1 && late) {
            set_key(ret, tui_key_alt(s[0]));
            return 1;
        }
        took = n == 1 ? TUI_DECODE_MORE : tui_decode_string(d, s + 1, n - 1, late);
        break;
    case TUI_ESC: /* twice: Alt with a key that is itself a sequence, or Esc Esc */
        if (n < 2)
            return late ? 0 : TUI_DECODE_MORE;
        if (s[1] != '[' && s[1] != 'O')
            return 0;
        took = tui_decode_escape(d, s + 1, n - 1, late, ret);
        if (ret->type == TUI_EVENT_KEY)
            ret->key = tui_key_alt(ret->key);
        return took == TUI_DECODE_MORE ? TUI_DECODE_MORE : took + 1;
    default:
        took = tui_decode_plain(s, n, late, ret);
        if (ret->type == TUI_EVENT_KEY)
            ret->key = tui_key_alt(ret->key);
        return took;
    }
    if (took != TUI_DECODE_MORE)
        return took + 1;
    if (!late)
        return TUI_DECODE_MORE;
    if (n == 1) /* Alt-[ and Alt-O */
        set_key(ret, tui_key_alt(s[0]));
    return (int)n;
}
