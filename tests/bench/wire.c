/*
 * A line to a server as the bench needs it: forwards connections to a unix socket, counts bytes,
 * and makes them as late and as slow as on a long line. usage: wire DIRECTORY SERVER_SOCKET RTT_MS
 * KBIT_S COUNT_FILE        (0 0: only counts) Listens on DIRECTORY/.s.PGSQL.5432; at its end
 * (SIGTERM) writes the bytes of both directions.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define PAIRS 16
#define CHUNK 16384
#define FLIGHT 1024 /* chunks under way in one direction */

struct chunk {
    int64_t due_us;
    size_t n, sent;
    char text[CHUNK];
};
struct pipe_of { /* one direction */
    int from, to;
    bool at_end;
    int64_t free_us; /* when the line has sent all that it was given */
    size_t head, n;
    struct chunk *ring;
};
struct pair {
    bool used;
    struct pipe_of way[2];
};

static volatile sig_atomic_t ended;

static void on_term(int number)
{
    (void)number;
    ended = 1;
}

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int socket_of(const char *path, bool listens)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    if (fd < 0 ||
        (listens ? bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 16)
                 : connect(fd, (struct sockaddr *)&address, sizeof(address)))) {
        perror(path);
        exit(1);
    }
    return fd;
}

static void open_pair(struct pair *p, int client, const char *server)
{
    int i, fd = socket_of(server, false);

    memset(p, 0, sizeof(*p));
    p->used = true;
    for (i = 0; i < 2; i++) {
        p->way[i].from = i ? fd : client;
        p->way[i].to = i ? client : fd;
        p->way[i].ring = malloc(FLIGHT * sizeof(struct chunk));
        fcntl(p->way[i].from, F_SETFL, O_NONBLOCK);
    }
}

static void close_pair(struct pair *p)
{
    close(p->way[0].from);
    close(p->way[1].from);
    free(p->way[0].ring);
    free(p->way[1].ring);
    p->used = false;
}

/* Takes in what came, and says when the line will have delivered it. */
static void take(struct pipe_of *w, int64_t half_us, long kbit, long long *counted)
{
    struct chunk *c = &w->ring[(w->head + w->n) % FLIGHT];
    int64_t now = now_us();
    ssize_t n = read(w->from, c->text, CHUNK);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        w->at_end = true;
        return;
    }
    *counted += n;
    w->free_us = (w->free_us > now ? w->free_us : now) + (kbit ? n * 8000 / kbit : 0);
    c->due_us = w->free_us + half_us;
    c->n = (size_t)n;
    c->sent = 0;
    w->n++;
}

static void deliver(struct pipe_of *w)
{
    while (w->n > 0 && w->ring[w->head].due_us <= now_us()) {
        struct chunk *c = &w->ring[w->head];
        ssize_t n = write(w->to, c->text + c->sent, c->n - c->sent);

        if (n < 0)
            return;
        c->sent += (size_t)n;
        if (c->sent < c->n)
            return;
        w->head = (w->head + 1) % FLIGHT;
        w->n--;
    }
}

struct wire {
    struct pair pairs[PAIRS];
    struct pollfd fds[1 + 2 * PAIRS];
    long long counted[2];
    const char *server;
    int64_t half_us;
    long kbit;
    int listener;
};

/* Until something comes, or is due: what is late, or met a full end, is looked at again soon. */
static void wait_for_any(struct wire *wire)
{
    int64_t next = now_us() + 200000;
    int i;

    wire->fds[0] = (struct pollfd){.fd = wire->listener, .events = POLLIN};
    for (i = 0; i < 2 * PAIRS; i++) {
        struct pair *p = &wire->pairs[i / 2];
        struct pipe_of *w = &p->way[i % 2];
        bool reads = p->used && !w->at_end && w->n < FLIGHT;

        wire->fds[1 + i] = (struct pollfd){.fd = reads ? w->from : -1, .events = POLLIN};
        if (p->used && w->n > 0 && w->ring[w->head].due_us < next)
            next = w->ring[w->head].due_us;
    }
    next -= now_us();
    poll(wire->fds, 1 + 2 * PAIRS, next <= 0 ? 1 : (int)((next + 999) / 1000));
}

static void accept_one(struct wire *wire)
{
    int k, client = accept(wire->listener, NULL, NULL);

    for (k = 0; k < PAIRS && wire->pairs[k].used; k++)
        continue;
    if (client >= 0 && k < PAIRS)
        open_pair(&wire->pairs[k], client, wire->server);
}

static void forward(struct wire *wire)
{
    int i, k;

    for (i = 0; i < 2 * PAIRS; i++) {
        struct pair *p = &wire->pairs[i / 2];

        if (p->used && wire->fds[1 + i].revents)
            take(&p->way[i % 2], wire->half_us, wire->kbit, &wire->counted[i % 2]);
        if (p->used)
            deliver(&p->way[i % 2]);
    }
    for (k = 0; k < PAIRS; k++)
        for (i = 0; wire->pairs[k].used && i < 2; i++)
            if (wire->pairs[k].way[i].at_end && wire->pairs[k].way[i].n == 0)
                close_pair(&wire->pairs[k]);
}

int main(int argc, char **argv)
{
    static struct wire wire;
    char path[200];
    FILE *out;

    if (argc != 6)
        return 2;
    wire.server = argv[2];
    wire.half_us = atol(argv[3]) * 500;
    wire.kbit = atol(argv[4]);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, on_term);
    snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", argv[1]);
    wire.listener = socket_of(path, true);
    while (!ended) {
        wait_for_any(&wire);
        if (wire.fds[0].revents & POLLIN)
            accept_one(&wire);
        else
            forward(&wire);
    }
    unlink(path);
    out = fopen(argv[5], "w");
    if (!out)
        return 1;
    fprintf(out, "%lld %lld\n", wire.counted[0], wire.counted[1]);
    return fclose(out) == 0 ? 0 : 1;
}
