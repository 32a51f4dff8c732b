/*
 * Exports drift by comparing the databases once more: what a file holds was confirmed when it was
 * written. Knows no screen.
 */
#include "screens/export_drift.h"

#include <string.h>

#include "db/compare.h"
#include "screens/json_drift.h"
#include "screens/replica.h"
#include "zm/str.h"

static bool is_wanted(const struct export_run *e)
{
    return out_alive(e->out) && !(e->cancelled && atomic_load(e->cancelled));
}

static bool take(void *context, const struct db_drift *drift)
{
    struct export_run *e = context;
    struct json_drift_values values;

    if (e->user[0] && !zm_streq(e->user, drift->both->id))
        return is_wanted(e);
    json_drift_values(drift, &values);
    out_row(e->out, values.value, out_wants_json(e->out) ? json_drift(drift) : NULL);
    atomic_fetch_add(&e->rows, 1);
    return is_wanted(e);
}

static bool stopped(void *context)
{
    return !is_wanted(context);
}

void export_drift(struct export_run *e)
{
    struct command_run *run = e->run;
    struct db_session scan;
    struct db_compare compare = {.scan = &scan,
                                 .primary = &run->session,
                                 .policy = &run->conf->policy,
                                 .classes = DB_CLASS_ALL,
                                 .grace_ms = DB_COMPARE_GRACE_MS,
                                 .limit_ms = DB_COMPARE_LIMIT_MS,
                                 .found = take,
                                 .stopped = stopped,
                                 .context = e};
    struct db_compare_result result;
    struct zm_error err;
    bool ok;

    memset(&scan, 0, sizeof(scan));
    ok = replica_open(&scan, run->conf, &run->session, stopped, e, &err) &&
         db_compare_run(&compare, &result, &err);
    replica_close(&scan, run->conf);
    if (ok && result.without_subscriptions)
        command_fail(run, &result.subscriptions_err);
    if (ok && db_compare_lacks(&result, &err))
        command_fail(run, &err);
    if (e->since[0])
        command_note(run, "drift is as it is now: --since says nothing about it");
    if (ok || (err.kind == ZM_ERR_CANCELLED && !out_alive(e->out)))
        return;
    if (err.kind == ZM_ERR_SHAPE) /* elsewhere a part is missing; here nobody has looked */
        err.kind = ZM_ERR_DATA;
    command_fail(run, &err);
}
