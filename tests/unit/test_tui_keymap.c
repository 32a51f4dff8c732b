/*
 * Bindings: what the tables say, what the configuration may change, and what it may not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "tui/key.h"
#include "tui/keymap.h"
#include "zm/str.h"

enum action { DOWN = 1, QUIT, STOP, FILTER, OPEN, TIER, EXPORT };

// clang-format off
static const struct tui_binding global_bindings[] = {
    {"j Down", DOWN, "down", "", "next row", TUI_BIND_HIDDEN},
    {"q", QUIT, "close", "close", "close the view", TUI_BIND_BAR},
    {"X", STOP, "stop", "STOP TRADING", "stop one user's trading", TUI_BIND_FIXED | TUI_BIND_WRITE},
};
static const struct tui_binding users_bindings[] = {
    {"/ F3", FILTER, "filter", "filter", "narrow the list", TUI_BIND_BAR},
    {"Enter", OPEN, "open", "open", "everything about the user", TUI_BIND_BAR},
    {"t", TIER, "tier", "tier", "change the tier", TUI_BIND_BAR | TUI_BIND_WRITE},
    {"", EXPORT, "export", "export", "write a file", 0},
};
static const struct tui_keymap global_map = {"global", "Everywhere", global_bindings, ZM_COUNT(global_bindings)};
static const struct tui_keymap users_map = {"users", "Users", users_bindings, ZM_COUNT(users_bindings)};
// clang-format on

static int setup(void **state)
{
    const struct tui_keymap *maps[] = {&global_map, &users_map};

    *state = tui_keys_new(maps, ZM_COUNT(maps));
    return 0;
}

static int teardown(void **state)
{
    tui_keys_free(*state);
    return 0;
}

static int action_of(const struct tui_keys *keys, const struct tui_keymap *map, const char *name)
{
    const struct tui_binding *b = tui_keys_find(keys, map, tui_key_parse(name, strlen(name)));

    return b ? b->action : 0;
}

static void finds(void **state)
{
    struct tui_keys *keys = *state;
    struct zm_error err;
    char first[24];

    assert_true(tui_keys_check(keys, &err));
    assert_int_equal(action_of(keys, &users_map, "/"), FILTER);
    assert_int_equal(action_of(keys, &users_map, "F3"), FILTER);
    assert_int_equal(action_of(keys, &users_map, "j"), 0); /* it is global's */
    assert_int_equal(action_of(keys, &global_map, "Down"), DOWN);
    assert_int_equal(tui_keys_by_name(keys, &users_map, "export")->action, EXPORT);
    assert_null(tui_keys_by_name(keys, &users_map, "down"));
    assert_string_equal(tui_keys_text(keys, &users_bindings[0]), "/ F3");
    assert_string_equal(tui_keys_first(keys, &users_bindings[0], first), "/");
    assert_string_equal(tui_keys_first(keys, &users_bindings[3], first), "");
}

static void rebinds(void **state)
{
    struct tui_keys *keys = *state;
    struct zm_error err;
    char first[24];

    assert_true(tui_keys_rebind(keys, "users", "filter", "F9 Ctrl-F", &err));
    assert_int_equal(action_of(keys, &users_map, "F9"), FILTER);
    assert_int_equal(action_of(keys, &users_map, "Ctrl-F"), FILTER);
    assert_int_equal(action_of(keys, &users_map, "/"), 0);
    assert_string_equal(tui_keys_text(keys, &users_bindings[0]), "F9 Ctrl-F");
    assert_string_equal(tui_keys_first(keys, &users_bindings[0], first), "F9");
    assert_true(tui_keys_rebind(keys, "users", "tier", "/", &err)); /* it is free now */
    assert_int_equal(action_of(keys, &users_map, "/"), TIER);
    assert_true(tui_keys_rebind(keys, "users", "open", "", &err));
    assert_int_equal(action_of(keys, &users_map, "Enter"), 0);
    assert_int_equal(tui_keys_by_name(keys, &users_map, "open")->action, OPEN);
    assert_true(tui_keys_rebind(keys, "users", "filter", "F9", &err)); /* its own key again */
    assert_true(tui_keys_check(keys, &err));
}

struct refusal {
    const char *map, *name, *keys, *says;
};

static void refuses(void **state)
{
    // clang-format off
    static const struct refusal refusals[] = {
        {"nowhere", "filter", "F9", "keys.nowhere.filter"},
        {"users", "filtre", "F9", "keys.users.filtre"},
        {"users", "filter", "F9 Hyper-x", "Hyper-x"},
        {"users", "filter", "a b c d e f g h i", "'i'"},
        {"global", "stop", "F9", "cannot be changed"},
        {"users", "filter", "X", "X"},
        {"users", "filter", "t", "tier"},
        {"users", "filter", "j", "down"},
    };
    // clang-format on
    struct tui_keys *keys = *state;
    size_t i;

    for (i = 0; i < ZM_COUNT(refusals); i++) {
        const struct refusal *r = &refusals[i];
        struct zm_error err;

        if (tui_keys_rebind(keys, r->map, r->name, r->keys, &err))
            fail_msg("%s.%s = '%s' was taken", r->map, r->name, r->keys);
        assert_int_equal(err.kind, ZM_ERR_CONFIG);
        if (!strstr(err.message, r->says))
            fail_msg("'%s' does not say '%s'", err.message, r->says);
        assert_int_equal(action_of(keys, &users_map, "/"), FILTER); /* nothing changed */
    }
}

static void says_what_is_near(void **state)
{
    struct zm_error err;

    assert_false(tui_keys_rebind(*state, "users", "filtre", "F9", &err));
    assert_non_null(strstr(err.hint, "filter"));
}

static void check_finds_bad_tables(void **state)
{
    // clang-format off
    static const struct tui_binding twice[] = {
        {"a b", 1, "one", "", "help", 0}, {"c b", 2, "two", "", "help", 0}};
    static const struct tui_binding unknown[] = {{"Hyper-x", 1, "one", "", "help", 0}};
    static const struct tui_binding helpless[] = {{"a", 1, "one", "", "", 0}};
    static const struct tui_binding nameless[] = {{"a", 1, NULL, "", "help", 0}};
    static const struct tui_binding same_name[] = {
        {"a", 1, "one", "", "help", 0}, {"b", 2, "one", "", "help", 0}};
    static const struct tui_keymap maps[] = {
        {"twice", "", twice, 2}, {"unknown", "", unknown, 1}, {"helpless", "", helpless, 1},
        {"nameless", "", nameless, 1}, {"same", "", same_name, 2}};
    // clang-format on
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(maps); i++) {
        const struct tui_keymap *map = &maps[i];
        struct tui_keys *keys = tui_keys_new(&map, 1);
        struct zm_error err;

        if (tui_keys_check(keys, &err))
            fail_msg("'%s' was found good", map->name);
        tui_keys_free(keys);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds, setup, teardown),
        cmocka_unit_test_setup_teardown(rebinds, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(says_what_is_near, setup, teardown),
        cmocka_unit_test(check_finds_bad_tables),
    };

    if (!setlocale(LC_ALL, "C.UTF-8"))
        return 99;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
