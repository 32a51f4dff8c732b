/*
 * Puts values where the table of options says they belong. Everything was checked, so nothing here
 * can fail.
 */
#include "screens/conf_store.h"

#include <libconfig.h>
#include <stdlib.h>

#include "screens/conf_options.h"
#include "screens/conf_words.h"
#include "zm/str.h"

#define MAX_KEYWORDS 32

static void *member(void *base, size_t offset)
{
    return (char *)base + offset;
}

static const char *const *split_list(struct zm_arena *arena, const char *text)
{
    const char **list = zm_arena_zalloc(arena, (strlen(text) + 2) * sizeof(*list));
    size_t n = 0, len;

    for (; *text; text += len + (text[len] == ',')) {
        len = strcspn(text, ",");
        list[n++] = zm_arena_strndup(arena, text, len);
    }
    return list;
}

static const char *const *take_list(struct zm_arena *arena, const config_setting_t *setting)
{
    int i, n = config_setting_length(setting);
    const char **list = zm_arena_zalloc(arena, ((size_t)n + 1) * sizeof(*list));

    for (i = 0; i < n; i++)
        list[i] = zm_arena_strdup(arena, config_setting_get_string_elem(setting, i));
    return list;
}

static void set_list(const struct conf_option *row, void *base, const char *const *list)
{
    const char **tiers;
    size_t i;

    if (row->type == CONF_LIST) {
        *(const char *const **)member(base, row->offset) = list;
        return;
    }
    tiers = member(base, row->offset);
    memset(tiers, 0, (DB_MAX_TIERS + 1) * sizeof(*tiers));
    for (i = 0; i < DB_MAX_TIERS && list[i]; i++)
        tiers[i] = list[i];
}

static void set_text(const struct conf_option *row, void *base, struct zm_arena *arena,
                     const char *text)
{
    const char *const *argv;

    switch (row->type) {
    case CONF_NUMBER:
    case CONF_CHOICE:
        /* an enum member is as large as an int: asserted below */
        *(int *)member(base, row->offset) =
            row->choices ? conf_choice_index(row->choices, text) : (int)strtol(text, NULL, 10);
        break;
    case CONF_FLAG:
        *(bool *)member(base, row->offset) = zm_streq(text, "true");
        break;
    case CONF_LIST:
    case CONF_TIERS:
        set_list(row, base, split_list(arena, text));
        break;
    case CONF_COMMAND:
        if (conf_words_split(text, arena, &argv, NULL))
            *(const char *const **)member(base, row->offset) = argv;
        break;
    default:
        *(const char **)member(base, row->offset) = zm_arena_strdup(arena, text);
    }
}

_Static_assert(sizeof(enum conf_guard) == sizeof(int) && sizeof(enum db_level) == sizeof(int),
               "CONF_CHOICE stores an int");

static void set_value(const struct conf_option *row, void *base, struct zm_arena *arena,
                      const config_setting_t *setting)
{
    switch (row->type) {
    case CONF_NUMBER:
        *(int *)member(base, row->offset) = config_setting_get_int(setting);
        break;
    case CONF_FLAG:
        *(bool *)member(base, row->offset) = config_setting_get_bool(setting);
        break;
    case CONF_LIST:
    case CONF_TIERS:
        set_list(row, base, take_list(arena, setting));
        break;
    default:
        set_text(row, base, arena, config_setting_get_string(setting));
    }
}

/* ---- connections ---- */

static const char *keyword_text(struct zm_arena *arena, const config_setting_t *setting)
{
    const char *text = config_setting_get_string(setting);

    return text ? zm_arena_strdup(arena, text)
                : zm_arena_printf(arena, "%d", config_setting_get_int(setting));
}

static const char *keyword(const struct db_target *target, const char *name)
{
    size_t i;

    for (i = 0; i < target->n_options; i++)
        if (zm_streq(target->options[i].keyword, name))
            return target->options[i].value;
    return NULL;
}

static void set_keyword(struct db_option *options, struct db_target *target, const char *name,
                        const char *value)
{
    size_t i;

    for (i = 0; i < target->n_options; i++)
        if (zm_streq(options[i].keyword, name))
            break;
    options[i] = (struct db_option){name, value};
    if (i == target->n_options)
        target->n_options++;
}

/* A service file may say any of them, so with one nothing is taken for granted. */
static void add_fallbacks(struct db_option *options, struct db_target *target)
{
    const struct conf_option *row;
    size_t i;

    if (keyword(target, "service"))
        return;
    for (i = 0; (row = conf_option(i)); i++) {
        if (row->type != CONF_KEYWORD || !row->fallback || keyword(target, row->name))
            continue;
        if (zm_streq(row->name, "sslmode") && conf_is_this_machine(keyword(target, "host")))
            continue;
        set_keyword(options, target, row->name, row->fallback);
    }
}

/* Reads a connection over what *target says already (from the one it stands in, or nothing). */
static void take_target(struct conf *conf, struct db_target *target, const config_setting_t *group)
{
    struct db_option *options = zm_arena_zalloc(&conf->arena, MAX_KEYWORDS * sizeof(*options));
    int i, n = config_setting_length(group);

    if (target->n_options > 0)
        memcpy(options, target->options, target->n_options * sizeof(*options));
    target->options = options;
    if (config_setting_get_member(group, "user") || config_setting_get_member(group, "service")) {
        target->password = NULL; /* of another role */
        target->password_argv = NULL;
    }
    for (i = 0; i < n; i++) {
        const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
        const struct conf_option *row = conf_option_find(CONF_SIDE, config_setting_name(one));

        if (row->type == CONF_KEYWORD)
            set_keyword(options, target, row->name, keyword_text(&conf->arena, one));
        else if (row->type != CONF_GROUP)
            set_value(row, target, &conf->arena, one);
    }
    add_fallbacks(options, target);
}

static void take_side(struct conf *conf, enum db_side side, const config_setting_t *group)
{
    const config_setting_t *admin = config_setting_get_member(group, "admin");
    const config_setting_t *scan = config_setting_get_member(group, "scan");

    take_target(conf, &conf->target[side], group);
    conf->admin[side] = conf->scan[side] = conf->target[side];
    if (admin)
        take_target(conf, &conf->admin[side], admin);
    if (scan)
        take_target(conf, &conf->scan[side], scan);
    conf->has_admin[side] = admin != NULL;
    conf->has_scan[side] = scan != NULL;
}

/* ---- groups ---- */

static void take_keys(struct conf *conf, const config_setting_t *group)
{
    int i, j, maps = config_setting_length(group), total = 0;
    struct conf_key *keys;

    for (i = 0; i < maps; i++)
        total += config_setting_length(config_setting_get_elem(group, (unsigned)i));
    keys = zm_arena_zalloc(&conf->arena, ((size_t)total + 1) * sizeof(*keys));
    for (i = 0; i < maps; i++) {
        const config_setting_t *map = config_setting_get_elem(group, (unsigned)i);

        for (j = 0; j < config_setting_length(map); j++) {
            const config_setting_t *one = config_setting_get_elem(map, (unsigned)j);

            keys[conf->n_keys++] = (struct conf_key){
                .map = zm_arena_strdup(&conf->arena, config_setting_name(map)),
                .name = zm_arena_strdup(&conf->arena, config_setting_name(one)),
                .keys = zm_arena_strdup(&conf->arena, config_setting_get_string(one)),
            };
        }
    }
    conf->keys = keys;
}

static void take_group(struct conf *conf, const config_setting_t *group, enum conf_section section)
{
    int i, n = config_setting_length(group);

    for (i = 0; i < n; i++) {
        const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
        const struct conf_option *row = conf_option_find(section, config_setting_name(one));

        if (row->type == CONF_GROUP && row->inside == CONF_SIDE)
            take_side(conf, (enum db_side)row->offset, one);
        else if (row->type == CONF_GROUP)
            take_group(conf, one, row->inside);
        else if (row->type == CONF_NAMED && row->inside == CONF_KEYS)
            take_keys(conf, one);
        else if (row->type != CONF_NAMED)
            set_value(row, conf, &conf->arena, one);
    }
}

void conf_store_defaults(struct conf *conf)
{
    const struct conf_option *row;
    size_t i;

    for (i = 0; (row = conf_option(i)); i++)
        if (row->fallback && row->section != CONF_CONNECTION && row->section != CONF_SIDE)
            set_text(row, conf, &conf->arena, row->fallback);
    for (i = 0; i < DB_SIDES; i++)
        conf->target[i].side = (enum db_side)i;
}

void conf_store_file(struct conf *conf, const struct config_setting_t *root,
                     const struct config_setting_t *profile)
{
    const config_setting_t *ui = config_setting_get_member(root, "ui");

    if (ui)
        take_group(conf, ui, CONF_UI);
    take_group(conf, profile, CONF_PROFILE);
}
