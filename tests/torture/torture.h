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

#include "support/bouncer.h"
#include "support/people.h"
#include "support/proxy.h"
#include "support/writes.h"

#define TORTURE_USERS 3 /* at most, of one run */

struct torture {
    struct people people;
    bool pooled; /* through pgbouncer in transaction mode, behind the proxies */
    struct bouncer bouncer[DB_SIDES];
    struct proxy *proxy[DB_SIDES];
    struct writes_place place;
    char directory[64], conf[96];
    const char *program, *role;
    char settles[40];  /* the open change that finishing and reversing are about */
    bool past_proxies; /* of those: they go to the servers themselves */
    int next_user;
};

/* What no subcommand does; console.c. */
enum torture_console { TORTURE_COMMAND, TORTURE_UNDO, TORTURE_FINISH, TORTURE_REVERSE };

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
    const char *name;    /* "bulk" */
    const char *command; /* "tier" */
    enum writes_kind kind;
    const char *word, *value;           /* as the program is told, and as it is stored */
    const char *then_word, *then_value; /* of the edit afterwards, which must succeed */
    int users;                          /* more than 1: by --file */
    bool without_brain;                 /* ZmartyBrain is away until the program has ended */
    enum torture_console console;       /* in place of the command */
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
    int undo_ms;     /* 0: when the program has ended */
    bool keeps_on;   /* what is held stays so until the program has ended */
    int signal;      /* to the program, whose exit code then is 128 + this; 0: none */
    bool answers;    /* what is held goes on as soon as the program took the signal */
    bool is_brains;  /* of Brain or of the other side than the point's: nothing without Brain */
    bool is_poolers; /* there is nothing to strike without a pooler */
    bool is_early;   /* only before the last vote, where a signal ends it */
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
    char out[96], err[96]; /* files */
    /* of the JSON it printed, one for each user that it names */
    struct client_claim {
        char user[40], result[24], request[40], message[256];
        bool changed;
    } claims[TORTURE_USERS];
    size_t n_claims;
};
/* Asks for the word of each of those users; of several by a file. */
void client_start(struct client *c, const struct torture *t,
                  const struct torture_operation *operation, const char (*users)[40],
                  const char *word);
/* What it said of a user, all empty when it said nothing. */
struct client_claim client_claim_of(const struct client *c, const char *user);
/* False: it still runs. Reads what it printed when it has ended. */
bool client_wait(struct client *c, int timeout_ms);
/* How long it has waited for others until it ended: the time without what its own work took and
 * what it stood in the queue for a processor, so that a busy machine makes nobody late. More than
 * timeout_ms: it still runs. */
int client_wait_idle(struct client *c, int timeout_ms);
void client_kill(struct client *c);
/* Sends it a signal and waits until it took it. */
void client_signal(struct client *c, int sig);

struct torture_run {
    bool held;     /* the point was reached: else the run proves nothing */
    bool violated; /* a rule was broken, or the program hung or lied */
    bool killed;
    char result[24]; /* what it claimed, "" for nothing, "mixed" for several things */
    char brain, bot; /* 'o'ld, 'n'ew, '=' where both are the same, '?'; '*': not all users alike */
    int ms;          /* how long the program took from the fault on */
    int leaves_ms; /* of that, after a signal before the last vote, the time without its own work */
};
/* Two servers, proxies, a configuration; roles as the least-privilege step makes them. */
void torture_start(struct torture *t, const char *program, const char *role, bool pooled);
void torture_done(struct torture *t);
/* One run, and an edit after it that must succeed. What was violated is said on stderr. */
void torture_once(struct torture *t, const struct torture_operation *operation,
                  const struct torture_point *point, const struct torture_fault *fault,
                  struct torture_run *ret);

/* For tests/torture alone. */

/* Somebody who has all that a tier can take away. */
void torture_add_user(struct torture *t, char ret_id[40]);
/* What the users were, and are, and what came of it. */
struct torture_users {
    int n;
    char id[TORTURE_USERS][40];
    struct writes_state before[TORTURE_USERS], after[TORTURE_USERS];
    struct writes_sides sides[TORTURE_USERS];
};
void torture_users_done(struct torture_users *users);
/* Reads what they are now, and judges it with what the program claims. True: nothing is wrong. */
bool torture_judge(struct torture *t, struct torture_users *users, const struct writes_want *want,
                   const struct client *client);
/* Sums up the users for a cell of the table. */
void torture_sum_up(const struct torture_users *users, const struct client *client,
                    struct torture_run *ret);
void torture_say_error(const struct client *client);

/* Leaves him with a change to pro of which Bot's leg is missing: its request. */
void torture_leave_open(const struct torture *t, const char *user, char ret_request[40]);
/* What main() of a test is called with when it shall be the console, argv[1] being TORTURE_CONSOLE;
 * its texts are those of the others and its own. */
#define TORTURE_CONSOLE "--console"
struct torture_console_args {
    const char *argv[12];
    char what[8], host[DB_SIDES][96];
};
void torture_console_args(const struct torture *t, const struct torture_operation *operation,
                          const char *user, struct torture_console_args *ret);
/* Does it and prints the result: the exit code. */
int torture_console(char **argv);

/* Brain goes away, so that rights are taken away by way of the spool. */
void torture_brain_away(struct torture *t);
/* At the point, before what is held goes on: a COMMIT on its way has its record on disk. */
bool torture_spool_first(const struct torture *t, const struct torture_point *point);
/* What was changed has its record; then Brain is back, the spool is replayed, and the journal holds
 * the very request. */
bool torture_spool_replayed(struct torture *t, struct torture_users *users,
                            const struct writes_want *want, const struct client *client);

#endif
