/*
 * Whose address is a test user's: what is listed, and may be removed, hangs on it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "db/leftovers.h"
#include "zm/str.h"

#define PATTERN "ops+zmartctl-%s@example.com"

static void whose_address_it_is(void **state)
{
    static const struct {
        const char *pattern, *email;
        bool is;
    } cases[] = {
        {NULL, "zmartctl-test+abc@example.invalid", true},
        {PATTERN, "zmartctl-test+5b10-7e57@example.invalid", true},
        {NULL, "zmartctl-test+@example.invalid", false},
        {NULL, "zmartctl-test+abc@example.invalid.example.com", false},
        {NULL, "zmartctl-test+a@b@example.invalid", false},
        {NULL, "my.zmartctl-test+abc@example.invalid", false},
        {NULL, "zmartctl-test+abc@example.com", false},
        {NULL, "ops+zmartctl-abc@example.com", false},
        {PATTERN, "ops+zmartctl-abc@example.com", true},
        {PATTERN, "OPS+Zmartctl-abc@EXAMPLE.com", true},
        {PATTERN, "ops+zmartctl-@example.com", false},
        {PATTERN, "ops+zmartctl-abc@example.com.example.org", false},
        {PATTERN, "ops+zmartctl-a'b@example.com", false},
        {PATTERN, "ops+zmartctl-abc@other.example.com", false},
        {PATTERN, "ops@example.com", false},
        {PATTERN, "", false},
        /* a person's address is never a test user's, and a pattern without a domain is none */
        {"ops@example.com", "ops@example.com", false},
        {"%s", "ana", false},
        {"ops@%s", "ops@example", false},
        {"", "", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++)
        if (db_leftover_is_marked(cases[i].pattern, cases[i].email) != cases[i].is)
            fail_msg("%s: %s", zm_text(cases[i].pattern), cases[i].email);
}

static void addresses_are_new(void **state)
{
    char a[DB_LEFTOVER_EMAIL], b[DB_LEFTOVER_EMAIL], pattern[400];
    struct zm_error err;

    (void)state;
    assert_true(db_leftover_address("Ops+T-%s@Example.com", a, &err));
    assert_true(db_leftover_address("Ops+T-%s@Example.com", b, &err));
    assert_string_not_equal(a, b);
    assert_memory_equal(a, "ops+t-", 6);
    assert_string_equal(strchr(a, '@'), "@example.com");
    assert_true(db_leftover_is_marked("Ops+T-%s@Example.com", a));
    assert_false(db_leftover_address("ops@example.com", a, &err));
    assert_int_equal(err.kind, ZM_ERR_CONFIG);
    assert_false(db_leftover_address("%s", a, &err));
    memset(pattern, 'x', sizeof(pattern));
    zm_copy(pattern + 380, 20, "%s@example.com");
    assert_false(db_leftover_address(pattern, a, &err));
}

static void patterns_of_like(void **state)
{
    struct zm_arena arena = {.head = NULL};

    (void)state;
    assert_string_equal(db_leftover_like(&arena, PATTERN), "ops+zmartctl-%@example.com");
    assert_string_equal(db_leftover_like(&arena, "A_b%%s\\@x"), "a\\_b\\%%\\\\@x");
    assert_string_equal(db_leftover_like(&arena, "ops@example.com"), "ops@example.com");
    zm_arena_done(&arena);
}

static void words(void **state)
{
    struct db_leftover items[] = {{.email = "a@example.com"},
                                  {.email = "b@example.com"},
                                  {.email = "c@example.com"},
                                  {.email = "d@example.com"}};
    struct db_leftovers all = {.items = items};
    struct zm_arena arena = {.head = NULL};

    (void)state;
    assert_string_equal(db_leftovers_words(&all, "C", &arena), "");
    all.n = 1;
    assert_string_equal(db_leftovers_words(&all, "C", &arena),
                        "1 test user is left behind (C removes him): a@example.com");
    all.n = 4;
    assert_string_equal(db_leftovers_words(&all, "C", &arena),
                        "4 test users are left behind (C removes them): a@example.com, "
                        "b@example.com, c@example.com, ...");
    zm_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose_address_it_is),
        cmocka_unit_test(addresses_are_new),
        cmocka_unit_test(patterns_of_like),
        cmocka_unit_test(words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
