/*
 * One line of input: UTF-8, cursor, word movement, Ctrl-U/K/W, history. Keys it does not know are
 * left to the caller.
 */
#ifndef TUI_EDIT_H
#define TUI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/draw.h"
#include "tui/key.h"

#define TUI_EDIT_MAX 256

struct tui_edit {
    char text[TUI_EDIT_MAX + 1];
    size_t len, at; /* bytes; at: the cursor */
};

void tui_edit_set(struct tui_edit *edit, const char *text);
/* True: the key was taken (the text may have changed). */
bool tui_edit_key(struct tui_edit *edit, int key);
/* Inserts pasted text: first line only, control characters dropped, at most what fits. */
void tui_edit_paste(struct tui_edit *edit, const char *text, size_t len);
/* Draws with the cursor; scrolls sideways when it is longer than `cells`. */
void tui_edit_draw(struct tui *tui, struct tui_box box, int row, int col, int cells,
                   const struct tui_edit *edit);

/* What was entered before, newest last; at most 200 lines, without repeats. */
struct tui_history {
    char **lines;
    size_t n, at;
};
void tui_history_add(struct tui_history *history, const char *line);
/* The line before (-1) or after (+1) the one shown; NULL at the end. */
const char *tui_history_move(struct tui_history *history, int direction);
void tui_history_done(struct tui_history *history);

#endif
