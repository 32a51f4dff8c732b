/*
 * Walks the whole file beside the table of options. What it does not understand it names, with the
 * line and the nearest valid name; nothing is skipped.
 */
#include "screens/conf_check.h"

#include <libconfig.h>

#include "screens/conf_options.h"
#include "screens/conf_words.h"
#include "tui/text.h"

struct place {
    const struct conf_file *file;
    struct zm_error *err;
    char path[200]; /* "profiles.production.brain"; "" for the root */
};

static int line_of(const config_setting_t *setting)
{
    return (int)config_setting_source_line(setting);
}

static struct place inner(const struct place *at, const char *name)
{
    struct place in = *at;

    snprintf(in.path, sizeof(in.path), "%.120s%s%.70s", at->path, at->path[0] ? "." : "", name);
    return in;
}

static const char *where(const struct place *at)
{
    return at->path[0] ? at->path : "the file";
}

/* ---- values ---- */

static const char *type_name(int type)
{
    switch (type) {
    case CONFIG_TYPE_GROUP:
        return "a group { }";
    case CONFIG_TYPE_STRING:
        return "a text";
    case CONFIG_TYPE_BOOL:
        return "true or false";
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return "a number";
    case CONFIG_TYPE_FLOAT:
        return "a fraction";
    default:
        return "a list";
    }
}

static bool wrong_type(const struct place *at, const config_setting_t *setting, const char *wanted)
{
    return conf_file_fail(at->file, line_of(setting), at->err, "%s must be %s, not %s", at->path,
                          wanted, type_name(config_setting_type(setting)));
}

static bool check_range(const struct place *at, const config_setting_t *setting,
                        const struct conf_option *row, long long value)
{
    if (value >= row->min && value <= row->max)
        return true;
    return conf_file_fail(at->file, line_of(setting), at->err,
                          "%s = %lld is out of range (%ld to %ld)", at->path, value, row->min,
                          row->max);
}

/* A text without control characters, in UTF-8. */
static bool check_characters(const struct place *at, const config_setting_t *setting,
                             const char *text)
{
    size_t n = strlen(text);
    int32_t c;

    while (n > 0) {
        size_t took = tui_utf8_decode(text, n, &c);

        if (c < 0)
            return conf_file_fail(at->file, line_of(setting), at->err, "%s is not UTF-8", at->path);
        if (c < 0x20 || (c >= 0x7f && c < 0xa0))
            return conf_file_fail(at->file, line_of(setting), at->err,
                                  "%s holds a control character", at->path);
        text += took;
        n -= took;
    }
    return true;
}

static bool check_text(const struct place *at, const config_setting_t *setting,
                       const struct conf_option *row)
{
    const char *text = config_setting_get_string(setting);
    long n;

    if (!text)
        return wrong_type(at, setting, "a text \"...\"");
    if (!check_characters(at, setting, text))
        return false;
    n = (long)strlen(text);
    if (row->max == 0 || (n >= row->min && n <= row->max))
        return true;
    if (n == 0)
        return conf_file_fail(at->file, line_of(setting), at->err, "%s is empty", at->path);
    return conf_file_fail(at->file, line_of(setting), at->err, "%s must have %ld to %ld bytes",
                          at->path, row->min, row->max);
}

static bool check_choice(const struct place *at, const config_setting_t *setting,
                         const struct conf_option *row)
{
    const char *text = config_setting_get_string(setting);
    char word[64], near[64] = "";
    size_t nearest = 4;
    int i;

    if (!text)
        return wrong_type(at, setting, "a text \"...\"");
    if (conf_choice_index(row->choices, text) >= 0)
        return true;
    for (i = 0; conf_choice_word(row->choices, i, word, sizeof(word)); i++) {
        if (zm_edit_distance(word, text) < nearest) {
            nearest = zm_edit_distance(word, text);
            zm_copy(near, sizeof(near), word);
        }
    }
    conf_file_fail(at->file, line_of(setting), at->err, "%s = \"%.40s\" is not one of: %s%s%s%s",
                   at->path, text, row->choices, near[0] ? "; did you mean '" : "", near,
                   near[0] ? "'?" : "");
    return false;
}

static bool check_number(const struct place *at, const config_setting_t *setting,
                         const struct conf_option *row)
{
    int type = config_setting_type(setting);

    if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
        return wrong_type(at, setting, "a number");
    return check_range(at, setting, row, config_setting_get_int64(setting));
}

/* libpq takes everything as text; a number may be written either way. */
static bool check_keyword(const struct place *at, const config_setting_t *setting,
                          const struct conf_option *row)
{
    const char *text = config_setting_get_string(setting);
    char *end;
    long value;

    if (row->max > 0 && text) {
        value = strtol(text, &end, 10);
        if (!text[0] || *end)
            return wrong_type(at, setting, "a number");
        return check_range(at, setting, row, value);
    }
    if (row->max > 0)
        return check_number(at, setting, row);
    if (row->choices)
        return check_choice(at, setting, row);
    if (text && !text[0])
        return conf_file_fail(at->file, line_of(setting), at->err, "%s is empty", at->path);
    return check_text(at, setting, row);
}

static bool check_list(const struct place *at, const config_setting_t *setting,
                       const struct conf_option *row)
{
    int i, n = config_setting_length(setting), type = config_setting_type(setting);
    const struct conf_option item = {.min = 1, .max = 200};

    if (type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST)
        return wrong_type(at, setting, "a list of texts [\"...\", \"...\"]");
    if (n > row->max)
        return conf_file_fail(at->file, line_of(setting), at->err, "%s has more than %ld entries",
                              at->path, row->max);
    for (i = 0; i < n; i++)
        if (!check_text(at, config_setting_get_elem(setting, (unsigned)i), &item))
            return false;
    return true;
}

static bool check_command(const struct place *at, const config_setting_t *setting,
                          const struct conf_option *row)
{
    struct zm_arena arena = {NULL};
    const char *const *argv;
    struct zm_error why;
    bool ok;

    if (!check_text(at, setting, row))
        return false;
    ok = conf_words_split(config_setting_get_string(setting), &arena, &argv, &why);
    zm_arena_done(&arena);
    if (ok)
        return true;
    conf_file_fail(at->file, line_of(setting), at->err, "%s: %s", at->path, why.message);
    return zm_error_hint(at->err, "%s", why.hint);
}

/* ---- groups ---- */

static bool check_group(const struct place *at, const config_setting_t *group,
                        enum conf_section section);

/* Groups whose names are the person's own. */
static bool check_named(const struct place *at, const config_setting_t *group,
                        const struct conf_option *row)
{
    int i, n = config_setting_length(group);

    if (config_setting_type(group) != CONFIG_TYPE_GROUP)
        return wrong_type(at, group, "a group { }");
    for (i = 0; i < n; i++) {
        const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
        const char *name = config_setting_name(one);
        struct place in = inner(at, name);

        if (strchr(name, '*') || strlen(name) > 63)
            return conf_file_fail(at->file, line_of(one), at->err,
                                  "'%.63s' in %s is not a good name: letters, digits, - and _",
                                  name, at->path);
        if (!check_group(&in, one, row->inside))
            return false;
    }
    return true;
}

static bool check_setting(const struct place *at, const config_setting_t *setting,
                          const struct conf_option *row)
{
    switch (row->type) {
    case CONF_SECRET:
        if (at->file->others_read) {
            conf_file_fail(at->file, line_of(setting), at->err,
                           "%s is in a file that others can read", at->path);
            return zm_error_hint(at->err, "chmod 600 %s", at->file->name);
        }
        return check_text(at, setting, row);
    case CONF_TEXT:
        return check_text(at, setting, row);
    case CONF_NUMBER:
        return check_number(at, setting, row);
    case CONF_FLAG:
        return config_setting_type(setting) == CONFIG_TYPE_BOOL ||
               wrong_type(at, setting, "true or false");
    case CONF_CHOICE:
    case CONF_WORD:
        return check_choice(at, setting, row);
    case CONF_LIST:
    case CONF_TIERS:
        return check_list(at, setting, row);
    case CONF_COMMAND:
        return check_command(at, setting, row);
    case CONF_KEYWORD:
        return check_keyword(at, setting, row);
    case CONF_GROUP:
        return check_group(at, setting, row->inside);
    case CONF_NAMED:
        return check_named(at, setting, row);
    }
    return false;
}

static bool unknown(const struct place *at, const config_setting_t *setting,
                    enum conf_section section)
{
    const char *name = config_setting_name(setting), *near = conf_option_near(section, name);

    return conf_file_fail(at->file, line_of(setting), at->err, "unknown option '%.63s' in %s%s%s%s",
                          name, where(at), near ? ", did you mean '" : "", zm_text(near),
                          near ? "'?" : "");
}

/* One way to get the password; two would leave it open which one counts. */
static bool check_password(const struct place *at, const config_setting_t *group)
{
    const config_setting_t *command = config_setting_get_member(group, "password_command");

    if (!command || !config_setting_get_member(group, "password"))
        return true;
    return conf_file_fail(at->file, line_of(command), at->err,
                          "%s has password and password_command; one of them is enough", at->path);
}

static bool check_group(const struct place *at, const config_setting_t *group,
                        enum conf_section section)
{
    static const struct conf_option any_key = {.type = CONF_TEXT, .min = 0, .max = 100};
    int i, n = config_setting_length(group);

    if (config_setting_type(group) != CONFIG_TYPE_GROUP)
        return wrong_type(at, group, "a group { }");
    for (i = 0; i < n; i++) {
        const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
        const struct conf_option *row =
            section == CONF_KEYS ? &any_key : conf_option_find(section, config_setting_name(one));
        struct place in = inner(at, config_setting_name(one));

        if (!row)
            return unknown(at, one, section);
        if (!check_setting(&in, one, row))
            return false;
    }
    return (section != CONF_SIDE && section != CONF_CONNECTION) || check_password(at, group);
}

bool conf_check(const struct conf_file *file, struct config_t *config, struct zm_error *err)
{
    struct place root = {.file = file, .err = err, .path = ""};
    const char *text;
    char name[64];
    int line;

    config_init(config);
    if (config_read_string(config, file->text.s))
        return check_group(&root, config_root_setting(config), CONF_ROOT);
    text = config_error_text(config);
    line = config_error_line(config);
    conf_file_name_at(file, line, name, sizeof(name));
    if (text && strstr(text, "duplicate"))
        return conf_file_fail(file, line, err, "an option is given twice%s%s%s",
                              name[0] ? ": '" : "", name, name[0] ? "'" : "");
    conf_file_fail(file, line, err, "%s", text ? text : "cannot be understood");
    return zm_error_hint(err, "an option is written  name = value;  a group  name: { ... };");
}
