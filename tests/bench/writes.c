/*
 * What a write costs: the time of a tier change at 0, 30 and 100 ms of round trip, how many round
 * trips that is, and rows a second in bulk beside one plain psql transaction a row with the same
 * statements. usage: bench_writes [ROWS]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/proxy.h"
#include "support/writer.h"
#include "zm/arena.h"
#include "zm/clock.h"
#include "zm/str.h"

#define REPEATS 9
#define PROLOGUE                                                                                   \
    "SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '5s';"                           \
    "SET LOCAL search_path = pg_catalog, public, extensions;"

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Connects through the proxies. */
static void reach(struct writer *w, struct proxy *const proxies[DB_SIDES])
{
    struct people *p = &w->people;
    struct zm_error err;
    int side;

    db_session_close(&p->session);
    for (side = 0; side < DB_SIDES; side++) {
        p->options[side][0].value = "127.0.0.1";
        p->options[side][1].value = proxy_port(proxies[side]);
        p->targets[side].allow_insecure_tls = true;
    }
    if (!db_session_open(&p->session, p->targets, &err))
        fail_msg("%s", err.message);
}

static double tier_change_ms(struct writer *w)
{
    double took[REPEATS];
    size_t i;

    for (i = 0; i < REPEATS; i++) {
        struct db_edit edit = writer_tier(NULL, i % 2 ? "free" : "pro");
        struct db_written out;
        int64_t begin;

        begin = zm_now_us();
        writer_run(w, &edit, DB_RESULT_DONE, &out);
        took[i] = (double)(zm_now_us() - begin) / 1000;
        db_written_done(&out);
    }
    qsort(took, REPEATS, sizeof(took[0]), by_size);
    return took[REPEATS / 2];
}

static void round_trips(struct writer *w)
{
    static const int delays[] = {0, 30, 100};
    struct proxy *proxies[DB_SIDES];
    double ms[ZM_COUNT(delays)];
    char path[128];
    size_t i;
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        snprintf(path, sizeof(path), "%s/.s.PGSQL.%s", w->people.cluster[side].directory,
                 w->people.cluster[side].port);
        proxies[side] = proxy_start("127.0.0.1:0", path);
    }
    reach(w, proxies);
    writer_fresh(w);
    for (i = 0; i < ZM_COUNT(delays); i++) {
        for (side = 0; side < DB_SIDES; side++)
            proxy_delay(proxies[side], delays[i]);
        ms[i] = tier_change_ms(w);
        printf("tier change, %3d ms round trip      %10.2f ms\n", delays[i], ms[i]);
    }
    printf("round trips of a tier change        %10.1f     limit 12  %s\n", (ms[2] - ms[0]) / 100,
           (ms[2] - ms[0]) / 100 < 12.5 ? "ok" : "MISSED");
    db_session_close(&w->people.session);
    for (side = 0; side < DB_SIDES; side++)
        proxy_stop(proxies[side]);
}

static void crowd(struct writer *w, long rows)
{
    char sql[512];

    writer_fresh(w);
    snprintf(sql, sizeof(sql),
             "INSERT INTO auth.users (id, email) SELECT pid(n), n || '@example.com'"
             " FROM generate_series(2, %ld) n;"
             "INSERT INTO public.user_profiles (user_id, tier) SELECT id, 'free' FROM auth.users"
             " WHERE id <> pid(1);"
             "INSERT INTO public.user_subscriptions (user_id, tier) SELECT id, 'free'"
             " FROM auth.users WHERE id <> pid(1); ANALYZE",
             rows);
    writer_sql(w, DB_BRAIN, sql);
    snprintf(sql, sizeof(sql),
             "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
             " SELECT pid(n), n || '@example.com', 'free' FROM generate_series(2, %ld) n; ANALYZE",
             rows);
    writer_sql(w, DB_BOT, sql);
}

static double bulk_rate(struct writer *w, long rows)
{
    struct db_edit *edits = zm_calloc(DB_WRITE_BATCH, sizeof(*edits));
    struct db_written *out = zm_calloc(DB_WRITE_BATCH, sizeof(*out));
    int64_t begin = zm_now_us();
    long at, i, n;
    size_t culprit;

    for (at = 1; at <= rows; at += n) {
        n = rows - at + 1 < DB_WRITE_BATCH ? rows - at + 1 : DB_WRITE_BATCH;
        for (i = 0; i < n; i++) {
            edits[i] = writer_tier("free", "pro");
            snprintf(edits[i].user_id, sizeof(edits[i].user_id), "00000000-0000-4000-8000-%012ld",
                     (at + i) % 1000000);
        }
        if (!db_write_batch(&w->people.session, &w->terms, edits, (size_t)n, out, &culprit))
            fail_msg("%s", out[0].message);
        for (i = 0; i < n; i++)
            db_written_done(&out[i]);
    }
    free(edits);
    free(out);
    return (double)rows * 1e6 / (double)(zm_now_us() - begin);
}

/* The same changes as psql would do them: a file of transactions a side. */
static void write_script(const char *path, enum db_side side, long rows)
{
    FILE *file = fopen(path, "w");
    char id[37];
    long i;

    assert_non_null(file);
    for (i = 1; i <= rows; i++) {
        snprintf(id, sizeof(id), "00000000-0000-4000-8000-%012ld", i % 1000000);
        if (side == DB_BRAIN)
            fprintf(file,
                    "BEGIN;" PROLOGUE "SELECT pg_advisory_xact_lock(hashtextextended('%s', 7731));"
                    "SELECT id, tier, name, country, profile_completed FROM public.user_profiles"
                    " WHERE user_id = '%s' FOR NO KEY UPDATE;"
                    "SELECT email, deleted_at IS NOT NULL FROM auth.users WHERE id = '%s';"
                    "UPDATE public.user_profiles SET tier = 'enterprise', updated_at = now() WHERE "
                    "user_id = '%s';"
                    "UPDATE public.user_subscriptions SET status = 'ended', ended_at = now()"
                    " WHERE user_id = '%s' AND status = 'active' RETURNING id;"
                    "INSERT INTO public.user_subscriptions (user_id, tier, status)"
                    " VALUES ('%s', 'enterprise', 'active') RETURNING id;"
                    "INSERT INTO public.user_activity (user_id, action, metadata)"
                    " VALUES ('%s', 'psql', '{\"old\":\"pro\",\"new\":\"enterprise\"}');"
                    "SET CONSTRAINTS ALL IMMEDIATE; COMMIT;"
                    "BEGIN; SELECT id, tier FROM public.user_profiles WHERE user_id = '%s';"
                    "INSERT INTO public.user_activity (user_id, action, metadata)"
                    " VALUES ('%s', 'psql', '{\"outcome\":\"done\"}'); COMMIT;\n",
                    id, id, id, id, id, id, id, id, id);
        else
            fprintf(file,
                    "BEGIN;" PROLOGUE
                    "SELECT id, email, tier, trading_enabled, api_access, updated_at"
                    " FROM public.user_trading_profiles WHERE user_id = '%s' FOR NO KEY UPDATE;"
                    "UPDATE public.user_trading_profiles SET tier = 'enterprise', updated_at = "
                    "now() WHERE user_id = '%s' RETURNING updated_at;"
                    "SET CONSTRAINTS ALL IMMEDIATE; COMMIT;"
                    "SELECT id, tier, trading_enabled, api_access FROM "
                    "public.user_trading_profiles WHERE user_id = '%s';\n",
                    id, id, id);
    }
    fclose(file);
}

static pid_t start_psql(const struct cluster *c, const char *script)
{
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        freopen("/dev/null", "w", stdout);
        execlp("psql", "psql", "-qX", "-h", c->directory, "-p", c->port, "-U", "supabase_admin",
               "-d", "postgres", "-f", script, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static double psql_rate(struct writer *w, long rows)
{
    char scripts[DB_SIDES][600];
    pid_t pids[DB_SIDES];
    int64_t begin;
    int side, status;

    for (side = 0; side < DB_SIDES; side++) {
        snprintf(scripts[side], sizeof(scripts[side]), "%s/%s.sql", w->spool.directory,
                 db_side_key((enum db_side)side));
        write_script(scripts[side], (enum db_side)side, rows);
    }
    begin = zm_now_us();
    for (side = 0; side < DB_SIDES; side++)
        pids[side] = start_psql(&w->people.cluster[side], scripts[side]);
    for (side = 0; side < DB_SIDES; side++) {
        waitpid(pids[side], &status, 0);
        assert_int_equal(status, 0);
        unlink(scripts[side]);
    }
    return (double)rows * 1e6 / (double)(zm_now_us() - begin);
}

static long rows_wanted = 2000;

static void figures(void **state)
{
    struct writer w;
    double ours, psql;

    (void)state;
    writer_start(&w, "postgres", false);
    round_trips(&w);
    writer_open(&w);
    crowd(&w, rows_wanted);
    ours = bulk_rate(&w, rows_wanted);
    psql = psql_rate(&w, rows_wanted);
    printf("bulk tier changes                   %10.0f rows/s\n", ours);
    printf("psql, a transaction a row, both     %10.0f rows/s\n", psql);
    printf("sides at once                       %10.2f times as fast\n", ours / psql);
    writer_done(&w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(figures)};

    if (argc > 1)
        rows_wanted = strtol(argv[1], NULL, 10);
    cmocka_set_message_output(CM_OUTPUT_STDOUT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
