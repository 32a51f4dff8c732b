/*
 * Who is meant by what a person typed: ids, e-mails in any case, twins, phones, people whom only
 * ZmartBot knows, and what a side that is away leaves open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/user.h"
#include "support/people.h"
#include "zm/str.h"

static const char folk_brain[] =
    "INSERT INTO auth.users (instance_id, id, email, phone, is_sso_user, deleted_at, is_anonymous)"
    " SELECT '00000000-0000-0000-0000-000000000000', v.* FROM (VALUES"
    " (pid(1), 'ana@example.com',  NULL,          false, NULL::timestamptz, false),"
    " (pid(2), 'twin@example.com', NULL,          false, NULL, false),"
    " (pid(3), 'twin@example.com', NULL,          true,  NULL, false),"
    " (pid(4), 'Upper@example.com', NULL,         false, NULL, false),"
    " (pid(5), NULL,               '40722123456', false, NULL, false),"
    " (pid(6), NULL,               NULL,          false, NULL, true),"
    " (pid(7), 'gone@example.com', NULL,          false, now(), false)) v;";
static const char folk_bot[] =
    "INSERT INTO user_trading_profiles (user_id, email) VALUES (pid(1), 'ana@example.com'),"
    " (pid(8), 'ghost@example.com'), (pid(8), 'ghost2@example.com'), (pid(9), 'Ghost@Example.com'),"
    " (pid(10), 'ana@example.com');";

struct who {
    const char *typed;
    int found[3];
    const char *text; /* of the first */
};

/* clang-format off */
static const struct who whos[] = {
    {"00000000-0000-4000-8000-000000000001", {1}, "ana@example.com"},
    {"00000000-0000-4000-8000-00000000000A", {0}, ""},
    {"00000000000040008000000000000001",     {1}, "ana@example.com"},
    {"ana@example.com",     {1},    "ana@example.com"}, /* an orphan's copy does not make it two */
    {"ANA@example.com",     {1},    "ana@example.com"},
    {"twin@example.com",    {2, 3}, "twin@example.com"},
    {"upper@example.com",   {4},    "Upper@example.com"},
    {"Upper@example.com",   {4},    "Upper@example.com"},
    {"+40 722 123 456",     {5},    "40722123456"},
    {"40722123456",         {5},    "40722123456"},
    {"00000000-0000-4000-8000-000000000006", {6}, "(no e-mail) (anonymous)"},
    {"gone@example.com",    {7},    "gone@example.com (deleted)"},
    {"ghost2@example.com",  {8},    "ghost2@example.com (e-mail in ZmartBot)"},
    {"00000000-0000-4000-8000-000000000008", {8}, NULL},
    {"gHost@example.com",   {8, 9}, "ghost@example.com (e-mail in ZmartBot)"},
    {"nobody@example.com",  {0},    ""},
    {"ana",                 {0},    ""},
    {"'; --",               {0},    ""},
};
/* clang-format on */

static void check_who(struct people *p, const struct who *who)
{
    struct db_candidates found;
    struct zm_error err;
    size_t n = 0, i;

    if (!db_user_resolve(&p->session, who->typed, &found, &err))
        fail_msg("\"%s\": %s; %s", who->typed, err.message, err.detail);
    while (n < ZM_COUNT(who->found) && who->found[n])
        n++;
    if (found.n != n)
        fail_msg("\"%s\" is %zu people", who->typed, found.n);
    for (i = 0; i < n; i++)
        assert_int_equal(people_number(found.row[i].id), who->found[i]);
    if (n > 0 && who->text)
        assert_string_equal(found.row[0].text, who->text);
}

static void test_resolve(void **state)
{
    static const char *const roles[] = {"postgres", "plain"};
    struct people *p = *state;
    size_t i, r;

    people_sql(p, DB_BRAIN, folk_brain);
    people_sql(p, DB_BOT, folk_bot);
    for (r = 0; r < ZM_COUNT(roles); r++) {
        people_open(p, roles[r]);
        for (i = 0; i < ZM_COUNT(whos); i++)
            check_who(p, &whos[i]);
    }
}

/* Without a side whoever is known there is found all the same; that nobody is, is then not known.
 */
static void test_resolve_away(void **state)
{
    struct people *p = *state;
    struct db_candidates found;
    struct zm_error err;

    people_sql(p, DB_BRAIN, folk_brain);
    people_sql(p, DB_BOT, folk_bot);
    people_open(p, "postgres");
    db_link_close(p->session.link[DB_BOT]);
    assert_true(db_user_resolve(&p->session, "twin@example.com", &found, &err));
    assert_int_equal(found.n, 2);
    assert_false(db_user_resolve(&p->session, "ghost@example.com", &found, &err));
    assert_string_equal(err.where, "ZmartBot");
    people_open(p, "postgres");
    db_link_close(p->session.link[DB_BRAIN]);
    assert_true(db_user_resolve(&p->session, "ghost2@example.com", &found, &err));
    assert_int_equal(found.n, 1);
    assert_non_null(strstr(found.row[0].text, "ZmartyBrain is away"));
    assert_false(db_user_resolve(&p->session, "twin@example.com", &found, &err));
    assert_string_equal(err.where, "ZmartyBrain");
    assert_false(db_user_resolve(&p->session, "", &found, &err));
    assert_int_equal(err.kind, ZM_ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_resolve, people_empty),
        cmocka_unit_test_teardown(test_resolve_away, people_empty),
    };

    return cmocka_run_group_tests(tests, people_begin, people_end);
}
