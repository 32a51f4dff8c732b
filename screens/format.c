/*
 * Values as the screens show them: times, counts, ages, what is not there. Texts live in the arena
 * of the frame. Numbers of the server are never computed with here.
 */
#include "screens/app.h"

#include <stdlib.h>
#include <time.h>

#include "tui/text.h"
#include "zm/clock.h"
#include "zm/str.h"

/* "2026-11-22T09:14:02Z" as a time; false for anything else (infinity, BC, a plain date). */
static bool parse_utc(const char *utc, struct tm *ret)
{
    const char *end;

    memset(ret, 0, sizeof(*ret));
    end = strptime(utc, "%Y-%m-%dT%H:%M:%S", ret);
    return end && (zm_streq(end, "Z") || *end == '.');
}

static const char *time_text(struct app *app, time_t t, bool brief)
{
    char text[40];
    struct tm tm;

    if (!(app->local_time ? localtime_r(&t, &tm) : gmtime_r(&t, &tm)))
        return "";
    strftime(text, sizeof(text), brief ? "%m-%d %H:%M" : "%Y-%m-%d %H:%M:%S", &tm);
    return zm_arena_strdup(&app->frame, text);
}

const char *app_time(struct app *app, const char *utc, bool brief)
{
    struct tm tm;

    if (!utc)
        return "";
    return parse_utc(utc, &tm) ? time_text(app, timegm(&tm), brief) : utc;
}

const char *app_time_of(struct app *app, int64_t at_ms)
{
    return time_text(app, time(NULL) - (time_t)((zm_now_ms() - at_ms) / 1000), true);
}

const char *app_line(struct app *app, const char *text)
{
    struct zm_buf line = {.s = NULL};
    const char *ret;

    tui_text_clean(&line, text, tui_is_ascii(app->tui));
    ret = zm_arena_strdup(&app->frame, zm_text(line.s));
    zm_buf_done(&line);
    return ret;
}

const char *app_value(const struct app *app, const char *text)
{
    if (text)
        return text;
    return app->tui && !tui_is_ascii(app->tui) ? "\xe2\x88\x85" : "-"; /* the empty set sign */
}

const char *app_newer_text(const struct app *app)
{
    return app->status[DB_BRAIN].facts.journal_unprotected
               ? "The journal is not protected: who wrote it is not known"
               : "No change of ours wrote it: somebody wrote Bot directly";
}

const char *app_tier(const char *tier)
{
    return zm_streq(tier, "enterprise") ? "ent" : tier;
}

const char *app_count(struct app *app, int64_t n, bool estimated)
{
    char digits[24], text[40];
    size_t len, i, at = 0;

    if (n < 0)
        return "?";
    snprintf(digits, sizeof(digits), "%lld", (long long)n);
    len = strlen(digits);
    if (estimated)
        text[at++] = '~';
    for (i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = digits[i];
    }
    text[at] = '\0';
    return zm_arena_strdup(&app->frame, text);
}

const char *app_age(struct app *app, int64_t since_ms)
{
    long long s = (long long)((zm_now_ms() - since_ms) / 1000);

    if (s < 60)
        return zm_arena_printf(&app->frame, "%llds", s < 0 ? 0 : s);
    if (s < 3600)
        return zm_arena_printf(&app->frame, "%lldm", s / 60);
    if (s < 86400)
        return zm_arena_printf(&app->frame, "%lldh", s / 3600);
    return zm_arena_printf(&app->frame, "%lldd", s / 86400);
}

bool app_is_up(const struct app *app, enum db_side side)
{
    return app->status[side].state == DB_UP;
}

static const char *project(const struct app *app, enum db_side side)
{
    const char *ref = app->conf->target[side].project;

    return ref ? ref : app->status[side].facts.dbname;
}

void app_about(const struct app *app, char *dst, size_t size)
{
    snprintf(dst, size, "%s: ZmartyBrain %s, ZmartBot %s", app->conf->label, project(app, DB_BRAIN),
             project(app, DB_BOT));
}
