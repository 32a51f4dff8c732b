/*
 * Looks at reasons character by character.
 */
#include "screens/reason.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "tui/text.h"
#include "zm/str.h"

struct range {
    int32_t first, last;
};

/* clang-format off */
static const struct range blanks[] = {
    {'\t', '\t'},     {' ', ' '},       {0x00a0, 0x00a0}, {0x00ad, 0x00ad}, /* no-break, soft hyphen */
    {0x1680, 0x1680}, {0x2000, 0x200f}, {0x2028, 0x2029}, /* widths, zero width, marks, separators */
    {0x202f, 0x202f}, {0x205f, 0x2060}, {0x3000, 0x3000}, {0xfeff, 0xfeff},
};
static const struct range refused[] = {
    {-1, 0x1f},                                           /* -1: no UTF-8 */
    {0x7f, 0x9f},     {0x202a, 0x202e}, {0x2066, 0x2069}, /* C1, directions */
};
/* clang-format on */

static bool is_of(const struct range *ranges, size_t n, int32_t c)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

bool reason_is_blank(const char *text)
{
    size_t at = 0, len = text ? strlen(text) : 0;
    int32_t c;

    while (at < len) {
        at += tui_utf8_decode(text + at, len - at, &c);
        if (!is_of(blanks, ZM_COUNT(blanks), c))
            return false;
    }
    return true;
}

bool reason_check(const char *text, const char *name, const char *example, struct zm_error *err)
{
    size_t at = 0, len = text ? strlen(text) : 0;
    int32_t c;

    if (reason_is_blank(text)) {
        zm_error_set(err, ZM_ERR_USAGE, "", "", "a %s is needed", name);
        return zm_error_hint(err, "%s", example);
    }
    while (at < len) {
        at += tui_utf8_decode(text + at, len - at, &c);
        if (!is_of(refused, ZM_COUNT(refused), c))
            continue;
        zm_error_set(err, ZM_ERR_USAGE, "", "", "the %s is no text", name);
        return zm_error_hint(err, "UTF-8 without control characters");
    }
    return true;
}
