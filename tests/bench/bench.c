/*
 * The figures of the console, each beside its peer or limit in the same run:
 *     bench FLOOR ZMARTCTL CONFIG SERVERS_DIR MEMORY_FILE
 * FLOOR is the bare ncurses list, SERVERS_DIR holds brain/ and bot/ data directories, MEMORY_FILE
 * is kept from one number of users to the next. Prints a table; exits 1 when a limit was missed.
 */
#include "probe.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROWS 40
#define COLS 120
#define RUNS 7
#define KEYS 150

struct bench {
    char *floor, *zmartctl, *config, *servers;
    char *memory; /* file */
    int missed;
};

/* limit < 0: a figure to report, without a limit. */
static void report(struct bench *b, const char *what, double value, const char *unit, double limit,
                   const char *beside)
{
    bool over = limit >= 0 && (value > limit || value < 0);

    printf("%-52s %10.2f %-6s", what, value, unit);
    if (limit >= 0)
        printf("  limit %9.2f  %s", limit, over ? "MISSED" : "ok    ");
    else
        printf("  %24s", "");
    printf("  %s\n", beside);
    fflush(stdout);
    b->missed += over;
}

static bool start_console(struct bench *b, struct probe *p)
{
    char *argv[] = {b->zmartctl, (char *)"-c", b->config, NULL};

    return probe_start(p, argv, ROWS, COLS);
}

static bool start_floor(struct bench *b, struct probe *p)
{
    char *argv[] = {b->floor, NULL};

    return probe_start(p, argv, ROWS, COLS);
}

/* Text that only a row with both halves can show. */
#define BOTH_HALVES "[ok] tier equal"

static void measure_start(struct bench *b)
{
    struct samples floor_ms = {0}, frame_ms = {0}, users_ms = {0};
    int i;

    for (i = 0; i < RUNS; i++) {
        struct probe p;

        if (start_floor(b, &p))
            samples_add(&floor_ms, probe_wait(&p, "row 1 of", 5000));
        probe_end(&p);
        if (start_console(b, &p)) {
            samples_add(&frame_ms, probe_wait(&p, "zmartctl", 5000));
            samples_add(&users_ms, probe_wait(&p, BOTH_HALVES, 20000));
        }
        probe_end(&p);
    }
    report(b, "bare ncurses: first frame", samples_at(&floor_ms, 0.5), "ms", -1, "");
    report(b, "first frame", samples_at(&frame_ms, 0.5), "ms", 2 * samples_at(&floor_ms, 0.5),
           "2 x bare ncurses");
    report(b, "first users with both halves", samples_at(&users_ms, 0.5), "ms", 40, "");
}

static void press(struct probe *p, const char *key, int n, struct samples *ms,
                  struct samples *bytes)
{
    int i;

    for (i = 0; i < n; i++) {
        long long got;
        double t = probe_key(p, key, &got);

        samples_add(ms, t);
        samples_add(bytes, (double)got);
    }
}

static double held(struct probe *p)
{
    long long before;

    probe_drain(p, 100, 2000, NULL);
    before = p->bytes;
    probe_type(p, "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjj", 30);
    probe_drain(p, 150, 3000, NULL);
    return (double)(p->bytes - before);
}

/* Signals a server and all its children. */
static void signal_server(const char *data_dir, int sig)
{
    char path[512], line[64] = "";
    struct dirent *entry;
    FILE *f;
    DIR *proc;
    long pid;

    snprintf(path, sizeof(path), "%s/postmaster.pid", data_dir);
    f = fopen(path, "r");
    if (!f || !fgets(line, sizeof(line), f)) {
        perror(path);
        exit(2);
    }
    fclose(f);
    pid = atol(line);
    proc = opendir("/proc");
    while (proc && (entry = readdir(proc))) {
        long parent = 0;

        snprintf(path, sizeof(path), "/proc/%.32s/stat", entry->d_name);
        f = atol(entry->d_name) > 0 ? fopen(path, "r") : NULL;
        if (!f)
            continue;
        if (fscanf(f, "%*d (%*[^)]) %*c %ld", &parent) == 1 && parent == pid)
            kill((pid_t)atol(entry->d_name), sig);
        fclose(f);
    }
    if (proc)
        closedir(proc);
    kill((pid_t)pid, sig);
}

static void freeze(struct bench *b, int sig)
{
    const char *sides[] = {"brain", "bot"};
    char path[512];
    int i;

    for (i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%s/%s", b->servers, sides[i]);
        signal_server(path, sig);
    }
}

static void measure_keys(struct bench *b)
{
    struct samples floor_ms = {0}, floor_bytes = {0}, ms = {0}, bytes = {0}, frozen_ms = {0},
                   frozen_bytes = {0};
    struct probe floor, p;
    double floor_held, ours_held;

    if (!start_floor(b, &floor) || !start_console(b, &p))
        exit(2);
    probe_wait(&floor, "row 1 of", 5000);
    probe_wait(&p, BOTH_HALVES, 20000);
    probe_type(&p, "Z", 1); /* the live refresh would be measured too */
    probe_drain(&p, 300, 3000, NULL);
    press(&floor, "j", KEYS, &floor_ms, &floor_bytes);
    press(&p, "j", KEYS, &ms, &bytes);
    floor_held = held(&floor);
    ours_held = held(&p);
    freeze(b, SIGSTOP);
    press(&p, "k", KEYS, &frozen_ms, &frozen_bytes);
    freeze(b, SIGCONT);
    report(b, "bare ncurses: cursor key, p95", samples_at(&floor_ms, 0.95), "ms", -1, "");
    report(b, "cursor key, p95", samples_at(&ms, 0.95), "ms", 1.5 * samples_at(&floor_ms, 0.95),
           "1.5 x bare ncurses");
    report(b, "cursor key, p95, both servers frozen", samples_at(&frozen_ms, 0.95), "ms",
           1.5 * samples_at(&floor_ms, 0.95), "1.5 x bare ncurses");
    report(b, "cursor key at 100 ms to the terminal: above it", samples_at(&ms, 0.5), "ms", 3,
           "no database on the way");
    report(b, "bytes of a cursor key", samples_at(&bytes, 0.5), "B", 300, "");
    report(b, "bare ncurses: bytes of a cursor key", samples_at(&floor_bytes, 0.5), "B", -1, "");
    report(b, "bytes of 30 held keys", ours_held, "B", 3000, "");
    report(b, "bare ncurses: bytes of 30 held keys", floor_held, "B", -1, "");
    probe_end(&floor);
    probe_end(&p);
}

static void measure_idle(struct bench *b)
{
    struct probe p;
    long long before;
    long cpu;

    if (!start_console(b, &p))
        exit(2);
    probe_wait(&p, BOTH_HALVES, 20000);
    probe_drain(&p, 1500, 5000, NULL);
    before = p.bytes;
    cpu = probe_cpu_ms(&p);
    probe_drain(&p, 12000, 12000, NULL);
    report(b, "bytes in 12 s of idling (live refresh on)", (double)(p.bytes - before), "B", 0, "");
    report(b, "processor time of the same", (double)(probe_cpu_ms(&p) - cpu), "ms", -1, "");
    probe_end(&p);
}

/* What was measured with the other number of users, in the file of the run; -1: not yet. */
static double other_memory(const struct bench *b)
{
    FILE *f = fopen(b->memory, "r");
    double mb = -1;

    if (f && fscanf(f, "%lf", &mb) != 1)
        mb = -1;
    if (f)
        fclose(f);
    return mb;
}

static void keep_memory(const struct bench *b, double mb)
{
    FILE *f = fopen(b->memory, "w");

    if (f) {
        fprintf(f, "%f\n", mb);
        fclose(f);
    }
}

/* A long visit: pages, both ends, a search, a user, back. Escape, and not q, which would end the
 * console where a slow answer had not opened the user yet. */
static void measure_memory(struct bench *b)
{
    static const char *const keys[] = {"\x06", "\x06", "\x06", "G", "\x02", "\x02", "g",   "/ana",
                                       "\r",   "\r",   "]",    "]", "\x1b", "\x1b", "\x1b"};
    double mb, other = other_memory(b);
    struct probe p;
    size_t i, round;

    if (!start_console(b, &p))
        exit(2);
    probe_wait(&p, BOTH_HALVES, 20000);
    for (round = 0; round < 6; round++)
        for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
            probe_type(&p, keys[i], strlen(keys[i]));
            probe_drain(&p, 200, 2000, NULL);
        }
    probe_drain(&p, 300, 3000, NULL);
    mb = (double)probe_peak_kb(&p) / 1024;
    report(b, "peak memory after a long visit", mb, "MB", 15, "");
    if (other >= 0)
        report(b, "peak memory: more than with the other number",
               mb > other ? mb - other : other - mb, "MB", 2.5, "1,000 found users at most");
    keep_memory(b, mb);
    probe_end(&p);
}

int main(int argc, char **argv)
{
    struct bench b = {0};

    if (argc != 6) {
        fputs("usage: bench FLOOR ZMARTCTL CONFIG SERVERS_DIR MEMORY_FILE\n", stderr);
        return 2;
    }
    b.floor = argv[1];
    b.zmartctl = argv[2];
    b.config = argv[3];
    b.servers = argv[4];
    b.memory = argv[5];
    measure_start(&b);
    measure_keys(&b);
    measure_idle(&b);
    measure_memory(&b);
    return b.missed ? 1 : 0;
}
