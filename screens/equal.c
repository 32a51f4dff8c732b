/*
 * The state of row 2 and the job that asks "are they equal?" on the lane of comparisons. It fails
 * in silence: nobody asked for it, and a comparison says why it cannot look.
 */
#include "screens/equal.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/compare.h"
#include "screens/app.h"
#include "screens/frame.h"
#include "screens/replica.h"
#include "zm/clock.h"
#include "zm/str.h"

#define AFTER_MS 500 /* the first screen comes first */
#define AGAIN_MS 600000
#define SETTLE_MS 3000 /* a change is on its way from one side to the other for so long */
#define LOOKS 4        /* after so many that say something else each there is no answer */
#define LIMIT_MS 10000 /* tables that take longer are only compared when somebody says so */

struct question {
    struct db_job base;
    const struct conf *conf;
    struct db_session scan; /* replicas where there are some */
    const char *scans_path;
    struct db_compare_result result;
    struct scans scans; /* as others may have left them meanwhile */
};

/* ---- in the lane ---- */

static bool stopped(void *context)
{
    return atomic_load(&((struct question *)context)->base.cancelled);
}

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct question *q = (struct question *)job;
    struct db_compare compare = {.scan = &q->scan,
                                 .primary = session,
                                 .policy = &q->conf->policy,
                                 .classes = DB_CLASS_ALL,
                                 .limit_ms = LIMIT_MS,
                                 .quick = true,
                                 .stopped = stopped,
                                 .context = q};

    scans_load(q->scans_path, &q->scans);
    return replica_open(&q->scan, q->conf, session, stopped, q, err) &&
           db_compare_run(&compare, &q->result, err);
}

static void drop(struct db_job *job)
{
    struct question *q = (struct question *)job;

    replica_close(&q->scan, q->conf);
    free(q);
}

/* ---- when ---- */

int64_t equal_at(const struct app *app)
{
    const struct scan_line *last = scans_last(&app->scans);

    return last && last->at_s > app->equal.at_s ? last->at_s : app->equal.at_s;
}

static bool is_old(const struct app *app)
{
    const struct equal *e = &app->equal;

    return (int64_t)time(NULL) - equal_at(app) >= AGAIN_MS / 1000 &&
           (e->tried_ms == 0 || zm_now_ms() - e->tried_ms >= AGAIN_MS);
}

static bool can_ask(const struct app *app)
{
    return app_is_up(app, DB_BRAIN) && app_is_up(app, DB_BOT) && !app->equal.too_slow;
}

void equal_status(struct app *app)
{
    struct equal *e = &app->equal;

    if (!e->job && e->due_ms == 0 && can_ask(app) && is_old(app))
        e->due_ms = zm_now_ms() + AFTER_MS;
}

void equal_key(struct app *app)
{
    if (!app->paused)
        equal_status(app);
}

int64_t equal_deadline(const struct app *app)
{
    return app->equal.due_ms > 0 ? app->equal.due_ms : ZM_NEVER;
}

void equal_tick(struct app *app)
{
    struct equal *e = &app->equal;
    struct question *q;

    if (e->due_ms == 0 || zm_now_ms() < e->due_ms)
        return;
    e->due_ms = 0;
    e->tried_ms = zm_now_ms();
    q = zm_calloc(1, sizeof(*q));
    q->base.run = run;
    q->base.drop = drop;
    q->base.owner = APP_OWNER_EQUAL;
    q->conf = app->conf;
    q->scans_path = app->scans_path;
    replica_prepare(&q->scan, app->conf);
    e->job = &q->base;
    db_lanes_submit(app->lanes, DB_LANE_SCAN, e->job);
}

void equal_stop(struct app *app)
{
    const struct question *q = (const struct question *)app->equal.job;

    app->equal.due_ms = 0;
    app->equal.looks = 0;
    if (!q)
        return;
    db_lanes_cancel(app->lanes, app->equal.job, true);
    replica_cancel(&q->scan, app->conf);
}

void equal_changed(struct app *app)
{
    equal_stop(app);
    if (can_ask(app))
        app->equal.due_ms = zm_now_ms() + AFTER_MS;
}

/* Two moments are not one: what differs the second time in the same way was not on its way. */
static void take_answer(struct equal *e, const struct db_compare_result *result)
{
    bool sure = result->equal || (e->looks > 0 && result->difference == e->difference);

    if (sure) {
        e->equal = result->equal;
        e->at_s = (int64_t)time(NULL);
    }
    e->difference = result->difference;
    e->looks = sure || e->looks + 1 == LOOKS ? 0 : e->looks + 1;
    if (e->looks > 0)
        e->due_ms = zm_now_ms() + SETTLE_MS;
}

/* A comparison that was taken elsewhere since is on record as well. */
static void take_scans(struct app *app, const struct scans *scans)
{
    const struct scan_line *mine = scans_last(&app->scans), *theirs = scans_last(scans);

    if (!theirs || (mine && theirs->at_s <= mine->at_s))
        return;
    app->scans = *scans;
    app->mended = 0;
    app->equal.blind = false;
}

/* What the question cannot do without is hidden or gone: what row 2 says is not known any more. Of
 * an older shape a comparison knows a part; and sums that cannot tell are no failure. */
static bool is_blinded(const struct app *app, const struct question *q)
{
    const struct scan_line *last = scans_last(&app->scans);

    switch (q->base.err.kind) {
    case ZM_ERR_HIDDEN:
    case ZM_ERR_PRIVILEGE:
        return equal_at(app) > 0;
    case ZM_ERR_SHAPE:
        return equal_at(app) > 0 && !q->result.streamed && !(last && last->partly);
    default:
        return false;
    }
}

bool equal_job_done(struct app *app, struct db_job *job)
{
    struct equal *e = &app->equal;
    const struct question *q = (const struct question *)job;

    if (job->owner != APP_OWNER_EQUAL)
        return false;
    if (e->job != job) /* stopped, and asked again already */
        return true;
    e->job = NULL;
    e->too_slow = !job->ok && job->err.kind == ZM_ERR_TIMEOUT && /* the server's own limit, */
                  zm_streq(job->err.sqlstate, "57014");          /* and no cancelling */
    take_scans(app, &q->scans);
    if (job->ok) {
        take_answer(e, &q->result);
        e->blind = false;
    } else {
        e->looks = 0;
        e->blind = e->blind || is_blinded(app, q);
    }
    app->dirty = true;
    return true;
}

/* ---- what is said ---- */

/* Users who differ by the newest comparison, as far as they were not mended here since. */
static int64_t differing(const struct app *app, const struct scan_line *last)
{
    return last && last->users > app->mended ? last->users - app->mended : 0;
}

/* The same of what the quick question does not look at. */
static int64_t differing_unasked(const struct app *app, const struct scan_line *last)
{
    int64_t n = last ? last->classes[DB_CLASS_SUBSCRIPTION_DIFFERS] +
                           last->classes[DB_CLASS_DELETED_IN_BRAIN]
                     : 0;

    return n < differing(app, last) ? n : differing(app, last);
}

static void put_age(char *dst, size_t size, int64_t at_s)
{
    long long age = (long long)time(NULL) - at_s;

    if (age >= 86400)
        snprintf(dst, size, " %lldd", age / 86400);
    else if (age >= 3600)
        snprintf(dst, size, " %lldh", age / 3600);
    else if (age >= 60)
        snprintf(dst, size, " %lldm", age / 60);
    else
        dst[0] = '\0';
}

/* Up, and not silent so long that row 1 says so. */
static bool is_heard(const struct app *app, enum db_side side)
{
    return app_is_up(app, side) && !frame_is_silent(app, side);
}

void equal_text(const struct app *app, char *dst, size_t size)
{
    const struct scan_line *last = scans_last(&app->scans);
    const struct equal *e = &app->equal;
    bool quick = !last || e->at_s > last->at_s;
    int64_t n = quick && e->equal ? differing_unasked(app, last) : differing(app, last);
    int64_t at_s = n > 0 ? last->at_s : equal_at(app);

    dst[0] = '\0';
    if (!is_heard(app, DB_BRAIN) || !is_heard(app, DB_BOT)) {
        if (at_s > 0 || app->status[DB_BRAIN].state == DB_RETRY ||
            app->status[DB_BOT].state == DB_RETRY)
            snprintf(dst, size, " ?");
    } else if (e->blind) {
        snprintf(dst, size, " ?");
        return;
    } else if (n > 0) {
        snprintf(dst, size, " %lld%s!", (long long)n, last->partly ? "+" : "");
    } else if (at_s > 0) {
        snprintf(dst, size, " %s",
                 quick             ? e->equal ? "=?" : "!"
                 : last->partly    ? "?"  /* what could not be looked at may differ */
                 : app->mended > 0 ? "=?" /* nobody has looked since */
                                   : "=");
    }
    if (at_s > 0)
        put_age(dst + strlen(dst), size - strlen(dst), at_s);
}
