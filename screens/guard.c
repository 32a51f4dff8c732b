/*
 * Locking and unlocking. Every change of it goes to syslog and the log with its reason. Knows no
 * dialog and no database.
 */
#include "screens/guard.h"

#include <syslog.h>

#include "screens/app.h"
#include "screens/reason.h"
#include "zm/clock.h"
#include "zm/str.h"

#define MOST_MINUTES (8 * 60)

void guard_start(struct app *app)
{
    struct guard *g = &app->guard;

    g->level = app->options->read_only ? CONF_GUARD_READ_ONLY : app->conf->guard;
    g->key_ms = zm_now_ms();
}

bool guard_is_final(const struct app *app)
{
    return app->guard.level == CONF_GUARD_READ_ONLY;
}

/* Servers that are not those on record: writes wait until a person has said that this is right. */
static bool servers_are_known(struct app *app)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        if (app->status[side].facts.changed_server) {
            app_say(app, MESSAGE_ERROR,
                    "nothing can be written: %s is not the server on record; "
                    "zmartctl init --accept accepts it",
                    db_side_name((enum db_side)side));
            return false;
        }
    return true;
}

bool guard_allows(struct app *app, enum guard_for what)
{
    guard_tick(app);
    if (app->options->read_only) {
        app_say(app, MESSAGE_WARN, "read-only: this console was started with --read-only");
        return false;
    }
    if (app->guard.level == CONF_GUARD_READ_ONLY) {
        app_say(app, MESSAGE_WARN, "read-only: profile %s has guard = \"read_only\"",
                app->conf->profile);
        return false;
    }
    if (app->guard.level == CONF_GUARD_UNLOCK && !app->guard.unlocked && what != GUARD_STOP) {
        app_say(app, MESSAGE_WARN, "locked: ':rw 30m REASON' unlocks it for half an hour");
        return false;
    }
    return servers_are_known(app);
}

/* ---- unlocking ---- */

int guard_minutes(const char *text)
{
    int all = 0;

    while (*text) {
        int n = 0;

        if (*text < '0' || *text > '9')
            return 0;
        for (; *text >= '0' && *text <= '9'; text++)
            if ((n = n * 10 + *text - '0') > MOST_MINUTES)
                return 0;
        if (*text != 'm' && *text != 'h')
            return 0;
        all += *text++ == 'h' ? n * 60 : n;
        if (all > MOST_MINUTES)
            return 0;
    }
    return all;
}

static void record(struct app *app, const char *what, const char *why)
{
    openlog("zmartctl", LOG_PID, LOG_AUTHPRIV);
    syslog(LOG_AUTHPRIV | LOG_NOTICE, "%s profile=%s by=%s reason=\"%s\"", what, app->conf->profile,
           app->who, why);
}

static bool check_args(const struct app *app, const char *span, const char *reason, int minutes,
                       struct zm_error *err)
{
    if (app->guard.level == CONF_GUARD_READ_ONLY)
        return zm_error_set(err, ZM_ERR_REFUSED, "", "", "this session is read-only for good");
    if (app->guard.level == CONF_GUARD_OPEN)
        return zm_error_set(err, ZM_ERR_USAGE, "", "", "this profile is never locked");
    if (minutes == 0)
        zm_error_set(err, ZM_ERR_USAGE, "", "", "'%.20s' is no time between 1m and 8h", span);
    else if (reason_is_blank(reason))
        zm_error_set(err, ZM_ERR_USAGE, "", "", "a reason is needed");
    else
        return true;
    return zm_error_hint(err, ":rw 30m T-4412 wire transfer");
}

bool guard_unlock(struct app *app, const char *args, struct zm_error *err)
{
    struct guard *g = &app->guard;
    size_t len = strcspn(args, " ");
    char span[32];
    const char *reason = args + len + strspn(args + len, " ");
    int minutes;

    snprintf(span, sizeof(span), "%.*s", (int)(len < 31 ? len : 31), args);
    minutes = guard_minutes(span);
    if (!check_args(app, span, reason, minutes, err))
        return false;
    g->unlocked = true;
    g->key_ms = zm_now_ms();
    g->until_ms = g->key_ms + (int64_t)minutes * 60000;
    zm_copy(g->reason, sizeof(g->reason), reason);
    record(app, "unlock", reason);
    app_say(app, MESSAGE_INFO, "unlocked for %d minute%s: %s", minutes, minutes == 1 ? "" : "s",
            reason);
    return true;
}

void guard_lock(struct app *app, const char *why)
{
    if (!app->guard.unlocked) {
        app_say(app, MESSAGE_INFO,
                app->guard.level == CONF_GUARD_OPEN ? "this profile is never locked"
                                                    : "it is locked");
        return;
    }
    app->guard.unlocked = false;
    record(app, "lock", why);
    app_say(app, MESSAGE_INFO, "locked: %s", why);
}

/* ---- time ---- */

static int64_t idle_until(const struct app *app)
{
    int minutes = app->conf->idle_lock_minutes;

    return minutes > 0 ? app->guard.key_ms + (int64_t)minutes * 60000 : ZM_NEVER;
}

int64_t guard_deadline(const struct app *app)
{
    int64_t idle = idle_until(app);

    if (!app->guard.unlocked)
        return ZM_NEVER;
    return idle < app->guard.until_ms ? idle : app->guard.until_ms;
}

void guard_tick(struct app *app)
{
    if (guard_deadline(app) > zm_now_ms())
        return;
    guard_lock(app, idle_until(app) < app->guard.until_ms ? "no key for a while" : "time is up");
}

void guard_key(struct app *app)
{
    guard_tick(app); /* a key that comes too late does not prolong anything */
    app->guard.key_ms = zm_now_ms();
}

bool guard_is_open(const struct app *app)
{
    return app->guard.level == CONF_GUARD_OPEN || app->guard.unlocked;
}

/* The time that is left, and no time of day: that would be one of two zones. */
const char *guard_text(struct app *app)
{
    const struct guard *g = &app->guard;
    int64_t minutes = (g->until_ms - zm_now_ms() + 59999) / 60000;

    if (!guard_is_open(app))
        return "READ-ONLY";
    if (g->level == CONF_GUARD_OPEN)
        return "RW";
    if (minutes >= 60)
        return zm_arena_printf(&app->frame, "RW %lldh%02lldm left", (long long)minutes / 60,
                               (long long)minutes % 60);
    return zm_arena_printf(&app->frame, "RW %lldm left", (long long)(minutes > 0 ? minutes : 0));
}

int64_t guard_text_deadline(const struct app *app)
{
    int64_t now = zm_now_ms();

    return app->guard.unlocked ? now + (app->guard.until_ms - now) % 60000 + 1 : ZM_NEVER;
}
