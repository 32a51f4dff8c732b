/*
 * Look-ups by e-mail as the console does them (db_users_find, one round trip), timed over one
 * connection, and the very statements they send as a script for psql:
 *     lookup SOCKET_DIR FILTER SCRIPT
 * Prints the median in milliseconds. Linked with libpq itself, so that what is sent can be seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/link.h"
#include "db/users.h"
#include "zm/clock.h"

#define RUNS 200

static FILE *script; /* NULL: nothing is written */

/* $1 as psql can have it: a literal in its place. */
static void write_statement(const char *text, int n, const char *const *values)
{
    for (; *text; text++) {
        char *end;
        long i = *text == '$' ? strtol(text + 1, &end, 10) : 0;

        if (text[0] == '-' && text[1] == '-') {
            text += strcspn(text, "\n");
            fputc('\n', script);
            if (!*text)
                break;
        } else if (i < 1 || i > n) {
            fputc(*text, script);
        } else if (!values[i - 1]) {
            fputs("NULL", script);
            text = end - 1;
        } else {
            const char *v = values[i - 1];

            fputc('\'', script);
            for (; *v; v++) {
                if (*v == '\'')
                    fputc('\'', script);
                fputc(*v, script);
            }
            fputc('\'', script);
            text = end - 1;
        }
    }
    fputs(";\n", script);
}

/* In the place of libpq's, which it calls. */
int PQsendQueryParams(PGconn *conn, const char *command, int n, const Oid *types,
                      const char *const *values, const int *lengths, const int *formats, int result)
{
    int (*real)(PGconn *, const char *, int, const Oid *, const char *const *, const int *,
                const int *, int);
    void *symbol = dlsym(RTLD_NEXT, "PQsendQueryParams");

    memcpy(&real, &symbol, sizeof(real));
    if (script)
        write_statement(command, n, values);
    return real(conn, command, n, types, values, lengths, formats, result);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void give_up(const char *what, const struct zm_error *err)
{
    fprintf(stderr, "lookup: %s: %s\n", what, err->message);
    exit(2);
}

int main(int argc, char **argv)
{
    struct db_option options[] = {
        {"host", argc == 4 ? argv[1] : ""}, {"user", "postgres"}, {"dbname", "postgres"}};
    struct db_target target = {.side = DB_BRAIN,
                               .options = options,
                               .n_options = 3,
                               .connect_ms = 5000,
                               .statement_ms = 5000};
    struct db_link *link = db_link_new(&target);
    struct db_filter filter;
    struct zm_error err;
    int64_t us[RUNS];
    int i;

    if (argc != 4)
        return 2;
    if (!db_link_open(link, &err) || !db_filter_parse(argv[2], &filter, &err))
        give_up("connect", &err);
    for (i = -1; i < RUNS; i++) { /* the first one is written down */
        struct db_page page = {.n = 0};
        int64_t from;

        script = i < 0 ? fopen(argv[3], "w") : NULL;
        from = zm_now_us();
        if (!db_users_find(link, &filter, 50, &page, &err) || page.brain.logins.n == 0)
            give_up("find", &err);
        if (i >= 0)
            us[i] = zm_now_us() - from;
        if (script)
            fclose(script);
        db_page_done(&page);
    }
    qsort(us, RUNS, sizeof(us[0]), by_value);
    printf("%.3f\n", (double)us[RUNS / 2] / 1000);
    db_link_free(link);
    return 0;
}
