/*
 * The state of the viewer of long texts, shared by text.c (the screen) and text_load.c (pieces,
 * search).
 */
#ifndef SCREENS_TEXT_STATE_H
#define SCREENS_TEXT_STATE_H

#include "screens/text.h"
#include "screens/text_window.h"
#include "tui/edit.h"
#include "tui/pager.h"

struct text {
    char title[200];
    enum db_side side;
    char row_id[37];
    const char *values[TEXT_VALUES];
    size_t n_values, value; /* n_values 0: the text was given whole */
    struct text_window window;
    unsigned generation; /* of the value that is shown */
    bool loading;
    struct zm_error err; /* why the next piece could not be read */
    struct tui_pager pager;
    int page;
    struct tui_edit edit;
    bool editing;
    int finding; /* searching on through pieces to come: 1, -1; 0 not */
    bool to_end; /* G: on to the last piece */
};

/* Begins with another of the values, or anew with the same. */
void text_show_value(struct app *app, struct text *t, size_t value);
/* Asks for the piece that is needed next, if any. */
void text_load_around(struct app *app, struct text *t);
/* The pager gets the text of the window anew and stays where it was; moved: by so many lines. */
void text_refill(struct text *t, long moved);
/* The next (1) or previous (-1) match, in pieces that are still to come too. */
void text_find(struct app *app, struct text *t, int direction);
void text_done(struct app *app, void *state, struct db_job *job);

#endif
