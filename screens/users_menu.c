/*
 * The menus of the list of users: sort (what is indexed is marked), columns, copy.
 */
#include "screens/users_state.h"

#include "db/facts.h"
#include "screens/menus.h"
#include "screens/users.h"
#include "zm/str.h"

static const struct {
    enum db_sort sort;
    const char *name, *key, *label, *note;
} sorts[] = {
    {DB_SORT_EMAIL, "email", "e", "e-mail", "indexed"},
    {DB_SORT_ID, "id", "i", "id", "indexed"},
    {DB_SORT_CREATED, "created", "c", "created, newest first", "slow without Supabase's index"},
    {DB_SORT_SIGN_IN, "sign_in", "l", "last sign-in, newest first",
     "slow without Supabase's index"},
};

static void choose_sort(struct app *app, struct users *u, size_t i)
{
    u->sort = sorts[i].sort;
    u->descending = false;
    if (u->search.on)
        users_search_clear(app, u);
    else
        users_reload(app, u);
    app_say(app, MESSAGE_INFO, "sorted by %s (%s)", sorts[i].label, sorts[i].note);
}

static bool sort_chosen(struct app *app, void *context, size_t item)
{
    choose_sort(app, context, item);
    return false;
}

void users_menu_sort(struct app *app, struct users *u)
{
    struct tui_menu_item items[ZM_COUNT(sorts)] = {0};
    size_t i;

    for (i = 0; i < ZM_COUNT(sorts); i++) {
        items[i].key = sorts[i].key;
        items[i].label = sorts[i].label;
        items[i].note = sorts[i].note;
        items[i].on = u->sort == sorts[i].sort;
    }
    menu_open(app, "Sort by", items, ZM_COUNT(items), false, sort_chosen, u);
}

bool users_sort(struct app *app, const char *name)
{
    struct users *u = app->kept[0] ? app->kept[0]->state : NULL;
    size_t i;

    for (i = 0; u && i < ZM_COUNT(sorts); i++)
        if (zm_streq(sorts[i].name, name)) {
            choose_sort(app, u, i);
            return true;
        }
    return false;
}

static bool column_toggled(struct app *app, void *context, size_t item)
{
    struct users *u = context;

    (void)app;
    u->table.hidden ^= 1u << item;
    return true;
}

void users_menu_columns(struct app *app, struct users *u)
{
    struct tui_menu_item items[16] = {0};
    size_t i, n = users_n_columns - 1; /* the short verdict is the narrow form of the long one */

    for (i = 0; i < n; i++) {
        items[i].label = users_columns[i].title;
        items[i].on = !(u->table.hidden & (1u << i));
    }
    menu_open(app, "Columns", items, n, true, column_toggled, u);
}

static bool copy_chosen(struct app *app, void *context, size_t item)
{
    const struct users *u = context;
    const struct db_user *user = users_rows_at(&u->rows, u->table.cursor);
    const char *email;

    if (!user)
        return false;
    email = user->login && user->login->email ? user->login->email
            : user->trader                    ? user->trader->email
                                              : NULL;
    switch (item) {
    case 0:
        app_copy(app, "id", user->id);
        break;
    case 1:
        app_copy(app, "e-mail", email);
        break;
    default:
        app_copy(app, "row",
                 zm_arena_printf(&app->frame, "%s\t%s\t%s\t%s\t%s", user->id, zm_text(email),
                                 user->profile ? zm_text(user->profile->tier) : "",
                                 user->trader ? zm_text(user->trader->tier) : "",
                                 db_sync_key(user->sync)));
        break;
    }
    return false;
}

void users_menu_copy(struct app *app, struct users *u)
{
    static const struct tui_menu_item items[] = {
        {.key = "i", .label = "id"}, {.key = "e", .label = "e-mail"}, {.key = "r", .label = "row"}};

    menu_open(app, "Copy", items, ZM_COUNT(items), false, copy_chosen, u);
}
