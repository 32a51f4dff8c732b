/*
 * What a plan says that it would do to somebody: rights that he has not he does not lose.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "screens/plan_state.h"
#include "zm/str.h"

static void rights_that_go_off(void **state)
{
    static const struct {
        enum db_class class;
        db_maybe trading, api;
        const char *change, *loses;
        int64_t disable, opt_in, rightless, losing;
    } rows[] = {
        {DB_CLASS_ORPHAN_IN_BOT, 1, 1, "trading, api -> off", "STOPS TRADING NOW", 1, 1, 0, 1},
        {DB_CLASS_ORPHAN_IN_BOT, 0, 1, "api -> off", "LOSES api NOW", 1, 1, 0, 1},
        {DB_CLASS_ORPHAN_IN_BOT, 0, 0, "none: nothing to do", "", 0, 0, 1, 0},
        {DB_CLASS_DELETED_IN_BRAIN, 0, 0, "none: nothing to do", "", 0, 0, 1, 0},
        {DB_CLASS_ORPHAN_IN_BOT, -1, 0, "not known -> off", "", 1, 1, 0, 0},
        {DB_CLASS_FLAGS_EXCEED_TIER, 1, 1, "api -> off", "LOSES api NOW", 0, 0, 0, 1},
    };
    const struct db_policy policy = {.trading_tiers = {"pro", "enterprise"},
                                     .api_tiers = {"enterprise"}};
    struct zm_arena arena = {.head = NULL};
    struct plan_line lines[DB_CLASSES];
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(rows); i++) {
        struct db_plan_row row = {.classes = DB_CLASS_BIT(rows[i].class)};
        struct plan_sums sums = {.losing = 0};

        row.seen = (struct db_both){.id = "x",
                                    .profiles = 1,
                                    .tier = "pro",
                                    .traders = 1,
                                    .trading_enabled = rows[i].trading,
                                    .api_access = rows[i].api};
        assert_int_equal(plan_lines_of(&arena, &policy, &row, lines), 1);
        assert_string_equal(lines[0].what, "Bot.rights");
        assert_string_equal(lines[0].change, rows[i].change);
        assert_string_equal(lines[0].loses, rows[i].loses);
        plan_sums_add(&sums, lines, 1);
        assert_int_equal(sums.disable, rows[i].disable);
        assert_int_equal(sums.opt_in, rows[i].opt_in);
        assert_int_equal(sums.rightless, rows[i].rightless);
        assert_int_equal(sums.losing, rows[i].losing);
    }
    zm_arena_done(&arena);
}

/* A profile that is made is free, and so is Bot then. */
static void a_profile_that_is_made(void **state)
{
    const struct db_policy policy = {.trading_tiers = {"pro", "enterprise"},
                                     .api_tiers = {"enterprise"}};
    struct db_plan_row row = {.classes = DB_CLASS_BIT(DB_CLASS_MISSING_PROFILE),
                              .seen = {.id = "x", .login = true, .traders = 1, .bot_tier = "pro"}};
    struct zm_arena arena = {.head = NULL};
    struct plan_line lines[DB_CLASSES];
    struct plan_sums sums = {.losing = 0};

    (void)state;
    assert_int_equal(plan_lines_of(&arena, &policy, &row, lines), 2);
    assert_string_equal(lines[0].what, "Brain");
    assert_string_equal(lines[1].what, "Bot.tier");
    assert_string_equal(lines[1].change, "pro -> free");
    assert_string_equal(lines[1].loses, "LOSES pro NOW");
    plan_sums_add(&sums, lines, 2);
    assert_int_equal(sums.create_brain, 1);
    assert_int_equal(sums.tier, 1);
    assert_int_equal(sums.losing, 1);
    row.seen.bot_tier = "free";
    assert_int_equal(plan_lines_of(&arena, &policy, &row, lines), 1);
    row.seen.bot_tier = "premium"; /* a person decides */
    assert_int_equal(plan_lines_of(&arena, &policy, &row, lines), 1);
    zm_arena_done(&arena);
}

/* A difference of blanks is one that a person sees. */
static void blanks_are_seen(void **state)
{
    const struct db_policy policy = {.trading_tiers = {"pro"}, .api_tiers = {"pro"}};
    struct db_plan_row row = {.classes = DB_CLASS_BIT(DB_CLASS_EMAIL_DIFFERS) |
                                         DB_CLASS_BIT(DB_CLASS_TIER_DIFFERS),
                              .seen = {.id = "x",
                                       .login = true,
                                       .email = "a@example.gb",
                                       .profiles = 1,
                                       .tier = "pro",
                                       .traders = 1,
                                       .bot_email = "a@example.gb ",
                                       .bot_tier = ""}};
    struct zm_arena arena = {.head = NULL};
    struct plan_line lines[DB_CLASSES];

    (void)state;
    assert_int_equal(plan_lines_of(&arena, &policy, &row, lines), 2);
    assert_string_equal(lines[0].change, "'' -> pro");
    assert_string_equal(lines[1].change, "'a@example.gb ' -> a@example.gb");
    row.seen.bot_email = NULL;
    assert_int_equal(plan_lines_of(&arena, &policy, &row, lines), 2);
    assert_string_equal(lines[1].change, "NULL -> a@example.gb");
    zm_arena_done(&arena);
}

/* Too long for the column: enough of both that they are told apart. */
static void both_emails_are_seen(void **state)
{
    static const struct {
        const char *bot, *brain;
        int cells;
        const char *shown;
    } rows[] = {
        {"a@example.old", "a@example.new", 30, "a@example.old -> a@example.new"},
        {"tatiana@example.old", "tati@example.md", 30, "tatiana@exam~ -> tati@example~"},
        {"a.b@old.example", "somebody.else@example.com", 34, "a.b@old.example -> somebody.else@~"},
        {"somebody.else@example.com", "a@b.example", 30, "somebody.else@~ -> a@b.example"},
        {"a.very.long.name@old.example", "a.very.long.name@new.example", 36,
         "~ame@old.example -> ~ame@new.example"},
        {"a.very.long.name@example.org", "a.very.long.name@example.com", 30,
         "~@example.org -> ~@example.com"},
        {"a.very.long.name@example.org ", "a.very.long.name@example.org", 30,
         "'a.very.long~ -> a.very.long.~"},
        {"a.very.long.name@example.org", "a.very.long.name@example.com", 9, NULL}, /* no room */
        {"\xc3\xa9.very.long.name@example.org", "a.very.long.name@example.com", 30, NULL},
    };
    const struct db_policy policy = {.trading_tiers = {"pro"}, .api_tiers = {"pro"}};
    struct zm_arena arena = {.head = NULL};
    struct plan_line lines[DB_CLASSES];
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(rows); i++) {
        struct db_plan_row row = {.classes = DB_CLASS_BIT(DB_CLASS_EMAIL_DIFFERS),
                                  .seen = {.id = "x",
                                           .login = true,
                                           .email = rows[i].brain,
                                           .profiles = 1,
                                           .tier = "pro",
                                           .traders = 1,
                                           .bot_email = rows[i].bot,
                                           .bot_tier = "pro"}};

        assert_int_equal(plan_lines_of(&arena, &policy, &row, lines), 1);
        assert_string_equal(plan_change_text(&arena, lines, rows[i].cells),
                            rows[i].shown ? rows[i].shown : lines[0].change);
        assert_string_equal(plan_change_text(&arena, lines, 200), lines[0].change);
    }
    zm_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_that_is_made), cmocka_unit_test(rights_that_go_off),
        cmocka_unit_test(blanks_are_seen), cmocka_unit_test(both_emails_are_seen)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
