/*
 * Figures and rows of a user as text: exact whatever the size, aligned on the point, and JSON that
 * any program can read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "screens/user_state.h"
#include "zm/str.h"

static void decimals_are_exact_and_aligned(void **state)
{
    static const struct {
        const char *number, *text;
        bool sign;
    } cases[] = {
        {"0.41200000", "0.412", false},
        {"38112.40000000", "38,112.4  ", false}, /* the column has three digits by now */
        {"900.00000000", "900    ", false},
        {"2410.90000000", "+2,410.9  ", true},
        {"-120.50000000", "-120.5  ", true},
        {"0.00000000", "0    ", true}, /* no sign where there is nothing */
        {"999999999999.99999999", "999,999,999,999.99999999", false},
        {"0.00000001", "0.00000001", false},
        {"1", "1         ", false},
        {"NaN", "NaN         ", false},
        {"Infinity", "Infinity         ", false},
        {"1e5", "1e5         ", false}, /* what is no plain decimal is left as it is */
    };
    struct app app = {0};
    int places = 0;
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++)
        assert_string_equal(user_decimal(&app, cases[i].number, &places, cases[i].sign),
                            cases[i].text);
    assert_int_equal(places, 8);
    assert_null(strstr(user_decimal(&app, NULL, &places, false), "null"));
    zm_arena_done(&app.frame);
}

static void flat_json_loses_no_text(void **state)
{
    static const struct {
        const char *json, *text;
    } cases[] = {
        {"{\"client\": \"web\"}", "client: web"},
        {"{\"a\": [1, 2], \"b\": {\"c\": null}}", "a: [1, 2], b: c: null"},
        {"{\"say\": \"{x}, \\\"y\\\"\"}", "say: {x}, \\\"y\\\""}, /* braces inside of a text stay */
        {"{\"cut\": \"in the mid", "cut: in the mid"},
        {"{\"cut\": \"\\", "cut: \\"},
        {"", ""},
    };
    struct app app = {0};
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++)
        assert_string_equal(user_flat_json(&app, cases[i].json), cases[i].text);
    assert_string_equal(user_flat_json(&app, NULL), "");
    zm_arena_done(&app.frame);
}

static void a_row_is_json(void **state)
{
    const struct db_strategy row = {.id = "7",
                                    .strategy_name = "a \"b\" \\ \n \x1b[2J \xc3\xa9 \xff end",
                                    .is_active = -1,
                                    .config_size = 12};
    char *text = user_row_json(&db_shape_strategy, &row);
    json_t *json = json_loads(text, 0, NULL);

    (void)state;
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "strategy_name")),
                        "a \"b\" \\ \n \x1b[2J \xc3\xa9 \xef\xbf\xbd end");
    assert_true(json_is_null(json_object_get(json, "is_active")));
    assert_true(json_is_null(json_object_get(json, "strategy_config")));
    assert_int_equal(json_integer_value(json_object_get(json, "config_size")), 12);
    assert_null(strchr(text, '\x1b'));
    assert_null(strchr(text, '\n'));
    json_decref(json);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_exact_and_aligned),
        cmocka_unit_test(flat_json_loses_no_text),
        cmocka_unit_test(a_row_is_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
