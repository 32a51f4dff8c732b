/*
 * Text that is longer than a row: errors, hints, explanations. Wraps at blanks, and inside of a
 * word only where the word alone is too long; nothing is cut but by the end of the box.
 */
#ifndef SCREENS_WRAP_H
#define SCREENS_WRAP_H

#include <stddef.h>

#include "screens/app.h"
#include "tui/draw.h"
#include "zm/error.h"

/* Bytes of text that fit the first row of `cells` cells; *ret_next is where the next row begins.
 * The end of the text: *ret_next points to its terminator. */
size_t wrap_line(const char *text, int cells, bool ascii, const char **ret_next);
/* The rows that it takes. */
int wrap_rows(struct app *app, int cells, const char *text);
/* Draws it from the top of the box; returns the rows used. */
int wrap_draw(struct app *app, struct tui_box box, unsigned style, const char *text);
/* What failed, where, and what to do next. Returns the rows used. */
int wrap_error(struct app *app, struct tui_box box, const struct zm_error *err);

#endif
