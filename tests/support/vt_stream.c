/*
 * A small parser of ECMA-48 that refuses what it does not know: a list of what may be sent is
 * short, a list of what may not would have holes.
 */
#include "vt_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUND, ESCAPE, CHARSET, CSI, OSC, OSC_ESCAPE, DCS, DCS_ESCAPE };

struct range {
    uint32_t first, last;
};

/* Code points that move, hide or reorder text. */
static const struct range invisible[] = {
    {0x80, 0x9f},     {0xad, 0xad},       {0x61c, 0x61c},   {0x180e, 0x180e},    {0x200b, 0x200f},
    {0x2028, 0x202e}, {0x2060, 0x206f},   {0xd800, 0xdfff}, {0xfe00, 0xfe0f},    {0xfeff, 0xfeff},
    {0xfff9, 0xfffb}, {0xe0000, 0xe0fff}, {0xe000, 0xf8ff}, {0xf0000, 0x10ffff},
};

struct private_mode {
    const char *number;
    unsigned bit;
    bool when_off; /* the bit is set by `l` */
};

/* clang-format off */
static const struct private_mode private_modes[] = {
    {"1", VT_MODE_CURSOR_KEYS, false}, {"5", 0, false},     {"7", 0, false},
    {"12", 0, false},                  {"25", VT_MODE_HIDDEN_CURSOR, true},
    {"47", VT_MODE_ALTERNATE, false},  {"1000", VT_MODE_MOUSE, false},
    {"1002", VT_MODE_MOUSE, false},    {"1006", 0, false},
    {"1047", VT_MODE_ALTERNATE, false}, {"1049", VT_MODE_ALTERNATE, false},
    {"2004", VT_MODE_PASTE, false},
};
/* clang-format on */

static void refuse(struct vt_stream *s, const char *what, const char *detail)
{
    if (!s->bad[0])
        snprintf(s->bad, sizeof(s->bad), "byte %lld: %s %.80s", s->bytes, what, detail);
}

static void switch_mode(struct vt_stream *s, unsigned bit, bool on)
{
    s->modes = on ? s->modes | bit : s->modes & ~bit;
}

/* "?1049;25" and h or l. */
static void set_private(struct vt_stream *s, char *numbers, bool on)
{
    char *rest = numbers, *end;

    for (;; rest = end + 1) {
        const struct private_mode *mode = NULL;
        size_t i;

        end = strchr(rest, ';');
        if (end)
            *end = '\0';
        for (i = 0; i < ZM_COUNT(private_modes) && !mode; i++)
            if (strcmp(private_modes[i].number, rest) == 0)
                mode = &private_modes[i];
        if (!mode)
            refuse(s, "private mode", rest);
        else if (mode->bit)
            switch_mode(s, mode->bit, on != mode->when_off);
        if (!end)
            return;
    }
}

static void end_csi(struct vt_stream *s)
{
    char final = s->sequence[s->len - 1];
    char *numbers = s->sequence;

    s->sequence[s->len - 1] = '\0';
    s->state = GROUND;
    if (numbers[0] == '?' && (final == 'h' || final == 'l')) {
        set_private(s, numbers + 1, final == 'h');
        return;
    }
    if (numbers[0] == '?' && final == 'c' && strlen(numbers) == 2)
        return; /* the shape of the cursor on a linux console */
    if (final == 't' && (zm_streq(numbers, "22;0;0") || zm_streq(numbers, "23;0;0")))
        return; /* title saved and restored with the alternate screen */
    if (strspn(numbers, "0123456789;:") != strlen(numbers) ||
        !strchr("ABCDEFGHIJKLMPSTXZ@`abdefghlmrsu", final)) {
        s->sequence[s->len - 1] = final;
        refuse(s, "CSI", numbers);
        return;
    }
    if (final == 'm')
        switch_mode(s, VT_MODE_PEN, numbers[0] != '\0' && strcmp(numbers, "0") != 0);
    else if ((final == 'h' || final == 'l') && strcmp(numbers, "4") == 0)
        switch_mode(s, VT_MODE_INSERT, final == 'h');
    else if (final == 'h' || final == 'l')
        refuse(s, "mode", numbers);
}

static int sextet(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* "52;c;BASE64" */
static void end_osc(struct vt_stream *s, const char *text)
{
    const char *data = strncmp(text, "52;", 3) == 0 ? strchr(text + 3, ';') : NULL;
    unsigned bits = 0, n_bits = 0;
    size_t n = 0;

    s->state = GROUND;
    if (!data) {
        refuse(s, "OSC", text);
        return;
    }
    free(s->clipboard);
    s->clipboard = zm_malloc(strlen(data) + 1);
    for (data++; *data; data++) {
        int value = sextet(*data);

        if (value < 0 && *data != '=')
            refuse(s, "OSC 52 without base64:", data);
        if (value < 0)
            break;
        bits = (bits << 6 | (unsigned)value) & 0xfff;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            s->clipboard[n++] = (char)(bits >> n_bits & 0xff);
        }
    }
    s->clipboard[n] = '\0';
}

/* tmux and screen hand an OSC 52 on that is wrapped in a DCS. */
static void end_dcs(struct vt_stream *s)
{
    const char *text = zm_text(s->text.s);
    size_t end = strlen(text);
    char *copy;

    s->state = GROUND;
    if (strncmp(text, "tmux;", 5) == 0) {
        text += 5;
        end -= 5;
    }
    if (strncmp(text, "\033]52;", 5) != 0) {
        refuse(s, "DCS", text);
        return;
    }
    if (text[end - 1] == '\a')
        end--;
    copy = zm_strdup(text + 2);
    copy[end - 2] = '\0';
    end_osc(s, copy);
    free(copy);
}

static void take_escape(struct vt_stream *s, char c)
{
    s->len = 0;
    s->state = GROUND;
    zm_buf_done(&s->text);
    if (c == '[')
        s->state = CSI;
    else if (c == ']')
        s->state = OSC;
    else if (c == 'P')
        s->state = DCS;
    else if (c == '(' || c == ')')
        s->state = CHARSET;
    else if (c == '=' || c == '>')
        switch_mode(s, VT_MODE_KEYPAD, c == '=');
    else if (!c || !strchr("78DMEH", c))
        refuse(s, "escape", (const char[]){c, '\0'});
}

static void take_code(struct vt_stream *s)
{
    char text[16];
    size_t i;
    bool overlong = (s->length == 2 && s->code < 0x80) || (s->length == 3 && s->code < 0x800) ||
                    (s->length == 4 && s->code < 0x10000);

    for (i = 0; i < ZM_COUNT(invisible); i++)
        overlong = overlong || (s->code >= invisible[i].first && s->code <= invisible[i].last);
    snprintf(text, sizeof(text), "U+%04X", (unsigned)s->code);
    if (overlong)
        refuse(s, "code point", text);
}

static void take_ground(struct vt_stream *s, unsigned char c)
{
    char hex[8];

    snprintf(hex, sizeof(hex), "0x%02x", c);
    if (s->more > 0) {
        if ((c & 0xc0) != 0x80)
            refuse(s, "broken UTF-8 before", hex);
        s->code = s->code << 6 | (c & 0x3f);
        if (--s->more == 0)
            take_code(s);
    } else if (c == 0x1b) {
        s->state = ESCAPE;
    } else if (c == 0x0e || c == 0x0f) {
        switch_mode(s, VT_MODE_CHARSET, c == 0x0e);
    } else if (c >= 0xc2 && c <= 0xf4) {
        s->length = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        s->more = s->length - 1;
        s->code = c & (0x7fU >> s->length);
    } else if (c >= 0x7f || (c < 0x20 && !strchr("\b\t\n\r", c)) || c == 0) {
        refuse(s, "control byte", hex);
    }
}

static void take(struct vt_stream *s, char c)
{
    switch (s->state) {
    case GROUND:
        take_ground(s, (unsigned char)c);
        break;
    case ESCAPE:
        take_escape(s, c);
        break;
    case CHARSET:
        switch_mode(s, VT_MODE_CHARSET, c == '0');
        if (c != '0' && c != 'B')
            refuse(s, "character set", (const char[]){c, '\0'});
        s->state = GROUND;
        break;
    case CSI:
        if (s->len + 2 > sizeof(s->sequence))
            refuse(s, "endless CSI", "");
        else
            s->sequence[s->len++] = c;
        s->sequence[s->len] = '\0';
        if (c >= 0x40 && c <= 0x7e)
            end_csi(s);
        break;
    case OSC:
    case DCS:
        if (c == '\033')
            s->state = s->state == OSC ? OSC_ESCAPE : DCS_ESCAPE;
        else if (c == '\a' && s->state == OSC)
            end_osc(s, zm_text(s->text.s));
        else
            zm_buf_add(&s->text, &c, 1);
        break;
    case OSC_ESCAPE:
        end_osc(s, zm_text(s->text.s));
        break;
    default: /* DCS_ESCAPE: tmux wants each escape inside twice, screen once */
        s->state = DCS;
        if (c == '\\')
            end_dcs(s);
        else if (c == '\033')
            zm_buf_add(&s->text, "\033", 1);
        else
            zm_buf_add(&s->text, (const char[]){'\033', c}, 2);
    }
}

void vt_stream_feed(struct vt_stream *s, const char *bytes, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        take(s, bytes[i]);
        s->bytes++;
    }
}

void vt_stream_done(struct vt_stream *s)
{
    zm_buf_done(&s->text);
    free(s->clipboard);
    memset(s, 0, sizeof(*s));
}
