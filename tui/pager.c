/*
 * Long text in a box. Where lines begin is found once; only those on the screen are looked at while
 * drawing, so a megabyte scrolls like a page.
 */
#include "tui/pager.h"

#include <ctype.h>

#include "tui/text.h"
#include "zm/str.h"

#define HIGHLIGHT_BYTES 16384 /* of one line are searched while drawing */
#define HANG_LEAST 2          /* where there is no room for what was asked for */

static void add_line(struct tui_pager *pager, size_t at)
{
    if (pager->n_lines == pager->cap) {
        pager->cap = pager->cap ? pager->cap * 2 : 64;
        pager->lines = zm_realloc(pager->lines, pager->cap * sizeof(pager->lines[0]));
    }
    pager->lines[pager->n_lines++] = at;
}

/* How far from the left a row that begins inside of a line stands: never where lines begin. */
static int hang_of(const struct tui_pager *pager, size_t at)
{
    bool first = at == 0 || pager->text[at - 1] == '\n';
    int hang = pager->cols < 3 * pager->hang ? HANG_LEAST : pager->hang;

    return first || pager->cols < 3 * hang ? 0 : hang;
}

/* Where a line that begins at `at` has to go on in the next row; its end when it fits. */
static size_t break_at(const struct tui_pager *pager, size_t at, size_t end, bool ascii)
{
    int cells = 0, cols = pager->cols - hang_of(pager, at);
    size_t word = 0, i = at;
    struct tui_glyph g;

    while (i < end && tui_glyph_next(pager->text + i, end - i, ascii, &g)) {
        if (cells + g.cells > cols)
            return word > at ? word : i > at ? i : i + g.bytes;
        cells += g.cells;
        i += g.bytes;
        if (pager->text[i - 1] == ' ')
            word = i;
    }
    return end;
}

static void find_lines(struct tui_pager *pager, bool ascii)
{
    size_t at = 0;

    pager->n_lines = 0;
    while (at < pager->len) {
        const char *newline = memchr(pager->text + at, '\n', pager->len - at);
        size_t end = newline ? (size_t)(newline - pager->text) : pager->len;

        add_line(pager, at);
        while (pager->wrap && pager->cols > 0 && (at = break_at(pager, at, end, ascii)) < end)
            add_line(pager, at);
        at = end + 1;
    }
}

void tui_pager_set(struct tui_pager *pager, const char *text, size_t len)
{
    pager->text = text;
    pager->len = len;
    pager->found = SIZE_MAX;
    find_lines(pager, false);
    if (pager->top >= pager->n_lines)
        pager->top = 0;
}

void tui_pager_done(struct tui_pager *pager)
{
    free(pager->lines);
    memset(pager, 0, sizeof(*pager));
}

static size_t line_end(const struct tui_pager *pager, size_t line)
{
    size_t end = line + 1 < pager->n_lines ? pager->lines[line + 1] : pager->len;

    while (end > pager->lines[line] &&
           (pager->text[end - 1] == '\n' || pager->text[end - 1] == '\r'))
        end--;
    return end;
}

/* The line that holds a byte of the text. */
static size_t line_of(const struct tui_pager *pager, size_t at)
{
    size_t low = 0, high = pager->n_lines;

    while (high - low > 1) {
        size_t mid = (low + high) / 2;

        if (pager->lines[mid] <= at)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static size_t last_top(const struct tui_pager *pager, int page)
{
    size_t rows = page > 0 ? (size_t)page : 1;

    return pager->n_lines > rows ? pager->n_lines - rows : 0;
}

bool tui_pager_move(struct tui_pager *pager, enum tui_move move, int page)
{
    size_t before = pager->top, last = last_top(pager, page);
    struct tui_table as_list = {.rows = last + 1, .cursor = pager->top};

    tui_table_move(&as_list, move, page);
    pager->top = as_list.cursor > last ? last : as_list.cursor;
    return pager->top != before;
}

void tui_pager_sideways(struct tui_pager *pager, int cells)
{
    pager->left = pager->left + cells < 0 ? 0 : pager->left + cells;
}

/* The first match of word that begins in [from, to); SIZE_MAX: none. Its end may lie behind `to`,
 * in the next row of a wrapped line. */
static size_t match(const struct tui_pager *pager, size_t from, size_t to)
{
    const char *word = pager->search;
    size_t n = strlen(word), i, k;
    int first = tolower((unsigned char)word[0]);

    for (i = from; n > 0 && i < to && i + n <= pager->len; i++) {
        if (tolower((unsigned char)pager->text[i]) != first)
            continue;
        for (k = 1; k < n; k++)
            if (tolower((unsigned char)pager->text[i + k]) != tolower((unsigned char)word[k]))
                break;
        if (k == n)
            return i;
    }
    return SIZE_MAX;
}

static void show_line(struct tui_pager *pager, size_t line, int page)
{
    pager->found = line;
    if (line < pager->top || (page > 0 && line >= pager->top + (size_t)page))
        pager->top = line > last_top(pager, page) ? last_top(pager, page) : line;
}

bool tui_pager_find(struct tui_pager *pager, int direction, int page)
{
    bool again = pager->found < pager->n_lines;
    size_t n = pager->n_lines, from = again ? pager->found : pager->top, i;

    if (n == 0 || !pager->search[0])
        return false;
    if (from >= n)
        from = n - 1;
    for (i = again ? 1 : 0; i <= n; i++) {
        size_t line = direction > 0 ? (from + i) % n : (from + n - i) % n;
        size_t end = line + 1 < n ? pager->lines[line + 1] : pager->len;

        if (match(pager, pager->lines[line], end) != SIZE_MAX) {
            show_line(pager, line, page);
            return true;
        }
    }
    return false;
}

static int cells_of(const char *s, size_t n, bool ascii)
{
    struct tui_glyph g;
    int cells = 0;

    for (; tui_glyph_next(s, n, ascii, &g); s += g.bytes, n -= g.bytes)
        cells += g.cells;
    return cells;
}

static void draw_matches(struct tui *tui, struct tui_box box, int row, size_t from, size_t end,
                         const struct tui_pager *pager)
{
    size_t word = strlen(pager->search), at = from;
    size_t to = end - from < HIGHLIGHT_BYTES ? end : from + HIGHLIGHT_BYTES;

    while ((at = match(pager, at, to)) != SIZE_MAX) {
        int col = cells_of(pager->text + from, at - from, tui_is_ascii(tui)) - pager->left +
                  hang_of(pager, from);
        size_t n = at + word < end ? word : end - at;

        tui_draw_span(tui, box, row, col < 0 ? 0 : col, TUI_TEXT | TUI_SELECTED, pager->text + at,
                      n, col < 0 ? -col : 0);
        at += word;
    }
}

void tui_pager_draw(struct tui *tui, struct tui_box box, struct tui_pager *pager)
{
    int row;

    if (pager->wrap && box.cols > 0 && pager->cols != box.cols) {
        size_t at = pager->top < pager->n_lines ? pager->lines[pager->top] : 0;

        pager->cols = box.cols;
        find_lines(pager, tui_is_ascii(tui));
        pager->top = pager->n_lines > 0 ? line_of(pager, at) : 0;
        pager->found = SIZE_MAX;
    }
    for (row = 0; row < box.rows && pager->top + (size_t)row < pager->n_lines; row++) {
        size_t line = pager->top + (size_t)row, from = pager->lines[line];
        size_t end = line_end(pager, line);

        tui_draw_span(tui, box, row, hang_of(pager, from),
                      line == pager->found ? TUI_STRONG : TUI_TEXT, pager->text + from, end - from,
                      pager->left);
        if (pager->found != SIZE_MAX)
            draw_matches(tui, box, row, from, end, pager);
    }
}
