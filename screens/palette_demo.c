/*
 * Stops and starts a server of the demo, on a lane because that takes a moment. What comes of it is
 * seen by the connections, as with any other server; only a failure is said here.
 */
#include "screens/palette_demo.h"

#include <stdlib.h>
#include <string.h>

#include "zm/str.h"

struct demo_job {
    struct db_job base;
    struct app *app;
    const struct db_servers *servers;
    enum db_side side;
    bool outage;
};

static bool run_demo(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct demo_job *j = (struct demo_job *)job;

    (void)session;
    return j->outage ? db_servers_halt(j->servers, j->side, err)
                     : db_servers_resume(j->servers, j->side, err);
}

/* No screen waits for it. */
static void drop_demo(struct db_job *job)
{
    struct demo_job *j = (struct demo_job *)job;

    if (!job->ok && job->err.kind != ZM_ERR_NONE)
        app_fail(j->app, &job->err);
    free(j);
}

static void submit(struct app *app, const struct db_servers *servers, enum db_side side,
                   bool outage)
{
    struct demo_job *j = zm_calloc(1, sizeof(*j));

    j->base.run = run_demo;
    j->base.drop = drop_demo;
    j->app = app;
    j->servers = servers;
    j->side = side;
    j->outage = outage;
    app_say(app, MESSAGE_INFO, "%s %s", outage ? "stopping" : "starting", db_side_name(side));
    app_submit(app, NULL, DB_LANE_SCAN, &j->base);
}

const char *palette_demo_choices(struct app *app, const char *word)
{
    (void)app;
    (void)word;
    return "outage resume brain bot";
}

bool palette_demo_run(struct app *app, const struct db_servers *servers, const char *args,
                      struct zm_error *err)
{
    size_t n = strcspn(args, " ");
    const char *which = args + n + strspn(args + n, " ");
    bool outage = n == 6 && strncmp(args, "outage", n) == 0;
    bool resume = n == 6 && strncmp(args, "resume", n) == 0, done = false;
    int side;

    for (side = 0; (outage || resume) && side < DB_SIDES; side++) {
        bool meant = zm_streq(which, db_side_key((enum db_side)side)) ||
                     (resume && !which[0] && !app_is_up(app, (enum db_side)side));

        if (meant)
            submit(app, servers, (enum db_side)side, outage);
        done = done || meant;
    }
    if (done)
        return true;
    if (resume && !which[0])
        return zm_error_set(err, ZM_ERR_USAGE, "", "", "both servers run");
    zm_error_set(err, ZM_ERR_USAGE, "", "", "demo stops or starts one of its servers");
    return zm_error_hint(err, "outage brain, outage bot, resume");
}
