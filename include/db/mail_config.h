/*
 * What the Auth server of a project sends by e-mail, over Supabase's Management API:
 * https://supabase.com/docs/reference/api/v1-get-auth-service-config and
 * -update-auth-service-config.
 */
#ifndef DB_MAIL_CONFIG_H
#define DB_MAIL_CONFIG_H

#include <stdbool.h>

#include "db/mail_template.h"

#define DB_MAIL_API "https://api.supabase.com"

struct db_mail_api {                /* texts outlive the call */
    const char *url;                /* NULL: DB_MAIL_API */
    const char *project;            /* the ref */
    const char *token;              /* goes into the Authorization header and nowhere else */
    bool (*stopped)(void *context); /* or NULL */
    void *context;
};
struct db_mail_config {   /* texts in the arena of the call */
    const char *site_url; /* "" none */
    long long per_hour;   /* e-mails that may be sent; -1: it does not say */
    bool own_smtp;        /* false: the built-in mailer, for members of the team only */
    struct db_mail_text live[DB_MAILS]; /* as compared; a NULL is Supabase's own */
};

/* Asks for the configuration. Blocks for seconds. An error says what to do next: ZM_ERR_AUTH (401),
 * ZM_ERR_PRIVILEGE (403), ZM_ERR_CONFIG (404, no such ref), ZM_ERR_CONNECT (429, 5xx), ZM_ERR_DATA
 * (no JSON, keys are missing), and those of db_http_ask. */
bool db_mail_config_read(const struct db_mail_api *api, struct zm_arena *arena,
                         struct db_mail_config *ret, struct zm_error *err);
/* Sends the two keys of a message and no other. That it was taken is not yet that it is so: read
 * it again. False with *ret_unknown: it may have been changed nevertheless. */
bool db_mail_config_write(const struct db_mail_api *api, enum db_mail mail,
                          const struct db_mail_text *text, bool *ret_unknown, struct zm_error *err);

#endif
