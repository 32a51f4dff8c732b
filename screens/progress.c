/*
 * How far a command is, for programs that watch it.
 */
#include "screens/progress.h"

#include <jansson.h>
#include <stdio.h>

#include "screens/json_drift.h"
#include "screens/print_json.h"
#include "zm/clock.h"
#include "zm/str.h"

#define EVERY_MS 500
#define APPLYING 1000 /* a phase beside those of a comparison */

/* Whether it is time, or news. */
static bool is_due(struct progress *progress, int phase, bool last)
{
    int64_t now = zm_now_ms();

    if (!progress->on || (!last && progress->phase == phase && now - progress->told_ms < EVERY_MS))
        return false;
    progress->phase = phase;
    progress->told_ms = now;
    return true;
}

static void put(const struct progress *progress, json_t *object)
{
    struct zm_buf line = {.s = NULL};

    print_json(&line, object, progress->ascii);
    fprintf(stderr, "%s\n", line.s);
    zm_buf_done(&line);
}

void progress_compare(struct progress *progress, const struct db_compare_progress *at)
{
    if (is_due(progress, (int)at->phase, false))
        put(progress, json_drift_progress(at));
}

void progress_apply(struct progress *progress, size_t done, size_t total, bool last)
{
    json_t *object;
    double seconds;

    if (progress->apply_ms == 0)
        progress->apply_ms = zm_now_ms();
    if (!is_due(progress, APPLYING, last))
        return;
    object = json_object();
    json_object_set_new(object, "progress", json_string("apply"));
    json_object_set_new(object, "done", json_integer((json_int_t)done));
    json_object_set_new(object, "total", json_integer((json_int_t)total));
    seconds = (double)(zm_now_ms() - progress->apply_ms) / 1000;
    json_object_set_new(object, "seconds_left",
                        done == 0
                            ? json_null()
                            : json_drift_seconds(seconds * (double)(total - done) / (double)done));
    put(progress, object);
}
