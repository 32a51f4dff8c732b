/*
 * The program on the servers of a demo, from a private directory.
 */
#ifndef INTEGRATION_DEMO_PLACE_H
#define INTEGRATION_DEMO_PLACE_H

#include "run_command.h"

#include "support/demo.h"

struct place {
    struct demo demo;
    char directory[64];
};

/* Servers of its own, of so many people; extra as of demo_start. */
static inline int start_place(void **state, long users, const char *extra)
{
    struct place *place = zm_calloc(1, sizeof(*place));

    demo_start(&place->demo, users, extra);
    make_directory(place->directory);
    *state = place;
    return 0;
}

static inline int stop_place(void **state)
{
    struct place *place = *state;

    demo_done(&place->demo);
    remove_directory(place->directory);
    free(place);
    return 0;
}

static inline struct ran run(const struct place *place, const char *line)
{
    return run_line(place->demo.conf, place->directory, line);
}

static inline long number(const struct place *place, enum db_side side, const char *sql)
{
    return strtol(demo_sql(&place->demo, side, sql), NULL, 10);
}

#endif
