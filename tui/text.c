/*
 * The one boundary where text becomes printable: one character at a time, from bytes that nobody
 * vouched for. Widths are the C library's, which is what ncurses counts with. Must not know where
 * the text comes from nor where it goes.
 */
#include "tui/text.h"

#include <wchar.h>

/* Never shown as themselves: they take no cell, or change what stands around them. In order. */
struct range {
    int32_t first, last;
};

// clang-format off
static const struct range hidden[] = {
    {0x000000, 0x00001f}, /* C0: controls, escape */
    {0x00007f, 0x00009f}, /* DEL and C1 */
    {0x0000ad, 0x0000ad}, /* soft hyphen */
    {0x00034f, 0x00034f}, /* combining grapheme joiner */
    {0x000600, 0x000605}, /* Arabic number signs: drawn under what follows */
    {0x00061c, 0x00061c}, /* Arabic letter mark */
    {0x0006dd, 0x0006dd}, /* Arabic end of ayah */
    {0x00070f, 0x00070f}, /* Syriac abbreviation mark */
    {0x000890, 0x000891}, /* Arabic currency marks above */
    {0x0008e2, 0x0008e2}, /* Arabic disputed end of ayah */
    {0x00115f, 0x001160}, /* Hangul fillers */
    {0x0017b4, 0x0017b5}, /* Khmer inherent vowels */
    {0x00180b, 0x00180f}, /* Mongolian variation selectors, vowel separator */
    {0x00200b, 0x00200f}, /* zero width space and joiners, directional marks */
    {0x002028, 0x00202e}, /* line and paragraph separator, bidi embeddings and overrides */
    {0x002060, 0x00206f}, /* word joiner, invisible operators, bidi isolates */
    {0x003164, 0x003164}, /* Hangul filler */
    {0x00d800, 0x00f8ff}, /* surrogates, private use */
    {0x00fe00, 0x00fe0f}, /* variation selectors */
    {0x00feff, 0x00feff}, /* byte order mark */
    {0x00ffa0, 0x00ffa0}, /* half-width Hangul filler */
    {0x00fff0, 0x00fffb}, /* interlinear annotations */
    {0x0110bd, 0x0110bd}, /* Kaithi number sign */
    {0x0110cd, 0x0110cd}, /* Kaithi number sign above */
    {0x013430, 0x01345f}, /* Egyptian hieroglyph format controls */
    {0x01bca0, 0x01bca3}, /* shorthand format controls */
    {0x01d173, 0x01d17a}, /* musical format controls */
    {0x01f3fb, 0x01f3ff}, /* skin tones: some terminals merge them into the character before */
    {0x0e0000, 0x0e0fff}, /* tags, variation selectors supplement */
    {0x0f0000, 0x10ffff}, /* private use planes */
};
// clang-format on

static bool is_hidden(int32_t c)
{
    size_t low = 0, high = ZM_COUNT(hidden);

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (c > hidden[mid].last)
            low = mid + 1;
        else if (c < hidden[mid].first)
            high = mid;
        else
            return true;
    }
    return false;
}

/* The value of the lead byte's payload and how many bytes follow it; -1: not a lead byte. */
static int lead(unsigned char byte, int32_t *value)
{
    if (byte >= 0xc2 && byte <= 0xdf) {
        *value = byte & 0x1f;
        return 1;
    }
    if (byte >= 0xe0 && byte <= 0xef) {
        *value = byte & 0x0f;
        return 2;
    }
    if (byte >= 0xf0 && byte <= 0xf4) {
        *value = byte & 0x07;
        return 3;
    }
    return -1;
}

size_t tui_utf8_decode(const char *s, size_t n, int32_t *ret)
{
    static const int32_t least[] = {0, 0x80, 0x800, 0x10000};
    int32_t value = 0;
    int more, i;

    if ((unsigned char)s[0] < 0x80) {
        *ret = (unsigned char)s[0];
        return 1;
    }
    *ret = -1;
    more = lead((unsigned char)s[0], &value);
    if (more < 0 || n <= (size_t)more)
        return 1;
    for (i = 1; i <= more; i++) {
        if (((unsigned char)s[i] & 0xc0) != 0x80)
            return 1;
        value = value * 64 + ((unsigned char)s[i] & 0x3f);
    }
    if (value < least[more] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 1;
    *ret = value;
    return (size_t)more + 1;
}

size_t tui_utf8_encode(int32_t c, char dst[5])
{
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    size_t i;

    if (n == 1) {
        dst[0] = (char)c;
    } else {
        for (i = n - 1; i > 0; i--) {
            dst[i] = (char)(0x80 | (c & 0x3f));
            c >>= 6;
        }
        dst[0] = (char)((0xf00 >> n & 0xff) | c);
    }
    dst[n] = '\0';
    return n;
}

static void substitute(struct tui_glyph *g, int32_t c, unsigned char byte)
{
    if (c == '\n' || c == '\t')
        snprintf(g->s, sizeof(g->s), "\\%c", c == '\n' ? 'n' : 't');
    else if (c >= 0 && c < 0x20)
        snprintf(g->s, sizeof(g->s), "^%c", (char)(c + 0x40));
    else if (c == 0x7f)
        snprintf(g->s, sizeof(g->s), "^?");
    else if (c < 0x100)
        snprintf(g->s, sizeof(g->s), "<%02x>", c < 0 ? (unsigned)byte : (unsigned)c);
    else
        snprintf(g->s, sizeof(g->s), "<%04x>", (unsigned)c);
    g->cells = (int)strlen(g->s);
    g->foreign = true;
}

/* Adds the (at most two) combining marks that follow the base. */
static void add_marks(const char *s, size_t n, struct tui_glyph *g)
{
    size_t len = strlen(g->s);
    int marks;

    for (marks = 0; marks < 2 && g->bytes < n; marks++) {
        int32_t c;
        size_t took = tui_utf8_decode(s + g->bytes, n - g->bytes, &c);

        if (c < 0x300 || is_hidden(c) || wcwidth((wchar_t)c) != 0)
            return;
        memcpy(g->s + len, s + g->bytes, took);
        len += took;
        g->s[len] = '\0';
        g->bytes += took;
    }
}

bool tui_glyph_next(const char *s, size_t n, bool ascii, struct tui_glyph *ret)
{
    int32_t c;
    int width;

    if (n == 0)
        return false;
    ret->bytes = tui_utf8_decode(s, n, &c);
    ret->foreign = false;
    ret->cells = 1;
    if (c >= 0x20 && c < 0x7f) {
        ret->s[0] = (char)c;
        ret->s[1] = '\0';
        if (!ascii && n > 1 && (unsigned char)s[1] >= 0x80)
            add_marks(s, n, ret);
        return true;
    }
    if (c < 0 || is_hidden(c)) {
        substitute(ret, c, (unsigned char)s[0]);
        return true;
    }
    if (ascii) {
        ret->s[0] = '?';
        ret->s[1] = '\0';
        return true;
    }
    width = wcwidth((wchar_t)c);
    if (width < 1) { /* unassigned, or a combining mark with nothing to combine with */
        substitute(ret, c, 0);
        return true;
    }
    ret->cells = width;
    tui_utf8_encode(c, ret->s);
    add_marks(s, n, ret);
    return true;
}

void tui_text_clean(struct zm_buf *dst, const char *s, bool ascii)
{
    size_t n = strlen(s);
    struct tui_glyph g;

    zm_buf_add(dst, "", 0);
    for (; tui_glyph_next(s, n, ascii, &g); s += g.bytes, n -= g.bytes)
        zm_buf_puts(dst, g.s);
}

int tui_text_cells(const char *s, bool ascii)
{
    size_t n = strlen(s);
    struct tui_glyph g;
    int cells = 0;

    for (; tui_glyph_next(s, n, ascii, &g); s += g.bytes, n -= g.bytes)
        cells += g.cells;
    return cells;
}
