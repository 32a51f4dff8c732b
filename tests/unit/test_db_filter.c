/*
 * The filter language: what people type becomes terms, mistakes name the nearest valid word, and a
 * record matches by what is known of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "db/conditions.h"
#include "db/filter.h"
#include "db/fold.h"
#include "db/ranges.h"
#include "db/users.h"
#include "zm/str.h"

static struct db_filter parsed(const char *text)
{
    struct db_filter filter;
    struct zm_error err;

    if (!db_filter_parse(text, &filter, &err))
        fail_msg("%s: %s", text, err.message);
    return filter;
}

/* ---- what is typed ---- */

struct typed {
    const char *text;
    size_t n;
    struct db_filter_term first;
};

/* clang-format off */
static const struct typed typed[] = {
    {"",                    0, {.key = DB_FILTER_WORD}},
    {"   \t ",              0, {.key = DB_FILTER_WORD}},
    {"Ana@",                1, {DB_FILTER_WORD, false, false, "ana@"}},
    {"ÁKOS",                1, {DB_FILTER_WORD, false, false, "ákos"}},
    {"\"Ana Pop\"",         1, {DB_FILTER_WORD, false, true,  "ana pop"}},
    {"\"Ana Pop",           1, {DB_FILTER_WORD, false, false, "ana pop"}},
    {"\"",                  0, {.key = DB_FILTER_WORD}},
    {"!",                   0, {.key = DB_FILTER_WORD}},
    {"!test",               1, {DB_FILTER_WORD, true,  false, "test"}},
    {"!\"x y\" b",          2, {DB_FILTER_WORD, true,  true,  "x y"}},
    {"ana pop",             2, {DB_FILTER_WORD, false, false, "ana"}},
    {"12:30",               1, {DB_FILTER_WORD, false, false, "12:30"}},
    {"5B1E0A77C09F4000800000000000ABCD", 1,
     {DB_FILTER_WORD, false, false, "5b1e0a77-c09f-4000-8000-00000000abcd"}},
    {"tier:",               0, {.key = DB_FILTER_WORD}},
    {"!tier:",              0, {.key = DB_FILTER_WORD}},
    {"trading: ana",        1, {DB_FILTER_WORD, false, false, "ana"}},
    {"tier:Pro",            1, {DB_FILTER_TIER, false, false, "pro"}},
    {"TIER:premium",        1, {DB_FILTER_TIER, false, false, "premium"}},
    {"!tier:free",          1, {DB_FILTER_TIER, true,  false, "free"}},
    {"tier:none",           1, {DB_FILTER_TIER, false, false, "none"}},
    {"trading:off",         1, {DB_FILTER_TRADING, false, false, "off"}},
    {"api:on",              1, {DB_FILTER_API, false, false, "on"}},
    {"sync:differs",        1, {DB_FILTER_SYNC, false, false, "differs"}},
    {"sync:ok",             1, {DB_FILTER_SYNC, false, false, "synced"}},
    {"sync:orphan",         1, {DB_FILTER_SYNC, false, false, "orphan_in_bot"}},
    {"sync:missing",        1, {DB_FILTER_SYNC, false, false, "missing"}},
    {"country:RO",          1, {DB_FILTER_COUNTRY, false, false, "ro"}},
    {"banned:",             1, {DB_FILTER_BANNED, false, false, "yes"}},
    {"banned:no",           1, {DB_FILTER_BANNED, false, false, "no"}},
    {"confirmed:no can:no", 2, {DB_FILTER_CONFIRMED, false, false, "no"}},
};
/* clang-format on */

static void test_terms(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(typed); i++) {
        struct db_filter filter = parsed(typed[i].text);

        if (filter.n != typed[i].n)
            fail_msg("\"%s\": %zu terms", typed[i].text, filter.n);
        assert_int_equal(db_filter_is_empty(&filter), typed[i].n == 0);
        if (filter.n == 0)
            continue;
        assert_int_equal(filter.term[0].key, typed[i].first.key);
        assert_int_equal(filter.term[0].invert, typed[i].first.invert);
        assert_int_equal(filter.term[0].exact, typed[i].first.exact);
        assert_string_equal(filter.term[0].value, typed[i].first.value);
    }
}

struct mistake {
    const char *text, *message, *hint;
};

/* clang-format off */
static const struct mistake mistakes[] = {
    {"teir:pro",       "unknown condition teir:", "tier:"},
    {"confirm:no",     "unknown condition confirm:", "confirmed:"},
    {"trading:of",     "trading: does not know \"of\"", "trading:off"},
    {"sync:difers",    "sync: does not know \"difers\"", "sync:differs"},
    {"banned:maybe",   "banned: does not know \"maybe\"", "banned:"},
    {"ok \xff\xfe",    "no text", ""},
    {"a b c d e f g h i j k l m", "more than 12", ""},
    {"0123456789012345678901234567890123456789012345678901234567890123456789"
     "0123456789012345678901234567890123456789012345678901234567890123456789", "longer than 127", ""},
};
/* clang-format on */

static void test_mistakes(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(mistakes); i++) {
        struct db_filter filter = parsed("kept");
        struct zm_error err;

        assert_false(db_filter_parse(mistakes[i].text, &filter, &err));
        assert_int_equal(err.kind, ZM_ERR_USAGE);
        if (!strstr(err.message, mistakes[i].message) || !strstr(err.hint, mistakes[i].hint))
            fail_msg("\"%s\": %s; %s", mistakes[i].text, err.message, err.hint);
        assert_string_equal(filter.term[0].value, "kept"); /* nothing is half taken over */
    }
}

static void test_words(void **state)
{
    struct db_filter filter = parsed("tier:pro !x");

    (void)state;
    assert_false(db_filter_has_words(&filter));
    filter = parsed("tier:pro x");
    assert_true(db_filter_has_words(&filter));
}

/* ---- ids and phones ---- */

struct id_word {
    const char *word, *first, *last; /* NULL: no id begins so */
};

/* clang-format off */
static const struct id_word id_words[] = {
    {"5b1e",      "5b1e0000-0000-0000-0000-000000000000", "5b1effff-ffff-ffff-ffff-ffffffffffff"},
    {"5b1e0a77-c", "5b1e0a77-c000-0000-0000-000000000000", "5b1e0a77-cfff-ffff-ffff-ffffffffffff"},
    {"7",         "70000000-0000-0000-0000-000000000000", "7fffffff-ffff-ffff-ffff-ffffffffffff"},
    {"facade",    "facade00-0000-0000-0000-000000000000", "facadeff-ffff-ffff-ffff-ffffffffffff"},
    {"ada",       NULL, NULL}, /* a person */
    {"5b1e0a77c", NULL, NULL}, /* neither with its dashes nor whole */
    {"ana1",      NULL, NULL},
    {"",          NULL, NULL},
};
/* clang-format on */

static void test_ids(void **state)
{
    char first[37], last[37];
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(id_words); i++) {
        const struct id_word *w = &id_words[i];

        assert_int_equal(db_filter_id_range(w->word, first, last), w->first != NULL);
        if (!w->first)
            continue;
        assert_string_equal(first, w->first);
        assert_string_equal(last, w->last);
    }
}

static void test_phones(void **state)
{
    char digits[20];

    (void)state;
    assert_true(db_filter_phone("+40 722-123 (4)", digits));
    assert_string_equal(digits, "407221234");
    assert_true(db_filter_phone("4072", digits));
    assert_string_equal(digits, "4072");
    assert_false(db_filter_phone("40-72", digits));
    assert_false(db_filter_phone("+", digits));
    assert_false(db_filter_phone("1234567890123456", digits));
}

static void test_fold(void **state)
{
    char text[] = "ÁKOS Ștefan ŽELJKO Ёлка ΆΛΦΑ ẤN É\xff!";

    (void)state;
    db_fold(text);
    assert_string_equal(text, "ákos ștefan željko ёлка άλφα ấn é\xff!");
    assert_true(db_fold_is_text("Ștefan"));
    assert_false(db_fold_is_text("a\x1b[0m"));
    assert_false(db_fold_is_text("\xc3"));
    assert_false(db_fold_is_text("\xed\xa0\x80"));
}

/* ---- what goes to the servers ---- */

static void test_conditions(void **state)
{
    struct db_filter filter = parsed("50%_\\\" \"ana\" !x +407 tier:pro country:RO !banned: 5b1e");
    struct db_conditions c;

    (void)state;
    db_conditions_init(&c, &filter);
    /* a pattern matches itself only, and the array is one element a word whatever is in it */
    assert_string_equal(c.like.s,
                        "{\"%50\\\\%\\\\_\\\\\\\\\\\"%\",\"%\nana\n%\",\"%407%\",\"%5b1e%\"}");
    assert_string_equal(c.unlike.s, "{\"%x%\"}");
    assert_string_equal(c.by_id, "t");
    assert_string_equal(c.tiers.s, "{\"pro\"}");
    assert_string_equal(c.countries.s, "{\"ro\"}");
    assert_string_equal(c.not_tiers.s, "{}");
    assert_string_equal(c.banned, "f");
    assert_null(c.confirmed);
    assert_true(c.of_profile);
    db_conditions_done(&c);
    filter = parsed("trading:off confirmed:yes");
    db_conditions_init(&c, &filter);
    assert_false(c.of_profile);
    assert_string_equal(c.confirmed, "t");
    db_conditions_done(&c);
}

/* Bounds only ever go in one direction, or a range would be read for nothing. */
static void test_ranges(void **state)
{
    static const char *const keys[] = {"ana.pop@example.ro", "zoe@x", "ştefan@x", "a", "Ana", "9"};
    struct db_ranges r;
    size_t i, k;

    (void)state;
    for (k = 0; k < ZM_COUNT(keys); k++) {
        db_ranges_email(keys[k], false, &r);
        assert_true(r.n > 0);
        for (i = 1; i < r.n; i++)
            assert_true(strcmp(r.bound[i - 1], r.bound[i]) < 0);
        db_ranges_email(keys[k], true, &r);
        for (i = 1; i < r.n; i++)
            assert_true(strcmp(r.bound[i - 1], r.bound[i]) > 0);
    }
    db_ranges_email("ana.pop@example.ro", false, &r);
    assert_string_equal(r.bound[0], "ana.popzz");
    db_ranges_email("gül@x", true, &r);
    assert_string_equal(r.bound[0], "gül");
    assert_string_equal(r.bound[1], "gü");
    db_ranges_id("5b1e0a77-c09f-4000-8000-00000000abcd", false, &r);
    assert_string_equal(r.bound[0], "5b1e0aff-ffff-ffff-ffff-ffffffffffff");
    assert_string_equal(r.bound[r.n - 1], "5fffffff-ffff-ffff-ffff-ffffffffffff");
    db_ranges_id(NULL, true, &r);
    assert_string_equal(r.bound[0], "ffffff00-0000-0000-0000-000000000000");
}

/* ---- what matches ---- */

static const struct db_login login = {.id = "5b1e0a77-c09f-4000-8000-00000000abcd",
                                      .email = "Ana.Pop@example.ro",
                                      .phone = "40722123456",
                                      .email_confirmed_at = "2026-01-01T00:00:00Z"};
static const struct db_profile profile = {
    .tier = "pro", .name = "Ána Pop", .country = "RO", .rows = 1};
static const struct db_trader trader = {.email = "ana.pop@example.ro",
                                        .tier = "free",
                                        .trading_enabled = 1,
                                        .api_access = 0,
                                        .rows = 1};

static struct db_user ana(void)
{
    struct db_user user = {.id = login.id,
                           .brain_known = true,
                           .bot_known = true,
                           .profile_known = true,
                           .active_known = true,
                           .keys_known = true,
                           .login = &login,
                           .profile = &profile,
                           .trader = &trader};

    return user;
}

struct match {
    const char *filter;
    bool whole;       /* both halves known */
    bool without_bot; /* Bot away */
};

/* clang-format off */
static const struct match matches[] = {
    {"ana",                   true,  true},
    {"POP@EXAMPLE",           true,  true},
    {"ána",                   true,  true},
    {"bob",                   false, false},
    {"ana bob",               false, false},
    {"!bob",                  true,  true},
    {"!ana",                  false, false},
    {"\"ana.pop@example.ro\"", true, true},
    {"\"ana\"",               false, false},
    {"\"ána pop\"",           true,  true},
    {"+40 722",               true,  true},
    {"+722",                  false, false}, /* a number is found by its beginning */
    {"+40722",                true,  true},
    {"\"+40 722 123456\"",    true,  true},
    {"40722",                 true,  true},
    {"5b1e",                  true,  true},
    {"0a77",                  false, false}, /* an id is found by its beginning */
    {"5b1e0a77-c09f-4000-8000-00000000abcd", true, true},
    {"tier:pro",              true,  true},
    {"tier:PRO",              true,  true},
    {"tier:free",             false, false},
    {"!tier:free",            true,  true},
    {"tier:none",             false, false},
    {"trading:on",            true,  true},
    {"trading:off",           false, true}, /* unknown excludes nobody */
    {"!trading:on",           false, true},
    {"api:on",                false, true},
    {"api:off",               true,  true},
    {"sync:differs",          true,  true},
    {"sync:ok",               false, true},
    {"sync:missing",          false, true},
    {"sync:unknown",          false, true},
    {"country:ro",            true,  true},
    {"country:r",             false, false},
    {"banned:",               false, false},
    {"banned:no",             true,  true},
    {"confirmed:yes",         true,  true},
    {"can:no",                true,  true},
    {"can:yes",               false, true},
};
/* clang-format on */

static void test_matches(void **state)
{
    struct db_policy policy;
    size_t i;

    (void)state;
    db_policy_default(&policy);
    for (i = 0; i < ZM_COUNT(matches); i++) {
        struct db_filter filter = parsed(matches[i].filter);
        struct db_user user = ana();

        db_user_judge(&user, &policy);
        if (db_filter_matches(&filter, &user) != matches[i].whole)
            fail_msg("\"%s\" with both halves", matches[i].filter);
        user.bot_known = user.keys_known = false;
        user.trader = NULL;
        db_user_judge(&user, &policy);
        if (db_filter_matches(&filter, &user) != matches[i].without_bot)
            fail_msg("\"%s\" without Bot", matches[i].filter);
    }
}

/* Who is only in Bot has what Bot has. */
static void test_matches_orphan(void **state)
{
    struct db_user user = ana();
    struct db_policy policy;
    struct db_filter filter = parsed("ana.pop tier:free trading:on sync:orphan");

    (void)state;
    user.login = NULL;
    user.profile = NULL;
    db_policy_default(&policy);
    db_user_judge(&user, &policy);
    assert_true(db_filter_matches(&filter, &user));
    filter = parsed("tier:pro");
    assert_false(db_filter_matches(&filter, &user));
    user.brain_known = user.profile_known = false;
    db_user_judge(&user, &policy);
    assert_true(db_filter_matches(&filter, &user)); /* Brain is away: who knows */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms),      cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_words),      cmocka_unit_test(test_ids),
        cmocka_unit_test(test_phones),     cmocka_unit_test(test_fold),
        cmocka_unit_test(test_conditions), cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_matches),    cmocka_unit_test(test_matches_orphan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
