/*
 * What stands around a screen: title, screens, banner, message line, key bar.
 */
#ifndef SCREENS_FRAME_H
#define SCREENS_FRAME_H

#include <stdint.h>

#include "screens/app.h"

#define FRAME_MIN_ROWS 10
#define FRAME_MIN_COLS 40

/* Draws everything once. */
void frame_draw(struct app *app);
/* When the frame itself has to be drawn again: a countdown while a side is down, a message that
 * ends. */
int64_t frame_deadline(const struct app *app);
/* Whether row 1 says that this side, though up, gives no answer. */
bool frame_is_silent(const struct app *app, enum db_side side);
/* Whether the terminal is large enough for keys to mean anything. */
bool frame_fits(const struct app *app);

#endif
