/*
 * `zmartctl audit` and `export audit` on the shared servers (demo_shared): every change with who,
 * what, why and how it ended.
 */
#include "shared_place.h"

#include <jansson.h>

#include "zm/str.h"

static void the_table_is_for_people(void **state)
{
    struct ran ran = run(*state, "$Z audit");

    assert_ran(&ran, 0);
    assert_holds(ran.out, "T-4390 abuse check");
    assert_holds(ran.out, "(owed)");
    assert_holds(ran.out, "OPEN");
    assert_holds(ran.out, "  trading off  ");
    assert_holds(ran.out, "  tier free -> pro  ");
    assert_holds(ran.err, "unprotected journal");
    ran_done(&ran);
}

static void json_has_every_field(void **state)
{
    static const char *const fields[] = {"request",   "created_at", "action",  "user_id",
                                         "email",     "db_role",    "os_user", "ssh",
                                         "host",      "before",     "after",   "bot_before",
                                         "bot_after", "reason",     "outcome", "undo_of"};
    struct ran ran = run(*state, "$Z audit joana.costa@example.pt --limit 1 --json");
    json_t *row = json_loads(ran.out, 0, NULL);
    size_t i;

    assert_ran(&ran, 0);
    assert_non_null(row);
    assert_int_equal(json_object_size(row), ZM_COUNT(fields));
    for (i = 0; i < ZM_COUNT(fields); i++)
        if (!json_object_get(row, fields[i]))
            fail_msg("no field %s", fields[i]);
    assert_string_equal(json_string_value(json_object_get(row, "action")), "zmartctl.undo");
    assert_string_equal(json_string_value(json_object_get(row, "before")), "pro");
    assert_string_equal(json_string_value(json_object_get(row, "outcome")), "done");
    json_decref(row);
    ran_done(&ran);
}

static void one_user_and_since(void **state)
{
    struct ran ran = run(*state, "$Z audit ana.pop@example.ro --json | wc -l; $Z audit --since "
                                 "2999-01-01 --json; $Z export audit --format csv | head -1");

    assert_holds(ran.out, "2\n");
    assert_holds(ran.out, "request,created_at,action,user_id,email,db_role");
    assert_null(strstr(ran.out, "{"));
    ran_done(&ran);
}

static void usage(void **state)
{
    struct ran ran = run(*state, "$Z audit --since never");

    assert_ran(&ran, 2);
    assert_string_equal(ran.out, "");
    ran_done(&ran);
    ran = run(*state, "$Z audit nobody@example.com");
    assert_ran(&ran, 2);
    ran_done(&ran);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_table_is_for_people),
        CASE(json_has_every_field),
        CASE(one_user_and_since),
        CASE(usage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
