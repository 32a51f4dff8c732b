/*
 * The ring of messages: newest first, repeats are counted, the oldest are forgotten; and text that
 * is wrapped into rows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "screens/messages.h"
#include "screens/wrap.h"
#include "zm/str.h"

static void say(struct messages *m, enum message_level level, const char *where, const char *text)
{
    struct zm_error err;

    zm_error_set(&err, ZM_ERR_CONNECT, where, "connect", "%s", text);
    messages_add(m, level, &err);
}

static const char *text_at(const struct messages *m, size_t i)
{
    const struct message *message = messages_get(m, i);

    return message ? message->err.message : NULL;
}

static void newest_comes_first(void **state)
{
    struct messages m = {0};

    (void)state;
    assert_null(messages_get(&m, 0));
    say(&m, MESSAGE_INFO, "", "one");
    say(&m, MESSAGE_ERROR, "", "two");
    assert_string_equal(text_at(&m, 0), "two");
    assert_string_equal(text_at(&m, 1), "one");
    assert_null(messages_get(&m, 2));
    assert_int_equal(strlen(messages_get(&m, 0)->time), strlen("2026-11-22T09:14:02Z"));
    messages_done(&m);
    assert_null(messages_get(&m, 0));
}

/* A connection that keeps failing does not push everything else out. */
static void the_same_again_is_counted(void **state)
{
    struct messages m = {0};
    int i;

    (void)state;
    say(&m, MESSAGE_INFO, "", "before");
    for (i = 0; i < 1000; i++)
        say(&m, MESSAGE_ERROR, "ZmartBot", "timeout");
    assert_int_equal(m.n, 2);
    assert_int_equal(messages_get(&m, 0)->repeats, 999);
    say(&m, MESSAGE_ERROR, "ZmartyBrain", "timeout"); /* elsewhere: not the same */
    say(&m, MESSAGE_WARN, "ZmartyBrain", "timeout");  /* nor at another level */
    assert_int_equal(m.n, 4);
    assert_int_equal(messages_get(&m, 0)->repeats, 0);
    messages_done(&m);
}

static void only_what_matters_is_unread(void **state)
{
    struct messages m = {0};

    (void)state;
    say(&m, MESSAGE_INFO, "", "copied id");
    assert_int_equal(m.unread, 0);
    say(&m, MESSAGE_WARN, "", "a paste was dropped");
    say(&m, MESSAGE_ERROR, "", "timeout");
    assert_int_equal(m.unread, 2);
    messages_done(&m);
}

static void the_oldest_are_forgotten(void **state)
{
    struct messages m = {0};
    char text[32];
    int i;

    (void)state;
    for (i = 1; i <= MESSAGES_MAX + 7; i++) {
        snprintf(text, sizeof(text), "number %d", i);
        say(&m, MESSAGE_INFO, "", text);
    }
    assert_int_equal(m.n, MESSAGES_MAX);
    assert_string_equal(text_at(&m, 0), "number 507");
    assert_string_equal(text_at(&m, MESSAGES_MAX - 1), "number 8");
    assert_null(messages_get(&m, MESSAGES_MAX));
    assert_int_equal(messages_get(&m, 0)->serial, MESSAGES_MAX + 7);
    assert_int_equal(messages_get(&m, MESSAGES_MAX - 1)->serial, 8);
    messages_done(&m);
}

/* ---- wrapping ---- */

static void text_wraps(void **state)
{
    static const struct {
        const char *text;
        int cells;
        const char *rows; /* separated by | */
    } cases[] = {
        {"", 10, ""},
        {"short", 10, "short"},
        {"exactly 10", 10, "exactly 10"},
        {"wraps at a blank", 8, "wraps at|a blank"},
        {"averyveryverylongword and", 10, "averyveryv|erylongwor|d and"},
        {"one\ntwo", 10, "one|two"},
        {"one\n\ntwo", 10, "one||two"},
        {"abc", 0, "a|b|c"}, /* no room: still comes to an end */
        {"\xe6\xbc\xa2\xe5\xad\x97"
         "x",
         3,
         "\xe6\xbc\xa2|\xe5\xad\x97"
         "x"},                            /* two cells each */
        {"a\x1b[31mb", 4, "a\x1b[|31mb"}, /* ^[ takes two cells */
        {"a\xff", 3, "a|\xff"},           /* <ff> takes four */
    };
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        const char *text = cases[i].text, *next;
        struct zm_buf got = {0};

        zm_buf_add(&got, "", 0);
        while (*text) {
            size_t len = wrap_line(text, cases[i].cells, false, &next);

            assert_true(next > text);
            zm_buf_printf(&got, "%s%.*s", text == cases[i].text ? "" : "|", (int)len, text);
            text = next;
        }
        assert_string_equal(got.s, cases[i].rows);
        zm_buf_done(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newest_comes_first),
        cmocka_unit_test(the_same_again_is_counted),
        cmocka_unit_test(only_what_matters_is_unread),
        cmocka_unit_test(the_oldest_are_forgotten),
        cmocka_unit_test(text_wraps),
    };

    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
