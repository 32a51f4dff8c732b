/*
 * Two servers with the tables as the document writes them, and a way to act as somebody and to go
 * through the steps of item 6: look, run what mends.
 */
#ifndef INTEGRATION_HARDENING_PLACE_H
#define INTEGRATION_HARDENING_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "db/steps.h"
#include "support/demo.h"
#include "zm/str.h"

struct rig {
    struct demo demo;
    struct db_option options[DB_SIDES][4];
    struct db_target targets[DB_SIDES];
    struct db_session session;
    PGconn *owner[DB_SIDES];
    char user[37];          /* somebody with one profile, who is no trouble */
    char *raised[DB_SIDES]; /* of lints, before anything was hardened */
};

static inline struct rig *rig_of(void **state)
{
    return *state;
}

static inline int start(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));
    struct zm_error err;
    int i;

    demo_start(&rig->demo, 50, "--as-written");
    for (i = 0; i < DB_SIDES; i++) {
        demo_target(&rig->demo, (enum db_side)i, "postgres", rig->options[i], &rig->targets[i]);
        rig->owner[i] = demo_connect(&rig->demo, (enum db_side)i, "postgres");
    }
    if (!db_session_open(&rig->session, rig->targets, &err))
        fail_msg("%s", err.message);
    zm_copy(rig->user, sizeof(rig->user),
            demo_sql(&rig->demo, DB_BRAIN,
                     "SELECT id FROM auth.users WHERE email = 'ana.pop@example.ro'"));
    *state = rig;
    return 0;
}

static inline int stop(void **state)
{
    struct rig *rig = rig_of(state);
    int i;

    db_session_close(&rig->session);
    for (i = 0; i < DB_SIDES; i++)
        PQfinish(rig->owner[i]);
    for (i = 0; i < DB_SIDES; i++)
        free(rig->raised[i]);
    demo_done(&rig->demo);
    free(rig);
    return 0;
}

/* ---- acting as others ---- */

/* What becomes of a statement, as the API would run it for that role: "" when it is refused or
 * touches nothing, else how many rows. Nothing stays. */
static inline const char *act(struct rig *rig, enum db_side side, const char *role, const char *sql)
{
    static char touched[20];
    PGconn *conn = rig->owner[side];
    char begin[400];
    PGresult *result;

    snprintf(begin, sizeof(begin),
             "BEGIN; SET LOCAL ROLE %s;"
             " SET LOCAL request.jwt.claims = '{\"sub\": \"%s\", \"role\": \"%s\"}'",
             role, rig->user, role);
    PQclear(PQexec(conn, begin));
    result = PQexec(conn, sql);
    touched[0] = '\0';
    if (PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK)
        zm_copy(touched, sizeof(touched),
                PQcmdTuples(result)[0] ? PQcmdTuples(result) : PQcmdStatus(result));
    PQclear(result);
    PQclear(PQexec(conn, "ROLLBACK"));
    return zm_streq(touched, "0") ? "" : touched;
}

/* ---- steps ---- */

static inline void begin(struct rig *rig, struct db_checklist *list)
{
    memset(list, 0, sizeof(*list));
    list->session = &rig->session;
    list->targets = rig->targets;
}

static inline enum db_step_state look(struct rig *rig, const struct db_step *step, char fix[16000])
{
    struct db_step_finding finding = {.state = DB_STEP_NOT_RUN};
    struct db_checklist list;

    begin(rig, &list);
    step->check(&list, step, &finding);
    if (finding.err.kind != ZM_ERR_NONE)
        fail_msg("%s: %s %s", step->key, finding.err.message, finding.err.detail);
    assert_true(finding.state == DB_STEP_OK || finding.fix[0]);
    assert_true(finding.found[0] && finding.expected[0]);
    assert_true(zm_copy(fix, 16000, finding.fix));
    db_steps_schema_forget(&list);
    zm_arena_done(&list.arena);
    return finding.state;
}

/* As people would paste it: statement by statement. */
static inline void run(struct rig *rig, const struct db_step *step, char *fix)
{
    enum db_side side = step->where == DB_STEP_BOT ? DB_BOT : DB_BRAIN;
    char *rest = fix, *end;

    for (; (end = strstr(rest, ";\n")); rest = end + 2) {
        PGresult *result;

        *end = '\0';
        result = PQexec(rig->owner[side], rest);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            fail_msg("%s: %s: %s", step->key, rest, PQerrorMessage(rig->owner[side]));
        PQclear(result);
    }
}

static inline void resolve_by_hand(struct rig *rig)
{
    demo_sql(&rig->demo, DB_BRAIN,
             "DELETE FROM public.user_profiles p WHERE EXISTS (SELECT FROM public.user_profiles o"
             " WHERE o.user_id = p.user_id AND o.id < p.id)");
    demo_sql(&rig->demo, DB_BOT,
             "DELETE FROM public.user_trading_profiles p WHERE EXISTS (SELECT FROM"
             " public.user_trading_profiles o WHERE o.user_id = p.user_id AND o.id < p.id)");
    demo_sql(&rig->demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'free' WHERE tier NOT IN"
             " ('free', 'pro', 'enterprise')");
}

static inline const struct db_step *find(const char *key)
{
    const struct db_step *step = db_steps_hardening;

    while (step->key && !zm_streq(step->key, key))
        step++;
    assert_non_null(step->key);
    return step;
}

static inline void close_all(struct rig *rig)
{
    const struct db_step *step;
    char fix[16000];

    for (step = db_steps_hardening; step->key; step++)
        if (look(rig, step, fix) == DB_STEP_FAIL)
            run(rig, step, fix);
}

#endif
