/*
 * A long text in a pager of its own: a record in full, or a JSON value that is loaded piece by
 * piece as one scrolls. Esc goes back to where it was opened.
 */
#ifndef SCREENS_TEXT_H
#define SCREENS_TEXT_H

#include <stddef.h>

#include "db/side.h"
#include "screens/app.h"

#define TEXT_VALUES 2

/* Opens a text over the shown screen. title and body are copied; body is raw and cleaned as it is
 * drawn. Long lines are wrapped, `hang` cells from the left. */
void text_show(struct app *app, const char *title, const char *body, int hang);
/* Opens JSON values of one row of a side. values: n (at most TEXT_VALUES) names that db_user_json
 * knows; [ and ] change between them. The names are kept by pointer, title and row_id are copied.
 */
void text_show_json(struct app *app, enum db_side side, const char *title, const char *row_id,
                    const char *const *values, size_t n);

#endif
