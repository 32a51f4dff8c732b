/*
 * From what a scan found to a plan, and from a plan to what is shown of it. Runs in a lane: files
 * may be long. Writes to no database.
 */
#include "screens/plan_state.h"

#include <stdlib.h>
#include <unistd.h>

#include "zm/str.h"

#define PAGE 500 /* users read at once */

struct plan_work *plan_work_new(struct app *app)
{
    struct plan_work *w = zm_calloc(1, sizeof(*w));

    w->app = app;
    w->terms = (struct db_terms){.policy = &app->conf->policy, .who = &app->self};
    return w;
}

void plan_work_free(struct plan_work *w)
{
    if (!w)
        return;
    if (w->begun)
        db_repair_done(&w->repair);
    db_plan_close(w->plan);
    if (w->mine && !w->kept && w->path[0])
        unlink(w->path);
    db_idset_free(w->set);
    sync_choices_done(&w->choices);
    zm_arena_done(&w->arena);
    free(w->lines);
    free(w);
}

/* ---- from findings to a file ---- */

static bool stopped(void *context)
{
    return atomic_load(&((struct db_job *)context)->cancelled);
}

/* What of the finding goes into the plan; a row that somebody included by hand was decided. */
static bool choose(struct plan_work *w, const struct db_plan_row *found, struct db_plan_row *ret)
{
    struct sync_user user = {.both = found->seen, .classes = found->classes, .human = found->human};

    *ret = *found;
    ret->classes = sync_matches(&user, &w->filter) ? sync_classes_in(&w->choices, &user) : 0;
    ret->human = 0;
    w->sums.rightless += db_plan_row_trim(ret);
    return ret->classes != 0;
}

static bool copy_rows(struct plan_work *w, struct db_plan *findings, struct db_plan_writer *writer,
                      struct db_job *job, struct zm_error *err)
{
    struct db_plan_row found, row;

    err->kind = ZM_ERR_NONE;
    while (db_plan_next(findings, &found, err)) {
        if (stopped(job))
            return zm_error_set(err, ZM_ERR_CANCELLED, "", "make a plan", "cancelled");
        if (choose(w, &found, &row) && !db_plan_add(writer, &row, err))
            return false;
    }
    return err->kind == ZM_ERR_NONE;
}

static bool copy_findings(struct plan_work *w, struct db_plan_writer *writer, struct db_job *job,
                          struct zm_error *err)
{
    struct db_plan *findings = db_plan_open(w->findings, stopped, job, err);
    bool ok = findings && copy_rows(w, findings, writer, job, err);

    db_plan_close(findings);
    return ok;
}

/* ---- from users to a file ---- */

struct pick {
    struct plan_work *work;
    struct db_plan_writer *writer;
    struct db_job *job;
    struct zm_error err; /* why it stopped */
    char last[37];
};

/* All classes of a user are known with the first of them. */
static bool pick_user(void *context, const struct db_drift *drift)
{
    struct pick *pick = context;
    struct db_plan_row found, row;

    if (strcmp(pick->last, drift->both->id) == 0)
        return true;
    zm_copy(pick->last, sizeof(pick->last), drift->both->id);
    sync_row_of(drift, &found);
    return !choose(pick->work, &found, &row) || db_plan_add(pick->writer, &row, &pick->err);
}

static bool pick_stopped(void *context)
{
    return stopped(((struct pick *)context)->job);
}

static bool read_users(struct plan_work *w, struct db_session *session,
                       struct db_plan_writer *writer, struct db_job *job, struct zm_error *err)
{
    struct pick pick = {.work = w, .writer = writer, .job = job};
    const struct db_compare compare = {.scan = session,
                                       .primary = session,
                                       .policy = w->terms.policy,
                                       .classes = DB_CLASS_ALL,
                                       .found = pick_user,
                                       .stopped = pick_stopped,
                                       .context = &pick};
    struct db_compare_result result;
    const char *ids[PAGE];
    char page[PAGE][37];
    size_t at, n, i;

    for (at = 0;; at += n) {
        if (!db_idset_read(w->set, at, page, PAGE, &n, err))
            return false;
        for (i = 0; i < n; i++)
            ids[i] = page[i];
        if (n == 0)
            return true;
        if (db_compare_users(&compare, ids, n, &result, err))
            continue;
        if (pick.err.kind != ZM_ERR_NONE)
            *err = pick.err;
        return false;
    }
}

static bool write_plan(struct plan_work *w, struct db_session *session, struct db_job *job,
                       struct zm_error *err)
{
    struct db_plan_writer *writer;
    bool ok;

    db_plan_sweep(w->directory, w->app->conf->plan_hours, false);
    writer = db_plan_begin(w->directory, &w->head, err);
    if (!writer)
        return false;
    ok = w->set ? read_users(w, session, writer, job, err) : copy_findings(w, writer, job, err);
    if (!ok) {
        db_plan_drop(writer);
        return false;
    }
    w->mine = db_plan_end(writer, w->path, sizeof(w->path), err);
    return w->mine;
}

/* ---- from a file to lines ---- */

static void add_lines(struct plan_work *w, const struct db_plan_row *row)
{
    struct plan_line lines[DB_CLASSES];
    struct zm_arena scratch = {.head = NULL};
    bool keep = w->n_lines + DB_CLASSES <= PLAN_LINES_MAX;
    struct db_plan_row kept = *row;
    size_t n;

    if (keep)
        db_plan_row_keep(&w->arena, row, &kept);
    n = plan_lines_of(keep ? &w->arena : &scratch, w->terms.policy, &kept, lines);
    plan_sums_add(&w->sums, lines, n);
    w->all_lines += (int64_t)n;
    if (keep)
        memcpy(w->lines + w->n_lines, lines, n * sizeof(*lines));
    w->n_lines += keep ? n : 0;
    zm_arena_done(&scratch);
}

static bool read_plan(struct plan_work *w, struct db_job *job, struct zm_error *err)
{
    struct db_plan_row row;

    w->plan = db_plan_open(w->path, stopped, job, err);
    if (!w->plan)
        return false;
    w->head = *db_plan_head(w->plan);
    w->lines = zm_calloc(PLAN_LINES_MAX, sizeof(*w->lines));
    err->kind = ZM_ERR_NONE;
    while (db_plan_next(w->plan, &row, err)) {
        if (stopped(job))
            return zm_error_set(err, ZM_ERR_CANCELLED, "", "read the plan", "cancelled");
        add_lines(w, &row);
    }
    if (err->kind != ZM_ERR_NONE)
        return false;
    db_plan_rewind(w->plan);
    return true;
}

/* A plan of another pair is not even shown; how old it may be counts when it is applied. With a
 * side away nobody can tell yet. */
static bool is_of_these(const struct plan_work *w, const struct db_session *session,
                        struct zm_error *err)
{
    return !db_session_link(session, DB_BRAIN) || !db_session_link(session, DB_BOT) ||
           plan_work_check(w, session, INT_MAX, err);
}

bool plan_work_make(struct plan_work *w, struct db_session *session, struct db_job *job,
                    struct zm_error *err)
{
    bool is_there = !w->findings[0] && !w->set;

    w->cannot.kind = ZM_ERR_NONE;
    (void)db_repair_allowed(session, &w->cannot);
    w->slow = db_bulk_slow(session);
    if (!is_there)
        return write_plan(w, session, job, err) && read_plan(w, job, err);
    return read_plan(w, job, err) && is_of_these(w, session, err);
}
