/*
 * Walks over two real databases: they find exactly whom the filter means, once each, whatever a
 * side lacks; and what they find as an orphan is one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/link.h"
#include "db/users.h"
#include "support/people.h"
#include "zm/str.h"

#define CROWD 2600 /* more than a page and a range of the walk */
#define NUMBERS 4000

static const char *const roles[] = {"postgres", "plain"};

/* Of every 100 one without e-mail, one SSO user, one without a profile, one not in Bot, one whose
 * tier differs, one with a name of his own. 3001 to 3004 are only in Bot, the last of them twice.
 */
static const char brain_crowd[] =
    "INSERT INTO auth.users (instance_id, id, email, phone, is_sso_user, email_confirmed_at, "
    "banned_until)"
    " SELECT '00000000-0000-0000-0000-000000000000', pid(i),"
    "  CASE WHEN i % 100 <> 7 THEN 'user' || i || '@example.com' END,"
    "  CASE WHEN i % 100 = 7 THEN '4070' || i END, i % 100 = 9,"
    "  CASE WHEN i % 50 > 0 THEN now() END, CASE WHEN i % 200 = 3 THEN now() + interval '1 day' END"
    " FROM generate_series(1, 2600) i;"
    "INSERT INTO user_profiles (user_id, tier, name, country)"
    " SELECT pid(i), CASE WHEN i % 10 = 5 THEN 'pro' ELSE 'free' END,"
    "  CASE WHEN i % 100 = 11 THEN 'ÁKOS Nagy' END, CASE WHEN i % 2 = 0 THEN 'RO' END"
    " FROM generate_series(1, 2600) i WHERE i % 100 <> 13;"
    "INSERT INTO user_subscriptions (user_id, tier)"
    " SELECT pid(i), 'pro' FROM generate_series(1, 2600) i WHERE i % 10 = 5;"
    "ANALYZE";
static const char bot_crowd[] =
    "INSERT INTO user_trading_profiles (user_id, email, tier, trading_enabled)"
    " SELECT pid(i), CASE WHEN i % 100 <> 7 THEN 'user' || i || '@example.com' ELSE '' END,"
    "  CASE WHEN i % 100 = 15 THEN 'free' WHEN i % 10 = 5 THEN 'pro' ELSE 'free' END, i % 10 = 5"
    " FROM generate_series(1, 2600) i WHERE i % 100 <> 17;"
    "INSERT INTO user_trading_profiles (user_id, email, tier, trading_enabled)"
    " SELECT pid(i), 'ghost' || i || '@example.com', 'pro', i % 2 = 0 FROM generate_series(3001, "
    "3004) i;"
    "INSERT INTO user_trading_profiles (user_id, email, created_at)"
    " VALUES (pid(3004), 'twice@example.com', now() + interval '1 day');"
    "ANALYZE";

static int start_with(void **state, bool indexes)
{
    struct people *p = zm_calloc(1, sizeof(*p));

    people_start(p, indexes, NULL);
    people_sql(p, DB_BRAIN, brain_crowd);
    people_sql(p, DB_BOT, bot_crowd);
    *state = p;
    return 0;
}

static int start(void **state)
{
    return start_with(state, true);
}

static int start_bare(void **state)
{
    return start_with(state, false);
}

struct walked {
    char found[NUMBERS]; /* how often each was found */
    size_t n;
    struct db_walk walk;
};

static void walk(struct people *p, const char *text, bool only_rest, struct walked *ret)
{
    struct db_filter filter;
    struct zm_error err;
    int64_t searched = 0;
    size_t i, steps = 0;

    memset(ret, 0, sizeof(*ret));
    assert_true(db_filter_parse(text, &filter, &err));
    while (!ret->walk.done) {
        struct db_page page = {.n = 0};

        if (!db_users_walk(&p->session, &filter, only_rest, &p->policy, &ret->walk, &page, &err))
            fail_msg("\"%s\": %s; %s", text, err.message, err.detail);
        for (i = 0; i < page.n; i++) {
            ret->found[people_number(page.users[i].id)]++;
            ret->n++;
        }
        assert_true(ret->walk.searched >= searched);
        searched = ret->walk.searched;
        assert_true(++steps < 200);
        db_page_done(&page);
    }
}

struct expectation {
    const char *filter;
    size_t modulus, rest; /* whose number leaves this rest; modulus 0: nobody of the crowd */
    int orphans;          /* bit i: 3001 + i as well */
};

/* clang-format off */
static const struct expectation expectations[] = {
    {"",                       1,   0,  0xF},
    {"ser",                    1,   0,  0},      /* but those without e-mail, see below */
    {"user1234@",              2601, 1234, 0},
    {"\"user99@example.com\"", 2601, 99, 0},
    {"\"USER1209@example.com\"", 2601, 1209, 0},   /* an SSO user */
    {"\"ghost3001@example.com\" trading:off", 0, 0, 0x1},
    {"\"ghost3001@example.com\" trading:on", 0, 0, 0},
    {"\"user99@example.co\"",  0,   0,  0},
    {"\"+40 701207\"",         2601, 1207, 0},
    {"00000000-0000-4000-8000-000000001234", 2601, 1234, 0},
    {"00000000000040008000000000003002", 0, 0, 0x2},
    {"host300",                0,   0,  0xF},
    {"ákos",                   100, 11, 0},
    {"4070",                   100, 7,  0},
    {"00000000-0000-4000-8000-00000000002", 2601, 20, 0}, /* and 21 to 29, see below */
    {"sync:differs",           100, 15, 0},
    {"sync:missing_in_bot",    100, 17, 0},
    {"sync:missing_profile",   100, 13, 0},
    {"sync:orphan",            0,   0,  0x7},
    {"sync:duplicate",         0,   0,  0x8},
    {"trading:on",             10,  5,  0xA},
    {"trading:on tier:pro",    10,  5,  0xA},
    {"banned:",                200, 3,  0},
    {"confirmed:no !ghost",    50,  0,  0},
    {"can:yes",                100, 25, 0},      /* and the other pros, see below */
    {"country:ro",             2,   0,  0},
    {"user trading:off tier:pro sync:differs", 0, 0, 0},
};
/* clang-format on */

/* What a rest of a number does not say. */
static bool is_expected(const struct expectation *e, int n)
{
    if (n > CROWD)
        return n >= 3001 && n <= 3004 && (e->orphans >> (n - 3001) & 1);
    if (strcmp(e->filter, "ser") == 0)
        return n % 100 != 7;
    if (strcmp(e->filter, "00000000-0000-4000-8000-00000000002") == 0)
        return n >= 20 && n <= 29;
    if (strcmp(e->filter, "can:yes") == 0)
        return n % 10 == 5 && n % 100 != 15;
    if (strcmp(e->filter, "country:ro") == 0)
        return n % 2 == 0;
    return e->modulus > 0 && (size_t)n % e->modulus == e->rest;
}

static void check(struct people *p, const struct expectation *e)
{
    struct walked *w = zm_calloc(1, sizeof(*w));
    int n;

    walk(p, e->filter, false, w);
    for (n = 1; n < NUMBERS; n++) {
        bool expected = (n <= CROWD || n > 3000) && is_expected(e, n);

        if (w->found[n] != expected)
            fail_msg("\"%s\" finds %d %d times", e->filter, n, w->found[n]);
    }
    if (strcmp(e->filter, "sync:orphan") != 0) /* which begins where orphans are */
        assert_true(w->walk.searched >= CROWD && w->walk.searched <= CROWD + 4);
    free(w);
}

static void test_filters(void **state)
{
    struct people *p = *state;
    size_t i, r;

    for (r = 0; r < ZM_COUNT(roles); r++) {
        people_open(p, roles[r]);
        for (i = 0; i < ZM_COUNT(expectations); i++)
            check(p, &expectations[i]);
    }
}

/* The rest is what no page shows. */
static void test_only_rest(void **state)
{
    struct people *p = *state;
    struct walked *w = zm_calloc(1, sizeof(*w));
    size_t r;
    int n;

    for (r = 0; r < ZM_COUNT(roles); r++) {
        people_open(p, roles[r]);
        walk(p, "", true, w);
        for (n = 1; n < NUMBERS; n++)
            assert_int_equal(w->found[n], n <= CROWD ? n % 100 == 9 : n >= 3001 && n <= 3004);
    }
    free(w);
}

/* E-mails come in the order of the list. */
static void test_order(void **state)
{
    struct people *p = *state;
    struct db_filter filter;
    struct db_walk at = {.range = 0};
    char last[64] = "";
    struct zm_error err;
    size_t i, n = 0;

    people_open(p, "postgres");
    assert_true(db_filter_parse("user1 !confirmed:no", &filter, &err));
    while (at.place.segment == DB_SEGMENT_PASSWORD) {
        struct db_page page = {.n = 0};

        assert_true(db_users_walk(&p->session, &filter, false, &p->policy, &at, &page, &err));
        for (i = 0; i < page.n; i++, n++) {
            assert_true(strcmp(last, page.users[i].login->email) < 0);
            zm_copy(last, sizeof(last), page.users[i].login->email);
        }
        db_page_done(&page);
    }
    assert_true(n > 1000);
}

/* A side that is away makes unknown what it would have said, and nobody an orphan. */
static void test_bot_away(void **state)
{
    struct people *p = *state;
    struct walked *w = zm_calloc(1, sizeof(*w));

    people_open(p, "postgres");
    db_link_close(p->session.link[DB_BOT]);
    walk(p, "trading:on banned:", false, w);
    assert_int_equal(w->n, 13); /* whether they trade is not known */
    assert_int_equal(w->found[3], 1);
    walk(p, "sync:orphan banned:", false, w);
    assert_int_equal(w->n, 13);
    walk(p, "", false, w);
    assert_int_equal(w->n, CROWD);
    free(w);
}

static void test_brain_away(void **state)
{
    struct people *p = *state;
    struct walked *w = zm_calloc(1, sizeof(*w));
    struct db_filter filter;
    struct db_page page = {.n = 0};
    struct db_walk at = {.range = 0};
    struct zm_error err;

    people_open(p, "postgres");
    db_link_close(p->session.link[DB_BRAIN]);
    walk(p, "user12 trading:off", false, w);
    assert_int_equal(w->found[1200], 1);
    assert_int_equal(w->found[125], 0);
    assert_int_equal(w->found[1217], 0);
    walk(p, "ghost", false, w);
    assert_int_equal(w->n, 4);
    assert_true(db_filter_parse("ghost3004", &filter, &err));
    while (!at.done && page.n == 0) {
        db_page_done(&page);
        assert_true(db_users_walk(&p->session, &filter, false, &p->policy, &at, &page, &err));
    }
    assert_int_equal(page.n, 1);
    assert_false(page.users[0].brain_known);
    assert_int_equal(page.users[0].sync, DB_SYNC_DUPLICATE); /* that needs no Brain */
    db_page_done(&page);
    db_link_close(p->session.link[DB_BOT]);
    memset(&at, 0, sizeof(at));
    p->session.err[DB_BRAIN].kind = ZM_ERR_LOST;
    assert_false(db_users_walk(&p->session, &filter, false, &p->policy, &at, &page, &err));
    assert_int_equal(err.kind, ZM_ERR_LOST);
    free(w);
}

/* Older shapes: without profiles names are not searched, everything else is. */
static void test_no_profiles(void **state)
{
    struct people *p = *state;
    struct walked *w = zm_calloc(1, sizeof(*w));

    people_sql(p, DB_BRAIN, "ALTER TABLE user_profiles RENAME COLUMN name TO full_name");
    people_open(p, "postgres");
    walk(p, "user1234@ !tier:pro", false, w);
    assert_int_equal(w->n, 1);
    walk(p, "ákos", false, w);
    assert_int_equal(w->n, 0);
    people_sql(p, DB_BRAIN, "ALTER TABLE user_profiles RENAME COLUMN full_name TO name");
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filters),    cmocka_unit_test(test_only_rest),
        cmocka_unit_test(test_order),      cmocka_unit_test(test_bot_away),
        cmocka_unit_test(test_brain_away), cmocka_unit_test(test_no_profiles),
    };
    const struct CMUnitTest bare[] = {
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_only_rest),
    };
    int failed = cmocka_run_group_tests_name("with indexes", tests, start, people_end);

    return failed + cmocka_run_group_tests_name("as written", bare, start_bare, people_end);
}
