/*
 * Lower case by a table of ranges. Knows no locale, so that a worker thread in the C locale
 * compares as a UTF-8 one does.
 */
#include "db/fold.h"

#include <stddef.h>
#include <stdint.h>

#include "zm/str.h"

struct range {
    uint32_t first, last; /* upper-case letters */
    uint32_t step;        /* 2: every other letter is the upper case of the one behind it */
    uint32_t add;
};

/* clang-format off */
static const struct range ranges[] = {
    {0x41,   0x5A,   1, 32}, {0xC0,   0xD6,   1, 32}, {0xD8,   0xDE,   1, 32}, /* ASCII, Latin */
    {0x100,  0x12E,  2, 1},  {0x132,  0x136,  2, 1},  {0x139,  0x147,  2, 1},  /* Extended-A */
    {0x14A,  0x176,  2, 1},  {0x179,  0x17D,  2, 1},
    {0x1CD,  0x1DB,  2, 1},  {0x1DE,  0x1EE,  2, 1},  {0x1F8,  0x21E,  2, 1},  /* Extended-B */
    {0x1A0,  0x1A4,  2, 1},  {0x1AF,  0x1AF,  1, 1},  {0x222,  0x232,  2, 1},
    {0x386,  0x386,  1, 38}, {0x38C,  0x38C,  1, 64}, {0x38E,  0x38F,  1, 63}, /* Greek */
    {0x388,  0x38A,  1, 37}, {0x391,  0x3A1,  1, 32}, {0x3A3,  0x3AB,  1, 32},
    {0x400,  0x40F,  1, 80}, {0x410,  0x42F,  1, 32}, {0x460,  0x480,  2, 1},  /* Cyrillic */
    {0x48A,  0x4BE,  2, 1},  {0x4D0,  0x52E,  2, 1},
    {0x531,  0x556,  1, 48},                                                   /* Armenian */
    {0x1E00, 0x1E94, 2, 1},  {0x1EA0, 0x1EFE, 2, 1},                           /* Vietnamese */
    {0xFF21, 0xFF3A, 1, 32},                                                   /* full-width */
};
/* clang-format on */

static uint32_t lower(uint32_t c)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(ranges); i++) {
        const struct range *r = &ranges[i];

        if (c >= r->first && c <= r->last)
            return (c - r->first) % r->step == 0 ? c + r->add : c;
    }
    return c;
}

/* The character at s and its bytes; 0 bytes where there is none that is valid. */
static size_t decode(const unsigned char *s, uint32_t *ret)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4, i;
    uint32_t c = n == 1 ? s[0] : s[0] & (0x7FU >> n);

    if (n == 0 || s[0] > 0xF4)
        return 0;
    for (i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3F);
    }
    if (c < smallest[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *ret = c;
    return n;
}

static void encode(unsigned char *s, size_t n, uint32_t c)
{
    size_t i;

    for (i = n - 1; i > 0; i--) {
        s[i] = (unsigned char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    s[0] = (unsigned char)(n == 2 ? 0xC0 | c : n == 3 ? 0xE0 | c : n == 4 ? 0xF0 | c : c);
}

void db_fold(char *text)
{
    unsigned char *s = (unsigned char *)text;

    while (*s) {
        uint32_t c, low;
        size_t n = decode(s, &c);

        if (n > 0) {
            low = lower(c);
            if (low != c)
                encode(s, n, low);
        }
        s += n ? n : 1;
    }
}

bool db_fold_is_text(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;

    while (*s) {
        uint32_t c;
        size_t n = decode(s, &c);

        if (n == 0 || c < 0x20 || c == 0x7F)
            return false;
        s += n;
    }
    return true;
}
