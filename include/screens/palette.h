/*
 * The `:` palette: every action, screen and command by its name, with completion and history.
 */
#ifndef SCREENS_PALETTE_H
#define SCREENS_PALETTE_H

#include <stdbool.h>
#include <stddef.h>

#include "screens/app.h"
#include "screens/help_screen.h"
#include "screens/match.h"
#include "zm/error.h"

/* A command that takes words. One without words falls back to the action of the same name. */
struct palette_command {
    const char *name;
    const char *args; /* "TEXT", "utc|local"; "[...]" where it also works without */
    const char *help; /* one line */
    /* What may stand in the place of the last word, separated by blanks, in the frame's arena or
     * constant; NULL: anything. */
    const char *(*choices)(struct app *app, const char *word);
    /* args: what follows the name, without blanks around it; "" for nothing. False: *err says what
     * is wrong with them, and nothing was done. */
    bool (*run)(struct app *app, const char *args, struct zm_error *err);
    bool demo; /* offered in a demo only */
};
/* Ends with a NULL name. */
extern const struct palette_command palette_commands[];

/* Something that can be run by name. */
struct palette_entry {
    const char *name, *args, *help;
    const char *keys;                      /* those in force; "" */
    const struct palette_command *command; /* or NULL */
    const struct screen *screen;           /* or NULL */
    int action;                            /* or APP_NONE */
};
#define PALETTE_ENTRIES 160
/* All that can be run now: commands, screens, the shown screen's actions, the global ones. A name
 * is listed once. Returns how many. */
size_t palette_collect(struct app *app, struct palette_entry ret[PALETTE_ENTRIES]);
/* Keeps those whose name fits what was typed, the best first; help texts count last. */
size_t palette_select(struct palette_entry *entries, size_t n, const char *typed);
/* The entry that a line names: its whole first word, or the only name that begins so. NULL, *err
 * names the nearest or all that begin so. */
const struct palette_entry *palette_resolve(const struct palette_entry *entries, size_t n,
                                            const char *line, struct zm_error *err);

/* Opens the prompt over the shown screen. */
void palette_open(struct app *app);
/* Reads what was entered at earlier starts, once. */
void palette_load_history(struct app *app);
/* Writes what was entered to the state file `history`. Losing it loses no truth: nothing is said
 * when it cannot be written. */
void palette_save_history(struct app *app);

#endif
