/*
 * A server that speaks as much HTTP as a test needs: on 127.0.0.1 and a free port, in a thread of
 * its own, one request a connection. It answers what it is told to, and remembers what it was
 * asked.
 */
#ifndef SUPPORT_HTTP_SERVER_H
#define SUPPORT_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct http_server;

enum http_how {
    HTTP_WHOLE,
    HTTP_HALF,   /* ends the connection in the middle of the body */
    HTTP_DROP,   /* takes the request and ends the connection without a byte */
    HTTP_SILENT, /* takes the request and says nothing for as long as it runs */
};
struct http_reply {      /* texts outlive the server, or the next request */
    int status;          /* 0: 200 */
    const char *headers; /* lines that end in \r\n; NULL: none */
    const char *body;    /* NULL: empty */
    size_t huge;         /* so many blanks in place of a body */
    int delay_ms;        /* before it answers */
    enum http_how how;
};
struct http_asked {
    char *method, *path; /* the path with its query */
    char *headers;       /* lines as they came */
    char *body;
};

struct http_server *http_server_start(void);
/* Also frees what was remembered. */
void http_server_stop(struct http_server *s);
/* "http://127.0.0.1:PORT" */
const char *http_server_url(const struct http_server *s);

/* What it answers from now on: this to everything. */
void http_server_say(struct http_server *s, const struct http_reply *reply);
/* What it answers from now on: asks for each request, in the server's thread, under its lock.
 * *ret begins as an empty 200. */
void http_server_handle(struct http_server *s,
                        void (*handle)(void *context, const struct http_asked *asked,
                                       struct http_reply *ret),
                        void *context);

/* How often it was asked, and the ith of it; valid until it is forgotten. */
size_t http_server_count(struct http_server *s);
const struct http_asked *http_server_asked(struct http_server *s, size_t i);
void http_server_forget(struct http_server *s);
/* The value of a header in any case, into ret; false: there is none. */
bool http_asked_header(const struct http_asked *asked, const char *name, char *ret, size_t size);

#endif
