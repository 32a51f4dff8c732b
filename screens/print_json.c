/*
 * jansson builds the documents; this makes sure that what it cannot take (invalid UTF-8) and what
 * it lets through (C1, bidi, format characters) does no harm to whoever reads the line.
 */
#include "screens/print_json.h"

#include <jansson.h>

#include "tui/text.h"

static void add_escape(struct zm_buf *dst, int32_t c)
{
    if (c > 0xffff) {
        c -= 0x10000;
        zm_buf_printf(dst, "\\u%04X\\u%04X", 0xd800U + ((unsigned)c >> 10),
                      0xdc00U + ((unsigned)c & 0x3ff));
    } else {
        zm_buf_printf(dst, "\\u%04X", (unsigned)c);
    }
}

/* One character beyond ASCII, or DEL, inside of a string. */
static size_t add_character(struct zm_buf *dst, const char *s, size_t n, bool ascii)
{
    struct tui_glyph g;
    int32_t c;
    size_t took = tui_utf8_decode(s, n, &c);

    if (c < 0)
        add_escape(dst, 0xfffd);
    else if (ascii || (tui_glyph_next(s, took, false, &g) && g.foreign))
        add_escape(dst, c);
    else
        zm_buf_add(dst, s, took);
    return took;
}

void print_json_text(struct zm_buf *dst, const char *text, size_t n, bool ascii)
{
    bool in_string = false;
    size_t i = 0;

    zm_buf_add(dst, "", 0);
    while (i < n) {
        unsigned char c = (unsigned char)text[i];

        if (in_string && c == '\\' && i + 1 < n) {
            zm_buf_add(dst, text + i, 2);
            i += 2;
        } else if (in_string && (c >= 0x7f)) {
            i += add_character(dst, text + i, n - i, ascii);
        } else if (in_string || (c != ' ' && c != '\n' && c != '\t' && c != '\r')) {
            in_string = c == '"' ? !in_string : in_string;
            zm_buf_add(dst, text + i, 1);
            i++;
        } else {
            i++;
        }
    }
}

void print_json(struct zm_buf *dst, struct json_t *object, bool ascii)
{
    char *text = json_dumps(object, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

    json_decref(object);
    if (!text)
        zm_oom(); /* all values were made by print_json_string and numbers: nothing else fails */
    print_json_text(dst, text, strlen(text), ascii);
    free(text);
}

struct json_t *print_json_string(const char *text)
{
    struct zm_buf valid = {.s = NULL};
    json_t *value;
    size_t n;

    if (!text)
        return json_null();
    value = json_string(text);
    if (value)
        return value;
    for (n = strlen(text); n > 0;) {
        int32_t c;
        size_t took = tui_utf8_decode(text, n, &c);

        zm_buf_add(&valid, c < 0 ? "\xef\xbf\xbd" : text, c < 0 ? 3 : took);
        text += took;
        n -= took;
    }
    value = json_string(zm_text(valid.s));
    zm_buf_done(&valid);
    return value;
}
