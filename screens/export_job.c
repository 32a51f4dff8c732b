/*
 * The job of an export: it makes the file, which must not be there yet, streams the rows into it
 * and removes it where it is not whole. Runs on the scan lane; the disk may let it wait.
 */
#include "screens/export_job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "screens/app.h"
#include "screens/export.h"
#include "screens/export_run.h"
#include "zm/str.h"

struct export_job {
    struct db_job base;
    struct export_order order;
    struct conf *conf;
    const struct options *options;
    char path[600];
    bool away[DB_SIDES]; /* what only that side knows is missing in the file */
    struct export_run e;
};

static const char failed[] = "export";

static enum out_format format_of(const char *path)
{
    size_t n = strlen(path);

    return n > 5 && zm_streq(path + n - 5, ".json") ? OUT_JSON : OUT_CSV;
}

FILE *export_file_create(const char *path, struct zm_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);

    if (fd >= 0)
        return fdopen(fd, "w");
    zm_error_set(err, errno == EEXIST ? ZM_ERR_USAGE : ZM_ERR_SYSTEM, "", failed,
                 "%.180s: %s; nothing was written", path,
                 errno == EEXIST ? "the file is there already" : strerror(errno));
    if (errno == EEXIST)
        zm_error_hint(err, "E and another name");
    return NULL;
}

/* What went wrong, if it means that rows are missing: a shape that lacks something does not. */
static bool is_whole(const struct export_job *j, const struct command_run *run,
                     struct zm_error *err)
{
    size_t i;

    if (atomic_load(&j->base.cancelled))
        return zm_error_set(err, ZM_ERR_CANCELLED, "", failed, "stopped");
    for (i = 0; i < run->n_said; i++)
        if (run->said[i].kind != ZM_ERR_SHAPE) {
            *err = run->said[i];
            return false;
        }
    return true;
}

static bool check_sides(struct export_job *j, struct db_session *session, struct zm_error *err)
{
    bool users = zm_streq(j->order.kind, "users"), both = zm_streq(j->order.kind, "drift");
    int side;

    for (side = 0; side < DB_SIDES; side++)
        j->away[side] = !db_session_link(session, (enum db_side)side);
    if (both && j->away[DB_BRAIN])
        db_session_away(session, DB_BRAIN, "export", err);
    else if (!j->away[DB_BOT] || (users && !j->away[DB_BRAIN]))
        return true;
    else
        db_session_away(session, DB_BOT, "export", err);
    return false;
}

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct export_job *j = (struct export_job *)job;
    struct command_run command = {
        .options = j->options, .conf = j->conf, .silent = true, .session = *session};
    const struct export_kind *kind;
    bool ok, closed;
    FILE *file;

    if (!check_sides(j, session, err) || !export_find(j->order.kind, &kind, err) ||
        !(file = export_file_create(j->path, err)))
        return false;
    zm_copy(j->e.user, sizeof(j->e.user), j->order.user);
    j->e.filter = j->order.filter;
    j->e.set = j->order.set;
    j->e.run = &command;
    j->e.cancelled = &j->base.cancelled;
    j->e.out = out_new(file, format_of(j->path), false, false, kind->columns, kind->n);
    kind->run(&j->e);
    ok = out_done(j->e.out) && fsync(fileno(file)) == 0;
    closed = fclose(file) == 0;
    if (!ok || !closed)
        zm_error_set(err, ZM_ERR_SYSTEM, "", failed, "write %.180s: %s", j->path, strerror(errno));
    if (ok && closed && is_whole(j, &command, err))
        return true;
    unlink(j->path);
    return false;
}

static void drop(struct db_job *job)
{
    db_idset_free(((struct export_job *)job)->order.set);
    free(job);
}

void export_file_path(const char *name, char *dst, size_t size)
{
    const char *home = getenv("HOME");
    char here[400];

    if (strncmp(name, "~/", 2) == 0 && home)
        snprintf(dst, size, "%s/%s", home, name + 2);
    else if (name[0] != '/' && getcwd(here, sizeof(here)))
        snprintf(dst, size, "%s/%s", here, name);
    else
        zm_copy(dst, size, name);
}

void export_start(struct app *app, struct export_order *order, const char *name)
{
    struct export_job *j = zm_calloc(1, sizeof(*j));

    j->base.run = run;
    j->base.drop = drop;
    j->base.owner = APP_OWNER_EXPORT;
    j->order = *order;
    order->set = NULL;
    j->conf = app->conf;
    j->options = app->options;
    export_file_path(name, j->path, sizeof(j->path));
    app->exporting = &j->base;
    app_say(app, MESSAGE_INFO, "exporting %s; E says how far it is", order->what);
    db_lanes_submit(app->lanes, DB_LANE_SCAN, &j->base);
}

int64_t export_rows(const struct db_job *job)
{
    return atomic_load(&((const struct export_job *)job)->e.rows);
}

const char *export_what(const struct db_job *job)
{
    return ((const struct export_job *)job)->order.what;
}

bool export_job_done(struct app *app, struct db_job *job)
{
    struct export_job *j = (struct export_job *)job;
    const char *rows;

    if (job->owner != APP_OWNER_EXPORT)
        return false;
    app->exporting = NULL;
    app->dirty = true;
    if (!job->ok && job->err.kind == ZM_ERR_CANCELLED) {
        app_say(app, MESSAGE_WARN, "the export of %s was stopped; its file was removed",
                j->order.what);
    } else if (!job->ok) {
        app_fail(app, &job->err);
    } else {
        rows = app_count(app, export_rows(job), false);
        app_say(app, j->away[DB_BRAIN] || j->away[DB_BOT] ? MESSAGE_WARN : MESSAGE_INFO,
                "%s row%s written to %s%s", rows, zm_streq(rows, "1") ? "" : "s", j->path,
                j->away[DB_BRAIN] ? "; ZmartyBrain was away"
                : j->away[DB_BOT] ? "; ZmartBot was away"
                                  : "");
    }
    return true;
}
