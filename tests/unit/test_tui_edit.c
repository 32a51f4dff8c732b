/*
 * The input line: what keys do to it ('|' is the cursor), what a paste leaves of itself, and the
 * history.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "tui/edit.h"
#include "zm/str.h"

struct step {
    const char *before, *key, *after;
};

// clang-format off
static const struct step steps[] = {
    {"ab|", "c", "abc|"}, {"|bc", "a", "a|bc"}, {"a|c", "\303\251", "a\303\251|c"}, {"a|", "Space", "a |"},
    {"abc|", "Left", "ab|c"}, {"|abc", "Left", "|abc"}, {"a|bc", "Right", "ab|c"}, {"abc|", "Right", "abc|"},
    {"a|bc", "Home", "|abc"}, {"a|bc", "Ctrl-A", "|abc"}, {"a|bc", "End", "abc|"}, {"a|bc", "Ctrl-E", "abc|"},
    {"ab|c", "Ctrl-B", "a|bc"}, {"ab|c", "Ctrl-F", "abc|"},
    {"ab|c", "Backspace", "a|c"}, {"|abc", "Backspace", "|abc"}, {"a|bc", "Delete", "a|c"},
    {"abc|", "Delete", "abc|"}, {"a|bc", "Ctrl-D", "a|c"},
    {"ab|cd", "Ctrl-U", "|cd"}, {"ab|cd", "Ctrl-K", "ab|"}, {"one two|", "Ctrl-W", "one |"},
    {"one two  |x", "Ctrl-W", "one |x"}, {"|x", "Ctrl-W", "|x"},
    {"one two|", "Alt-b", "one |two"}, {"one |two", "Alt-b", "|one two"}, {"|one two", "Alt-f", "one| two"},
    {"one| two", "Alt-d", "one|"}, {"one two|", "Alt-Backspace", "one |"},
    /* a character with its marks is one */
    {"xe\314\201|", "Left", "x|e\314\201"}, {"x|e\314\201y", "Right", "xe\314\201|y"},
    {"xe\314\201|", "Backspace", "x|"}, {"|e\314\201\314\202y", "Delete", "|y"},
    {"\345\261\261|", "Backspace", "|"}, {"jos\303\251|", "Ctrl-W", "|"},
};
// clang-format on

/* Sets the line and puts the cursor where '|' is. */
static void set(struct tui_edit *edit, const char *text)
{
    size_t at = strcspn(text, "|");
    char line[64];

    snprintf(line, sizeof(line), "%.*s%s", (int)at, text, text + at + 1);
    tui_edit_set(edit, line);
    edit->at = at;
}

static const char *get(const struct tui_edit *edit, char *dst, size_t size)
{
    snprintf(dst, size, "%.*s|%s", (int)edit->at, edit->text, edit->text + edit->at);
    return dst;
}

static void edits(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(steps); i++) {
        struct tui_edit edit;
        char got[80];

        set(&edit, steps[i].before);
        assert_true(tui_edit_key(&edit, tui_key_parse(steps[i].key, strlen(steps[i].key))));
        if (strcmp(get(&edit, got, sizeof(got)), steps[i].after) != 0)
            fail_msg("'%s' %s gave '%s', not '%s'", steps[i].before, steps[i].key, got,
                     steps[i].after);
        assert_int_equal(strlen(edit.text), edit.len);
    }
}

static void leaves_other_keys(void **state)
{
    static const char *const names[] = {"Enter",  "Esc",    "Tab",   "Up",   "Down",  "F1",
                                        "Ctrl-C", "Ctrl-Z", "Alt-x", "PgDn", "Ctrl-R"};
    struct tui_edit edit;
    char got[80];
    size_t i;

    (void)state;
    set(&edit, "a|b");
    for (i = 0; i < ZM_COUNT(names); i++) {
        assert_false(tui_edit_key(&edit, tui_key_parse(names[i], strlen(names[i]))));
        assert_string_equal(get(&edit, got, sizeof(got)), "a|b");
    }
}

static void pastes(void **state)
{
    struct tui_edit edit;
    char got[80], flood[2000];

    (void)state;
    set(&edit, "a|z");
    tui_edit_paste(&edit, "b\tc\033[31m\nrm -rf", 15);
    assert_string_equal(get(&edit, got, sizeof(got)), "abc[31m|z");
    set(&edit, "|");
    tui_edit_paste(&edit, "\u202aana@\u2067example\u2069.com\u202c", 27);
    assert_string_equal(get(&edit, got, sizeof(got)), "ana@example.com|");
    memset(flood, 'y', sizeof(flood));
    tui_edit_paste(&edit, flood, sizeof(flood));
    assert_int_equal(edit.len, TUI_EDIT_MAX);
    assert_int_equal(strlen(edit.text), TUI_EDIT_MAX);
    assert_true(tui_edit_key(&edit, 'x')); /* taken, but there is no room */
    assert_int_equal(edit.len, TUI_EDIT_MAX);
}

/* A full line is not cut inside a character. */
static void full_line_stays_utf8(void **state)
{
    struct tui_edit edit;
    char text[TUI_EDIT_MAX + 2];

    (void)state;
    memset(text, 'y', TUI_EDIT_MAX - 1);
    text[TUI_EDIT_MAX - 1] = '\0';
    tui_edit_set(&edit, text);
    tui_edit_paste(&edit, "\345\261\261", 3);
    assert_int_equal(edit.len, TUI_EDIT_MAX - 1);
}

static void history(void **state)
{
    struct tui_history h = {0};
    char line[32];
    int i;

    (void)state;
    assert_null(tui_history_move(&h, -1));
    tui_history_add(&h, "one");
    tui_history_add(&h, "two");
    tui_history_add(&h, "");
    tui_history_add(&h, "three");
    tui_history_add(&h, "one"); /* moves to the end */
    assert_int_equal(h.n, 3);
    assert_string_equal(tui_history_move(&h, -1), "one");
    assert_string_equal(tui_history_move(&h, -1), "three");
    assert_string_equal(tui_history_move(&h, -1), "two");
    assert_null(tui_history_move(&h, -1));
    assert_string_equal(tui_history_move(&h, 1), "three");
    tui_history_add(&h, tui_history_move(&h, 1)); /* a line of its own */
    assert_string_equal(tui_history_move(&h, -1), "one");
    assert_string_equal(tui_history_move(&h, -1), "three");
    for (i = 0; i < 500; i++) {
        snprintf(line, sizeof(line), "line %d", i);
        tui_history_add(&h, line);
    }
    assert_int_equal(h.n, 200);
    assert_string_equal(h.lines[0], "line 300");
    tui_history_done(&h);
    assert_null(tui_history_move(&h, -1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits),   cmocka_unit_test(leaves_other_keys),
        cmocka_unit_test(pastes),  cmocka_unit_test(full_line_stays_utf8),
        cmocka_unit_test(history),
    };

    if (!setlocale(LC_ALL, "C.UTF-8"))
        return 99;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
