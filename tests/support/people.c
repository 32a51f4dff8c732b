/*
 * The rig of the tests that read users: servers, roles, ids that a person can tell apart.
 */
#include "people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libpq-fe.h>

#include "db/indexes.h"
#include "support/admin.h"
#include "zm/str.h"

static const char id_function[] =
    "CREATE FUNCTION public.pid(n integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$"
    " SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$";

static const char policies[] =
    "DO $$ DECLARE t text; BEGIN"
    " FOR t IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
    "'public'::regnamespace LOOP"
    "  EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);"
    "  EXECUTE format('CREATE POLICY zc_read ON public.%I FOR SELECT TO plain USING (true)', t);"
    " END LOOP; END $$";

/* What holds little is emptied row by row: TRUNCATE makes new files for every table and index,
 * which takes a file system longer than anything else that a test does. */
#define CLEAR(tables)                                                                              \
    "DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY '{" tables "}'::text[] LOOP"                   \
    " IF pg_relation_size(t) > 65536 THEN EXECUTE 'TRUNCATE ' || t || ' CASCADE';"                 \
    " ELSIF pg_relation_size(t) > 0 THEN EXECUTE 'DELETE FROM ' || t; END IF; END LOOP; END $$"

static const char *const clear[DB_SIDES] = {
    CLEAR("public.user_activity, public.user_subscriptions, public.user_profiles,"
          " auth.identities, auth.users"),
    CLEAR("public.user_trading_profiles, public.user_portfolios, public.user_strategies,"
          " public.user_trades, public.user_api_keys")};

/* The database of a cluster again, in the order of a locale. */
static void reorder(const struct cluster *c, const char *icu_locale)
{
    const char *const keywords[] = {"host", "port", "user", "dbname", NULL};
    const char *const values[] = {c->directory, c->port, "supabase_admin", "template1", NULL};
    PGconn *conn = PQconnectdbParams(keywords, values, 0);
    struct zm_buf create = {.s = NULL};

    admin_forget(c->directory);
    zm_buf_printf(&create,
                  "CREATE DATABASE postgres TEMPLATE template0 LOCALE_PROVIDER icu"
                  " ICU_LOCALE '%s' LOCALE 'C.UTF-8'",
                  icu_locale);
    PQclear(PQexec(conn, "ALTER DATABASE postgres RENAME TO by_bytes"));
    PQclear(PQexec(conn, create.s));
    if (PQerrorMessage(conn)[0])
        fail_msg("%s", PQerrorMessage(conn));
    zm_buf_done(&create);
    PQfinish(conn);
}

void people_start(struct people *p, bool with_indexes, const char *icu_locale)
{
    size_t i;

    memset(p, 0, sizeof(*p));
    db_policy_default(&p->policy);
    p->by_locale = icu_locale != NULL;
    for (i = 0; i < DB_SIDES; i++) {
        cluster_start(&p->cluster[i], false);
        if (icu_locale)
            reorder(&p->cluster[i], icu_locale);
        cluster_load(&p->cluster[i], (enum db_side)i);
        cluster_load_view(&p->cluster[i]);
        cluster_sql(&p->cluster[i], id_function);
        cluster_sql(&p->cluster[i], policies);
    }
    cluster_sql(&p->cluster[DB_BRAIN], "REVOKE SELECT ON auth.users FROM plain");
    for (i = 0; with_indexes && i < DB_INDEX_COUNT; i++) {
        const struct db_index_row *row = db_index_row((enum db_index)i);

        cluster_sql(&p->cluster[row->side], row->create);
    }
}

void people_done(struct people *p)
{
    size_t i;

    db_session_close(&p->session);
    for (i = 0; i < DB_SIDES; i++)
        cluster_done(&p->cluster[i]);
}

int people_begin(void **state)
{
    struct people *p = zm_calloc(1, sizeof(*p));

    people_start(p, true, NULL);
    *state = p;
    return 0;
}

int people_end(void **state)
{
    people_done(*state);
    free(*state);
    return 0;
}

int people_empty(void **state)
{
    people_clear(*state);
    return 0;
}

void people_open(struct people *p, const char *role)
{
    struct zm_error err;
    size_t i;

    db_session_close(&p->session);
    for (i = 0; i < DB_SIDES; i++)
        cluster_target(&p->cluster[i], (enum db_side)i, role, p->options[i], &p->targets[i]);
    if (!db_session_open(&p->session, p->targets, &err))
        fail_msg("%s; %s", err.message, err.hint);
    for (i = 0; i < DB_SIDES; i++)
        if (!db_session_link(&p->session, (enum db_side)i))
            fail_msg("%s", p->session.err[i].message);
}

void people_sql(const struct people *p, enum db_side side, const char *sql)
{
    cluster_sql(&p->cluster[side], sql);
}

void people_clear(const struct people *p)
{
    size_t i;

    for (i = 0; i < DB_SIDES; i++)
        people_sql(p, (enum db_side)i, clear[i]);
}

int people_number(const char *id)
{
    if (strncmp(id, "00000000-0000-4000-8000-", 24) != 0)
        return 0;
    return (int)strtol(id + 24, NULL, 10);
}

const char *people_list(const struct db_page *page, char *dst, size_t size)
{
    size_t i, n = 0;

    dst[0] = '\0';
    for (i = 0; i < page->n && n < size; i++)
        n += (size_t)snprintf(dst + n, size - n, "%s%d", i ? " " : "",
                              people_number(page->users[i].id));
    return dst;
}

void people_join(struct people *p, struct db_page *page)
{
    struct db_link *bot = db_session_link(&p->session, DB_BOT);
    const char **ids = zm_calloc(page->brain.logins.n + 1, sizeof(*ids));
    struct zm_error err;
    size_t i;

    for (i = 0; i < page->brain.logins.n; i++)
        ids[i] = DB_ROW(&page->brain.logins, struct db_login, i)->id;
    if (bot && page->brain.logins.n > 0) {
        page->bot_known = db_users_halves(bot, ids, page->brain.logins.n, &page->bot, &err);
        if (!page->bot_known && err.kind == ZM_ERR_LOST)
            fail_msg("%s", err.message);
    }
    free(ids);
    db_page_join(page, &p->policy);
}
