/*
 * The command line: one table of commands and one of options feed parser, --help, man page and
 * completion.
 */
#ifndef SCREENS_OPTIONS_H
#define SCREENS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "zm/error.h"

enum out_format { OUT_AUTO, OUT_TABLE, OUT_JSON, OUT_CSV };

struct db_servers;

#define OPTIONS_MAX_ARGS 16
struct options {
    const char *config, *profile, *log;
    bool read_only, ascii, no_color, raw;
    enum out_format format;
    const struct command *command;      /* NULL: the console */
    const char *args[OPTIONS_MAX_ARGS]; /* what follows the command, options removed */
    size_t n_args;
    long limit;                /* --limit, 0: none */
    const char *user, *since;  /* export */
    const char *reason, *file; /* what writes: --reason, --file */
    const char *expect;        /* tier --expect */
    bool keep_rights;          /* tier --keep-rights */
    bool create;               /* trading, api --create */
    bool dry_run, yes;         /* what writes */
    const char *note, *until;  /* check sign, unsign, waive */
    bool accept;               /* init --accept */
    unsigned classes;          /* drift, repair --class: DB_CLASS_BIT of each; 0: not given */
    const char *plan;          /* repair --plan */
    bool allow_mass;           /* repair --allow-mass */
    long watch;                /* drift --watch, 0: once */
    bool progress;             /* drift, repair --progress */
    long users;                /* demo --users, 0: not given */
    bool as_written, keep;     /* demo */
    const char *detach, *stop; /* demo */
    const struct db_servers
        *demo;            /* the servers of the demo that the console runs on; NULL: none */
    bool completion, man; /* help */
};

struct conf;
struct command {
    const char *name;
    const char *args; /* "[FILTER]" */
    const char *help; /* one line */
    const char *more; /* for `help COMMAND` and the man page; lines */
    size_t min_args, max_args;
    bool needs_conf;
    int (*run)(const struct options *options, struct conf *conf); /* the exit code */
};
extern const struct command commands[]; /* ends with a NULL name */

enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_NUMBER,
    OPTION_FORMAT,
    OPTION_CLASS, /* a drift class; may be given more than once */
    OPTION_JSON,
    OPTION_HELP,
    OPTION_VERSION
};

struct option_row {
    char letter; /* '\0': none */
    const char *name;
    const char *arg;      /* "FILE"; NULL: takes none */
    const char *commands; /* names, separated by blanks; NULL: all, and the console */
    enum option_kind kind;
    long min, max;    /* OPTION_NUMBER */
    size_t offset;    /* in struct options */
    const char *help; /* NULL: works, but is not listed */
};

/* Row i, NULL after the last. */
const struct option_row *option_row(size_t i);
/* Whether the option may stand with a command; NULL: the console. */
bool option_is_for(const struct option_row *row, const struct command *command);
/* NULL when there is none of that name. */
const struct command *command_find(const char *name);

/* Fills *ret from argv; ZM_ERR_USAGE names what is wrong and what is near. help: --help or
 * --version was printed, the caller leaves with 0. */
bool options_parse(int argc, char **argv, struct options *ret, bool *help, struct zm_error *err);

#endif
