/*
 * What the palette finds by what was typed: every action by its name, the nearest name for a slip,
 * nothing that is ambiguous; and the days of the Overview's charts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "screens/overview_state.h"
#include "screens/palette.h"
#include "zm/str.h"

struct fixture {
    struct app app;
    struct view view;
    struct palette_entry entries[PALETTE_ENTRIES];
    size_t n;
};

static void start(struct fixture *f, const struct screen *screen)
{
    const struct tui_keymap *const maps[] = {&keymap_global, screen->keymap};

    memset(f, 0, sizeof(*f));
    f->view.screen = screen;
    f->app.view = &f->view;
    f->app.keys = tui_keys_new(maps, ZM_COUNT(maps));
    f->n = palette_collect(&f->app, f->entries);
}

static void stop(struct fixture *f)
{
    tui_keys_free(f->app.keys);
    zm_arena_done(&f->app.frame);
}

static const struct palette_entry *named(const struct fixture *f, const char *name)
{
    const struct palette_entry *found = NULL;
    size_t i;

    for (i = 0; i < f->n; i++)
        if (zm_streq(f->entries[i].name, name)) {
            assert_null(found); /* a name is listed once */
            found = &f->entries[i];
        }
    return found;
}

static void texts_match(void **state)
{
    static const struct {
        const char *name, *typed;
        enum match_rank rank;
    } cases[] = {
        {"overview", "overview", MATCH_WHOLE}, {"overview", "OVERVIEW", MATCH_WHOLE},
        {"overview", "over", MATCH_BEGINS},    {"overview", "", MATCH_BEGINS},
        {"overview", "view", MATCH_INSIDE},    {"overview", "ovw", MATCH_SCATTERED},
        {"overview", "overviews", MATCH_NOT},  {"overview", "wo", MATCH_NOT},
        {"page-down", "pd", MATCH_SCATTERED},  {"", "x", MATCH_NOT},
    };
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++)
        assert_int_equal(match_rank(cases[i].name, cases[i].typed), cases[i].rank);
    assert_true(match_words("ZmartBot: timeout after 5s", "TIMEOUT bot"));
    assert_true(match_words("anything", "   "));
    assert_false(match_words("ZmartBot: timeout", "timeout brain"));
}

static void everything_is_listed_once(void **state)
{
    struct fixture f;
    const struct palette_command *c;
    size_t i;

    (void)state;
    start(&f, &screen_users);
    for (c = palette_commands; c->name; c++) {
        assert_int_equal(named(&f, c->name) != NULL, !c->demo); /* here is no demo */
        assert_true(c->help[0] && c->args[0]);
    }
    for (i = 0; screen_registry[i]; i++)
        assert_ptr_equal(named(&f, screen_registry[i]->name)->screen, screen_registry[i]);
    for (i = 0; i < f.n; i++) {
        (void)named(&f, f.entries[i].name);
        assert_non_null(f.entries[i].help);
    }
    assert_non_null(named(&f, "mark")); /* an action of this screen */
    assert_non_null(named(&f, "quit")); /* and of every screen */
    assert_null(named(&f, "screen-1")); /* hidden: an alias */
    assert_string_equal(named(&f, "users")->keys, "1");
    stop(&f);
    start(&f, &screen_messages);
    assert_null(named(&f, "mark")); /* not here */
    stop(&f);
}

/* `sort` without words is the key's menu, with one it is the command. */
static void a_command_keeps_its_key(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, &screen_users);
    assert_non_null(named(&f, "sort")->command);
    assert_string_equal(named(&f, "sort")->keys, "s");
    assert_int_not_equal(named(&f, "sort")->action, APP_NONE);
    assert_int_equal(named(&f, "connect")->action, APP_CONNECT);
    assert_int_equal(named(&f, "user")->action, APP_NONE);
    stop(&f);
}

static void a_line_names_one_entry(void **state)
{
    static const struct {
        const char *line, *name; /* NULL: refused */
        const char *said;
    } cases[] = {
        {"quit", "quit", ""},
        {"  quit ", "quit", ""},
        {"user ana@example.ro", "user", ""}, /* whole, though users begins so too */
        {"overv", "overview", ""},
        {"so tier", "sort", ""},
        {"pa", NULL, "may be"},
        {"helth", NULL, "did you mean health?"},
        {"xyzzy", NULL, "there is no command 'xyzzy'"},
    };
    struct fixture f;
    size_t i;

    (void)state;
    start(&f, &screen_users);
    for (i = 0; i < ZM_COUNT(cases); i++) {
        struct zm_error err = {.kind = ZM_ERR_NONE};
        const struct palette_entry *e = palette_resolve(f.entries, f.n, cases[i].line, &err);
        char text[600];

        if (cases[i].name) {
            assert_non_null(e);
            assert_string_equal(e->name, cases[i].name);
            continue;
        }
        assert_null(e);
        snprintf(text, sizeof(text), "%s %s", err.message, err.hint);
        if (!strstr(text, cases[i].said))
            fail_msg("'%s' says: %s", cases[i].line, text);
    }
    stop(&f);
}

static void the_best_stands_first(void **state)
{
    struct fixture f;
    size_t n;

    (void)state;
    start(&f, &screen_users);
    n = palette_select(f.entries, f.n, "user");
    assert_true(n >= 2 && n < f.n);
    assert_string_equal(f.entries[0].name, "user");
    assert_string_equal(f.entries[1].name, "users");
    stop(&f);
    start(&f, &screen_users);
    n = palette_select(f.entries, f.n, "clipboard"); /* only its help says so */
    assert_int_equal(n, 1);
    assert_string_equal(f.entries[0].name, "copy");
    stop(&f);
    start(&f, &screen_users);
    assert_int_equal(palette_select(f.entries, f.n, ""), f.n);
    assert_int_equal(palette_select(f.entries, f.n, "qqqqq"), 0);
    stop(&f);
}

static void words_are_checked(void **state)
{
    static const char *const refused[] = {"sort sideways", "time zulu",  "connect moon",   "user",
                                          "mouse maybe",   "pause soon", "filter teir:pro"};
    struct fixture f;
    size_t i;

    (void)state;
    start(&f, &screen_users);
    for (i = 0; i < ZM_COUNT(refused); i++) {
        struct zm_error err = {.kind = ZM_ERR_NONE};
        const struct palette_entry *e = palette_resolve(f.entries, f.n, refused[i], &err);
        const char *words = strchr(refused[i], ' ');

        assert_non_null(e);
        assert_false(e->command->run(&f.app, words ? words + 1 : "", &err));
        assert_int_equal(err.kind, ZM_ERR_USAGE);
        assert_true(err.message[0] != '\0');
    }
    stop(&f);
}

static void filter_words_complete(void **state)
{
    struct fixture f;
    const struct palette_command *filter;
    const char *keys, *values;

    (void)state;
    start(&f, &screen_users);
    filter = named(&f, "filter")->command;
    keys = filter->choices(&f.app, "ti");
    assert_non_null(strstr(keys, "tier:"));
    assert_null(strstr(keys, "tier:pro"));
    values = filter->choices(&f.app, "!tier:p");
    assert_non_null(strstr(values, "tier:pro "));
    assert_non_null(strstr(values, "tier:free "));
    stop(&f);
}

/* Days that are not told are empty, days outside of the chart do not shift it. */
static void days_stand_in_their_places(void **state)
{
    const int64_t now = 1795338000; /* 2026-11-22 09:00 UTC */
    struct db_day_count rows[] = {
        {"2026-10-23", 99}, {"2026-10-24", 3}, {"2026-11-21", 7}, {"2026-11-22", 5},
        {"2026-11-23", 9},  {"nonsense", 4},   {NULL, 4},
    };
    struct db_ask ask = {.ok = true, .rows = {.items = rows, .n = ZM_COUNT(rows)}};
    double days[OVERVIEW_DAYS], sum = 0;
    int i;

    (void)state;
    overview_days(&ask, now, days);
    for (i = 0; i < OVERVIEW_DAYS; i++)
        sum += days[i];
    assert_true(days[0] == 3 && days[28] == 7 && days[29] == 5 && sum == 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_match),
        cmocka_unit_test(everything_is_listed_once),
        cmocka_unit_test(a_command_keeps_its_key),
        cmocka_unit_test(a_line_names_one_entry),
        cmocka_unit_test(the_best_stands_first),
        cmocka_unit_test(words_are_checked),
        cmocka_unit_test(filter_words_complete),
        cmocka_unit_test(days_stand_in_their_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
