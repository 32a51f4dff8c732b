/*
 * The lines of the help, searched.
 */
#ifndef SCREENS_HELP_PAGE_H
#define SCREENS_HELP_PAGE_H

#include <stddef.h>

#include "screens/app.h"

enum help_kind { HELP_TITLE, HELP_BLANK, HELP_BINDING, HELP_TEXT };

struct help_line {
    enum help_kind kind;
    const char *left, *text; /* keys or sign; what it does */
    const char *name;        /* of a binding, for the palette */
    int action;
};

#define HELP_LINES 220
struct help_page {
    struct help_line line[HELP_LINES];
    size_t n;
};

/* The screen that help is about: the one under it. */
const struct view *help_subject(const struct app *app);
/* What holds all the words, "" for everything; in the frame's arena. */
const struct help_page *help_page_new(struct app *app, const char *words);
size_t help_page_bindings(const struct help_page *page);
/* The line of the how many-th binding; the number of lines when there is none. */
size_t help_page_line(const struct help_page *page, size_t binding);

#endif
