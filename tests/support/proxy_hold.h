/*
 * Where the proxy is to hold: finds a text in the streams of several connections, across the
 * borders of what came at once. Knows no sockets.
 */
#ifndef SUPPORT_PROXY_HOLD_H
#define SUPPORT_PROXY_HOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy.h"

#define PROXY_HOLD_TEXT 96

struct proxy_hold {
    char since[PROXY_HOLD_TEXT]; /* "" once it came */
    char text[PROXY_HOLD_TEXT];
    int nth; /* times that text has still to come; 0: not armed */
    enum proxy_hold_side when;
    bool reached;
};

/* The last bytes of one connection. */
struct proxy_tail {
    char bytes[PROXY_HOLD_TEXT];
};

/* Feeds what a client sent. How many of the n bytes there are up to the end of the nth text; 0: it
 * is not in them. */
size_t proxy_hold_find(struct proxy_hold *hold, struct proxy_tail *tail, const char *bytes,
                       size_t n);

#endif
