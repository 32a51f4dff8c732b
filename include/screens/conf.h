/*
 * The configuration: one libconfig file, read through one table of options (conf_options.c) that is
 * parser, validator, default, help and documentation. Nothing starts on a half-understood file.
 */
#ifndef SCREENS_CONF_H
#define SCREENS_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/gates.h"
#include "db/link.h"
#include "tui/keymap.h"
#include "zm/arena.h"
#include "zm/error.h"

enum conf_guard { CONF_GUARD_OPEN, CONF_GUARD_UNLOCK, CONF_GUARD_READ_ONLY };

struct conf_key { /* keys: { users: { filter = "/"; }; } */
    const char *map, *name, *keys;
};

/* One profile, ready to use. All text lives in the arena. */
struct conf {
    struct zm_arena arena;
    const char *path;    /* of the file */
    const char *profile; /* its name */
    const char *label;   /* "PROD" */
    enum conf_guard guard;
    bool allow_insecure_tls;
    struct db_target target[DB_SIDES];
    bool has_admin[DB_SIDES], has_scan[DB_SIDES];
    struct db_target admin[DB_SIDES], scan[DB_SIDES];
    struct db_policy policy;
    const char *const *existing_tables; /* patterns, NULL-terminated */
    const char *templates_directory;
    const char *templates_url, *templates_token; /* the token is the environment's */
    const char *const *templates_token_argv;
    const char *registration_email;
    const char *auth_url; /* of the Auth API; NULL: the project's */
    const char *const *auth_key_argv, *const *auth_admin_argv;
    const char *auth_key, *auth_admin_key; /* of the environment; NULL: not set */
    int flow_seconds;                      /* how long the live tests wait for the application */
    int connect_seconds, statement_seconds;
    int idle_lock_minutes; /* 0: never */
    int stop_errors;       /* of a bulk change; 0: never */
    int plan_hours;        /* how long a repair plan may be applied */
    /* ui */
    const char *theme;
    bool mouse, ascii, local_time;
    int refresh_seconds;
    const struct conf_key *keys;
    size_t n_keys;
    /* local state: $XDG_STATE_HOME/zmartctl/PROFILE unless the profile says otherwise, made 0700
     * when first needed; NULL: none */
    const char *state_dir;
};

/* Finds, checks and reads the file: `file` (-c) or the first of the contract's places; `profile`
 * (-p) or default_profile. Errors carry file and line and the nearest valid name. */
bool conf_load(const char *file, const char *profile, struct conf *ret, struct zm_error *err);
void conf_done(struct conf *conf);
/* The path, in the arena, of a file of the state directory: "history", "known", "log". Makes the
 * directory (0700), not the file. NULL: there is no home, or it cannot be written. */
const char *conf_state_path(struct conf *conf, const char *name);

#endif
