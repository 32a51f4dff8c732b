/*
 * Aligned columns on a stream. Where a terminal is too narrow, blanks, seconds, zeros and years
 * give way first, then texts are cut, with a mark. The first rows are held for a moment to see how
 * wide they are; then everything is printed as it comes.
 */
#ifndef SCREENS_PRINT_TABLE_H
#define SCREENS_PRINT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "screens/print.h"

#define PRINT_TABLE_COLUMNS 24
#define PRINT_TABLE_HELD 200
#define PRINT_TABLE_HOLD_MS 300

struct print_table {
    FILE *to;
    bool ascii;
    int room; /* cells of a line; 0: nothing is cut */
    const struct out_column *columns;
    size_t n;
    int width[PRINT_TABLE_COLUMNS];
    int gap; /* blanks between columns */
    struct print_table_brief {
        bool seconds, year; /* a time goes without them */
        int zeros;          /* at the end of decimals, that go in all rows */
    } brief[PRINT_TABLE_COLUMNS];
    char **held; /* n cells a row, cleaned, owned */
    size_t n_held;
    int64_t since_ms; /* when the first was held */
    bool running;     /* widths are settled, the head was printed */
    int error;        /* errno of the first write that failed; 0: none */
};

/* The terminal's width when the stream is one, else 0. */
int print_table_room(FILE *stream);
void print_table_begin(struct print_table *t, FILE *to, bool ascii, int room,
                       const struct out_column *columns, size_t n);
/* values: raw; NULL is shown as "-". */
void print_table_row(struct print_table *t, const char *const *values);
/* Prints what is held when it was held long enough. */
void print_table_pulse(struct print_table *t);
/* Prints what is held and frees. Without a row nothing is printed. */
void print_table_end(struct print_table *t);

#endif
