/*
 * Taking a right away while Brain is away: the record on disk, and what becomes of it when Brain is
 * back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "db/spool.h"
#include "torture.h"
#include "zm/str.h"

#define REPLAY_MS 45000

static struct db_spool spool_of(const struct torture *t)
{
    struct db_spool spool;

    snprintf(spool.directory, sizeof(spool.directory), "%s/state", t->directory);
    return spool;
}

void torture_brain_away(struct torture *t)
{
    proxy_refuse(t->proxy[DB_BRAIN], true);
}

bool torture_spool_first(const struct torture *t, const struct torture_point *point)
{
    struct db_spool spool = spool_of(t);
    size_t n = db_spool_count(&spool), wanted = torture_is_voted(point) ? 1 : 0;

    if (n == wanted)
        return true;
    fprintf(stderr, "%zu records are in the spool when it comes to '%s', not %zu\n", n, point->name,
            wanted);
    return false;
}

/* The request of the record that waits, "" when there is none. */
static void read_request(const struct torture *t, const char *user, char ret[40])
{
    struct db_spool spool = spool_of(t);
    char path[600], line[4096];
    const char *at;
    FILE *file;

    ret[0] = '\0';
    snprintf(path, sizeof(path), "%s/spool", spool.directory);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file)) {
        at = strstr(line, "request=");
        if (at && strstr(line, user))
            snprintf(ret, 40, "%.36s", at + strlen("request="));
    }
    if (file)
        fclose(file);
}

static bool has_intent(const struct writes_state *state, const char *id)
{
    size_t i;

    for (i = 0; i < state->n_journal; i++)
        if (zm_streq(state->journal[i].id, id) &&
            zm_streq(state->journal[i].action, "zmartctl.trading_toggle"))
            return true;
    return false;
}

/* A command that has nothing to change writes what waits. */
static bool replay(struct torture *t, const struct torture_users *users)
{
    const struct torture_operation nothing = {.command = "tier"};
    struct db_spool spool = spool_of(t);
    struct client client;

    proxy_refuse(t->proxy[DB_BRAIN], false);
    client_start(&client, t, &nothing, (const char(*)[40])users->id, "enterprise");
    if (!client_wait(&client, REPLAY_MS))
        client_kill(&client);
    if (client.code == 0 && db_spool_count(&spool) == 0)
        return true;
    fprintf(stderr, "the spool was not replayed: %zu records are left\n", db_spool_count(&spool));
    torture_say_error(&client);
    return false;
}

bool torture_spool_replayed(struct torture *t, struct torture_users *users,
                            const struct writes_want *want, const struct client *client)
{
    struct writes_want later = *want;
    bool changed = !users->sides[0].is_old[DB_BOT];
    char request[40];

    read_request(t, users->id[0], request);
    if (changed && !request[0])
        fprintf(stderr, "Bot was changed, and no record of it is in the spool\n");
    later.spool_allowed = false;
    later.by_token = true;
    if (!replay(t, users) || !torture_judge(t, users, &later, client) || (changed && !request[0]))
        return false;
    if (!request[0] || has_intent(&users->after[0], request))
        return true;
    fprintf(stderr, "request %s of the spool is not in the journal\n", request);
    return false;
}
