/*
 * What the help says: the bindings of the shown screen and of every screen, the signs, what this
 * terminal can do. Made from the tables that dispatch reads, so that it cannot be wrong.
 */
#include "screens/help_page.h"

#include "screens/match.h"
#include "zm/str.h"

// clang-format off
static const struct sign {
    const char *sign, *text;
} signs[] = {
    {"=",    "the same in both"},
    {"~",    "differs; ~12: about twelve"},
    {"+",    "a row is missing"},
    {"-",    "rights without a user"},
    {"!",    "a human must decide"},
    {"?",    "unknown: a side is away"},
    {"[ok]", "this gate holds"},
    {"[NO]", "it fails: cannot trade"},
    {"[--]", "it fails: a warning"},
    {"[??]", "unknown: a side is away"},
    {"OLD",  "read before it went away"},
}, check_signs[] = {
    {"[ok]", "as it should be"},
    {"[NO]", "it is not"},
    {"[..]", "waits for a person, or for time"},
    {"[--]", "blocked by another step"},
    {"[  ]", "was not performed yet"},
    {"[st]", "signed, and changed since"},
    {"[wv]", "waived until a day"},
};
// clang-format on

static void add(struct help_page *page, enum help_kind kind, const char *left, const char *text)
{
    if (page->n < HELP_LINES)
        page->line[page->n++] = (struct help_line){kind, left, text, "", APP_NONE};
}

static void add_binding(struct help_page *page, const char *keys, const char *help,
                        const char *name, int action)
{
    if (page->n < HELP_LINES)
        page->line[page->n++] = (struct help_line){HELP_BINDING, keys, help, name, action};
}

static void add_title(struct help_page *page, const char *title)
{
    if (page->n > 0)
        add(page, HELP_BLANK, "", "");
    add(page, HELP_TITLE, "", title);
}

static bool is_found(const char *words, const char *left, const char *name, const char *text)
{
    char all[300];

    snprintf(all, sizeof(all), "%s %s %s", left, name, text);
    return match_words(all, words);
}

static void add_map(struct app *app, const char *words, struct help_page *page,
                    const struct tui_keymap *map)
{
    bool titled = false;
    size_t i;

    for (i = 0; map && i < map->n; i++) {
        const struct tui_binding *b = &map->bindings[i];
        const char *keys = tui_keys_text(app->keys, b);

        if (!keys[0])
            keys = zm_arena_printf(&app->frame, ":%s", b->name);
        if ((b->flags & TUI_BIND_HIDDEN) || !is_found(words, keys, b->name, b->help))
            continue;
        if (!titled)
            add_title(page, map->title);
        titled = true;
        add_binding(page, keys, b->help, b->name, b->action);
    }
}

static void add_screens(struct app *app, const char *words, struct help_page *page)
{
    bool titled = false;
    size_t i;

    for (i = 0; screen_registry[i]; i++) {
        const struct screen *s = screen_registry[i];
        const char *key = zm_arena_strndup(&app->frame, &s->key, 1);

        if (!is_found(words, key, s->name, s->title))
            continue;
        if (!titled)
            add_title(page, "Screens");
        titled = true;
        add_binding(page, key, s->title, s->name, APP_SCREEN_1 + (s->key - '1'));
    }
}

static void add_signs(const char *words, struct help_page *page, const struct sign *sign, size_t n)
{
    bool titled = false;
    size_t i;

    for (i = 0; i < n; i++) {
        if (!is_found(words, sign[i].sign, "sign", sign[i].text))
            continue;
        if (!titled)
            add_title(page, "Signs");
        titled = true;
        add(page, HELP_TEXT, sign[i].sign, sign[i].text);
    }
}

static void add_terminal(struct app *app, const char *words, struct help_page *page)
{
    if (words[0])
        return;
    add_title(page, "This terminal");
    add(page, HELP_TEXT, "TERM",
        zm_arena_printf(&app->frame, "%s, %dx%d", tui_term_name(app->tui), tui_cols(app->tui),
                        tui_rows(app->tui)));
    add(page, HELP_TEXT, "shows",
        zm_arena_printf(&app->frame, "%s, %s", tui_is_ascii(app->tui) ? "ASCII" : "UTF-8",
                        tui_has_colour(app->tui) ? "16 colours" : "no colours"));
    add(page, HELP_TEXT, "times", app->local_time ? "local; :time utc" : "UTC; :time local");
    add(page, HELP_TEXT, "mouse", app->mouse ? "on; % turns it off" : "off; % turns it on");
    add(page, HELP_TEXT, "no F-keys?", "Esc 1, Esc 5, Esc 0");
    add(page, HELP_TEXT, "copy", "OSC 52");
}

const struct view *help_subject(const struct app *app)
{
    return app->view->under ? app->view->under : app->view;
}

const struct help_page *help_page_new(struct app *app, const char *words)
{
    struct help_page *page = zm_arena_alloc(&app->frame, sizeof(*page));

    page->n = 0;
    add_map(app, words, page, help_subject(app)->screen->keymap);
    add_map(app, words, page, &keymap_global);
    add_screens(app, words, page);
    if (help_subject(app)->screen == &screen_check)
        add_signs(words, page, check_signs, ZM_COUNT(check_signs));
    else
        add_signs(words, page, signs, ZM_COUNT(signs));
    add_terminal(app, words, page);
    return page;
}

size_t help_page_bindings(const struct help_page *page)
{
    size_t n = 0, i;

    for (i = 0; i < page->n; i++)
        n += page->line[i].kind == HELP_BINDING;
    return n;
}

size_t help_page_line(const struct help_page *page, size_t binding)
{
    size_t i;

    for (i = 0; i < page->n; i++)
        if (page->line[i].kind == HELP_BINDING && binding-- == 0)
            return i;
    return page->n;
}
