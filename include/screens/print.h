/*
 * What subcommands print: a table for people, JSON (one object a line) or CSV for programs. Rows
 * stream: nothing waits for the last one. A terminal gets cleaned text, a pipe the true text, CSV
 * text columns that a spreadsheet would take for a formula a leading ' unless --raw.
 */
#ifndef SCREENS_PRINT_H
#define SCREENS_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "screens/options.h"

struct json_t; /* jansson's */

struct out_column {
    const char *name; /* CSV field; head of the table, in capitals there */
    bool number;      /* right-aligned; never quoted for formulas */
};

struct out;

/* The format in force: AUTO is a table on a terminal, and on_pipe elsewhere. */
enum out_format out_pick(const struct options *options, enum out_format on_pipe);

/* columns: of the table and of CSV; they outlive it. The stream is stdout unless a file is given.
 * format is not OUT_AUTO. */
struct out *out_new(FILE *stream, enum out_format format, bool raw, bool ascii,
                    const struct out_column *columns, size_t n);
/* One row: values for table and CSV (NULL: empty), object for JSON (taken over; may be NULL when
 * the format is not JSON). */
void out_row(struct out *out, const char *const *values, struct json_t *object);
/* Text of a JSON document that is made piece by piece; the caller ends it with a newline. */
void out_json_text(struct out *out, const char *text);
/* Tables: a line of its own, and a new table under a title. A head of "" is not printed. */
__attribute__((format(printf, 2, 3))) void out_line(struct out *out, const char *format, ...);
void out_section(struct out *out, const char *title, const struct out_column *columns, size_t n);
/* Between two steps of a long search: what was held back to align columns is shown in time. */
void out_pulse(struct out *out);
/* Whatever was printed reaches the reader now: for output that goes on after a pause. */
void out_flush(struct out *out);
bool out_wants_json(const struct out *out);
enum out_format out_format(const struct out *out);
/* False once the reader went away: nothing more needs to be asked for. */
bool out_alive(const struct out *out);
/* Flushes and frees; false when the reader went away or the disk is full (errno says why). */
bool out_done(struct out *out);

/* An error on stderr: message, detail, hint; cleaned. */
struct zm_error;
void out_error(const struct zm_error *err, bool ascii);
/* A remark on stderr, one line, cleaned; and what belongs to it, indented below. */
__attribute__((format(printf, 2, 3))) void out_note(bool ascii, const char *format, ...);
__attribute__((format(printf, 2, 3))) void out_detail(bool ascii, const char *format, ...);

#endif
