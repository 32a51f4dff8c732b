/*
 * The comparison as a job of the scan lane: it reports how far it is through a few atomic numbers,
 * and can be cancelled at any time. Nothing here waits or draws.
 */
#include "screens/sync_state.h"

#include <stdlib.h>

#include "screens/plan.h"
#include "screens/replica.h"
#include "zm/clock.h"
#include "zm/str.h"

/* ---- in the lane ---- */

static bool take(void *context, const struct db_drift *drift)
{
    struct sync_job *j = context;

    sync_found_add(j->found, drift);
    return !atomic_load(&j->base.cancelled);
}

static void tell(void *context, const struct db_compare_progress *now)
{
    struct sync_progress *p = &((struct sync_job *)context)->progress;
    int i;

    for (i = 0; i < DB_SIDES && now->phase != DB_COMPARE_GRACE; i++) {
        atomic_store(&p->done[i], now->done[i]);
        atomic_store(&p->total[i], now->total[i]);
    }
    atomic_store(&p->found, now->found);
    atomic_store(&p->left_ms, now->seconds_left < 0 ? -1 : (long long)(now->seconds_left * 1000));
    atomic_store(&p->phase, (int)now->phase);
}

static bool stopped(void *context)
{
    return atomic_load(&((struct sync_job *)context)->base.cancelled);
}

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct sync_job *j = (struct sync_job *)job;
    struct db_compare compare = {.scan = &j->scan,
                                 .primary = session,
                                 .policy = &j->conf->policy,
                                 .classes = DB_CLASS_ALL,
                                 .grace_ms = DB_COMPARE_GRACE_MS,
                                 .limit_ms = DB_COMPARE_LIMIT_MS,
                                 .found = take,
                                 .progress = tell,
                                 .stopped = stopped,
                                 .context = j};

    db_plan_sweep(j->directory, j->conf->plan_hours, true);
    sync_found_keep(j->found, j->directory);
    scans_expect(j->scans_path, &compare);
    if (!replica_open(&j->scan, j->conf, session, stopped, j, err) ||
        !db_compare_run(&compare, &j->found->result, err))
        return false;
    sync_found_end(j->found);
    scans_add(j->scans_path, &j->found->result);
    return true;
}

static void drop(struct db_job *job)
{
    struct sync_job *j = (struct sync_job *)job;

    replica_close(&j->scan, j->conf);
    sync_found_free(j->found);
    free(j);
}

/* ---- for the screen ---- */

static void begin_progress(struct sync_progress *p)
{
    int i;

    atomic_store(&p->phase, SYNC_OPENING);
    for (i = 0; i < DB_SIDES; i++)
        atomic_store(&p->total[i], -1);
    atomic_store(&p->left_ms, -1);
}

void sync_scan(struct app *app, struct sync *s)
{
    const char *directory = conf_state_path(app->conf, "findings");
    struct sync_job *j;

    if (s->job)
        return;
    s->due = false;
    equal_stop(app);
    j = zm_calloc(1, sizeof(*j));
    j->base.run = run;
    j->base.drop = drop;
    j->conf = app->conf;
    j->found = sync_found_new();
    zm_copy(j->directory, sizeof(j->directory), directory);
    j->scans_path = app->scans_path;
    begin_progress(&j->progress);
    replica_prepare(&j->scan, app->conf);
    s->job = j;
    s->began_ms = zm_now_ms();
    s->cancelling = false;
    app->dirty = true;
    app_submit(app, s, DB_LANE_SCAN, &j->base);
}

struct sync *sync_of(const struct app *app)
{
    const struct view *view = app->kept[screen_sync.key - '1'];

    return view ? view->state : NULL;
}

void sync_changed(struct app *app)
{
    struct sync *s = sync_of(app);

    if (s)
        s->applied = s->found != NULL;
    if (!s || !s->found || !app_is_up(app, DB_BRAIN) || !app_is_up(app, DB_BOT)) {
        if (s)
            s->due = s->found != NULL;
        equal_changed(app);
        return;
    }
    s->again = s->job != NULL;
    sync_scan(app, s);
}

void sync_applied(struct app *app, int64_t users)
{
    app->mended += users;
}

void sync_mended(struct app *app, const char *id, unsigned classes, unsigned had)
{
    struct sync *s = sync_of(app);
    const struct sync_user *orphan;

    equal_changed(app);
    if (!s || !s->found) { /* then a comparison of before counts him */
        app->mended += !(had & ~classes & DB_CLASS_DRIFT);
        return;
    }
    app->mended += sync_found_mended(s->found, id, classes);
    sync_choices_mended(&s->choices, id, classes);
    orphan = sync_found_disabled(s->found, id);
    if (orphan)
        sync_choose_row(app, &s->choices, orphan, DB_CLASS_ORPHAN_IN_BOT, false);
    s->relist = true;
    sync_settle(s);
}

void sync_scan_cancel(struct app *app, struct sync *s)
{
    if (!s->job || s->cancelling)
        return;
    s->cancelling = true;
    s->plan_wanted = false;
    db_lanes_cancel(app->lanes, &s->job->base, true);
    replica_cancel(&s->job->scan, app->conf);
}

void sync_scan_done(struct app *app, struct sync *s, struct db_job *job)
{
    struct sync_job *j = (struct sync_job *)job;
    struct zm_error lacks;

    if (j != s->job)
        return;
    s->job = NULL;
    app->dirty = true;
    if (s->again && !s->cancelling) {
        s->again = false;
        sync_scan(app, s);
        return;
    }
    s->again = false;
    if (!job->ok) {
        s->err = job->err;
        if (s->cancelling)
            app_say(app, MESSAGE_WARN, "the scan was cancelled: nothing new was found out");
        else
            app_fail(app, &job->err);
        app->equal.blind = app->equal.blind || !s->cancelling;
        s->plan_wanted = false;
        return;
    }
    s->err.kind = ZM_ERR_NONE;
    app->equal.blind = false;
    sync_found_free(s->found);
    s->found = j->found;
    s->applied = false;
    j->found = NULL;
    scans_load(app->scans_path, &app->scans);
    app->mended = 0;
    s->relist = true;
    sync_choices_prune(&s->choices, s->found);
    sync_settle(s);
    if (app->view->state != s) /* where it is shown nobody has to be told */
        app_say(app, MESSAGE_INFO, "%s of %s users differ; %.1f s and %.1f s for the second look",
                app_count(app, s->found->result.users, false),
                app_count(app, s->found->result.brain_users, false), s->found->result.seconds,
                s->found->result.confirm_seconds);
    if (s->found->result.without_subscriptions)
        app_fail(app, &s->found->result.subscriptions_err);
    if (db_compare_lacks(&s->found->result, &lacks))
        app_fail(app, &lacks);
    if (s->plan_wanted && app->view->state == s && !app->overlay)
        plan_make(app, s, false);
    s->plan_wanted = false;
}
