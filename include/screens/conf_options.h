/*
 * The table of options: what the configuration may say. It is parser, validator, default, help and
 * documentation; zmartctl.conf.example is compared with it by a test.
 */
#ifndef SCREENS_CONF_OPTIONS_H
#define SCREENS_CONF_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum conf_section {
    CONF_ROOT,
    CONF_PROFILE,    /* profiles.NAME */
    CONF_SIDE,       /* profiles.NAME.brain, .bot: a connection, and what belongs to the project */
    CONF_CONNECTION, /* what any connection takes; also .admin and .scan of a side */
    CONF_POLICY,
    CONF_GATES,
    CONF_TEMPLATES,
    CONF_REGISTRATION,
    CONF_UI,
    CONF_KEYS, /* ui.keys.SCREEN: any names */
    CONF_SECTIONS,
};

enum conf_type {
    CONF_TEXT,
    CONF_SECRET,  /* a text; the file must be for the owner's eyes alone */
    CONF_NUMBER,  /* int */
    CONF_FLAG,    /* bool */
    CONF_CHOICE,  /* an int: the index in choices */
    CONF_WORD,    /* one of choices, kept as text */
    CONF_LIST,    /* const char **, NULL-terminated */
    CONF_TIERS,   /* const char *[DB_MAX_TIERS + 1] inside the struct */
    CONF_COMMAND, /* a text, split into words; argv */
    CONF_KEYWORD, /* libpq's own keyword: goes to the options of the target */
    CONF_GROUP,   /* of section `inside` */
    CONF_NAMED,   /* groups of section `inside`, each with a name of the person's choice */
};

struct conf_option {
    enum conf_section section;
    const char *name;
    enum conf_type type;
    long min, max;            /* of a number, or a keyword that is one; max 0: not one */
    const char *fallback;     /* the default as text, lists by commas; NULL: none */
    const char *choices;      /* separated by blanks */
    enum conf_section inside; /* of a group */
    size_t offset;            /* in struct conf; of CONF_SIDE and CONF_CONNECTION: in db_target */
    const char *help;         /* one line */
};

/* Row i, NULL after the last. */
const struct conf_option *conf_option(size_t i);
/* The option of that name in a section; NULL when there is none. A side has the options of a
 * connection as well. */
const struct conf_option *conf_option_find(enum conf_section section, const char *name);
/* The name nearest to a mistyped one, NULL when none is near. */
const char *conf_option_near(enum conf_section section, const char *name);
/* The position of a word among choices separated by blanks; -1. */
int conf_choice_index(const char *choices, const char *word);
/* Copies word i of choices; false past the last. */
bool conf_choice_word(const char *choices, int i, char *dst, size_t size);
/* Whether nobody can stand in between: a unix socket or the loopback interface. NULL: no. */
bool conf_is_this_machine(const char *host);

#endif
