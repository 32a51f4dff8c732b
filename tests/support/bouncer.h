/*
 * PgBouncer in front of one server, on a unix socket of its own, as the poolers of Supabase stand
 * in front of a project: session mode is port 5432 there, transaction mode 6543. It dies with the
 * test.
 */
#ifndef SUPPORT_BOUNCER_H
#define SUPPORT_BOUNCER_H

#include <sys/types.h>

#define BOUNCER_PORT "6543"

struct bouncer {
    char directory[64]; /* its socket's; the port is BOUNCER_PORT */
    pid_t pid;
};

/* In front of the database postgres behind that socket; mode is "session" or "transaction", pool
 * how many server connections there are for each role. Roles: postgres, supabase_admin, plain,
 * anybody with trust. Returns when it answers. */
void bouncer_start(struct bouncer *b, const char *socket_directory, const char *port,
                   const char *mode, int pool);
/* Ends it at once, as a crash does, and starts it again on the same socket. */
void bouncer_kill(struct bouncer *b);
void bouncer_restart(struct bouncer *b);
/* Until it has found its server again for that role: after a failure it refuses for a second. */
void bouncer_wait(struct bouncer *b, const char *role);
void bouncer_stop(struct bouncer *b);

#endif
