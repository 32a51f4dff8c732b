/*
 * Connections written as a URI: what is taken from them, and what is refused rather than guessed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "screens/init_uri.h"
#include "zm/str.h"

/* clang-format off */
static const struct { const char *uri, *host, *port, *dbname, *user, *password, *sslmode; } good[] = {
    {"postgresql://ana:secret@db.example.com:6543/postgres?sslmode=verify-full",
     "db.example.com", "6543", "postgres", "ana", "secret", "verify-full"},
    {"postgres://db.example.com",                 "db.example.com", "", "", "", "", ""},
    {"postgresql://op.ref@db.example.com/",       "db.example.com", "", "", "op.ref", "", ""},
    {"postgresql://a:p%40ss%3A%25@h/d%20b",       "h", "", "d b", "a", "p@ss:%", ""},
    {"postgresql://a:p@ss@h:1",                   "h", "1", "", "a", "p@ss", ""},
    {"postgresql://a@[2001:db8::1]:5432/x",       "2001:db8::1", "5432", "x", "a", "", ""},
    {"postgresql://a@%2Frun%2Fpg/x?port=5433",    "/run/pg", "5433", "x", "a", "", ""},
    {"postgresql://a@h/x?password=q&sslmode=require", "h", "", "x", "a", "q", "require"},
    {"postgresql:///x?host=h2&user=b",            "h2", "", "x", "b", "", ""},
};
static const struct { const char *uri, *says; } bad[] = {
    {"postgresql://a@h1,h2/x",                    "several hosts"},
    {"postgresql://a@h/x?nosuch=1",               "'nosuch'"},
    {"postgresql://a@h/x?project=1",              "'project'"},
    {"postgresql://a@h/x?sslmode",                "an option without a value"},
    {"postgresql://a@[::1/x",                     "without its ]"},
    {"postgresql://a@h%0a/x",                     "cannot be read"},
    {"postgresql://a@h%zz/x",                     "cannot be read"},
    {"postgresql://a:p%ff%@h/x",                  "a password that cannot be read"},
    {"postgresql://a:50%@h/x",                    "write % as %25"},
};
/* clang-format on */

static void parts_are_taken(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(good); i++) {
        struct init_side side = {.n = 0};
        struct zm_error err;

        assert_true(init_uri_is(good[i].uri));
        if (!init_uri_parse(good[i].uri, &side, &err))
            fail_msg("%s: %s", good[i].uri, err.message);
        assert_string_equal(init_option_get(&side, "host"), good[i].host);
        assert_string_equal(init_option_get(&side, "port"), good[i].port);
        assert_string_equal(init_option_get(&side, "dbname"), good[i].dbname);
        assert_string_equal(init_option_get(&side, "user"), good[i].user);
        assert_string_equal(init_option_get(&side, "sslmode"), good[i].sslmode);
        assert_string_equal(side.password, good[i].password);
    }
    assert_false(init_uri_is("db.example.com"));
    assert_false(init_uri_is("postgresql:db"));
}

static void what_is_unclear_is_refused(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(bad); i++) {
        struct init_side side = {.n = 0};
        struct zm_error err;

        if (init_uri_parse(bad[i].uri, &side, &err))
            fail_msg("taken: %s", bad[i].uri);
        if (!strstr(err.message, bad[i].says))
            fail_msg("%s: %s", bad[i].uri, err.message);
    }
}

static void options_are_set_replaced_and_removed(void **state)
{
    struct init_side side = {.n = 0};
    char name[32];
    int i;

    (void)state;
    init_option_set(&side, "host", "a");
    init_option_set(&side, "port", "1");
    init_option_set(&side, "host", "b");
    assert_int_equal(side.n, 2);
    assert_string_equal(init_option_get(&side, "host"), "b");
    init_option_set(&side, "host", "");
    assert_int_equal(side.n, 1);
    assert_string_equal(init_option_get(&side, "host"), "");
    assert_string_equal(init_option_get(&side, "port"), "1");
    for (i = 0; i < 100; i++) { /* never past the end */
        snprintf(name, sizeof(name), "option%d", i);
        init_option_set(&side, name, "x");
    }
    assert_int_equal(side.n, INIT_OPTIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_taken),
        cmocka_unit_test(what_is_unclear_is_refused),
        cmocka_unit_test(options_are_set_replaced_and_removed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
