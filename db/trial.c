/*
 * Transactions that are never committed. Must not know what is tried in them.
 */
#include "db/trial.h"

#include <string.h>

#include "db/checklist_run.h"
#include "db/tx.h"
#include "db/write.h"
#include "zm/clock.h"
#include "zm/str.h"

const char db_trial_who_may[] = "an admin connection in the profile, as postgres, may";

/* clang-format off */
static const struct db_field facts_fields[] = {
    DB_FIELD(struct db_trial_facts, triggers),
    DB_FIELD(struct db_trial_facts, confirms),
    DB_FIELD(struct db_trial_facts, powerless),
    DB_FIELD(struct db_trial_facts, server_role),
    DB_FIELD(struct db_trial_facts, server_path),
    DB_FIELD(struct db_trial_facts, own_path),
    DB_FIELD(struct db_trial_facts, acts_as_user),
    DB_FIELD(struct db_trial_facts, inserts),
    DB_FIELD(struct db_trial_facts, anon_reads),
    DB_FIELD(struct db_trial_facts, writes_tier),
    DB_FIELD(struct db_trial_facts, has_identities),
};
static const struct db_field seen_fields[] = {
    DB_FIELD(struct db_trial_seen, own),
    DB_FIELD(struct db_trial_seen, others),
};
static const struct db_field count_fields[] = {
    DB_FIELD(struct db_trial_count, n),
};
static const struct db_field roles_fields[] = {
    DB_FIELD(struct db_trial_roles, acts_as_anon),
    DB_FIELD(struct db_trial_roles, acts_as_service),
};
const struct db_shape db_shape_trial_facts = {
    "trial facts", sizeof(struct db_trial_facts), facts_fields, ZM_COUNT(facts_fields)};
const struct db_shape db_shape_trial_seen = {
    "trial seen", sizeof(struct db_trial_seen), seen_fields, ZM_COUNT(seen_fields)};
const struct db_shape db_shape_trial_count = {
    "trial count", sizeof(struct db_trial_count), count_fields, ZM_COUNT(count_fields)};
const struct db_shape db_shape_trial_roles = {
    "trial roles", sizeof(struct db_trial_roles), roles_fields, ZM_COUNT(roles_fields)};
/* clang-format on */

void db_trial_name(struct db_trial *trial)
{
    static const char address[] = "zmartctl-test+%s@example.invalid";

    memset(trial, 0, sizeof(*trial));
    db_request_new(trial->id);
    db_request_new(trial->other);
    snprintf(trial->email, sizeof(trial->email), address, trial->id);
    snprintf(trial->other_email, sizeof(trial->other_email), address, trial->other);
}

bool db_trial_begin(struct db_trial *trial, struct db_checklist *list, enum db_side side,
                    struct zm_error *err)
{
    trial->list = list;
    trial->side = side;
    trial->as_self = true;
    trial->link = db_step_link(list, side, &trial->own, err);
    if (trial->link && db_tx_begin(&trial->link, 1, err))
        return true;
    db_link_free(trial->own);
    trial->own = NULL;
    return false;
}

bool db_trial_run(struct db_trial *trial, struct db_ask *ask, struct zm_error *err)
{
    size_t failed;

    if (db_tx_run(trial->link, ask, 1, zm_now_ms() + DB_TX_STEP_MS, &failed, err))
        return true;
    if (err->kind != ZM_ERR_PRIVILEGE || (!trial->as_self && err->sqlstate[0]))
        return false;
    err->kind = ZM_ERR_REFUSED; /* of this role; of what is tried nothing is said */
    err->sqlstate[0] = '\0';
    return zm_error_hint(err, "%s", db_trial_who_may);
}

bool db_trial_do(struct db_trial *trial, enum db_sql sql, const char *a, const char *b,
                 const char *c, struct zm_error *err)
{
    struct db_ask ask = {.sql = sql, .params = {a, b, c}};
    bool ok = db_trial_run(trial, &ask, err);

    db_asks_done(&ask, 1);
    return ok;
}

bool db_trial_act_as(struct db_trial *trial, const char *role, const char *user,
                     struct zm_error *err)
{
    trial->as_self = zm_streq(role, "none");
    return db_trial_do(trial, DB_SQL_EITHER_TRIAL_ACT_AS, role, user, NULL, err);
}

static bool connect_as(struct db_trial *trial, const char *role, const char *path,
                       struct zm_error *err)
{
    return db_trial_do(trial, DB_SQL_BRAIN_TRIAL_CONNECT, role, path, NULL, err);
}

bool db_trial_sign_up(struct db_trial *trial, const struct db_trial_facts *facts, bool other,
                      struct zm_error *err)
{
    const char *id = other ? trial->other : trial->id;
    const char *email = other ? trial->other_email : trial->email;
    bool ok = connect_as(trial, facts->server_role, facts->server_path, err);

    trial->as_self = false; /* what is refused now, is refused to whoever signs up */
    ok = ok && db_trial_do(trial, DB_SQL_BRAIN_TRIAL_LOGIN, id, email, NULL, err) &&
         (!facts->has_identities ||
          db_trial_do(trial, DB_SQL_BRAIN_TRIAL_IDENTITY, id, email, NULL, err));
    trial->as_self = true;
    return ok && connect_as(trial, "none", facts->own_path, err);
}

bool db_trial_confirm(struct db_trial *trial, const struct db_trial_facts *facts,
                      struct zm_error *err)
{
    bool ok = connect_as(trial, facts->server_role, facts->server_path, err);

    trial->as_self = false;
    ok = ok && db_trial_do(trial, DB_SQL_BRAIN_TRIAL_CONFIRM, trial->id, NULL, NULL, err);
    trial->as_self = true;
    return ok && connect_as(trial, "none", facts->own_path, err);
}

bool db_trial_end(struct db_trial *trial, struct zm_error *err)
{
    enum db_sql sql = trial->side == DB_BRAIN ? DB_SQL_BRAIN_TRIAL_LEFT : DB_SQL_BOT_TRIAL_LEFT;
    struct db_ask asks[] = {{.sql = sql, .params = {trial->id, trial->email}},
                            {.sql = sql, .params = {trial->other, trial->other_email}}};
    bool ok;
    size_t i;

    db_tx_roll_back(trial->link);
    ok = db_link_open(trial->link, err) && db_link_read(trial->link, asks, ZM_COUNT(asks), err);
    for (i = 0; ok && i < ZM_COUNT(asks); i++) {
        ok = asks[i].ok;
        if (!ok) {
            *err = asks[i].err;
        } else if (DB_ROW(&asks[i].rows, struct db_trial_count, 0)->n != 0) {
            ok = zm_error_set(err, ZM_ERR_DATA, db_side_name(trial->side), "roll the trial back",
                              "rows of %s are left", asks[i].params[1]);
            zm_error_hint(err, "zmartctl check clean removes them");
        }
    }
    db_asks_done(asks, ZM_COUNT(asks));
    db_link_free(trial->own);
    trial->own = NULL;
    return ok;
}

bool db_trial_is_answer(const struct zm_error *err)
{
    switch (err->kind) {
    case ZM_ERR_LOST:
    case ZM_ERR_CONNECT:
    case ZM_ERR_CANCELLED:
    case ZM_ERR_TIMEOUT:
    case ZM_ERR_LOCKED:
    case ZM_ERR_READ_ONLY:
        return false;
    default:
        return err->sqlstate[0] != '\0';
    }
}
