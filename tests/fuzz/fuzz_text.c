/*
 * Any bytes through the cleaning of text: only printable characters come out, cleaning twice
 * changes nothing, and the width that is claimed is the sum of its glyphs.
 */
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>

#include "tui/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_printable(const char *s, size_t n)
{
    size_t i = 0;

    while (i < n) {
        int32_t c;
        size_t used = tui_utf8_decode(s + i, n - i, &c);

        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
            (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff)
            abort();
        i += used;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *raw = malloc(size + 1);
    struct zm_buf once = {0}, twice = {0};
    bool ascii = size > 0 && (data[0] & 1);
    struct tui_glyph glyph;
    size_t at = 0;

    setlocale(LC_ALL, "C.UTF-8");
    if (!raw)
        return 0;
    for (at = 0; at < size; at++)
        raw[at] = (char)data[at];
    raw[size] = '\0';
    for (at = 0; tui_glyph_next(raw + at, size - at, ascii, &glyph); at += glyph.bytes)
        if (glyph.bytes == 0 || glyph.cells < 0 || at + glyph.bytes > size)
            abort();
    tui_text_clean(&once, raw, ascii);
    tui_text_clean(&twice, once.s ? once.s : "", ascii);
    if (once.s) {
        check_printable(once.s, once.len);
        if (!twice.s || once.len != twice.len || memcmp(once.s, twice.s, once.len) != 0)
            abort();
    }
    zm_buf_done(&once);
    zm_buf_done(&twice);
    free(raw);
    return 0;
}
