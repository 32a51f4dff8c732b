/*
 * Names that the palette knows, and which of them is meant by what was typed. Runs nothing.
 */
#include "screens/palette.h"

#include <stdlib.h>
#include <string.h>

#include "zm/str.h"

/* ---- what there is ---- */

static struct palette_entry *entry_named(struct palette_entry *entries, size_t n, const char *name)
{
    size_t i;

    for (i = 0; i < n; i++)
        if (zm_streq(entries[i].name, name))
            return &entries[i];
    return NULL;
}

static size_t add(struct palette_entry *entries, size_t n, struct palette_entry entry)
{
    if (n == PALETTE_ENTRIES)
        return n;
    entries[n] = entry;
    return n + 1;
}

static size_t add_commands(const struct app *app, struct palette_entry *entries, size_t n)
{
    const struct palette_command *c;

    for (c = palette_commands; c->name; c++)
        if (!c->demo || (app->options && app->options->demo))
            n = add(
                entries, n,
                (struct palette_entry){
                    .name = c->name, .args = c->args, .help = c->help, .keys = "", .command = c});
    return n;
}

static size_t add_screens(struct app *app, struct palette_entry *entries, size_t n)
{
    size_t i;

    for (i = 0; screen_registry[i]; i++)
        n = add(entries, n,
                (struct palette_entry){
                    .name = screen_registry[i]->name,
                    .args = "",
                    .help = zm_arena_printf(&app->frame, "go to %s", screen_registry[i]->title),
                    .keys = zm_arena_strndup(&app->frame, &screen_registry[i]->key, 1),
                    .screen = screen_registry[i]});
    return n;
}

static size_t add_map(struct app *app, struct palette_entry *entries, size_t n,
                      const struct tui_keymap *map)
{
    size_t i;

    for (i = 0; map && i < map->n; i++) {
        const struct tui_binding *b = &map->bindings[i];
        struct palette_entry *same = entry_named(entries, n, b->name);

        if (b->flags & TUI_BIND_HIDDEN)
            continue;
        if (same && same->command && same->action == APP_NONE) {
            same->action = b->action;
            same->keys = tui_keys_text(app->keys, b);
        } else if (!same) {
            n = add(entries, n,
                    (struct palette_entry){.name = b->name,
                                           .args = "",
                                           .help = b->help,
                                           .keys = tui_keys_text(app->keys, b),
                                           .action = b->action});
        }
    }
    return n;
}

size_t palette_collect(struct app *app, struct palette_entry ret[PALETTE_ENTRIES])
{
    size_t n = add_screens(app, ret, add_commands(app, ret, 0));

    n = add_map(app, ret, n, app->view->screen->keymap);
    return add_map(app, ret, n, &keymap_global);
}

/* ---- what is meant ---- */

static enum match_rank rank_of(const struct palette_entry *entry, const char *typed)
{
    enum match_rank rank = match_rank(entry->name, typed);

    if (rank < MATCH_INSIDE && strlen(typed) > 2 && match_words(entry->help, typed))
        return MATCH_SCATTERED;
    return rank == MATCH_SCATTERED && strlen(typed) < 2 ? MATCH_NOT : rank;
}

size_t palette_select(struct palette_entry *entries, size_t n, const char *typed)
{
    struct palette_entry *all;
    size_t kept = 0, i;
    int rank;

    if (!typed[0])
        return n;
    all = zm_calloc(n, sizeof(*all));
    memcpy(all, entries, n * sizeof(*all));
    for (rank = MATCH_WHOLE; rank > MATCH_NOT; rank--)
        for (i = 0; i < n; i++)
            if (rank_of(&all[i], typed) == (enum match_rank)rank)
                entries[kept++] = all[i];
    free(all);
    return kept;
}

static const char *nearest(const struct palette_entry *entries, size_t n, const char *word)
{
    const char *names[PALETTE_ENTRIES];
    size_t i;

    for (i = 0; i < n; i++)
        names[i] = entries[i].name;
    return match_nearest(names, n, word);
}

/* "sort, suspend" */
static void list_names(const struct palette_entry *entries, size_t n, const char *word, char *dst,
                       size_t size)
{
    size_t i, used = 0;

    dst[0] = '\0';
    for (i = 0; i < n && used < size; i++)
        if (match_rank(entries[i].name, word) >= MATCH_BEGINS)
            used += (size_t)snprintf(dst + used, size - used, "%s%s", used ? ", " : "",
                                     entries[i].name);
}

const struct palette_entry *palette_resolve(const struct palette_entry *entries, size_t n,
                                            const char *line, struct zm_error *err)
{
    const struct palette_entry *found = NULL;
    char word[64], names[200];
    size_t i, begins = 0;

    line += strspn(line, " ");
    snprintf(word, sizeof(word), "%.*s", (int)strcspn(line, " "), line);
    for (i = 0; i < n; i++) {
        enum match_rank rank = match_rank(entries[i].name, word);

        if (rank == MATCH_WHOLE)
            return &entries[i];
        if (rank == MATCH_BEGINS) {
            found = &entries[i];
            begins++;
        }
    }
    if (begins == 1)
        return found;
    if (begins > 1) {
        list_names(entries, n, word, names, sizeof(names));
        zm_error_set(err, ZM_ERR_USAGE, "", "", "'%s' may be %s", word, names);
        return NULL;
    }
    zm_error_set(err, ZM_ERR_USAGE, "", "", "there is no command '%s'", word);
    if (nearest(entries, n, word))
        zm_error_hint(err, "did you mean %s?", nearest(entries, n, word));
    return NULL;
}
