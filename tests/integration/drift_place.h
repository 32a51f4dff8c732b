/*
 * Two private servers with people that a test makes by SQL, and the real program on them: straight,
 * through proxies, or with another server to scan.
 */
#ifndef INTEGRATION_DRIFT_PLACE_H
#define INTEGRATION_DRIFT_PLACE_H

#include "run_command.h"

#include <sys/stat.h>

#include "support/people.h"
#include "support/proxy.h"

struct drift_place {
    struct people people;
    char directory[64], conf[96];
    struct proxy *proxy[DB_SIDES];        /* NULL without */
    const char *limits;                   /* lines of the profile, or NULL */
    const struct cluster *scan[DB_SIDES]; /* where a comparison looks first; NULL: at the primary */
};

static inline void place_conf(const struct drift_place *place, const char *role)
{
    FILE *file = fopen(place->conf, "w");
    int i;

    assert_non_null(file);
    fprintf(file, "profiles: { test: { guard = \"open\"; state_directory = \"%s/state\";\n",
            place->directory);
    fprintf(file, "%s\n", zm_text(place->limits));
    for (i = 0; i < DB_SIDES; i++) {
        const struct cluster *c = &place->people.cluster[i], *scan = place->scan[i];

        fprintf(file, "%s: { ", db_side_key((enum db_side)i));
        if (place->proxy[i])
            fprintf(file, "host = \"%s/%s\"; ", place->directory, db_side_key((enum db_side)i));
        else
            fprintf(file, "host = \"%s\"; port = %s; ", c->directory, c->port);
        fprintf(file, "dbname = \"postgres\"; user = \"%s\"; ", role);
        if (scan)
            fprintf(file, "scan: { host = \"%s\"; port = %s; }; ", scan->directory, scan->port);
        fprintf(file, "};\n");
    }
    fprintf(file, "}; };\n");
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(place->conf, 0600), 0);
}

static inline void place_start(struct drift_place *place, bool with_proxies)
{
    char listen_on[160], server[160];
    int i;

    memset(place, 0, sizeof(*place));
    make_directory(place->directory);
    snprintf(place->conf, sizeof(place->conf), "%s/zmartctl.conf", place->directory);
    people_start(&place->people, true, NULL);
    for (i = 0; with_proxies && i < DB_SIDES; i++) {
        snprintf(listen_on, sizeof(listen_on), "%s/%s", place->directory,
                 db_side_key((enum db_side)i));
        assert_int_equal(mkdir(listen_on, 0700), 0);
        snprintf(listen_on, sizeof(listen_on), "%s/%s/.s.PGSQL.5432", place->directory,
                 db_side_key((enum db_side)i));
        snprintf(server, sizeof(server), "%s/.s.PGSQL.%s", place->people.cluster[i].directory,
                 place->people.cluster[i].port);
        place->proxy[i] = proxy_start(listen_on, server);
    }
    place_conf(place, "postgres");
}

static inline void place_done(struct drift_place *place)
{
    int i;

    for (i = 0; i < DB_SIDES; i++)
        if (place->proxy[i])
            proxy_stop(place->proxy[i]);
    people_done(&place->people);
    remove_directory(place->directory);
}

/* The same around a group of tests whose state it is, with the people of that SQL. */
static inline int place_begin(void **state, bool with_proxies, const char *brain, const char *bot)
{
    struct drift_place *place = zm_calloc(1, sizeof(*place));

    place_start(place, with_proxies);
    people_sql(&place->people, DB_BRAIN, brain);
    people_sql(&place->people, DB_BOT, bot);
    *state = place;
    return 0;
}

static inline int place_end(void **state)
{
    place_done(*state);
    free(*state);
    return 0;
}

static inline struct ran place_run(const struct drift_place *place, const char *line)
{
    return run_line(place->conf, place->directory, line);
}

#endif
