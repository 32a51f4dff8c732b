/*
 * What the loop of the proxy and those who ask something of it share.
 */
#ifndef SUPPORT_PROXY_STATE_H
#define SUPPORT_PROXY_STATE_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "proxy_hold.h"

#define PROXY_MAX_CONNECTIONS 64
#define PROXY_PIECE 4096
#define PROXY_MAX_WAITING (1 << 20) /* bytes; then the sender has to wait */

struct proxy_piece {
    struct proxy_piece *next;
    int64_t due_us; /* ZM_NEVER: held */
    size_t len, sent;
    bool holds_answer; /* when it was handed on */
    char bytes[PROXY_PIECE];
};

struct proxy_flow { /* one direction */
    struct proxy_piece *first, *last;
    size_t waiting;
    int64_t free_us; /* when the line has sent all that was given to it */
    long total;
    bool held;
    bool ended;  /* the sender said FIN, or was made to */
    bool closed; /* and that was handed on */
};

struct proxy_pipe {
    int fd[2]; /* PROXY_UP: the client, which sends up; PROXY_DOWN: the server */
    struct proxy_flow flow[2];
    struct proxy_tail tail;
    bool used;
};

struct proxy_address {
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_un un;
    } to;
    socklen_t size;
};

struct proxy {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t held;
    struct proxy_hold hold;
    int listener, wake[2];
    char port[8], path[108];
    struct proxy_address server;
    struct proxy_pipe pipes[PROXY_MAX_CONNECTIONS];
    long long bytes[2];
    /* what is asked for */
    bool stop, blackhole, refuse, reset, half_close[2];
    int round_trip_ms;
    long rate, cut_after[2];
};

/* Around every change of what is asked for: the loop looks at it at once. */
void proxy_begin(struct proxy *p);
void proxy_end(struct proxy *p);

#endif
