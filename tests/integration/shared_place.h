/*
 * The program on the shared servers, from a private directory.
 */
#ifndef INTEGRATION_SHARED_PLACE_H
#define INTEGRATION_SHARED_PLACE_H

#include "demo_place.h"

static inline int set_up(void **state)
{
    struct place *place = zm_calloc(1, sizeof(*place));

    demo_shared(&place->demo);
    make_directory(place->directory);
    *state = place;
    return 0;
}

static inline int tear_down(void **state)
{
    struct place *place = *state;

    remove_directory(place->directory);
    free(place);
    return 0;
}

static inline const char *take(const struct place *place, enum db_side side, const char *sql,
                               char *dst, size_t size)
{
    zm_copy(dst, size, demo_sql(&place->demo, side, sql));
    return dst;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
