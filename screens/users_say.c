/*
 * What is said around the list of users: how many there are, how far a search is, how fresh the
 * rows are.
 */
#include "screens/users_state.h"

void users_crumb(struct app *app, void *state, char *dst, size_t size)
{
    const struct users *u = state;
    int64_t total = app->status[DB_BRAIN].facts.estimate;

    if (!app->status[DB_BRAIN].facts.version)
        total = -1; /* Brain was never reached */
    if (!u->search.on && total < 0)
        snprintf(dst, size, "Users");
    else if (!u->search.on)
        snprintf(dst, size, "Users   %s", app_count(app, total, true));
    else if (users_search_is_slow(u))
        snprintf(dst, size, "Users /%s   searching ...", u->search.edit.text);
    else
        snprintf(dst, size, "Users /%s   %zu of %s", u->search.edit.text, u->rows.n,
                 app_count(app, total, true));
}

static const char *walk_text(struct app *app, const struct users *u)
{
    const struct users_search *s = &u->search;
    const char *searched = app_count(app, s->walk.searched, false);
    const char *total = app_count(app, s->walk.total, true);

    if (s->cut)
        return zm_arena_printf(&app->frame, "first %d, narrow it", USERS_FOUND_MAX);
    if (s->failed)
        return "the search broke off; n goes on";
    if (s->walking && !s->stopped && s->walk.searched == 0)
        return "searching ...";
    if (s->walking && !s->stopped)
        return zm_arena_printf(&app->frame, "searched %s of %s", searched, total);
    if (s->stopped && !s->walk.done)
        return zm_arena_printf(&app->frame, "stopped at %s of %s; n goes on", searched, total);
    if (s->on && s->walk.done)
        return "all searched";
    return "";
}

static const char *marked_text(struct app *app, const struct users *u)
{
    if (u->all)
        return zm_arena_printf(&app->frame, "all /%s marked", u->all_text);
    return u->marks.n ? zm_arena_printf(&app->frame, "%zu marked", u->marks.n) : "";
}

void users_line(struct app *app, void *state, char *dst, size_t size)
{
    const struct users *u = state;
    const char *live = app->paused
                           ? "paused (Z)"
                           : zm_arena_printf(&app->frame, "live %ds", app->conf->refresh_seconds);

    const char *walk = walk_text(app, u);

    if (u->search.editing && u->search.err.kind != ZM_ERR_NONE) {
        snprintf(dst, size, "/%*s%s", 40, "", u->search.err.message);
        return;
    }
    if (u->search.editing) {
        snprintf(dst, size, "/%*s%s", 40, "", walk);
        return;
    }
    snprintf(dst, size, "%s%s%s%s%s", walk, walk[0] ? "   " : "", marked_text(app, u),
             u->marks.n || u->all ? "   " : "", live);
}
