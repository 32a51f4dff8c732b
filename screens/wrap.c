/*
 * Wrapping by the cells that a text takes once it is cleaned, so that a hostile one cannot shift
 * what stands below it. Knows nothing of what the text says.
 */
#include "screens/wrap.h"

#include <string.h>

#include "tui/layout.h"
#include "tui/text.h"

size_t wrap_line(const char *text, int cells, bool ascii, const char **ret_next)
{
    size_t n = strlen(text), at = 0, blank = 0;
    struct tui_glyph glyph;
    int used = 0;

    while (at < n && text[at] != '\n' && tui_glyph_next(text + at, n - at, ascii, &glyph)) {
        if (text[at] == ' ')
            blank = at;
        if (used + glyph.cells > cells && at > 0) {
            at = blank > 0 ? blank : at;
            break;
        }
        used += glyph.cells;
        at += glyph.bytes;
    }
    *ret_next = text + at + (at < n && (text[at] == '\n' || text[at] == ' '));
    return at;
}

int wrap_rows(struct app *app, int cells, const char *text)
{
    int rows = 0;

    while (*text) {
        (void)wrap_line(text, cells, tui_is_ascii(app->tui), &text);
        rows++;
    }
    return rows;
}

int wrap_draw(struct app *app, struct tui_box box, unsigned style, const char *text)
{
    int row = 0;

    while (*text && row < box.rows) {
        const char *next;
        size_t len = wrap_line(text, box.cols, tui_is_ascii(app->tui), &next);

        tui_draw_span(app->tui, box, row++, 0, style, text, len, 0);
        text = next;
    }
    return row;
}

int wrap_error(struct app *app, struct tui_box box, const struct zm_error *err)
{
    char line[700];
    int rows = wrap_draw(app, box, TUI_WARN, zm_error_line(err, line, sizeof(line)));

    (void)tui_cut_top(&box, rows);
    return rows + (err->hint[0] ? wrap_draw(app, box, TUI_DIM, err->hint) : 0);
}
