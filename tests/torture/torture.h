/*
 * The fault matrix: the real program changes a user through two proxies, a fault strikes at a point
 * of the protocol, and afterwards the databases and what the program claimed are judged by
 * support/writes.h. Operations, points and faults are rows of tables; every combination is a run,
 * on a user of its own.
 */
#ifndef TORTURE_TORTURE_H
#define TORTURE_TORTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "support/people.h"
#include "support/proxy.h"
#include "support/writes.h"

struct torture {
    struct people people;
    struct proxy *proxy[DB_SIDES];
    struct writes_place place;
    char directory[64], conf[96];
    const char *program, *role;
    int next_user;
};

/* Where the fault strikes: on one side, when `text` is sent, or has been answered. */
struct torture_point {
    const char *name;
    enum db_side side;
    const char *since, *text; /* the count of text begins after since */
    enum proxy_hold_side when;
    bool tier_only; /* other operations do not come there */
};
size_t torture_points(void);
const struct torture_point *torture_point(size_t i);

/* What is asked of the program: of a user with tier enterprise and all rights. */
struct torture_operation {
    const char *command; /* "tier" */
    enum writes_kind kind;
    const char *word, *value;           /* as the program is told, and as it is stored */
    const char *then_word, *then_value; /* of the edit afterwards, which must succeed */
};
size_t torture_operations(void);
const struct torture_operation *torture_operation(size_t i);
/* Between the last vote and the end signals are held: what was begun is brought to its end. */
bool torture_is_voted(const struct torture_point *point);
bool torture_is_point_of(const struct torture_point *point,
                         const struct torture_operation *operation);

/* What strikes while the connection is held at the point. */
struct client;
struct torture_fault {
    const char *name;
    /* Leaves the held bytes held; the side is that of the point. */
    void (*strike)(struct torture *t, enum db_side side, struct client *client);
    /* Some time later, or when the program has ended; NULL: there is nothing to undo. */
    void (*undo)(struct torture *t, enum db_side side);
    int undo_ms;   /* 0: when the program has ended */
    bool keeps_on; /* what is held stays so until the program has ended */
    int signal;    /* to the program, whose exit code then is 128 + this; 0: none */
    bool answers;  /* what is held goes on as soon as the program took the signal */
};
size_t torture_faults(void);
const struct torture_fault *torture_fault(size_t i);

/* The program, run once. */
struct client {
    pid_t pid; /* 0: it has ended, by itself or by us */
    bool killed;
    int signal; /* what it was sent, 0: none */
    int code;   /* exit code, or 128 + the signal */
    int64_t started_ms, ended_ms;
    char out[96], err[96];                      /* files */
    char result[24], request[40], message[256]; /* of the JSON it printed */
};
void client_start(struct client *c, const struct torture *t, const char *command, const char *user,
                  const char *word);
/* False: it still runs. Reads what it printed when it has ended. */
bool client_wait(struct client *c, int timeout_ms);
void client_kill(struct client *c);
/* Sends it a signal and waits until it took it. */
void client_signal(struct client *c, int sig);

struct torture_run {
    bool held;     /* the point was reached: else the run proves nothing */
    bool violated; /* a rule was broken, or the program hung or lied */
    bool killed;
    char result[24]; /* what it claimed, "" for nothing */
    char brain, bot; /* 'o'ld, 'n'ew, '=' where both are the same, '?' */
    int ms;          /* how long the program took from the fault on */
};
/* Two servers, proxies, a configuration; roles as the least-privilege step makes them. */
void torture_start(struct torture *t, const char *program, const char *role);
void torture_done(struct torture *t);
/* One run, and an edit after it that must succeed. What was violated is said on stderr. */
void torture_once(struct torture *t, const struct torture_operation *operation,
                  const struct torture_point *point, const struct torture_fault *fault,
                  struct torture_run *ret);

#endif
