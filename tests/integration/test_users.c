/*
 * Pages of users, look-ups, and the two halves put together, against people made for it on two real
 * servers: as a role that reads auth.users, and as one that reads it through the view.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/users.h"
#include "support/people.h"
#include "zm/str.h"

static const char *const roles[] = {"postgres", "plain"};

/* Upper case beside lower case, signs before digits: a prefix is no range of bytes. */
static int start_english(void **state)
{
    struct people *p = zm_calloc(1, sizeof(*p));

    people_start(p, true, "en-US");
    *state = p;
    return 0;
}

static struct db_link *brain(const struct people *p)
{
    return db_session_link(&p->session, DB_BRAIN);
}

static void page_of(const struct people *p, enum db_sort sort, const struct db_place *place,
                    bool back, size_t limit, struct db_page *ret)
{
    struct zm_error err;

    memset(ret, 0, sizeof(*ret));
    if (!db_users_page(brain(p), sort, place, back, limit, ret, &err))
        fail_msg("%s; %s", err.message, err.detail);
    db_page_join(ret, &p->policy);
}

/* ---- pages ---- */

/* Two e-mails are longer than a place can hold and differ behind it; others have no e-mail, are SSO
 * users or the same but for upper case; times repeat, are missing, or differ by less than a second.
 */
static const char crowd[] =
    "INSERT INTO auth.users (instance_id, id, email, created_at, last_sign_in_at)"
    " SELECT '00000000-0000-0000-0000-000000000000', pid(i),"
    "  (ARRAY['ana', 'bo', 'zoe', 'Ana', 'ş'])[1 + i % 5] || i || '@example.com',"
    "  CASE WHEN i % 9 > 0 THEN timestamptz '2026-01-01 00:00:00+00' + (i / 4) * interval '1 day'"
    "       + (i % 4) * interval '0.1 second' END,"
    "  CASE WHEN i % 3 = 0 THEN timestamptz '2026-02-01 00:00:00+00' + (i / 20) * interval '1 day' "
    "END"
    " FROM generate_series(1, 40) i;"
    "INSERT INTO auth.users (id, email) VALUES (pid(41), repeat('ş', 200) || 'a'),"
    " (pid(42), repeat('ş', 200) || 'b'), (pid(43), '');"
    "INSERT INTO auth.users (id, phone, is_anonymous)"
    " SELECT pid(i), '4070' || i, i % 2 = 0 FROM generate_series(50, 61) i;"
    "INSERT INTO auth.users (id, email, is_sso_user) VALUES (pid(70), 'ana5@example.com', true);";

struct order {
    enum db_sort sort;
    const char *sql; /* the numbers in that order, by the server */
};

/* clang-format off */
static const struct order orders[] = {
    {DB_SORT_EMAIL,
     "SELECT string_agg(right(id::text, 2)::integer::text, ' ' ORDER BY email IS NULL, email, id)"
     " FROM auth.users WHERE NOT is_sso_user"},
    {DB_SORT_ID,
     "SELECT string_agg(right(id::text, 2)::integer::text, ' ' ORDER BY id) FROM auth.users"},
    {DB_SORT_CREATED,
     "SELECT string_agg(right(id::text, 2)::integer::text, ' ' ORDER BY created_at DESC NULLS LAST,"
     " CASE WHEN created_at IS NULL THEN id END, id DESC) FROM auth.users"},
    {DB_SORT_SIGN_IN,
     "SELECT string_agg(right(id::text, 2)::integer::text, ' ' ORDER BY last_sign_in_at DESC NULLS LAST,"
     " CASE WHEN last_sign_in_at IS NULL THEN id END, id DESC) FROM auth.users"},
};
/* clang-format on */

/* All pages of an order one after the other as one list. */
static void read_forward(const struct people *p, enum db_sort sort, size_t limit, char *dst,
                         size_t size)
{
    struct db_place place = {.id = ""};
    struct db_page page;
    bool end = false, start = true;

    for (dst[0] = '\0'; !end; start = false) {
        size_t n = strlen(dst);

        page_of(p, sort, &place, false, limit, &page);
        assert_true(page.n <= limit);
        assert_int_equal(page.at_start, start);
        snprintf(dst + n, size - n, "%s", n && page.n ? " " : "");
        people_list(&page, dst + strlen(dst), size - strlen(dst));
        place = page.after;
        end = page.at_end;
        db_page_done(&page);
    }
}

static void read_backward(const struct people *p, enum db_sort sort, size_t limit, char *dst,
                          size_t size)
{
    struct db_place place = {.segment = DB_SEGMENT_END};
    char list[512], rest[512];
    struct db_page page;
    bool start = false, end = true;

    for (dst[0] = '\0'; !start; end = false) {
        page_of(p, sort, &place, true, limit, &page);
        assert_int_equal(page.at_end, end);
        people_list(&page, list, sizeof(list));
        zm_copy(rest, sizeof(rest), dst);
        snprintf(dst, size, "%s%s%s", list, list[0] && rest[0] ? " " : "", rest);
        place = page.before;
        start = page.at_start;
        db_page_done(&page);
    }
}

static void test_pages(void **state)
{
    static const size_t limits[] = {1, 7, 43, 55, 200};
    struct people *p = *state;
    char expected[1024], got[1024];
    size_t o, l, r;

    people_sql(p, DB_BRAIN, crowd);
    for (r = 0; r < ZM_COUNT(roles); r++) {
        people_open(p, roles[r]);
        for (o = 0; o < ZM_COUNT(orders); o++) {
            zm_copy(expected, sizeof(expected),
                    cluster_value(&p->cluster[DB_BRAIN], orders[o].sql));
            for (l = 0; l < ZM_COUNT(limits); l++) {
                read_forward(p, orders[o].sort, limits[l], got, sizeof(got));
                assert_string_equal(got, expected);
                read_backward(p, orders[o].sort, limits[l], got, sizeof(got));
                assert_string_equal(got, expected);
            }
        }
    }
}

static void test_empty(void **state)
{
    struct people *p = *state;
    struct db_place end = {.segment = DB_SEGMENT_END}, start = {.id = ""};
    struct db_page page;

    people_open(p, "postgres");
    page_of(p, DB_SORT_EMAIL, &start, false, 50, &page);
    assert_true(page.n == 0 && page.at_start && page.at_end);
    db_page_done(&page);
    page_of(p, DB_SORT_EMAIL, &end, true, 50, &page);
    assert_true(page.n == 0 && page.at_start && page.at_end);
    db_page_done(&page);
    page_of(p, DB_SORT_EMAIL, &start, true, 50, &page); /* before the beginning is nothing */
    assert_true(page.n == 0 && page.at_start);
    db_page_done(&page);
}

/* The row that a place was taken from may go, or change its e-mail, before the next page is read.
 */
static void test_place_without_row(void **state)
{
    struct people *p = *state;
    struct db_page page;
    struct db_place place = {.id = ""};
    char list[256];

    people_sql(p, DB_BRAIN, crowd);
    people_open(p, "postgres");
    page_of(p, DB_SORT_ID, &place, false, 5, &page);
    place = page.after;
    db_page_done(&page);
    people_sql(p, DB_BRAIN, "DELETE FROM auth.users WHERE id = pid(5)");
    page_of(p, DB_SORT_ID, &place, false, 3, &page);
    assert_string_equal(people_list(&page, list, sizeof(list)), "6 7 8");
    db_page_done(&page);

    memset(&place, 0, sizeof(place));
    page_of(p, DB_SORT_EMAIL, &place, false, 3, &page); /* '', Ana... */
    place = page.after;
    db_page_done(&page);
    page_of(p, DB_SORT_EMAIL, &place, false, 2, &page);
    people_list(&page, list, sizeof(list));
    db_page_done(&page);
    people_sql(p, DB_BRAIN,
               "UPDATE auth.users SET email = 'zzz@example.com' WHERE email = 'Ana18@example.com'");
    page_of(p, DB_SORT_EMAIL, &place, false, 2, &page);
    assert_true(page.n == 2);
    assert_int_not_equal(people_number(page.users[0].id), 0);
    db_page_done(&page);
}

static void test_by_ids(void **state)
{
    static const char *const ids[] = {
        "00000000-0000-4000-8000-000000000007", "00000000-0000-4000-8000-000000000099",
        "00000000-0000-4000-8000-000000000070", "00000000-0000-4000-8000-000000000001"};
    struct people *p = *state;
    struct db_page page = {.n = 0};
    struct zm_error err;
    char list[64];

    people_sql(p, DB_BRAIN, crowd);
    people_open(p, "plain");
    assert_true(db_users_by_ids(brain(p), ids, ZM_COUNT(ids), &page, &err));
    db_page_join(&page, &p->policy);
    assert_string_equal(people_list(&page, list, sizeof(list)), "7 70 1");
    assert_true(page.users[1].login->is_sso_user);
    db_page_done(&page);
}

/* ---- look-ups ---- */

static const char found[] =
    "INSERT INTO auth.users (instance_id, id, email, phone, is_sso_user, email_confirmed_at, "
    "banned_until)"
    " SELECT '00000000-0000-0000-0000-000000000000', v.id::uuid, v.email, v.phone, v.sso,"
    "  CASE WHEN v.confirmed THEN now() END, CASE WHEN v.banned THEN now() + interval '1 day' END"
    " FROM (VALUES"
    " (pid(1), 'ana@example.com',       NULL,          false, true,  false),"
    " (pid(2), 'ana.pop@example.ro',    '40722123456', false, true,  false),"
    " (pid(3), 'ana.pop@example.ro',    NULL,          true,  true,  false),"
    " (pid(4), 'Ana.Upper@example.com', NULL,          false, false, false),"
    " (pid(5), 'joana@example.pt',      NULL,          false, true,  true),"
    " (pid(6), NULL,                    '40722999999', false, false, false),"
    " (pid(7), 'x%_y''; --@example.com', NULL,         false, true,  false),"
    " (pid(8), 'xa_y@example.com',      NULL,          false, true,  false),"
    " ('abcdef12-0000-4000-8000-000000000009'::uuid, 'nine@example.com', NULL, false, true, false)"
    " ) v(id, email, phone, sso, confirmed, banned);"
    "INSERT INTO public.user_profiles (user_id, tier, name, country) VALUES"
    " (pid(1), 'free', 'Bo Smith', 'SE'), (pid(2), 'pro', 'Ana Pop', 'RO'),"
    " (pid(5), 'pro', 'Joana Costa', 'PT'), (pid(6), 'free', 'ÁKOS Ana', 'HU'),"
    " (pid(8), 'enterprise', '100% \\real', 'RO');";

struct look_up {
    const char *filter, *postgres, *plain; /* who is found, as which role; plain NULL: the same */
    const char *by_locale;                 /* what plain finds where Ana stands beside ana */
};

/* clang-format off */
static const struct look_up look_ups[] = {
    {"ana@example.com",          "1",       NULL,   NULL},
    {"ana",                      "2 1 3 4", "2 1",  "2 1 4"}, /* the view knows no SSO user by e-mail */
    {"ANA.P",                    "2 3",     "2",    NULL},
    {"\"ana.pop@example.ro\"",   "2 3",     "2",    NULL},
    {"\"ana\"",                  "",        NULL,   NULL},
    {"40722",                    "2 6",     NULL,   NULL},
    {"+40 722 123 456",          "2",       NULL,   NULL}, /* four words, all in it */
    {"\"+40 722 123 456\"",      "2",       NULL,   NULL},
    {"+40722999",                "6",       NULL,   NULL},
    {"abcdef12",                 "0",       NULL,   NULL},
    {"abcdef12-0000-4000-8000-000000000009","0",       NULL,   NULL},
    {"ABCDEF120000400080000000000000 09","",        NULL,   NULL},
    {"akos",                     "",        NULL,   NULL},
    {"ákos",                     "6",       NULL,   NULL},
    {"ana pop",                  "2 3",     "2",    NULL},
    {"bo smi",                   "1",       NULL,   NULL},
    {"joana pt",                 "5",       NULL,   NULL}, /* both words, wherever */
    {"pop",                      "",        NULL,   NULL}, /* begins nothing: the walk's */
    {"x%_y'; --",                "7",       NULL,   NULL},
    {"x%",                       "7",       NULL,   NULL},
    {"xa_",                      "8",       NULL,   NULL},
    {"100% \\",                  "8",       NULL,   NULL},
    {"ana tier:pro",             "2 3 4",   "2",    "2 4"},  /* of who has no profile Bot may say pro */
    {"ana !tier:pro",            "1 3 4",   "1",    "1 4"},
    {"ana country:RO",           "2",       NULL,   NULL},
    {"ana !country:ro",          "1 3 4",   "1",    "1 4"},
    {"joana banned:",            "5",       NULL,   NULL},
    {"joana !banned:",           "",        NULL,   NULL},
    {"ana confirmed:no",         "4",       "",     "4"},
    {"ana !pop",                 "1 4",     "1",    "1 4"},
};
/* clang-format on */

/* Whether each number of one list is in the other; their order is the server's. */
static bool same_people(const char *a, const char *b)
{
    char word[16], padded[128];

    if (strlen(a) != strlen(b))
        return false;
    snprintf(padded, sizeof(padded), " %s ", b);
    while (*a) {
        int n = (int)strcspn(a, " ");

        snprintf(word, sizeof(word), " %.*s ", n, a);
        if (!strstr(padded, word))
            return false;
        a += n + (a[n] == ' ');
    }
    return true;
}

static void check_look_up(const struct people *p, const struct look_up *l, const char *expected)
{
    struct db_page page = {.n = 0};
    struct db_filter filter;
    struct zm_error err;
    char list[64];

    assert_true(db_filter_parse(l->filter, &filter, &err));
    if (!db_users_find(brain(p), &filter, 50, &page, &err))
        fail_msg("\"%s\": %s; %s", l->filter, err.message, err.detail);
    db_page_join(&page, &p->policy);
    if (!same_people(people_list(&page, list, sizeof(list)), expected))
        fail_msg("\"%s\" finds \"%s\" instead of \"%s\"", l->filter, list, expected);
    db_page_done(&page);
}

static void test_look_ups(void **state)
{
    struct people *p = *state;
    size_t i;

    people_sql(p, DB_BRAIN, found);
    people_open(p, "postgres");
    for (i = 0; i < ZM_COUNT(look_ups); i++)
        check_look_up(p, &look_ups[i], look_ups[i].postgres);
    people_open(p, "plain");
    for (i = 0; i < ZM_COUNT(look_ups); i++) {
        const struct look_up *l = &look_ups[i];

        check_look_up(p, l,
                      p->by_locale && l->by_locale ? l->by_locale
                      : l->plain                   ? l->plain
                                                   : l->postgres);
    }
}

/* Every filter of the language is one that the servers understand. */
static void test_look_up_limit(void **state)
{
    struct people *p = *state;
    struct db_page page = {.n = 0};
    struct db_filter filter;
    struct zm_error err;

    people_sql(p, DB_BRAIN, crowd);
    people_open(p, "postgres");
    assert_true(db_filter_parse("a", &filter, &err));
    assert_true(db_users_find(brain(p), &filter, 3, &page, &err));
    db_page_join(&page, &p->policy);
    assert_int_equal(page.n, 3);
    db_page_done(&page);
    assert_true(db_filter_parse("a b c d 1 2 3 4 !e !f \"g h\" tier:pro", &filter, &err));
    assert_true(db_users_find(brain(p), &filter, 3, &page, &err));
    db_page_done(&page);
}

/* An index entry holds at most 2.7 kB: a name or an e-mail of any length is taken all the same, and
 * found by how it begins. */
static void test_long_texts(void **state)
{
    static const char long_text[] = "(SELECT string_agg(md5(i::text), '') FROM "
                                    "generate_series(1, 1000) i)";
    struct people *p = *state;
    struct db_page page = {.n = 0};
    struct db_filter filter;
    struct zm_error err;
    char sql[600], list[64];

    people_sql(p, DB_BRAIN, found);
    snprintf(sql, sizeof(sql),
             "UPDATE user_profiles SET name = 'Zed ' || %s WHERE user_id = pid(1)", long_text);
    people_sql(p, DB_BRAIN, sql);
    snprintf(sql, sizeof(sql),
             "INSERT INTO user_trading_profiles (user_id, email) VALUES (pid(1), 'zed' || %s),"
             " (pid(2), 'zee@example.com')",
             long_text);
    people_sql(p, DB_BOT, sql);
    people_open(p, "postgres");
    assert_true(db_filter_parse("zed", &filter, &err));
    assert_true(db_users_find(brain(p), &filter, 50, &page, &err));
    db_page_join(&page, &p->policy);
    assert_string_equal(people_list(&page, list, sizeof(list)), "1");
    db_page_done(&page);
    memset(&page, 0, sizeof(page));
    assert_true(db_traders_find(db_session_link(&p->session, DB_BOT), &filter, 50, &page, &err));
    db_page_join(&page, &p->policy);
    assert_string_equal(people_list(&page, list, sizeof(list)), "1");
    db_page_done(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_long_texts, people_empty),
        cmocka_unit_test_teardown(test_pages, people_empty),
        cmocka_unit_test_teardown(test_empty, people_empty),
        cmocka_unit_test_teardown(test_place_without_row, people_empty),
        cmocka_unit_test_teardown(test_by_ids, people_empty),
        cmocka_unit_test_teardown(test_look_ups, people_empty),
        cmocka_unit_test_teardown(test_look_up_limit, people_empty),
    };

    int failed = cmocka_run_group_tests_name("by bytes", tests, people_begin, people_end);

    return failed + cmocka_run_group_tests_name("in English", tests, start_english, people_end);
}
