/*
 * What the Sync screen says in single rows: above its panes, on the line of messages, and beside
 * its name. Draws from state only.
 */
#include "screens/sync_state.h"

#include "tui/text.h"
#include "zm/clock.h"
#include "zm/str.h"

/* By the minute; what is newer is new. */
static const char *age_text(struct sync *s)
{
    return zm_now_ms() - s->found->ended_ms < 60000
               ? ""
               : zm_arena_printf(&s->app->frame, ", %s ago", app_age(s->app, s->found->ended_ms));
}

/* What goes first where there is too little room: how many rows were compared, then how long it
 * took. At whom was looked stays. */
void sync_draw_head(struct sync *s, struct tui_box row)
{
    const struct db_compare_result *r = &s->found->result;
    const char *at = app_time(s->app, s->found->at, true);
    const char *when = zm_arena_printf(&s->app->frame, "Last scan %s (%.1f s)%s", at,
                                       r->seconds + r->confirm_seconds, age_text(s));
    const char *rows = zm_arena_printf(&s->app->frame, "%s Brain / %s Bot   ",
                                       app_count(s->app, r->brain_users, false),
                                       app_count(s->app, r->bot_profiles, false));
    const char *scope =
        zm_arena_printf(&s->app->frame, "scope: %s%s", s->filter.len ? "/" : "all", s->filter.text);
    bool ascii = tui_is_ascii(s->app->tui);
    int room = row.cols - 4 - tui_text_cells(scope, ascii), col = 1;

    if (s->filter.len && (int)(strlen(when) + strlen(rows)) > room)
        rows = "";
    if (s->filter.len && (int)strlen(when) > room)
        when = zm_arena_printf(&s->app->frame, "Last scan %s", at);
    col += tui_draw(s->app->tui, row, 0, col, TUI_TEXT, when) + 3;
    col += tui_draw(s->app->tui, row, 0, col, TUI_DIM, rows);
    tui_draw(s->app->tui, row, 0, col, s->filter.len ? TUI_INFO : TUI_DIM, scope);
}

void sync_crumb(struct app *app, void *state, char *dst, size_t size)
{
    const struct sync *s = state;

    (void)app;
    snprintf(dst, size, "Sync%s%s", s->filter.len ? " /" : "", s->filter.text);
}

#define TREND_MAX 6

static int trend_from(struct app *app, size_t from, char *dst, size_t size)
{
    const struct scans *scans = &app->scans;
    int64_t minutes = (scans->line[scans->n - 1].at_s - scans->line[from].at_s + 30) / 60;
    size_t i;
    int n = minutes >= 2880 ? snprintf(dst, size, "   %lldd", (long long)(minutes / 1440))
            : minutes >= 60 ? snprintf(dst, size, "   %lldh", (long long)(minutes / 60))
                            : snprintf(dst, size, "   %lldm", (long long)minutes);

    for (i = from; i < scans->n && n > 0 && (size_t)n < size; i++)
        n +=
            snprintf(dst + n, size - (size_t)n, "%c%s%s", i == from ? ' ' : '>',
                     app_count(app, scans->line[i].users, false), scans->line[i].partly ? "+" : "");
    return n;
}

/* "   7d 23>14>14": what the scans before this one found, since when. The oldest go first where
 * there are not so many cells. */
static void trend(struct app *app, int cells, char *dst, size_t size)
{
    size_t n = app->scans.n, from = n > TREND_MAX ? n - TREND_MAX : 0;

    dst[0] = '\0';
    for (; from + 2 <= n; from++)
        if (trend_from(app, from, dst, size) <= cells)
            return;
    dst[0] = '\0';
}

/* "22 drifted   12 in plan   10 out"; what is left once a plan was applied only a scan says. */
static int counts(const struct sync *s, char *dst, size_t size)
{
    struct app *app = s->app;
    const struct db_compare_result *r = &s->found->result;
    int64_t in = sync_users_in(&s->choices, s->found);
    const char *more = r->unknown ? "+" : "";

    if (r->users == 0 && !r->unknown)
        return snprintf(dst, size, "= nothing differs");
    if (s->applied)
        return snprintf(dst, size, "%s%s drifted", app_count(app, r->users, false), more);
    return snprintf(dst, size, "%s%s drifted   %s in plan   %s out",
                    app_count(app, r->users, false), more, app_count(app, in, false),
                    app_count(app, r->users - in, false));
}

void sync_line(struct app *app, void *state, char *dst, size_t size)
{
    const struct sync *s = state;
    int n;

    dst[0] = '\0';
    if (s->editing)
        return;
    if (s->job && s->plan_wanted) {
        snprintf(dst, size, "it is still looking: the plan follows");
        return;
    }
    if (s->job && !s->found) {
        snprintf(dst, size, "comparing; no key has to wait for it");
        return;
    }
    if (!s->found)
        return;
    if (s->filter.len && !s->applied) { /* how many of all match is known when they are planned */
        snprintf(dst, size, "%s%s drifted   the plan takes those of %s that match /%s",
                 app_count(app, s->found->result.users, false), s->found->result.unknown ? "+" : "",
                 app_count(app, sync_users_in(&s->choices, s->found), false), s->filter.text);
        return;
    }
    n = counts(s, dst, size);
    if (n > 0 && (size_t)n < size && s->found->result.settling > 0)
        n += snprintf(dst + n, size - (size_t)n, "   %s still changing",
                      app_count(app, s->found->result.settling, false));
    if (n > 0 && (size_t)n < size && app->mended > 0)
        snprintf(dst + n, size - (size_t)n, "   %s mended since%s",
                 app_count(app, app->mended, false), s->job || s->due ? "" : ", R looks again");
    else if (n > 0 && (size_t)n < size)
        trend(app, tui_cols(app->tui) - 2 - n, dst + n, size - (size_t)n);
}
