/*
 * One question over HTTP, for the APIs of a project. https only, or http to this machine itself;
 * certificates are verified, redirects are not followed, an answer has an end. What is secret in a
 * question is in no error and in no log.
 */
#ifndef DB_HTTP_H
#define DB_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "zm/error.h"

#define DB_HTTP_MAX (1024 * 1024) /* bytes of a body */
#define DB_HTTP_MS 15000          /* where a question has no timeout of its own */

struct db_http_request { /* texts outlive the call */
    const char *method;  /* "GET", "POST", "PATCH", ... */
    const char *url;
    const char *bearer;             /* a token: Authorization: Bearer; NULL: none */
    const char *api_key;            /* apikey; NULL: none */
    const char *body;               /* JSON; NULL: none */
    int timeout_ms;                 /* for all of it; 0: DB_HTTP_MS */
    bool (*stopped)(void *context); /* asked ten times a second; or NULL */
    void *context;
};
struct db_http_answer {
    long status;       /* 200, 404, ... */
    char *body;        /* never NULL, terminated; may hold zero bytes */
    size_t len;        /* of the body */
    int retry_after_s; /* what the server asks to wait (Retry-After; with 429 also
                          X-RateLimit-Reset); 0: it does not say */
};

/* Asks and waits for the whole answer; blocks for timeout_ms at most. Any status is an answer, a
 * redirect and 500 too. False, and *ret is empty: ZM_ERR_CONNECT (no such host, refused, a proxy),
 * ZM_ERR_TIMEOUT, ZM_ERR_LOST (it ended in the middle), ZM_ERR_INSECURE (its certificate, or a URL
 * without TLS), ZM_ERR_DATA (longer than DB_HTTP_MAX, or no HTTP), ZM_ERR_CANCELLED, ZM_ERR_USAGE
 * (a URL or a secret that cannot be sent), ZM_ERR_SYSTEM (libcurl is missing). Proxies are those
 * of the environment (https_proxy), never for this machine. Many threads may ask at once. */
bool db_http_ask(const struct db_http_request *request, struct db_http_answer *ret,
                 struct zm_error *err);
/* Frees the body; a zeroed answer is fine. */
void db_http_answer_done(struct db_http_answer *answer);

#endif
