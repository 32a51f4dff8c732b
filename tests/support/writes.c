/*
 * What both databases hold for one user, read on connections of our own.
 */
#include "writes.h"

#include <libpq-fe.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "admin.h"
#include "zm/clock.h"

#define COMING_UP_MS 20000

static const char brain_sql[] =
    "SELECT (SELECT count(*) FROM public.user_profiles p WHERE p.user_id = $1),"
    " (SELECT string_agg(coalesce(p.tier, 'NULL'), ',' ORDER BY p.id)"
    "  FROM public.user_profiles p WHERE p.user_id = $1),"
    " (SELECT string_agg(coalesce(p.name, 'NULL'), ',' ORDER BY p.id)"
    "  FROM public.user_profiles p WHERE p.user_id = $1),"
    " (SELECT string_agg(coalesce(p.country, 'NULL'), ',' ORDER BY p.id)"
    "  FROM public.user_profiles p WHERE p.user_id = $1),"
    " (SELECT string_agg(coalesce(p.profile_completed::text, 'NULL'), ',' ORDER BY p.id)"
    "  FROM public.user_profiles p WHERE p.user_id = $1),"
    " (SELECT string_agg(s.tier, ',' ORDER BY s.tier)"
    "  FROM public.user_subscriptions s WHERE s.user_id = $1 AND s.status = 'active'),"
    " (SELECT count(*) FROM public.user_subscriptions s WHERE s.user_id = $1"
    "  AND s.status = 'active'),"
    " (SELECT count(*) FROM public.user_subscriptions s WHERE s.user_id = $1"
    "  AND s.status IS DISTINCT FROM 'active'),"
    " (SELECT u.email FROM auth.users u WHERE u.id = $1)";

static const char bot_sql[] =
    "SELECT (SELECT count(*) FROM public.user_trading_profiles t WHERE t.user_id = $1),"
    " (SELECT string_agg(coalesce(t.tier, 'NULL'), ',' ORDER BY t.id)"
    "  FROM public.user_trading_profiles t WHERE t.user_id = $1),"
    " (SELECT string_agg(t.email, ',' ORDER BY t.id)"
    "  FROM public.user_trading_profiles t WHERE t.user_id = $1),"
    " (SELECT string_agg(coalesce(t.trading_enabled::text, 'NULL'), ',' ORDER BY t.id)"
    "  FROM public.user_trading_profiles t WHERE t.user_id = $1),"
    " (SELECT string_agg(coalesce(t.api_access::text, 'NULL'), ',' ORDER BY t.id)"
    "  FROM public.user_trading_profiles t WHERE t.user_id = $1),"
    " (SELECT string_agg(coalesce(t.updated_at::text, 'NULL'), ',' ORDER BY t.id)"
    "  FROM public.user_trading_profiles t WHERE t.user_id = $1),"
    " (SELECT count(*) FROM public.user_strategies s WHERE s.user_id = $1 AND s.is_active),"
    " (SELECT count(*) FROM public.user_api_keys k WHERE k.user_id = $1 AND k.is_active)";

static const char journal_sql[] =
    "SELECT a.id, a.action, a.metadata->>'ref', a.metadata->>'outcome', a.metadata->>'db_role',"
    " a.metadata->>'reason', a.metadata->>'old', a.metadata->>'new',"
    " (a.metadata->>'bot_token')::timestamp::text"
    " FROM public.user_activity a WHERE a.action LIKE 'zmartctl.%'"
    " AND (a.user_id = $1 OR a.metadata->>'subject' = $1::text) ORDER BY a.created_at, a.id";

void writes_place_people(const struct people *people, struct writes_place *ret)
{
    size_t i;

    for (i = 0; i < DB_SIDES; i++) {
        zm_copy(ret->host[i], sizeof(ret->host[i]), people->cluster[i].directory);
        zm_copy(ret->port[i], sizeof(ret->port[i]), people->cluster[i].port);
    }
}

void writes_place_demo(const struct demo *demo, struct writes_place *ret)
{
    size_t i;

    for (i = 0; i < DB_SIDES; i++) {
        zm_copy(ret->host[i], sizeof(ret->host[i]), demo->sockets[i]);
        zm_copy(ret->port[i], sizeof(ret->port[i]), DB_SERVERS_PORT);
    }
}

static PGconn *connect_to(const struct writes_place *place, enum db_side side)
{
    int64_t deadline = zm_now_ms() + COMING_UP_MS;
    PGconn *conn;

    while (!(conn = admin_take(place->host[side], place->port[side]))) {
        if (zm_now_ms() > deadline)
            fail_msg("%s does not come up", db_side_name(side));
        poll(NULL, 0, 20);
    }
    PQclear(PQexec(conn, "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'"));
    return conn;
}

static PGresult *query(PGconn *conn, const char *sql, const char *user)
{
    PGresult *result = PQexecParams(conn, sql, user ? 1 : 0, NULL, &user, NULL, NULL, 0);

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(conn));
    return result;
}

static void text_of(const PGresult *result, int row, int col, char *dst, size_t size)
{
    zm_copy(dst, size, PQgetvalue(result, row, col));
}

static long number_of(const PGresult *result, int col)
{
    return strtol(PQgetvalue(result, 0, col), NULL, 10);
}

static void read_journal(PGconn *conn, const char *user, struct writes_state *ret)
{
    PGresult *result = query(conn, journal_sql, user);
    size_t i;

    ret->n_journal = (size_t)PQntuples(result);
    ret->journal = zm_calloc(ret->n_journal + 1, sizeof(*ret->journal));
    for (i = 0; i < ret->n_journal; i++) {
        struct writes_entry *e = &ret->journal[i];
        const int row = (int)i;

        text_of(result, row, 0, e->id, sizeof(e->id));
        text_of(result, row, 1, e->action, sizeof(e->action));
        text_of(result, row, 2, e->ref, sizeof(e->ref));
        text_of(result, row, 3, e->outcome, sizeof(e->outcome));
        text_of(result, row, 4, e->role, sizeof(e->role));
        text_of(result, row, 5, e->reason, sizeof(e->reason));
        text_of(result, row, 6, e->before, sizeof(e->before));
        text_of(result, row, 7, e->after, sizeof(e->after));
        text_of(result, row, 8, e->token, sizeof(e->token));
    }
    PQclear(result);
}

void writes_read(const struct writes_place *place, const char *user, struct writes_state *ret)
{
    PGconn *conn = connect_to(place, DB_BRAIN);
    PGresult *result = query(conn, brain_sql, user);

    memset(ret, 0, sizeof(*ret));
    ret->profiles = number_of(result, 0);
    text_of(result, 0, 1, ret->tier, sizeof(ret->tier));
    text_of(result, 0, 2, ret->name, sizeof(ret->name));
    text_of(result, 0, 3, ret->country, sizeof(ret->country));
    text_of(result, 0, 4, ret->completed, sizeof(ret->completed));
    text_of(result, 0, 5, ret->active, sizeof(ret->active));
    ret->n_active = number_of(result, 6);
    ret->n_ended = number_of(result, 7);
    text_of(result, 0, 8, ret->login, sizeof(ret->login));
    PQclear(result);
    read_journal(conn, user, ret);
    admin_give(place->host[DB_BRAIN], conn);

    conn = connect_to(place, DB_BOT);
    result = query(conn, bot_sql, user);
    ret->traders = number_of(result, 0);
    text_of(result, 0, 1, ret->bot_tier, sizeof(ret->bot_tier));
    text_of(result, 0, 2, ret->email, sizeof(ret->email));
    text_of(result, 0, 3, ret->trading, sizeof(ret->trading));
    text_of(result, 0, 4, ret->api, sizeof(ret->api));
    text_of(result, 0, 5, ret->bot_updated, sizeof(ret->bot_updated));
    ret->strategies_on = number_of(result, 6);
    ret->keys_on = number_of(result, 7);
    PQclear(result);
    admin_give(place->host[DB_BOT], conn);
}

void writes_state_done(struct writes_state *state)
{
    free(state->journal);
    memset(state, 0, sizeof(*state));
}

bool writes_wait_quiet(const struct writes_place *place, int timeout_ms)
{
    int64_t deadline = zm_now_ms() + timeout_ms;
    long open = 0;
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        PGconn *conn = connect_to(place, (enum db_side)side);

        do {
            PGresult *result = query(conn,
                                     "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT"
                                     " NULL AND backend_type = 'client backend'"
                                     " AND pid <> pg_backend_pid()",
                                     NULL);

            open = number_of(result, 0);
            PQclear(result);
            poll(NULL, 0, open > 0 ? 20 : 0);
        } while (open > 0 && zm_now_ms() < deadline);
        admin_give(place->host[side], conn);
        if (open > 0)
            return false;
    }
    return true;
}
