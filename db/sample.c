/*
 * Loads the sample scripts into two fresh servers, one thread a side. What runs as the owner of the
 * platform and what as `postgres` is as on Supabase: postgres is no superuser there.
 */
#include "db/sample.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "db/indexes.h"
#include "db/link.h"
#include "db/sample_scripts.h"
#include "zm/str.h"

/* A statement over a million rows may say nothing for that long. */
#define QUIET_MS 600000

struct load {
    const struct db_servers *servers;
    const struct db_sample_options *options;
    enum db_side side;
    bool ok;
    struct zm_error err;
};

/* Who runs which scripts, in their order. The people come in with foreign keys unchecked, which
 * only the platform's owner may do: a million rows are loaded in a third of the time. */
static const struct part {
    const char *role, *from, *to, *settings;
} parts[] = {
    {"supabase_admin", "10", "29", ""},
    {"postgres", "30", "39", ""},
    {"supabase_admin", "40", "99", "SET session_replication_role = replica;"},
};

static struct db_link *connect_as(const struct load *load, const char *role,
                                  struct db_option options[4], struct db_target *target,
                                  char socket[96])
{
    options[0] = (struct db_option){"host", db_servers_socket(load->servers, load->side, socket)};
    options[1] = (struct db_option){"port", DB_SERVERS_PORT};
    options[2] = (struct db_option){"user", role};
    options[3] = (struct db_option){"dbname", "postgres"};
    memset(target, 0, sizeof(*target));
    target->side = load->side;
    target->options = options;
    target->n_options = 4;
    target->connect_ms = 10000;
    target->statement_ms = QUIET_MS;
    return db_link_new(target);
}

static bool run_scripts(const struct load *load, struct db_link *link, const char *from,
                        const char *to, struct zm_error *err)
{
    const struct db_sample_script *script;

    for (script = db_sample_scripts; script->name; script++) {
        if (script->side != DB_SIDES && script->side != load->side)
            continue;
        if (strncmp(script->name, from, 2) < 0 || strncmp(script->name, to, 2) > 0)
            continue;
        if (!db_link_script(link, script->text, QUIET_MS, err)) {
            zm_copy(err->what, sizeof(err->what), script->name);
            return false;
        }
    }
    return true;
}

static bool create_indexes(const struct load *load, struct db_link *link, struct zm_error *err)
{
    int i;

    for (i = 0; i < DB_INDEX_COUNT; i++) {
        const struct db_index_row *row = db_index_row((enum db_index)i);

        if (row->side == load->side && !db_link_script(link, row->create, QUIET_MS, err))
            return false;
    }
    return true;
}

/* Opens a link as the role of the part and runs its scripts. */
static bool run_part(struct load *load, const struct part *part)
{
    struct db_option options[4];
    struct db_target target;
    char socket[96], settings[160];
    struct db_link *link = connect_as(load, part->role, options, &target, socket);
    bool ok;

    snprintf(settings, sizeof(settings), "%s SET demo.users = '%ld'; SET statement_timeout = 0",
             part->settings, load->options->users);
    ok = db_link_open(link, &load->err) && db_link_script(link, settings, QUIET_MS, &load->err) &&
         run_scripts(load, link, part->from, part->to, &load->err);
    db_link_free(link);
    return ok;
}

/* The indexes of checklist item 6, and the statistics that the planner and the screens go by. */
static bool finish(struct load *load)
{
    struct db_option options[4];
    struct db_target target;
    char socket[96];
    struct db_link *link = connect_as(load, "supabase_admin", options, &target, socket);
    bool ok = db_link_open(link, &load->err) &&
              db_link_script(link, "SET statement_timeout = 0", QUIET_MS, &load->err);

    if (ok && !load->options->as_written)
        ok = create_indexes(load, link, &load->err);
    ok = ok && db_link_script(link, "VACUUM ANALYZE", QUIET_MS, &load->err);
    db_link_free(link);
    return ok;
}

static void *load_side(void *argument)
{
    struct load *load = argument;

    size_t i;

    load->ok = true;
    for (i = 0; load->ok && i < ZM_COUNT(parts); i++)
        load->ok = run_part(load, &parts[i]);
    load->ok = load->ok && finish(load);
    return NULL;
}

bool db_sample_load(const struct db_servers *servers, const struct db_sample_options *options,
                    struct zm_error *err)
{
    struct load load[DB_SIDES];
    pthread_t thread;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        load[side] =
            (struct load){.servers = servers, .options = options, .side = (enum db_side)side};
    if (pthread_create(&thread, NULL, load_side, &load[DB_BOT]) != 0)
        return zm_error_set(err, ZM_ERR_SYSTEM, "", "load the sample data",
                            "cannot start a thread");
    load_side(&load[DB_BRAIN]);
    pthread_join(thread, NULL);
    for (side = 0; side < DB_SIDES; side++)
        if (!load[side].ok) {
            *err = load[side].err;
            return false;
        }
    return true;
}
