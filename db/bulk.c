/*
 * Runs an edit over a frozen set. Every page is read before it is written: what is so already and
 * what cannot be done take no part in a batch, and what was seen is asserted under the locks. A
 * batch that fails as a whole is done again one by one, so that one row holds up nobody but itself.
 */
#include "db/bulk.h"

#include <stdlib.h>
#include <string.h>

#include "db/indexes.h"
#include "zm/str.h"

void db_bulk_begin(struct db_bulk *bulk)
{
    bulk->ids = zm_calloc(DB_BULK_PAGE, sizeof(*bulk->ids));
    bulk->notes = zm_calloc(DB_BULK_PAGE, sizeof(*bulk->notes));
    bulk->counts.not_tried = db_idset_count(bulk->set);
}

void db_bulk_done(struct db_bulk *bulk)
{
    db_page_done(&bulk->page);
    free(bulk->ids);
    free(bulk->notes);
    bulk->ids = NULL;
    bulk->notes = NULL;
}

/* ---- what is seen ---- */

static bool is_so(const struct db_edit *edit, const struct db_now *now)
{
    int item;

    for (item = 0; item < DB_ITEMS; item++)
        if (edit->want.known[item] &&
            !(now->values.known[item] && zm_streq(edit->want.text[item], now->values.text[item])))
            return false;
    return !edit->stop_rest;
}

void db_bulk_see_now(struct db_edit *edit, const struct db_now *now, const char *expect)
{
    static const enum db_item rights[] = {DB_ITEM_TIER, DB_ITEM_BOT_TIER, DB_ITEM_TRADING,
                                          DB_ITEM_API};
    size_t i;

    memset(&edit->seen, 0, sizeof(edit->seen));
    for (i = 0; i < ZM_COUNT(rights); i++)
        if (now->values.known[rights[i]] &&
            (!db_edit_only_disables(edit) || edit->want.known[rights[i]]))
            db_values_set(&edit->seen, rights[i], now->values.text[rights[i]]);
    if (expect && !is_so(edit, now))
        db_values_set(&edit->seen, DB_ITEM_TIER, expect);
}

static void mix(uint64_t *hash, const char *text)
{
    const char *at = text ? text : "\1";

    do {
        *hash = (*hash ^ (unsigned char)*at) * 1099511628211u;
    } while (*at++);
}

/* What a person was shown of a user, as a number; never 0. */
static uint64_t note_of(const struct db_now *now)
{
    static const enum db_item items[] = {DB_ITEM_TIER, DB_ITEM_BOT_TIER, DB_ITEM_TRADING,
                                         DB_ITEM_API};
    uint64_t hash = 14695981039346656037u;
    size_t i;

    for (i = 0; i < ZM_COUNT(items); i++)
        mix(&hash, now->values.known[items[i]] ? now->values.text[items[i]] : "\2");
    mix(&hash, now->profiles == 1 ? "1" : now->profiles ? "n" : "0");
    mix(&hash, now->traders == 1 ? "1" : now->traders ? "n" : "0");
    return hash ? hash : 1;
}

/* ---- pages ---- */

static bool read_brain(struct db_session *session, struct db_bulk *b, const char *const *ids,
                       struct zm_error *err)
{
    struct db_link *brain = db_session_link(session, DB_BRAIN);

    if (!brain) /* rights may be taken away all the same */
        return (db_edit_only_disables(&b->edit) && b->terms->spool) ||
               db_session_away(session, DB_BRAIN, "change users", err);
    if (!db_users_by_ids(brain, ids, b->n_ids, &b->page, err))
        return false;
    if (!b->page.brain.profile_known && !db_edit_only_disables(&b->edit)) {
        *err = b->page.brain.profile_err;
        return false;
    }
    return true;
}

/* The halves of the users at b->at. */
static bool read_page(struct db_session *session, struct db_bulk *b, struct zm_error *err)
{
    struct db_link *bot = db_session_link(session, DB_BOT);
    const char *ids[DB_BULK_PAGE];
    size_t i;

    db_page_done(&b->page);
    b->next = 0;
    if (!db_idset_read(b->set, b->at, b->ids, DB_BULK_PAGE, &b->n_ids, err) ||
        !db_idset_notes(b->set, b->at, b->notes, b->n_ids, err))
        return false;
    for (i = 0; i < b->n_ids; i++)
        ids[i] = b->ids[i];
    if (b->n_ids == 0)
        return true;
    if (!bot)
        return db_session_away(session, DB_BOT, "change users", err);
    if (!read_brain(session, b, ids, err) ||
        !db_users_halves(bot, ids, b->n_ids, &b->page.bot, err))
        return false;
    b->page.bot_known = true;
    db_page_join(&b->page, b->terms->policy);
    return true;
}

static const struct db_user *user_of(const struct db_bulk *b, const char *id)
{
    size_t i;

    for (i = 0; i < b->page.n; i++)
        if (zm_streq(b->page.users[i].id, id))
            return &b->page.users[i];
    return NULL;
}

/* A user of the page, and what the edit means for him as he is now. */
struct one {
    const struct db_user *user; /* NULL: nobody has this id */
    struct db_now now;
    struct db_edit edit;
    struct db_decision decision;
    bool changes;
};

static void judge(const struct db_bulk *b, size_t i, struct one *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->edit = b->edit;
    zm_copy(ret->edit.user_id, sizeof(ret->edit.user_id), b->ids[i]);
    db_request_new(ret->edit.request);
    ret->user = user_of(b, b->ids[i]);
    if (!ret->user) {
        ret->now.brain_known = b->page.brain_known;
        ret->now.bot_known = true;
        ret->decision.result = DB_RESULT_REFUSED;
        snprintf(ret->decision.message, sizeof(ret->decision.message),
                 b->page.brain_known ? "nobody has this id"
                                     : "nobody has this id in ZmartBot; ZmartyBrain is away");
        return;
    }
    db_now_of_user(ret->user, &ret->now);
    db_bulk_see_now(&ret->edit, &ret->now, b->expect);
    db_decide(b->terms->policy, &ret->edit, &ret->now, &ret->decision);
    ret->changes = ret->decision.result == DB_RESULT_DONE &&
                   (ret->decision.write_brain || ret->decision.write_bot);
    if (ret->changes && b->notes[i] != 0 && b->notes[i] != note_of(&ret->now)) {
        ret->changes = false;
        ret->decision.result = DB_RESULT_STALE;
        snprintf(ret->decision.message, sizeof(ret->decision.message),
                 "he was changed by somebody else since he was counted");
    }
}

bool db_bulk_look(struct db_session *session, struct db_bulk *b, struct zm_error *err)
{
    struct db_bulk_plan *plan = &b->plan;
    struct one one;
    size_t i;

    err->kind = ZM_ERR_NONE;
    b->at = plan->looked;
    if (!read_page(session, b, err))
        return false;
    for (i = 0; i < b->n_ids; i++) {
        b->notes[i] = 0;
        judge(b, i, &one);
        b->notes[i] = note_of(&one.now);
        plan->change += one.changes;
        plan->unchanged += one.decision.result == DB_RESULT_DONE && !one.changes;
        plan->stale += one.decision.result == DB_RESULT_STALE;
        plan->refused += one.decision.result == DB_RESULT_REFUSED;
        if (b->see)
            b->see(b->context, b->ids[i], one.user, &one.now, &one.decision);
    }
    if (b->n_ids > 0 && !db_idset_note(b->set, b->at, b->notes, b->n_ids, err))
        return false;
    plan->looked += b->n_ids;
    b->at = b->n_ids = 0; /* the run begins anew */
    return plan->looked < db_idset_count(b->set);
}

/* ---- the run ---- */

static bool was_done(const struct db_bulk *b, const struct db_written *w)
{
    int item;

    if (!b->terms->dry_run)
        return w->changed;
    for (item = 0; item < DB_ITEMS; item++)
        if (w->set[item])
            return true;
    return w->created_trader || w->created_profile;
}

/* Counts a result and hands it on. */
static void settle(struct db_bulk *b, const struct db_edit *edit, const struct db_written *w)
{
    struct db_bulk_counts *c = &b->counts;
    size_t *count = NULL;

    switch (w->result) {
    case DB_RESULT_DONE:
        count = was_done(b, w) ? &c->done : &c->unchanged;
        break;
    case DB_RESULT_STALE:
        count = &c->stale;
        break;
    case DB_RESULT_REFUSED:
        count = &c->refused;
        break;
    case DB_RESULT_UNKNOWN:
        count = &c->unknown;
        break;
    default:
        count = &c->failed;
        break;
    }
    (*count)++;
    c->not_tried--;
    b->settled++;
    if (b->take)
        b->take(b->context, edit, user_of(b, edit->user_id), w);
    if ((count == &c->failed || count == &c->unknown) && b->stop_errors > 0 &&
        c->failed + c->unknown >= b->stop_errors && b->state == DB_BULK_READY) {
        b->state = DB_BULK_ERRORS;
        b->err = w->err;
        zm_copy(b->culprit, sizeof(b->culprit), edit->user_id);
    }
}

/* What needs no transaction to be known. */
static void settle_now(struct db_bulk *b, const struct one *one)
{
    struct db_written w = {.result = one->decision.result};

    zm_copy(w.request, sizeof(w.request), one->edit.request);
    w.before = w.after = one->now.values;
    if (w.result == DB_RESULT_DONE)
        snprintf(w.message, sizeof(w.message), "it is so already; nothing was changed");
    else
        snprintf(w.message, sizeof(w.message), "nothing was changed: %s", one->decision.message);
    settle(b, &one->edit, &w);
}

/* Whether the next row would fare no better: connection, resources, privilege, read-only. */
static bool ends_all(const struct zm_error *err)
{
    static const char *const classes[] = {"08", "53", "57P", "25", "58", "XX"};
    size_t i;

    for (i = 0; i < ZM_COUNT(classes); i++)
        if (strncmp(err->sqlstate, classes[i], strlen(classes[i])) == 0)
            return true;
    switch (err->kind) {
    case ZM_ERR_CONNECT:
    case ZM_ERR_AUTH:
    case ZM_ERR_LOST:
    case ZM_ERR_CANCELLED:
    case ZM_ERR_IDENTITY:
    case ZM_ERR_INSECURE:
    case ZM_ERR_PRIVILEGE:
    case ZM_ERR_READ_ONLY:
    case ZM_ERR_REFUSED:
    case ZM_ERR_SHAPE:
    case ZM_ERR_SYSTEM:
    case ZM_ERR_USAGE:
        return true;
    default:
        return false;
    }
}

static void stop(struct db_bulk *b, const struct zm_error *err)
{
    if (b->state != DB_BULK_READY && b->state != DB_BULK_ERRORS)
        return;
    b->state = err->kind == ZM_ERR_CANCELLED ? DB_BULK_CANCELLED : DB_BULK_BROKEN;
    b->err = *err;
}

/* A side that was there when the batch began has gone: what comes next cannot go better. */
static bool has_gone(const struct db_session *session, const bool were[DB_SIDES])
{
    return (were[DB_BRAIN] && !db_session_link(session, DB_BRAIN)) ||
           (were[DB_BOT] && !db_session_link(session, DB_BOT));
}

static void check_links(struct db_session *session, struct db_bulk *b, const bool were[DB_SIDES])
{
    enum db_side side = were[DB_BRAIN] && !db_session_link(session, DB_BRAIN) ? DB_BRAIN : DB_BOT;
    struct zm_error err;

    if (!has_gone(session, were))
        return;
    zm_error_set(&err, ZM_ERR_LOST, db_side_name(side), "change users", "the connection was lost");
    stop(b, &err);
}

/* A row alone. False: the run is over, and he counts as not tried unless it was his own row. */
static bool run_one(struct db_session *session, struct db_bulk *b, const bool were[DB_SIDES],
                    const struct db_edit *edit)
{
    struct db_written w;
    bool over;

    db_write(session, b->terms, edit, &w);
    over = w.result != DB_RESULT_DONE && (ends_all(&w.err) || has_gone(session, were));
    if (over)
        stop(b, &w.err);
    if (!over || w.result == DB_RESULT_UNKNOWN || w.result == DB_RESULT_PARTIAL)
        settle(b, edit, &w);
    db_written_done(&w);
    return b->state == DB_BULK_READY;
}

static void run_batch(struct db_session *session, struct db_bulk *b, const bool were[DB_SIDES],
                      const struct db_edit *edits, size_t n)
{
    struct db_written *w = zm_calloc(n, sizeof(*w));
    size_t i, culprit = n;
    bool ok = db_write_batch(session, b->terms, edits, n, w, &culprit);
    bool over = !ok && (ends_all(&w[0].err) || has_gone(session, were));

    if (over) {
        stop(b, &w[0].err);
        if (culprit < n && w[0].err.kind != ZM_ERR_CANCELLED) {
            zm_copy(b->culprit, sizeof(b->culprit), edits[culprit].user_id);
            settle(b, &edits[culprit], &w[culprit]);
        }
    }
    for (i = 0; i < n && (ok || (n == 1 && !over)); i++)
        settle(b, &edits[i], &w[i]);
    for (i = 0; i < n; i++)
        db_written_done(&w[i]);
    free(w);
    for (i = 0; i < n && !ok && !over && n > 1; i++)
        if (!run_one(session, b, were, &edits[i]))
            break;
}

/* Fills a batch from the page, and settles those who take no part in it. */
static size_t gather(struct db_bulk *b, struct db_edit *edits)
{
    struct one one;
    size_t n = 0;

    while (b->next < b->n_ids && n < DB_WRITE_BATCH) {
        judge(b, b->next++, &one);
        if (one.changes)
            edits[n++] = one.edit;
        else
            settle_now(b, &one);
    }
    return n;
}

#define ROWS_A_BATCH 10000000 /* that may be gone through to find its users: about a second */
#define MANY_ROWS 20000       /* to go through for one user */

/* Every user is locked by himself. Where no index finds him the whole table is read for it: so many
 * rows; 0: an index does. */
static int64_t rows_a_user(const struct db_session *session, enum db_side side)
{
    static const enum db_index indexes[] = {DB_INDEX_PROFILES_USER, DB_INDEX_TRADERS_USER};
    const struct db_link *link = db_session_link(session, side);
    const struct db_facts *facts = link ? db_link_facts(link) : NULL;

    return facts && !(facts->indexes >> indexes[side] & 1) && facts->estimate > 0 ? facts->estimate
                                                                                  : 0;
}

const char *db_bulk_slow(const struct db_session *session)
{
    if (rows_a_user(session, DB_BRAIN) > MANY_ROWS)
        return db_index_row(DB_INDEX_PROFILES_USER)->name;
    if (rows_a_user(session, DB_BOT) > MANY_ROWS)
        return db_index_row(DB_INDEX_TRADERS_USER)->name;
    return NULL;
}

/* One batch has to end before its deadline. */
static size_t batch_of(const struct db_session *session)
{
    int64_t n = DB_WRITE_BATCH;
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        int64_t rows = rows_a_user(session, (enum db_side)side);

        if (rows > 0 && ROWS_A_BATCH / rows < n)
            n = ROWS_A_BATCH / rows;
    }
    return n > 0 ? (size_t)n : 1;
}

bool db_bulk_run(struct db_session *session, struct db_bulk *b, const struct db_edit *edits,
                 size_t n)
{
    bool were[DB_SIDES] = {db_session_link(session, DB_BRAIN) != NULL,
                           db_session_link(session, DB_BOT) != NULL};
    size_t i, size = batch_of(session);

    for (i = 0; were[DB_BRAIN] && i < n && b->state == DB_BULK_READY; i += size)
        run_batch(session, b, were, edits + i, n - i < size ? n - i : size);
    for (i = 0; i < n && !were[DB_BRAIN]; i++)
        if (!run_one(session, b, were, &edits[i])) /* by way of the spool */
            break;
    check_links(session, b, were);
    return b->state == DB_BULK_READY;
}

bool db_bulk_step(struct db_session *session, struct db_bulk *b)
{
    struct db_edit edits[DB_WRITE_BATCH];
    struct zm_error err;
    size_t n;

    if (b->state != DB_BULK_READY)
        return false;
    if (b->next == b->n_ids) {
        b->at += b->n_ids;
        if (!read_page(session, b, &err)) {
            stop(b, &err);
            return false;
        }
        if (b->n_ids == 0) {
            b->state = DB_BULK_FINISHED;
            return false;
        }
    }
    n = gather(b, edits);
    db_bulk_run(session, b, edits, n);
    if (b->state == DB_BULK_READY && b->settled == db_idset_count(b->set))
        b->state = DB_BULK_FINISHED;
    return b->state == DB_BULK_READY;
}
