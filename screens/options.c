/*
 * Parses the command line by the table below; getopt_long's own table is made from it.
 */
#include "screens/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>

#include "db/classes.h"
#include "screens/help.h"
#include "zm/str.h"

#define AT(member) offsetof(struct options, member)
#define WRITING "tier trading api"
#define PRINTING "users user why drift repair check health audit export " WRITING

/* clang-format off */
static const struct option_row rows[] = {
    {'c', "config",    "FILE",    NULL, OPTION_TEXT, 0, 0, AT(config),    "the configuration to use"},
    {'p', "profile",   "PROFILE", NULL, OPTION_TEXT, 0, 0, AT(profile),   "the profile of it to use"},
    {0,   "read-only", NULL,      NULL, OPTION_FLAG, 0, 0, AT(read_only), "refuse every write"},
    {0,   "ascii",     NULL,      NULL, OPTION_FLAG, 0, 0, AT(ascii),     "show nothing beyond ASCII"},
    {0,   "no-color",  NULL,      NULL, OPTION_FLAG, 0, 0, AT(no_color),  "no colours; so does NO_COLOR=1"},
    {0,   "log",       "FILE",    NULL, OPTION_TEXT, 0, 0, AT(log),       "append notices and errors to a file"},
    {'h', "help",      NULL,      NULL, OPTION_HELP, 0, 0, 0,             "this text, or that of a command"},
    {'V', "version",   NULL,      NULL, OPTION_VERSION, 0, 0, 0,          "the version"},

    {0,   "format",    "FORMAT",  PRINTING, OPTION_FORMAT, 0, 0, AT(format), "table, json (one object a line) or csv"},
    {0,   "json",      NULL,      PRINTING, OPTION_JSON,   0, 0, AT(format), "the same as --format json"},
    {0,   "raw",       NULL,      PRINTING, OPTION_FLAG,   0, 0, AT(raw),    "csv: do not defuse what looks like a formula"},

    {0,   "limit",     "N",    "users audit",  OPTION_NUMBER, 1, 1000000000, AT(limit), "stop after N rows"},
    {0,   "user",      "USER", "export", OPTION_TEXT,   0, 0, AT(user),   "of one user: id, e-mail or phone"},
    {0,   "since",     "DATE", "export audit", OPTION_TEXT,   0, 0, AT(since),  "not before 2026-11-01 or 2026-11-01T09:30:00Z"},
    {0,   "reason",    "TEXT", WRITING " repair", OPTION_TEXT, 0, 0, AT(reason), "why, for the journal; required"},
    {0,   "expect",    "OLD",  "tier",  OPTION_TEXT,    0, 0, AT(expect), "only if this is the tier now, or nothing is changed"},
    {0,   "keep-rights", NULL, "tier",  OPTION_FLAG,    0, 0, AT(keep_rights), "leave rights that the new tier does not give"},
    {0,   "create",    NULL,   "trading api", OPTION_FLAG, 0, 0, AT(create), "create a missing trading profile first, both rights off"},
    {0,   "file",      "F",    WRITING, OPTION_TEXT,    0, 0, AT(file),   "ids or e-mails from a file, one a line; - is stdin"},
    {0,   "dry-run",   NULL,   WRITING " repair check", OPTION_FLAG, 0, 0, AT(dry_run), "do all of it in both databases, then roll back"},
    {0,   "note",      "TEXT", "check", OPTION_TEXT,    0, 0, AT(note),   "why it is signed, unsigned or waived"},
    {0,   "until",     "DATE", "check", OPTION_TEXT,    0, 0, AT(until),  "the last day of a waiver, as 2026-12-31"},
    {0,   "yes",       NULL,   WRITING " repair check", OPTION_FLAG, 0, 0, AT(yes),    "do not ask; needed where the input is no terminal"},
    {0,   "class",     "C",    "drift repair", OPTION_CLASS,  0, 0, AT(classes), "only this class of drift; may be repeated"},
    {0,   "plan",      "FILE", "repair", OPTION_TEXT,   0, 0, AT(plan), "apply this saved plan instead of comparing"},
    {0,   "allow-mass", NULL,  "repair", OPTION_FLAG,   0, 0, AT(allow_mass), "more than 20 % of the users may be changed"},
    {0,   "watch",     "N",    "drift",  OPTION_NUMBER, 1, 86400, AT(watch), "again every N seconds, for a terminal or a log"},
    {0,   "progress",  NULL,   "drift repair", OPTION_FLAG, 0, 0, AT(progress), "how far it is, on stderr, one JSON object a line"},
    {0,   "accept",    NULL,   "init",   OPTION_FLAG,   0, 0, AT(accept), "record the identity of servers that changed"},
    {0,   "users",     "N",    "demo",   OPTION_NUMBER, 1, 10000000, AT(users), "how many people; 600"},
    {0,   "as-written", NULL,  "demo",   OPTION_FLAG,   0, 0, AT(as_written), "without what checklist item 6 adds"},
    {0,   "keep",      NULL,   "demo",   OPTION_FLAG,   0, 0, AT(keep),   "keep the directory of the servers at the end"},
    {0,   "detach",    "DIR",  "demo",   OPTION_TEXT,   0, 0, AT(detach), "leave them running in DIR; prints a configuration"},
    {0,   "stop",      "DIR",  "demo",   OPTION_TEXT,   0, 0, AT(stop),   "end the servers in DIR and remove it"},
    {0,   "completion", NULL,  "help",   OPTION_FLAG,   0, 0, AT(completion), NULL},
    {0,   "man",       NULL,   "help",   OPTION_FLAG,   0, 0, AT(man),    NULL},
};
/* clang-format on */

#define FIRST_LONG 256

const struct option_row *option_row(size_t i)
{
    return i < ZM_COUNT(rows) ? &rows[i] : NULL;
}

bool option_is_for(const struct option_row *row, const struct command *command)
{
    const char *name = row->commands;
    size_t n;

    if (!name)
        return true;
    if (!command)
        return false;
    for (; *name; name += n + strspn(name + n, " ")) {
        n = strcspn(name, " ");
        if (strlen(command->name) == n && strncmp(name, command->name, n) == 0)
            return true;
    }
    return false;
}

const struct command *command_find(const char *name)
{
    size_t i;

    for (i = 0; commands[i].name; i++)
        if (zm_streq(commands[i].name, name))
            return &commands[i];
    return NULL;
}

__attribute__((format(printf, 3, 4))) static bool fail(struct zm_error *err, const char *hint,
                                                       const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    zm_error_set(err, ZM_ERR_USAGE, "", "", "%s", text);
    return zm_error_hint(err, "%s", hint);
}

static bool unknown_command(const char *name, struct zm_error *err)
{
    const char *near = NULL;
    size_t i, nearest = 3;

    for (i = 0; commands[i].name; i++) {
        size_t distance = zm_edit_distance(commands[i].name, name);

        if (distance < nearest) {
            nearest = distance;
            near = commands[i].name;
        }
    }
    if (near)
        return fail(err, "zmartctl --help lists all commands",
                    "there is no command '%.60s', did you mean '%s'?", name, near);
    return fail(err, "zmartctl --help lists all commands", "there is no command '%.60s'", name);
}

/* text: "--forma" or "--forma=json". */
static bool unknown_option(const char *text, struct zm_error *err)
{
    char name[64];
    const char *near = NULL;
    size_t i, nearest = 4;

    snprintf(name, sizeof(name), "%.60s", text + strspn(text, "-"));
    name[strcspn(name, "=")] = '\0';
    for (i = 0; i < ZM_COUNT(rows) && strncmp(text, "--", 2) == 0; i++) {
        size_t distance = rows[i].help ? zm_edit_distance(rows[i].name, name) : 99;

        if (distance < nearest) {
            nearest = distance;
            near = rows[i].name;
        }
    }
    if (near)
        return fail(err, "zmartctl --help lists all options",
                    "there is no option '%.60s', did you mean '--%s'?", text, near);
    return fail(err, "zmartctl --help lists all options", "there is no option '%.60s'", text);
}

static bool take_number(const struct option_row *row, const char *text, long *ret,
                        struct zm_error *err)
{
    char *end;
    long value;

    errno = 0;
    value = strtol(text, &end, 10);
    if (!text[0] || *end || errno)
        return fail(err, "a whole number is wanted", "--%s %.40s is not a number", row->name, text);
    if (value < row->min || value > row->max)
        return fail(err, "choose another number", "--%s %ld is out of range (%ld to %ld)",
                    row->name, value, row->min, row->max);
    *ret = value;
    return true;
}

static bool take_format(const char *text, enum out_format *ret, struct zm_error *err)
{
    static const char *const names[] = {
        [OUT_TABLE] = "table", [OUT_JSON] = "json", [OUT_CSV] = "csv"};
    size_t i;

    for (i = OUT_TABLE; i < ZM_COUNT(names); i++)
        if (zm_streq(names[i], text)) {
            *ret = (enum out_format)i;
            return true;
        }
    return fail(err, "table, json or csv", "there is no format '%.40s'", text);
}

static bool take_class(const char *text, unsigned *ret, struct zm_error *err)
{
    enum db_class class = db_class_find(text);

    if (class == DB_CLASSES)
        return fail(err, "zmartctl help drift lists them", "there is no class '%.40s'", text);
    *ret |= DB_CLASS_BIT(class);
    return true;
}

static bool take_option(const struct option_row *row, const char *arg, struct options *ret,
                        struct zm_error *err)
{
    void *member = (char *)ret + row->offset;

    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)member = true;
        return true;
    case OPTION_TEXT:
        if (!arg[0])
            return fail(err, "zmartctl --help", "--%s is empty", row->name);
        *(const char **)member = arg;
        return true;
    case OPTION_NUMBER:
        return take_number(row, arg, member, err);
    case OPTION_FORMAT:
        return take_format(arg, &ret->format, err);
    case OPTION_CLASS:
        return take_class(arg, member, err);
    case OPTION_JSON:
        ret->format = OUT_JSON;
        return true;
    case OPTION_HELP:
    case OPTION_VERSION:
        return true;
    }
    return false;
}

static bool take_word(const char *word, struct options *ret, struct zm_error *err)
{
    if (!ret->command) {
        ret->command = command_find(word);
        return ret->command || unknown_command(word, err);
    }
    if (ret->n_args == ret->command->max_args || ret->n_args == OPTIONS_MAX_ARGS)
        return fail(err, "quote words that belong together", "%s: what is '%.60s' for?",
                    ret->command->name, word);
    ret->args[ret->n_args++] = word;
    return true;
}

static void make_getopt(struct option *longs, char *shorts)
{
    size_t i, n = 0;

    shorts[n++] = '-'; /* words are given in their order, whatever POSIXLY_CORRECT says */
    shorts[n++] = ':';
    for (i = 0; i < ZM_COUNT(rows); i++) {
        longs[i] = (struct option){.name = rows[i].name,
                                   .has_arg = rows[i].arg ? required_argument : no_argument,
                                   .val = FIRST_LONG + (int)i};
        if (rows[i].letter) {
            shorts[n++] = rows[i].letter;
            if (rows[i].arg)
                shorts[n++] = ':';
        }
    }
    longs[i] = (struct option){.name = NULL};
    shorts[n] = '\0';
}

static const struct option_row *row_of(int code)
{
    size_t i;

    if (code >= FIRST_LONG)
        return &rows[code - FIRST_LONG];
    for (i = 0; i < ZM_COUNT(rows); i++)
        if (rows[i].letter == code)
            return &rows[i];
    return NULL;
}

/* Options may stand before their command, so this is asked at the end. */
static bool check_use(const struct options *options, const bool *given, struct zm_error *err)
{
    const struct command *command = options->command;
    size_t i;

    for (i = 0; i < ZM_COUNT(rows); i++)
        if (given[i] && !option_is_for(&rows[i], command))
            return fail(err, "zmartctl --help lists what each command takes", "--%s is not for %s",
                        rows[i].name, command ? command->name : "the console");
    if (command && options->n_args < command->min_args)
        return fail(err, "zmartctl --help", "usage: zmartctl %s %s", command->name, command->args);
    return true;
}

static bool read_all(int argc, char **argv, struct options *ret, bool *given, struct zm_error *err)
{
    struct option longs[ZM_COUNT(rows) + 1];
    char shorts[2 * ZM_COUNT(rows) + 3], letter[3] = "-";
    int code;

    make_getopt(longs, shorts);
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    while ((code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        const struct option_row *row;

        if (code == 1) {
            if (!take_word(optarg, ret, err))
                return false;
            continue;
        }
        letter[1] = (char)optopt;
        if (code == '?')
            return unknown_option(optopt > 0 && optopt < FIRST_LONG ? letter : argv[optind - 1],
                                  err);
        if (code == ':')
            return fail(err, "zmartctl --help", "--%s wants %s", row_of(optopt)->name,
                        row_of(optopt)->arg);
        row = row_of(code);
        given[row - rows] = true;
        if (!take_option(row, optarg, ret, err))
            return false;
    }
    for (; optind < argc; optind++) /* after -- */
        if (!take_word(argv[optind], ret, err))
            return false;
    return true;
}

bool options_parse(int argc, char **argv, struct options *ret, bool *help, struct zm_error *err)
{
    bool given[ZM_COUNT(rows)] = {false};
    size_t i;

    memset(ret, 0, sizeof(*ret));
    *help = false;
    if (!read_all(argc, argv, ret, given, err))
        return false;
    for (i = 0; i < ZM_COUNT(rows) && !*help; i++) {
        if (!given[i] || (rows[i].kind != OPTION_HELP && rows[i].kind != OPTION_VERSION))
            continue;
        *help = true;
        if (rows[i].kind == OPTION_HELP)
            help_print(stdout, ret->command);
        else
            printf("zmartctl %s\n", ZM_VERSION);
    }
    return *help || check_use(ret, given, err);
}
