/*
 * The state of the Health screen, shared by its files: health.c (keys, what is due), health_facts.c
 * (what is known of a side, line by line) and health_draw.c (the sheet that one scrolls).
 */
#ifndef SCREENS_HEALTH_STATE_H
#define SCREENS_HEALTH_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "screens/app.h"

#define HEALTH_SAMPLES 60

/* Round trips measured while the screen was shown, the newest last, in milliseconds. */
struct health_rtt {
    double ms[HEALTH_SAMPLES];
    size_t n;
};

struct health {
    struct health_rtt rtt[DB_SIDES];
    bool asking[DB_SIDES]; /* a measurement is under way */
    int64_t measured_ms;
    size_t top, lines; /* of the sheet: first line shown, how many there are */
    int page;
    enum db_side side; /* the one that is shown where there is no room for both */
};

/* A line of what is known of both sides. */
struct health_fact {
    const char *label;
    /* In the frame's arena or constant; *style is preset to TUI_TEXT. "" where it says nothing. */
    const char *(*text)(struct app *app, const struct health *h, enum db_side side,
                        unsigned *style);
};
/* Ends with a NULL label. */
extern const struct health_fact health_facts[];
/* The label of the fact that has the sparkline. */
extern const char health_rtt_label[];

/* "ZmartBot", "ZmartBot, as last known". */
const char *health_heading(struct app *app, enum db_side side);
/* "4h 12m", "under a minute": how long something lasts; changes once a minute. */
const char *health_lasted(struct app *app, int64_t since_ms);

void health_draw_sheet(struct app *app, struct health *h, struct tui_box body);
/* All of it as text, for copying; in the frame's arena. */
const char *health_copy_text(struct app *app, const struct health *h);

/* Something that is not as it should be, or good to know. */
struct health_note {
    enum db_side side;
    enum tui_style style;
    const char *text; /* in the frame's arena */
};
#define HEALTH_NOTES 40
/* Fills at most HEALTH_NOTES; returns how many. */
size_t health_notes(struct app *app, struct health_note ret[HEALTH_NOTES]);

#endif
