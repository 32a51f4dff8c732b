/*
 * A connection as one writes it down: postgresql://user:password@host:port/dbname?sslmode=...
 */
#ifndef SCREENS_INIT_URI_H
#define SCREENS_INIT_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "zm/error.h"

#define INIT_OPTIONS 12

struct init_option {
    char name[32], value[512];
};

/* The answers of one side. */
struct init_side {
    struct init_option option[INIT_OPTIONS]; /* libpq's keywords, in the order of the questions */
    size_t n;
    char project[64];
    char password[1025]; /* for the test; "" where libpq finds it itself */
    int how;             /* enum init_how: where the password is to come from */
    char command[512];   /* password_command */
};

const char *init_option_get(const struct init_side *side, const char *name);
/* "" removes it. A value that is too long is cut: ask for less. */
void init_option_set(struct init_side *side, const char *name, const char *value);

bool init_uri_is(const char *text);
/* Sets the options that the URI names, and the password. ZM_ERR_USAGE: it is not one, names several
 * hosts, or an option that the configuration does not know. */
bool init_uri_parse(const char *text, struct init_side *ret, struct zm_error *err);

#endif
