/*
 * Rows to a stream in one of three formats. Knows no database and no command.
 */
#include "screens/print.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "screens/print_json.h"
#include "screens/print_table.h"
#include "tui/text.h"
#include "zm/error.h"
#include "zm/str.h"

struct out {
    FILE *to;
    enum out_format format;
    bool raw, ascii;
    bool terminal;
    bool failed;
    int error; /* errno of the failure */
    const struct out_column *columns;
    size_t n;
    bool head_printed; /* CSV */
    struct print_table table;
};

enum out_format out_pick(const struct options *options, enum out_format on_pipe)
{
    if (options->format != OUT_AUTO)
        return options->format;
    return isatty(STDOUT_FILENO) ? OUT_TABLE : on_pipe;
}

static void begin_table(struct out *out, const struct out_column *columns, size_t n)
{
    print_table_begin(&out->table, out->to, out->ascii, print_table_room(out->to), columns, n);
}

struct out *out_new(FILE *stream, enum out_format format, bool raw, bool ascii,
                    const struct out_column *columns, size_t n)
{
    struct out *out = zm_calloc(1, sizeof(*out));

    out->to = stream ? stream : stdout;
    out->format = format;
    out->raw = raw;
    out->ascii = ascii;
    out->columns = columns;
    out->n = n;
    out->terminal = isatty(fileno(out->to));
    begin_table(out, columns, n);
    return out;
}

bool out_wants_json(const struct out *out)
{
    return out->format == OUT_JSON;
}

enum out_format out_format(const struct out *out)
{
    return out->format;
}

bool out_alive(const struct out *out)
{
    return !out->failed;
}

/* What a message flushed (out_note) failed earlier, and nobody remembers why: that it did is no
 * success. */
static int last_error(const struct out *out)
{
    if (out->table.error)
        return out->table.error;
    return errno && errno != ENOTTY ? errno : EIO;
}

static void note_failure(struct out *out)
{
    if (!out->failed && ferror(out->to)) {
        out->failed = true;
        out->error = last_error(out);
    }
}

/* ---- CSV (RFC 4180, lines end in LF) ---- */

/* A spreadsheet runs what begins like this; the quote makes it a text again. */
static bool is_formula(const char *text)
{
    return text[0] && strchr("=+-@\t\r", text[0]);
}

static void add_csv(const struct out *out, struct zm_buf *line, const char *text, bool number)
{
    struct zm_buf clean = {.s = NULL};
    bool quote;

    if (!text)
        return;
    if (out->terminal) {
        tui_text_clean(&clean, text, out->ascii);
        text = clean.s;
    }
    quote = !text[0] || strpbrk(text, ",\"\r\n") || text[0] == ' ';
    if (quote)
        zm_buf_puts(line, "\"");
    if (!number && !out->raw && is_formula(text))
        zm_buf_puts(line, "'");
    for (; *text; text++)
        zm_buf_add(line, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    if (quote)
        zm_buf_puts(line, "\"");
    zm_buf_done(&clean);
}

static void print_csv_head(struct out *out)
{
    size_t i;

    for (i = 0; i < out->n; i++)
        fprintf(out->to, "%s%s", i ? "," : "", out->columns[i].name);
    fputc('\n', out->to);
    out->head_printed = true;
}

static void print_csv_row(struct out *out, const char *const *values)
{
    struct zm_buf line = {.s = NULL};
    size_t i;

    if (!out->head_printed)
        print_csv_head(out);
    for (i = 0; i < out->n; i++) {
        if (i > 0)
            zm_buf_puts(&line, ",");
        add_csv(out, &line, values[i], out->columns[i].number);
    }
    zm_buf_puts(&line, "\n");
    fwrite(line.s, 1, line.len, out->to);
    zm_buf_done(&line);
}

/* ---- rows ---- */

void out_row(struct out *out, const char *const *values, struct json_t *object)
{
    struct zm_buf line = {.s = NULL};

    if (out->format == OUT_JSON) {
        print_json(&line, object, out->ascii);
        zm_buf_puts(&line, "\n");
        fwrite(line.s, 1, line.len, out->to);
        zm_buf_done(&line);
    } else if (out->format == OUT_CSV) {
        print_csv_row(out, values);
    } else {
        print_table_row(&out->table, values);
    }
    if (out->format != OUT_JSON && object)
        json_decref(object);
    note_failure(out);
}

void out_json_text(struct out *out, const char *text)
{
    fputs(text, out->to);
    note_failure(out);
}

void out_line(struct out *out, const char *format, ...)
{
    struct zm_buf text = {.s = NULL}, clean = {.s = NULL};
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    text.s = zm_malloc((size_t)(n < 0 ? 0 : n) + 1);
    va_start(args, format);
    vsnprintf(text.s, (size_t)(n < 0 ? 0 : n) + 1, format, args);
    va_end(args);
    print_table_end(&out->table);
    note_failure(out); /* of this table, before the next one begins */
    tui_text_clean(&clean, text.s, out->ascii);
    fprintf(out->to, "%s\n", clean.s);
    begin_table(out, out->table.columns, out->table.n);
    free(text.s);
    zm_buf_done(&clean);
    note_failure(out);
}

void out_section(struct out *out, const char *title, const struct out_column *columns, size_t n)
{
    print_table_end(&out->table);
    note_failure(out);
    if (title)
        fprintf(out->to, "\n%s\n", title);
    begin_table(out, columns, n);
}

void out_pulse(struct out *out)
{
    if (out->format == OUT_TABLE)
        print_table_pulse(&out->table);
    else
        fflush(out->to);
    note_failure(out);
}

void out_flush(struct out *out)
{
    fflush(out->to);
    note_failure(out);
}

/* A CSV file without rows still says what its columns are. */
bool out_done(struct out *out)
{
    int error;

    if (out->format == OUT_CSV && !out->head_printed)
        print_csv_head(out);
    print_table_end(&out->table);
    fflush(out->to);
    note_failure(out);
    error = out->failed ? out->error : 0;
    free(out);
    errno = error;
    return error == 0;
}

/* ---- messages ---- */

static void print_message(bool ascii, const char *prefix, const char *text)
{
    struct zm_buf clean = {.s = NULL};

    tui_text_clean(&clean, text, ascii);
    fprintf(stderr, "%s%s\n", prefix, clean.s);
    zm_buf_done(&clean);
}

void out_error(const struct zm_error *err, bool ascii)
{
    char line[700];

    fflush(stdout);
    print_message(ascii, "zmartctl: ", zm_error_line(err, line, sizeof(line)));
    if (err->detail[0])
        print_message(ascii, "  ", err->detail);
    if (err->hint[0])
        print_message(ascii, "  ", err->hint);
}

__attribute__((format(printf, 3, 0))) static void print_remark(bool ascii, const char *prefix,
                                                               const char *format, va_list args)
{
    char text[1024];

    fflush(stdout);
    vsnprintf(text, sizeof(text), format, args);
    print_message(ascii, prefix, text);
}

void out_note(bool ascii, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_remark(ascii, "zmartctl: ", format, args);
    va_end(args);
}

void out_detail(bool ascii, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_remark(ascii, "  ", format, args);
    va_end(args);
}
