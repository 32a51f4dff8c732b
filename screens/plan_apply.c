/*
 * A plan's work in the lanes: making it, and one batch after the other. Each job is short once it
 * writes, so that pause and stop are heard between two of them.
 */
#include "screens/plan_state.h"

#include <stdlib.h>

#include "screens/json_drift.h"
#include "zm/clock.h"
#include "zm/str.h"

const char *plan_counts_text(const struct db_repair_counts *c, char *dst, size_t size)
{
    const struct {
        size_t n;
        const char *what;
    } rows[] = {{c->done, "done"},
                {c->unchanged, "already so"},
                {c->skipped, "changed since the plan, skipped"},
                {c->refused, "refused"},
                {c->failed, "failed"},
                {c->unknown, "not known"},
                {c->not_tried, "not started"}};
    size_t i, n = 0;

    dst[0] = '\0';
    for (i = 0; i < ZM_COUNT(rows) && n < size; i++)
        if (rows[i].n > 0 || i == 0)
            n += (size_t)snprintf(dst + n, size - n, "%s%zu %s", i ? ", " : "", rows[i].n,
                                  rows[i].what);
    return dst;
}

/* ---- what is heard of single users ---- */

static const char *word_of(const struct db_written *written)
{
    switch (written->result) {
    case DB_RESULT_DONE:
        return written->changed ? "ok  " : "same";
    case DB_RESULT_STALE:
        return "SKIP";
    case DB_RESULT_REFUSED:
        return "NO  ";
    default:
        return "FAIL";
    }
}

static void add_recent(struct plan_work *w, const struct db_plan_row *row,
                       const struct db_written *written)
{
    struct plan_line lines[DB_CLASSES];
    struct zm_arena scratch = {.head = NULL};
    size_t n = plan_lines_of(&scratch, w->terms.policy, row, lines);
    const char *email = json_drift_email(&row->seen);
    char *text;

    if (w->n_recent == PLAN_RECENT) {
        memmove(w->recent[0], w->recent[1], (PLAN_RECENT - 1) * sizeof(w->recent[0]));
        w->n_recent--;
    }
    text = w->recent[w->n_recent++];
    if (written->result == DB_RESULT_DONE && n > 0)
        snprintf(text, PLAN_SAID, "%s %c %-28.60s %-10.12s  %.100s%s", word_of(written),
                 lines[0].sign, email ? email : row->seen.id, lines[0].what, lines[0].change,
                 n > 1 ? ", ..." : "");
    else
        snprintf(text, PLAN_SAID, "%s   %-28.60s %.140s", word_of(written),
                 email ? email : row->seen.id, written->message);
    zm_arena_done(&scratch);
}

/* Whether nothing of him differs any more: an orphan stays one, and what a person has to decide or
 * was left out is still there. */
static bool is_mended(const struct plan_work *w, const struct db_plan_row *row)
{
    struct db_classified classified;

    db_classify(w->terms.policy, &row->seen, &classified);
    return !(classified.classes & DB_CLASS_DRIFT & ~row->classes) &&
           !(classified.classes & DB_CLASS_BIT(DB_CLASS_ORPHAN_IN_BOT));
}

/* Whole: it is kept with the messages. */
static void add_named(struct plan_work *w, const char *who, const struct db_written *written)
{
    const char *state = written->err.sqlstate;

    snprintf(w->named[w->n_named++], PLAN_SAID, "%s  %.60s: %.512s%s%s%s", word_of(written), who,
             written->message, state[0] ? " (" : "", state, state[0] ? ")" : "");
}

static void take(void *context, const struct db_plan_row *row, const struct db_written *written)
{
    struct plan_work *w = context;
    const char *email = json_drift_email(&row->seen);

    add_recent(w, row, written);
    w->mended += written->result == DB_RESULT_DONE && written->changed && is_mended(w, row);
    if (written->result != DB_RESULT_DONE && w->n_named < PLAN_NAMED_MAX)
        add_named(w, email ? email : row->seen.id, written);
}

/* ---- in the lane ---- */

bool plan_work_check(const struct plan_work *w, const struct db_session *session, int hours,
                     struct zm_error *err)
{
    const struct db_facts *facts[DB_SIDES];
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        const struct db_link *link = db_session_link(session, (enum db_side)side);

        if (!link)
            return db_session_away(session, (enum db_side)side, "apply the plan", err);
        facts[side] = db_link_facts(link);
    }
    return db_plan_check(&w->head, facts, hours, err);
}

static bool begin(struct plan_work *w, struct zm_error *err)
{
    memset(&w->repair, 0, sizeof(w->repair));
    w->repair.terms = &w->terms;
    w->repair.plan = w->plan;
    w->repair.classes = DB_CLASS_ALL;
    w->repair.reason = w->reason;
    w->repair.stop_errors = (size_t)w->app->conf->stop_errors;
    w->repair.take = take;
    w->repair.context = w;
    w->n_named = w->n_recent = 0;
    w->mended = 0;
    w->kept = true; /* what was applied can be read afterwards */
    w->begun = db_repair_begin(&w->repair, err);
    return w->begun;
}

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct plan_job *j = (struct plan_job *)job;
    struct plan_work *w = j->work;

    if (j->stage == PLAN_MAKING)
        return plan_work_make(w, session, job, err);
    if ((!w->begun || w->resumed) && !plan_work_check(w, session, w->app->conf->plan_hours, err))
        return false;
    w->resumed = false;
    if (!w->begun && !begin(w, err))
        return false;
    db_repair_step(session, &w->repair);
    return true;
}

/* The program ended while a batch was under way. */
static void tell_late(const struct plan_job *j)
{
    struct plan_work *w = j->work;
    char text[200];

    if (j->stage != PLAN_RUNNING)
        return;
    zm_error_set(&w->app->fatal, ZM_ERR_CANCELLED, "", "", "plan %.8s was stopped: %s", w->head.id,
                 plan_counts_text(&w->repair.counts, text, sizeof(text)));
    zm_error_hint(&w->app->fatal, "what is done stays done; a new plan does the rest");
}

static void drop(struct db_job *job)
{
    struct plan_job *j = (struct plan_job *)job;

    if (j->work) {
        tell_late(j);
        plan_work_free(j->work);
    }
    free(j);
}

void plan_submit(struct plan *p, enum plan_stage stage)
{
    struct plan_job *j = zm_calloc(1, sizeof(*j));

    j->base.run = run;
    j->base.drop = drop;
    j->base.owner = APP_OWNER_PLAN;
    j->stage = stage;
    j->work = p->work;
    p->stage = stage;
    p->job = j;
    p->asked_ms = zm_now_ms();
    p->app->dirty = true;
    db_lanes_submit(p->app->lanes, stage == PLAN_RUNNING ? DB_LANE_WRITE : DB_LANE_SCAN, &j->base);
}

/* ---- for the loop ---- */

bool plan_is_writing(const struct app *app)
{
    return app->plan && app->plan->job && app->plan->stage == PLAN_RUNNING;
}

void plan_leave(struct app *app)
{
    app->quitting = true;
    app->plan->stopping = true;
    db_lanes_cancel(app->lanes, &app->plan->job->base, true);
}

void plan_abandon(struct app *app)
{
    zm_error_set(&app->fatal, ZM_ERR_LOST, "", "",
                 "a batch of plan %.8s did not end in time: what became of it is not known",
                 app->plan->head.id);
    zm_error_hint(&app->fatal, "Health lists what is unfinished once both databases answer");
}

int64_t plan_deadline(const struct app *app)
{
    const struct plan *p = app->plan;

    if (!p || !p->job)
        return ZM_NEVER;
    return p->asked_ms + ((zm_now_ms() - p->asked_ms) / 1000 + 1) * 1000;
}
