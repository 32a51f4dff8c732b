/*
 * The clipboard of the person's terminal, through OSC 52 (xterm's control sequences, "Manipulate
 * Selection Data"), and the bell. A multiplexer in between takes it wrapped.
 */
#include "term_state.h"

#define MOST 74994       /* xterm takes 100,000 bytes of sequence; base64 makes 4 of 3 */
#define SCREEN_PIECE 700 /* GNU screen drops a longer DCS */

static size_t base64(const unsigned char *s, size_t n, char *dst)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t i, len = 0;

    for (i = 0; i < n; i += 3) {
        unsigned long v = (unsigned long)s[i] << 16;

        v |= i + 1 < n ? (unsigned long)s[i + 1] << 8 : 0;
        v |= i + 2 < n ? s[i + 2] : 0;
        dst[len++] = digits[v >> 18 & 63];
        dst[len++] = digits[v >> 12 & 63];
        dst[len++] = i + 1 < n ? digits[v >> 6 & 63] : '=';
        dst[len++] = i + 2 < n ? digits[v & 63] : '=';
    }
    return len;
}

/* As much as fits, not ending inside a character. */
static size_t cut(const char *text, size_t n)
{
    if (n <= MOST)
        return n;
    n = MOST;
    while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static void add(struct tui *tui, const char *s)
{
    tui_out_add(tui, s, strlen(s));
}

/* GNU screen hands on what is inside a DCS, piece by piece. */
static void send_through_screen(struct tui *tui, const char *data, size_t n)
{
    size_t at;

    add(tui, "\033P\033]52;c;");
    for (at = 0; at < n; at += SCREEN_PIECE) {
        if (at > 0)
            add(tui, "\033\\\033P");
        tui_out_add(tui, data + at, n - at < SCREEN_PIECE ? n - at : SCREEN_PIECE);
    }
    add(tui, "\007\033\\");
}

bool tui_copy(struct tui *tui, const char *text)
{
    size_t len = strlen(text), n = cut(text, len);
    char *data;

    if (!tui->modern)
        return false;
    data = zm_malloc((n + 2) / 3 * 4 + 1);
    data[base64((const unsigned char *)text, n, data)] = '\0';
    if (tui->mux == TUI_MUX_SCREEN) {
        send_through_screen(tui, data, strlen(data));
    } else {
        add(tui, "\033]52;c;");
        add(tui, data);
        add(tui, "\007");
        if (tui->mux == TUI_MUX_TMUX) { /* and where tmux only lets it through */
            add(tui, "\033Ptmux;\033\033]52;c;");
            add(tui, data);
            add(tui, "\007\033\\");
        }
    }
    free(data);
    tui_out_flush(tui);
    return n == len;
}

void tui_bell(struct tui *tui)
{
    add(tui, "\007");
    tui_out_flush(tui);
}
