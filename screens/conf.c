/*
 * Finds the configuration, picks a profile of it and makes it ready to use. What an option means is
 * the table's business (conf_options.c), what is in a file conf_check.c's.
 */
#include "screens/conf.h"

#include <libconfig.h>
#include <string.h>

#include "screens/conf_check.h"
#include "screens/conf_file.h"
#include "screens/conf_place.h"
#include "screens/conf_store.h"
#include "screens/environment.h"
#include "zm/str.h"

static const config_setting_t *find_profile(const config_setting_t *root, const char *wanted)
{
    const config_setting_t *profiles = config_setting_get_member(root, "profiles");
    const char *name = wanted;

    if (!profiles)
        return NULL;
    if (!name)
        config_setting_lookup_string(root, "default_profile", &name);
    if (!name && config_setting_length(profiles) == 1)
        return config_setting_get_elem(profiles, 0);
    return name ? config_setting_get_member(profiles, name) : NULL;
}

/* "there are: production, staging" */
static bool fail_profile(const struct conf *conf, const config_setting_t *root, const char *wanted,
                         struct zm_error *err)
{
    const config_setting_t *profiles = config_setting_get_member(root, "profiles");
    int i, n = profiles ? config_setting_length(profiles) : 0;
    struct zm_buf names = {.s = NULL};

    if (!wanted)
        config_setting_lookup_string(root, "default_profile", &wanted);
    for (i = 0; i < n; i++)
        zm_buf_printf(&names, "%s%s", i ? ", " : "",
                      config_setting_name(config_setting_get_elem(profiles, (unsigned)i)));
    if (n == 0)
        zm_error_set(err, ZM_ERR_CONFIG, "", "", "%s has no profiles", conf->path);
    else if (wanted)
        zm_error_set(err, ZM_ERR_CONFIG, "", "", "%s has no profile '%.63s'; there is: %s",
                     conf->path, wanted, names.s);
    else
        zm_error_set(err, ZM_ERR_CONFIG, "", "", "%s has several profiles and no default: %s",
                     conf->path, names.s);
    zm_buf_done(&names);
    if (n == 0)
        return zm_error_hint(err, "zmartctl init writes one");
    return zm_error_hint(err, "choose with -p, or set default_profile");
}

static bool has_server(const struct db_target *target)
{
    size_t i;

    for (i = 0; i < target->n_options; i++)
        if (zm_streq(target->options[i].keyword, "host") ||
            zm_streq(target->options[i].keyword, "hostaddr") ||
            zm_streq(target->options[i].keyword, "service"))
            return true;
    return false;
}

static bool check_servers(const struct conf *conf, const struct conf_file *file,
                          const config_setting_t *profile, struct zm_error *err)
{
    int i;

    for (i = 0; i < DB_SIDES; i++)
        if (!has_server(&conf->target[i])) {
            conf_file_fail(file, (int)config_setting_source_line(profile), err,
                           "profiles.%s.%s names no server: host is missing", conf->profile,
                           db_side_key((enum db_side)i));
            return zm_error_hint(err, "zmartctl init asks for both connections");
        }
    return true;
}

/* What every connection of the profile shares. */
static void finish_target(struct conf *conf, struct db_target *target, enum db_side side)
{
    target->side = side;
    target->allow_insecure_tls = conf->allow_insecure_tls;
    target->connect_ms = conf->connect_seconds * 1000;
    target->statement_ms = conf->statement_seconds * 1000;
    if (conf->state_dir) /* made when it is needed */
        target->known_file = zm_arena_printf(&conf->arena, "%s/known", conf->state_dir);
}

static void finish_side(struct conf *conf, enum db_side side)
{
    struct db_target *target = &conf->target[side], *scan = &conf->scan[side];
    bool shared =
        scan->password == target->password && scan->password_argv == target->password_argv;
    const char *password = environment_take_password(side, &conf->arena);

    if (password) {
        target->password = password;
        if (shared)
            scan->password = password;
    }
    finish_target(conf, target, side);
    finish_target(conf, &conf->admin[side], side);
    finish_target(conf, scan, side);
    scan->known_file = NULL; /* a replica is another server by design */
}

static bool take(struct conf *conf, const struct conf_file *file, const config_setting_t *root,
                 const char *profile, struct zm_error *err)
{
    const config_setting_t *group = find_profile(root, profile);
    int i;

    if (!group)
        return fail_profile(conf, root, profile, err);
    conf->profile = zm_arena_strdup(&conf->arena, config_setting_name(group));
    conf->label = conf->profile;
    conf_store_defaults(conf);
    conf_store_file(conf, root, group);
    if (!conf->state_dir)
        conf->state_dir = conf_place_state(&conf->arena, conf->profile);
    for (i = 0; i < DB_SIDES; i++)
        finish_side(conf, (enum db_side)i);
    conf->templates_token = environment_take_token(&conf->arena);
    conf->auth_key = environment_take("ZMARTCTL_AUTH_KEY", &conf->arena);
    conf->auth_admin_key = environment_take("ZMARTCTL_AUTH_ADMIN_KEY", &conf->arena);
    return check_servers(conf, file, group, err);
}

bool conf_load(const char *file, const char *profile, struct conf *ret, struct zm_error *err)
{
    struct conf_file text;
    config_t config;
    bool ok;

    memset(ret, 0, sizeof(*ret));
    ret->path = conf_place_file(&ret->arena, file, err);
    if (!ret->path || !conf_file_read(ret->path, &text, err)) {
        conf_done(ret);
        return false;
    }
    ok = conf_check(&text, &config, err) &&
         take(ret, &text, config_root_setting(&config), profile, err);
    config_destroy(&config);
    conf_file_done(&text);
    if (!ok)
        conf_done(ret);
    return ok;
}

void conf_done(struct conf *conf)
{
    const char *keys[] = {conf->templates_token, conf->auth_key, conf->auth_admin_key};
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        const char *secrets[] = {conf->target[i].password, conf->admin[i].password,
                                 conf->scan[i].password};
        size_t k;

        for (k = 0; k < ZM_COUNT(secrets); k++)
            if (secrets[k])
                explicit_bzero((char *)(uintptr_t)secrets[k], strlen(secrets[k]));
    }
    for (i = 0; i < (int)ZM_COUNT(keys); i++)
        if (keys[i])
            explicit_bzero((char *)(uintptr_t)keys[i], strlen(keys[i]));
    zm_arena_done(&conf->arena);
    memset(conf, 0, sizeof(*conf));
}

const char *conf_state_path(struct conf *conf, const char *name)
{
    if (!conf->state_dir || !conf_place_make(conf->state_dir))
        return NULL;
    return zm_arena_printf(&conf->arena, "%s/%s", conf->state_dir, name);
}
