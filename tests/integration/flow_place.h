/*
 * Where the live tests of the checklist run: a private demo, a thread that plays the application, a
 * local server that plays the Auth API, and configurations with and without an admin key.
 */
#ifndef INTEGRATION_FLOW_PLACE_H
#define INTEGRATION_FLOW_PLACE_H

#include "run_command.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>

#include "support/demo.h"
#include "support/http_server.h"
#include "zm/clock.h"

#define KEY "sb_publishable_of_the_test"
#define ADMIN "eyJ.admin.of-the-test"
#define MADE "7e57000a-0000-4000-8000-00000000000a"

struct place {
    struct demo demo;
    char directory[64], conf[128], bare[128];
    struct http_server *auth;
    /* what the application does */
    atomic_bool ends, makes_profile, makes_trader, follows, signs_up, is_late;
    atomic_bool is_slow;   /* the Auth API answers long after it has done it */
    atomic_bool keeps_all; /* it does not remove anybody, and is long about it */
    pthread_t app;
    char made[128];          /* whose trading profile it made last */
    struct http_reply reply; /* what the Auth API says instead; status 0: it does its work */
};

static inline void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* ---- the application ---- */

#define TIER " WHERE user_id = '7e570001-0000-4000-8000-000000000001'"
#define OURS "(u.email LIKE 'ops+zmartctl-%' OR u.email LIKE 'real.%@example.com')"

/* Once the tier was put back. */
static inline bool follow_late(struct place *p)
{
    if (!zm_streq(
            demo_sql(&p->demo, DB_BRAIN,
                     "SELECT count(*) FROM public.user_activity WHERE action = 'zmartctl.undo'"
                     " AND created_at > (clock_timestamp() AT TIME ZONE 'UTC') - interval"
                     " '1 s'"),
            "1"))
        return false;
    demo_sql(&p->demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'pro', trading_enabled = true,"
             " updated_at = clock_timestamp()" TIER);
    return true;
}

static inline void play(struct place *p)
{
    char id[64], email[128], sql[800];

    if (atomic_load(&p->makes_profile))
        demo_sql(&p->demo, DB_BRAIN,
                 "INSERT INTO public.user_profiles (user_id, tier) SELECT id, 'free' FROM"
                 " auth.users u WHERE " OURS " AND u.created_at < clock_timestamp() - interval"
                 " '300 ms' AND NOT EXISTS (SELECT FROM public.user_profiles p WHERE p.user_id ="
                 " u.id)");
    zm_copy(id, sizeof(id),
            demo_sql(&p->demo, DB_BRAIN,
                     "SELECT u.id FROM auth.users u JOIN public.user_profiles p ON p.user_id = u.id"
                     " WHERE " OURS " AND u.created_at < clock_timestamp() - interval '700 ms'"));
    if (!id[0])
        return;
    snprintf(sql, sizeof(sql), "SELECT u.email FROM auth.users u WHERE u.id = '%s'", id);
    zm_copy(email, sizeof(email), demo_sql(&p->demo, DB_BRAIN, sql));
    if (!email[0]) /* he is gone */
        return;
    snprintf(sql, sizeof(sql),
             "INSERT INTO public.user_trading_profiles (user_id, email, tier) SELECT '%s', '%s',"
             " 'free' WHERE NOT EXISTS (SELECT FROM public.user_trading_profiles WHERE user_id ="
             " '%s')",
             id, email, id);
    if (atomic_load(&p->makes_trader) && !zm_streq(p->made, email)) {
        zm_copy(p->made, sizeof(p->made), email); /* once, also when he is being removed */
        demo_sql(&p->demo, DB_BOT, sql);
    }
    snprintf(sql, sizeof(sql), "SELECT tier FROM public.user_profiles WHERE user_id = '%s'", id);
    zm_copy(email, sizeof(email), demo_sql(&p->demo, DB_BRAIN, sql));
    snprintf(sql, sizeof(sql),
             "UPDATE public.user_trading_profiles SET tier = '%s', trading_enabled = true,"
             " updated_at = clock_timestamp() WHERE user_id = '%s' AND tier <> '%s'",
             email, id, email);
    if (atomic_load(&p->follows))
        demo_sql(&p->demo, DB_BOT, sql);
    if (atomic_load(&p->is_late) && follow_late(p))
        atomic_store(&p->is_late, false);
}

/* Somebody signs up as soon as he is waited for. */
static inline void sign_up(struct place *p)
{
    char path[96];
    char *said;
    FILE *file;

    snprintf(path, sizeof(path), "%s/err", p->directory);
    file = fopen(path, "r");
    if (!file)
        return;
    fclose(file);
    said = read_file(path);
    if (strstr(said, "waiting for a sign-up")) {
        demo_sql(
            &p->demo, DB_BRAIN,
            "INSERT INTO auth.users (id, email, created_at) VALUES"
            " ('7e570001-0000-4000-8000-000000000001', 'ops+zmartctl-ana@example.com', now())");
        atomic_store(&p->signs_up, false);
    }
    free(said);
}

static inline void *run_app(void *context)
{
    struct place *p = context;

    while (!atomic_load(&p->ends)) {
        if (atomic_load(&p->signs_up))
            sign_up(p);
        play(p);
        pause_ms(20);
    }
    return NULL;
}

/* ---- the Auth API ---- */

static inline void answer(void *context, const struct http_asked *asked, struct http_reply *ret)
{
    static _Thread_local char body[300];
    struct place *p = context;
    char email[128], sql[300];
    json_t *object;

    ret->delay_ms = atomic_load(&p->is_slow) ? 1500 : 0;
    if (p->reply.status || p->reply.how != HTTP_WHOLE) {
        *ret = p->reply;
        return;
    }
    if (zm_streq(asked->method, "DELETE") && atomic_load(&p->keeps_all)) {
        ret->delay_ms = 8000;
        return;
    }
    if (zm_streq(asked->method, "DELETE")) {
        snprintf(sql, sizeof(sql), "DELETE FROM auth.users WHERE id = '%.36s'",
                 strrchr(asked->path, '/') + 1);
        demo_sql(&p->demo, DB_BRAIN, sql);
        ret->body = "{}";
        return;
    }
    object = json_loads(asked->body, 0, NULL);
    zm_copy(email, sizeof(email), zm_text(json_string_value(json_object_get(object, "email"))));
    json_decref(object);
    snprintf(sql, sizeof(sql),
             "INSERT INTO auth.users (id, email, created_at) VALUES ('" MADE "', '%s', now())",
             email);
    demo_sql(&p->demo, DB_BRAIN, sql);
    snprintf(body, sizeof(body),
             "{\"id\":\"" MADE "\",\"email\":\"%s\",\"identities\":[{\"provider\":\"email\"}]}",
             email);
    ret->body = body;
}

/* ---- rig ---- */

/* The demo's configuration with what the tests need in it. */
static inline void configure(struct place *p, const char *admin, char path[128], const char *name)
{
    char *text = read_file(p->demo.conf), *at = strstr(text, "    existing_tables");
    FILE *file;

    assert_non_null(at);
    snprintf(path, 128, "%s/%s", p->directory, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "%.*s    flow_seconds = 2;\n"
            "    registration_test: { email = \"ops+zmartctl-%%s@example.com\"; url = \"%s\";\n"
            "      key_command = \"/bin/echo " KEY "\"; %s};\n%s",
            (int)(at - text), text, http_server_url(p->auth), admin, at);
    fclose(file);
    chmod(path, 0600);
    free(text);
}

static inline int start(void **state)
{
    struct place *p = zm_calloc(1, sizeof(*p));

    demo_start(&p->demo, 50, NULL);
    make_directory(p->directory);
    p->auth = http_server_start();
    http_server_handle(p->auth, answer, p);
    configure(p, "admin_key_command = \"/bin/echo " ADMIN "\"; ", p->conf, "conf");
    configure(p, "", p->bare, "bare");
    assert_int_equal(pthread_create(&p->app, NULL, run_app, p), 0);
    *state = p;
    return 0;
}

static inline int stop(void **state)
{
    struct place *p = *state;

    atomic_store(&p->ends, true);
    pthread_join(p->app, NULL);
    http_server_stop(p->auth);
    demo_done(&p->demo);
    remove_directory(p->directory);
    free(p);
    return 0;
}

static inline int calm(void **state)
{
    struct place *p = *state;

    atomic_store(&p->signs_up, false);
    atomic_store(&p->makes_profile, false);
    atomic_store(&p->makes_trader, false);
    atomic_store(&p->follows, false);
    atomic_store(&p->is_late, false);
    atomic_store(&p->is_slow, false);
    atomic_store(&p->keeps_all, false);
    memset(&p->reply, 0, sizeof(p->reply));
    http_server_forget(p->auth);
    return 0;
}

static inline struct ran run(const struct place *p, const char *conf, const char *line)
{
    return run_line(conf, p->directory, line);
}

static inline long number(const struct place *p, enum db_side side, const char *sql)
{
    return strtol(demo_sql(&p->demo, side, sql), NULL, 10);
}

static inline void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("'%s' is in '%.600s'", part, text);
}

/* Runs it; words of stdout and stderr, NULL: none. */
static inline void says(const struct place *p, const char *conf, int code, const char *line,
                        const char *out, const char *err)
{
    struct ran ran = run(p, conf, line);

    assert_says(&ran, code, out, err);
    ran_done(&ran);
}

#define USERS "SELECT count(*) FROM auth.users"
#define TRADERS "SELECT count(*) FROM public.user_trading_profiles"

#endif
