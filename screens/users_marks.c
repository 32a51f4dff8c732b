/*
 * Marking users: one, a range, all that the filter found. A mark belongs to the user id and
 * survives every change of the list.
 */
#include "screens/users_state.h"

#include "zm/str.h"

unsigned users_row_state(void *context, size_t row)
{
    const struct app *app = context;
    const struct users *u = app->kept[0]->state;
    const struct db_user *user = users_rows_at(&u->rows, row);

    return user && users_marks_has(&u->marks, user->id) ? TUI_MARKED : 0;
}

static void mark_row(struct users *u, size_t row, bool on)
{
    const struct db_user *user = users_rows_at(&u->rows, row);

    if (user)
        users_marks_set(&u->marks, user->id, on);
}

void users_mark_toggle(struct app *app, struct users *u)
{
    const struct db_user *user = users_rows_at(&u->rows, u->table.cursor);

    if (!user)
        return;
    if (u->all) /* all but one is not what a filter says */
        app_say(app, MESSAGE_WARN, "only the %zu marked rows now, no longer all that match /%s",
                u->marks.n, u->all_text);
    u->all = false;
    users_marks_set(&u->marks, user->id, !users_marks_has(&u->marks, user->id));
}

void users_mark_range(struct app *app, struct users *u)
{
    size_t from = u->mark_from, to = u->table.cursor, i;

    if (from == SIZE_MAX || from >= u->rows.n) {
        u->mark_from = to;
        mark_row(u, to, true);
        app_say(app, MESSAGE_INFO, "range begins here; V again ends it");
        return;
    }
    for (i = from < to ? from : to; i <= (from < to ? to : from); i++)
        mark_row(u, i, true);
    u->mark_from = SIZE_MAX;
}

void users_mark_all(struct app *app, struct users *u)
{
    size_t i;

    if (!u->all)
        u->others = u->marks.n > 0;
    if (!u->search.on) {
        app_say(app, MESSAGE_WARN, "filter first: * marks what the filter found");
        return;
    }
    for (i = 0; i < u->rows.n; i++)
        mark_row(u, i, true);
    u->all = true;
    u->all_filter = u->search.filter;
    zm_copy(u->all_text, sizeof(u->all_text), u->search.applied);
    if (!u->search.walk.done || u->search.cut)
        app_say(app, MESSAGE_INFO,
                "all that match /%s are marked: %zu are listed, t and X find the others",
                u->all_text, u->rows.n);
}
