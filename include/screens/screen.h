/*
 * A screen is a const descriptor and a struct of state; adding one is a file and a line of
 * registry.c. A screen draws from its state only, changes its state only in act, event, done and
 * tick, and asks a database only by submitting a job to a lane: nothing here ever blocks.
 */
#ifndef SCREENS_SCREEN_H
#define SCREENS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/lane.h"
#include "tui/draw.h"
#include "tui/key.h"
#include "tui/keymap.h"

struct app;

struct screen {
    const char *name;  /* "users": its word in the palette */
    const char *title; /* "Users" */
    char key;          /* '1'; 0: opened by another screen */
    bool single;       /* one instance that stays (the numbered screens) */
    const struct tui_keymap *keymap;
    const char *bar;   /* global keys that its key bar shows, by name: "open filter"; or NULL */
    size_t state_size; /* zeroed before open */

    void (*open)(struct app *app, void *state, const char *arg);
    void (*close)(struct app *app, void *state);
    void (*draw)(struct app *app, void *state, struct tui_box body);
    /* An action of the screen's keymap, or a global one that the screen wants first (moves, Esc,
     * refresh). False: not mine. */
    bool (*act)(struct app *app, void *state, int action);
    /* Raw input, before any binding, while the screen is editing text. False: not taken. */
    bool (*event)(struct app *app, void *state, const struct tui_event *event);
    /* A job of this instance is done. The screen may move results out of it; the caller drops it.
     */
    void (*done)(struct app *app, void *state, struct db_job *job);
    /* A side's status changed (up, down): to load what could not be loaded before. */
    void (*status)(struct app *app, void *state, enum db_side side);
    /* Called once deadline(state) has passed; ZM_NEVER: nothing is due. */
    int64_t (*deadline)(struct app *app, void *state);
    void (*tick)(struct app *app, void *state);
    /* Right end of row 2: where one is. "Users /ana   37 of ~12,400" */
    void (*crumb)(struct app *app, void *state, char *dst, size_t size);
    /* The second-last row while there is no message. */
    void (*line)(struct app *app, void *state, char *dst, size_t size);
};

/* The screens of the number keys, in their order; ends with NULL. */
extern const struct screen *const screen_registry[];

/* One file each. */
extern const struct screen screen_users, screen_sync, screen_check, screen_user, screen_overview,
    screen_health, screen_audit, screen_messages, screen_help, screen_text;

#endif
