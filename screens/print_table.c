/*
 * A table is for eyes: cells are cleaned wherever they go, so that no text can break the columns.
 */
#include "screens/print_table.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tui/text.h"
#include "zm/clock.h"
#include "zm/str.h"

#define GAP 2
#define TIME_CELLS 20 /* 2026-11-22T09:14:02Z */
#define NARROWEST 4

int print_table_room(FILE *stream)
{
    struct winsize size;
    const char *columns;
    int n = 0;

    if (!isatty(fileno(stream)))
        return 0;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0)
        n = size.ws_col;
    columns = getenv("COLUMNS");
    if (n <= 0 && columns)
        n = (int)strtol(columns, NULL, 10);
    return n > 0 ? n : 80;
}

void print_table_begin(struct print_table *t, FILE *to, bool ascii, int room,
                       const struct out_column *columns, size_t n)
{
    memset(t, 0, sizeof(*t));
    t->to = to;
    t->ascii = ascii;
    t->room = room;
    t->gap = GAP;
    t->columns = columns;
    t->n = n < PRINT_TABLE_COLUMNS ? n : PRINT_TABLE_COLUMNS;
}

/* ---- one line ---- */

/* Adds what fits into the cells; a cut text ends in ~. Returns the cells used. */
static int add_cut(struct zm_buf *line, const char *text, int cells, bool ascii)
{
    size_t n = strlen(text), mark = line->len;
    struct tui_glyph g;
    int used = 0, at_mark = 0;

    for (; n > 0 && tui_glyph_next(text, n, ascii, &g); text += g.bytes, n -= g.bytes) {
        if (used + g.cells > cells) {
            line->len = mark;
            zm_buf_puts(line, "~");
            return at_mark + 1;
        }
        if (used + g.cells <= cells - 1) {
            mark = line->len + strlen(g.s);
            at_mark = used + g.cells;
        }
        zm_buf_puts(line, g.s);
        used += g.cells;
    }
    return used;
}

static void add_blanks(struct zm_buf *line, int n)
{
    for (; n > 0; n--)
        zm_buf_add(line, " ", 1);
}

static bool is_time(const char *text)
{
    const char *shape = "0000-00-00T00:00:00Z", *s;

    for (s = text; *shape; s++, shape++)
        if (*shape == '0' ? !isdigit((unsigned char)*s) : *s != *shape)
            return false;
    return *s == '\0';
}

/* How many zeros stand at the end of a decimal, of those that say nothing. */
static int last_zeros(const char *text)
{
    const char *point = strchr(text, '.');
    size_t n = strlen(text);
    int zeros = 0;

    while (point && n > (size_t)(point - text) + 1 && text[n - 1] == '0') {
        zeros++;
        n--;
    }
    return zeros;
}

/* A cell as it is printed. */
static const char *brief(const struct print_table_brief *b, const char *text, char dst[64])
{
    size_t n = strlen(text);

    if (b->seconds && is_time(text)) {
        snprintf(dst, 64, "%.5s%.5s %.5s", b->year ? "" : text, text + 5, text + 11);
        return dst;
    }
    if (b->zeros > 0 && last_zeros(text) >= b->zeros && n < 64) {
        snprintf(dst, 64, "%.*s", (int)(n - (size_t)b->zeros), text);
        return dst;
    }
    return text;
}

static void add_cell(const struct print_table *t, struct zm_buf *line, size_t i, const char *whole)
{
    char place[64];
    const char *text = brief(&t->brief[i], whole, place);
    int cells = tui_text_cells(text, t->ascii), width = t->width[i];
    bool cut = t->room > 0 && cells > width;

    if (t->columns[i].number && !cut)
        add_blanks(line, width - cells);
    if (cut)
        cells = add_cut(line, text, width, t->ascii);
    else
        zm_buf_puts(line, text);
    if (!t->columns[i].number || cut)
        add_blanks(line, width - cells);
    add_blanks(line, t->gap);
}

/* What comes later, the width of the terminal say, has an errno of its own. */
static void note_error(struct print_table *t, bool ok)
{
    if (!ok && t->error == 0)
        t->error = errno;
}

static void flush(struct print_table *t)
{
    note_error(t, fflush(t->to) == 0);
}

static void print_line(struct print_table *t, char *const *cells)
{
    struct zm_buf line = {.s = NULL};
    size_t i;

    for (i = 0; i < t->n; i++)
        add_cell(t, &line, i, cells[i]);
    while (line.len > 0 && line.s[line.len - 1] == ' ')
        line.len--;
    zm_buf_add(&line, "\n", 1);
    note_error(t, fwrite(line.s, 1, line.len, t->to) == line.len);
    zm_buf_done(&line);
}

/* ---- widths ---- */

static int sum(const struct print_table *t)
{
    int total = -t->gap;
    size_t i;

    for (i = 0; i < t->n; i++)
        total += t->width[i] + t->gap;
    return total;
}

static void measure(struct print_table *t)
{
    char place[64];
    size_t i, row;

    for (i = 0; i < t->n; i++) {
        t->width[i] = tui_text_cells(t->columns[i].name, t->ascii);
        for (row = 0; row < t->n_held; row++) {
            const char *text = brief(&t->brief[i], t->held[row * t->n + i], place);
            int cells = tui_text_cells(text, t->ascii);

            if (cells > t->width[i])
                t->width[i] = cells;
        }
    }
}

/* All times of a column are of one year: it need not be said in each row. */
static bool of_one_year(const struct print_table *t, size_t i)
{
    const char *first = NULL;
    size_t row;

    for (row = 0; row < t->n_held; row++) {
        const char *text = t->held[row * t->n + i];

        if (!is_time(text))
            continue;
        if (first && strncmp(first, text, 4) != 0)
            return false;
        first = text;
    }
    return first != NULL;
}

static int common_zeros(const struct print_table *t, size_t i)
{
    int zeros = -1;
    size_t row;

    for (row = 0; row < t->n_held; row++) {
        const char *text = t->held[row * t->n + i];
        int mine = last_zeros(text);

        if (strchr(text, '.') && (zeros < 0 || mine < zeros))
            zeros = mine;
    }
    return zeros > 2 ? zeros - 2 : 0; /* two decimals stay */
}

/* What can be spared before a text is cut, step by step until it fits. */
static void spare(struct print_table *t)
{
    int step;
    size_t i;

    for (step = 0; step < 4 && sum(t) > t->room; step++) {
        if (step == 0)
            t->gap = 1;
        for (i = 0; i < t->n; i++) {
            if (step == 1)
                t->brief[i].seconds = true;
            else if (step == 2 && t->columns[i].number)
                t->brief[i].zeros = common_zeros(t, i);
            else if (step == 3)
                t->brief[i].year = of_one_year(t, i);
        }
        measure(t);
    }
}

static bool holds_times(const struct print_table *t, size_t i)
{
    size_t row;

    for (row = 0; row < t->n_held; row++)
        if (is_time(t->held[row * t->n + i]))
            return true;
    return false;
}

/* Texts give way before numbers and times do, the widest first. */
static bool shrink(struct print_table *t, bool numbers)
{
    size_t i, widest = t->n;

    for (i = 0; i < t->n; i++)
        if ((t->columns[i].number || holds_times(t, i)) == numbers && t->width[i] > NARROWEST &&
            (widest == t->n || t->width[i] > t->width[widest]))
            widest = i;
    if (widest == t->n)
        return false;
    t->width[widest]--;
    return true;
}

static bool has_head(const struct print_table *t)
{
    return t->n > 0 && t->columns[0].name[0] != '\0';
}

static void print_head(struct print_table *t)
{
    char *heads[PRINT_TABLE_COLUMNS], *s;
    size_t i;

    for (i = 0; i < t->n; i++) {
        heads[i] = zm_strdup(t->columns[i].name);
        for (s = heads[i]; *s; s++)
            *s = (char)toupper((unsigned char)*s);
    }
    print_line(t, heads);
    for (i = 0; i < t->n; i++)
        free(heads[i]);
}

static void start(struct print_table *t)
{
    size_t i, row;

    measure(t);
    if (t->room > 0)
        spare(t);
    while (t->room > 0 && sum(t) > t->room && (shrink(t, false) || shrink(t, true)))
        ;
    if (has_head(t))
        print_head(t);
    for (row = 0; row < t->n_held; row++)
        print_line(t, t->held + row * t->n);
    flush(t);
    for (i = 0; i < t->n_held * t->n; i++)
        free(t->held[i]);
    free(t->held);
    t->held = NULL;
    t->n_held = 0;
    t->running = true;
}

/* ---- rows ---- */

static char *clean(const struct print_table *t, const char *value)
{
    struct zm_buf text = {.s = NULL};

    tui_text_clean(&text, value ? value : "-", t->ascii);
    return text.s;
}

void print_table_row(struct print_table *t, const char *const *values)
{
    char *cells[PRINT_TABLE_COLUMNS];
    size_t i;

    for (i = 0; i < t->n; i++)
        cells[i] = clean(t, values[i]);
    if (t->running) {
        print_line(t, cells);
        for (i = 0; i < t->n; i++)
            free(cells[i]);
        return;
    }
    if (!t->held) {
        t->held = zm_calloc(PRINT_TABLE_HELD * (t->n + 1), sizeof(*t->held));
        t->since_ms = zm_now_ms();
    }
    memcpy(t->held + t->n_held * t->n, cells, t->n * sizeof(*cells));
    t->n_held++;
    if (t->n_held == PRINT_TABLE_HELD)
        start(t);
    else
        print_table_pulse(t);
}

void print_table_pulse(struct print_table *t)
{
    if (t->running)
        flush(t);
    else if (t->n_held > 0 && zm_now_ms() - t->since_ms >= PRINT_TABLE_HOLD_MS)
        start(t);
}

void print_table_end(struct print_table *t)
{
    if (!t->running && t->n_held > 0)
        start(t);
    free(t->held);
    t->held = NULL;
}
