/*
 * What a look at the checklist has seen of the live e-mails: asked for when the first step wants
 * it, and kept until it is forgotten. For db/steps_templates.c only.
 */
#ifndef DB_MAIL_LOOK_H
#define DB_MAIL_LOOK_H

#include "db/checklist.h"
#include "db/mail_config.h"
#include "db/password.h"

struct db_mail_look {
    enum { DB_MAIL_LOOK_READY, DB_MAIL_LOOK_UNSET, DB_MAIL_LOOK_FAILED } state;
    const char *unset;   /* what is not configured */
    struct zm_error err; /* why it failed */
    struct db_mail_config config;
    struct zm_arena arena;
    char token[DB_PASSWORD_MAX + 1];
};

/* Never NULL; the list's, until it is forgotten. The first call runs token_command and asks the
 * API: it blocks for seconds. */
const struct db_mail_look *db_mail_look(struct db_checklist *list);
/* For another question in the terms of a look that is ready. */
struct db_mail_api db_mail_look_api(const struct db_checklist *list,
                                    const struct db_mail_look *look);
/* Wipes the token, too. */
void db_mail_look_forget(struct db_checklist *list);

#endif
