/*
 * Who is meant by USER: an id, an e-mail or a phone. Brain is asked first; Bot for those whom Brain
 * does not know, or when Brain is away.
 */
#include "db/resolve.h"

#include <stdio.h>
#include <string.h>

#include "db/fold.h"
#include "db/user.h"
#include "zm/str.h"

/* clang-format off */
static const struct db_field login_fields[] = {
    DB_FIELD(struct db_candidate_login, id),
    DB_FIELD(struct db_candidate_login, email),
    DB_FIELD(struct db_candidate_login, phone),
    DB_FIELD(struct db_candidate_login, is_sso_user),
    DB_FIELD(struct db_candidate_login, is_anonymous),
    DB_FIELD(struct db_candidate_login, is_deleted),
};
static const struct db_field trader_fields[] = {
    DB_FIELD(struct db_candidate_trader, id),
    DB_FIELD(struct db_candidate_trader, email),
};
const struct db_shape db_shape_candidate_login = {
    "candidate login", sizeof(struct db_candidate_login), login_fields, ZM_COUNT(login_fields)};
const struct db_shape db_shape_candidate_trader = {
    "candidate trader", sizeof(struct db_candidate_trader), trader_fields, ZM_COUNT(trader_fields)};
/* clang-format on */

/* What was typed, as each column would have it. */
struct question {
    const char *typed;
    char lower[512], digits[20];
    const char *email, *phone, *id; /* NULL: it cannot be one */
};

static bool read_question(const char *who, struct question *q, struct zm_error *err)
{
    struct db_filter filter;

    memset(q, 0, sizeof(*q));
    if (!db_fold_is_text(who) || !zm_copy(q->lower, sizeof(q->lower), who) || !who[0])
        return zm_error_set(err, ZM_ERR_USAGE, "", "look the user up",
                            "an id, an e-mail or a phone is needed");
    q->typed = who;
    db_fold(q->lower);
    if (strchr(q->lower, '@'))
        q->email = q->lower;
    if (db_filter_phone(q->lower, q->digits))
        q->phone = q->digits;
    if (zm_is_uuid(q->lower))
        q->id = q->lower;
    else if (strlen(q->lower) == 32 && db_filter_parse(q->lower, &filter, NULL) && filter.n == 1 &&
             zm_is_uuid(filter.term[0].value)) { /* an id without its dashes */
        zm_copy(q->lower, sizeof(q->lower), filter.term[0].value);
        q->id = q->lower;
    }
    return true;
}

static void add(struct db_candidates *ret, const char *id, const char *text, const char *remark)
{
    size_t i;

    for (i = 0; i < ret->n; i++)
        if (zm_streq(ret->row[i].id, id))
            return;
    if (ret->n == DB_CANDIDATES)
        return;
    zm_copy(ret->row[ret->n].id, sizeof(ret->row[0].id), id);
    snprintf(ret->row[ret->n].text, sizeof(ret->row[0].text), "%.160s%s", text, remark);
    ret->n++;
}

static void add_logins(struct db_candidates *ret, const struct db_ask *ask)
{
    size_t i;

    for (i = 0; ask->ok && i < ask->rows.n; i++) {
        const struct db_candidate_login *c = DB_ROW(&ask->rows, struct db_candidate_login, i);
        const char *name = zm_text(c->email)[0] ? c->email : c->phone ? c->phone : "(no e-mail)";

        add(ret, c->id, name,
            c->is_deleted     ? " (deleted)"
            : c->is_sso_user  ? " (SSO)"
            : c->is_anonymous ? " (anonymous)"
                              : "");
    }
}

static void add_traders(struct db_candidates *ret, const struct db_ask *ask, bool brain)
{
    size_t i;

    for (i = 0; ask->ok && i < ask->rows.n; i++) {
        const struct db_candidate_trader *c = DB_ROW(&ask->rows, struct db_candidate_trader, i);

        add(ret, c->id, zm_text(c->email)[0] ? c->email : "(no e-mail)",
            brain ? " (e-mail in ZmartBot)" : " (in ZmartBot; ZmartyBrain is away)");
    }
}

/* The first statement must have been answered; what the second would add is looked for in vain at
 * worst. */
static bool answered(struct db_link *link, struct db_ask *asks, size_t n, struct zm_error *err)
{
    if (!db_link_read(link, asks, n, err))
        return false;
    if (!asks[0].ok && err)
        *err = asks[0].err;
    return asks[0].ok;
}

/* An e-mail may belong to a password user and to SSO users, and in any case of letters. */
static bool ask_brain(struct db_link *brain, const struct question *q, struct db_candidates *ret,
                      struct zm_error *err)
{
    bool view = db_link_facts(brain)->logins == DB_LOGINS_VIEW, ok;
    struct db_ask asks[2] = {
        {.sql = DB_SQL_BRAIN_RESOLVE_LOGIN, .params = {q->typed, q->email, q->phone, q->id}},
        {.sql = view ? DB_SQL_BRAIN_RESOLVE_LOGIN_SCAN : DB_SQL_BRAIN_RESOLVE_LOGIN_LOWER,
         .params = {q->email}}};

    ok = answered(brain, asks, q->email ? 2 : 1, err);
    add_logins(ret, &asks[0]);
    add_logins(ret, &asks[1]);
    db_asks_done(asks, 2);
    return ok;
}

static bool ask_bot(struct db_link *bot, const struct question *q, bool brain,
                    struct db_candidates *ret, struct zm_error *err)
{
    struct db_ask asks[2] = {
        {.sql = DB_SQL_BOT_RESOLVE_TRADER, .params = {q->typed, q->email, q->id}},
        {.sql = DB_SQL_BOT_RESOLVE_TRADER_SCAN, .params = {q->email}}};
    bool ok = answered(bot, asks, q->email ? 2 : 1, err);

    add_traders(ret, &asks[0], brain);
    add_traders(ret, &asks[1], brain);
    db_asks_done(asks, 2);
    return ok;
}

bool db_user_resolve(struct db_session *session, const char *who, struct db_candidates *ret,
                     struct zm_error *err)
{
    struct db_link *brain = db_session_link(session, DB_BRAIN);
    struct db_link *bot = db_session_link(session, DB_BOT);
    struct question q;

    memset(ret, 0, sizeof(*ret));
    if (!read_question(who, &q, err))
        return false;
    if (brain && !ask_brain(brain, &q, ret, err))
        return false;
    if (ret->n > 0)
        return true;
    if (bot && !ask_bot(bot, &q, brain != NULL, ret, err))
        return false;
    if (ret->n > 0 || (brain && bot))
        return true;
    /* Nobody was found, and a database could not be asked. */
    return db_session_away(session, brain ? DB_BOT : DB_BRAIN, "look the user up", err);
}
