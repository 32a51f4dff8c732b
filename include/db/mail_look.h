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
};

/* Never NULL; the list's, until it is forgotten. The first call runs token_command and asks the
 * API: it blocks for seconds. */
const struct db_mail_look *db_mail_look(struct db_checklist *list);
/* What a question is asked with: runs token_command again. The token lies in the caller's *ret and
 * is wiped by done, so that it is in memory while somebody asks, and no longer. */
struct db_mail_asking {
    struct db_mail_api api;
    char token[DB_PASSWORD_MAX + 1];
};
bool db_mail_asking_begin(const struct db_checklist *list, struct db_mail_asking *ret,
                          struct zm_error *err);
void db_mail_asking_done(struct db_mail_asking *asking);
void db_mail_look_forget(struct db_checklist *list);

#endif
