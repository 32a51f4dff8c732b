/*
 * The e-mail part of Supabase's Management API: a project's Auth settings, read and changed as the
 * documentation says, or as a test wants it.
 */
#ifndef SUPPORT_MAIL_API_H
#define SUPPORT_MAIL_API_H

#include <jansson.h>

#include "support/http_server.h"

#define MAIL_API_TOKEN "sbp_00112233445566778899aabbccddeeff00112233"

struct mail_api {
    struct http_server *server;
    json_t *settings;    /* what the project has; asked for under the server's lock only */
    const char *project; /* the only one there is; NULL: any */
    bool deaf;           /* takes a change and does nothing */
    bool dies;           /* after the next change it answers 500 to everything */
    struct http_reply on_get, on_patch; /* instead of the real answer, where something is set */
    char *text;                         /* the last answer */
};

/* The six messages are Supabase's own (null), or those that come with the program. */
void mail_api_start(struct mail_api *api, bool ours);
void mail_api_stop(struct mail_api *api);
/* A text, or null. */
void mail_api_put(struct mail_api *api, const char *key, const char *value);
/* How many requests of a method came. */
size_t mail_api_count(struct mail_api *api, const char *method);
/* A configuration with one group more, for this server. */
void mail_api_write_conf(const struct mail_api *api, const char *conf, const char *path);

#endif
