/*
 * The Sync screen where there is room: classes, rows, diff, plan and progress stand beside each
 * other, and follow the size of the terminal both ways. Where there is little of it, users with
 * long e-mails are still told apart. The order matters: the last test applies.
 */
#include "sync_console.h"

#define WIDE 48, 160
#define NARROW 24, 80
#define SAID 6      /* the row of the first of whom it is said what became of him */
#define SAID_END 20 /* and of the last */

static int row_of(struct vt *vt, const char *text)
{
    int row;

    vt_wait(vt, text, VT_SOON_MS);
    row = vt_find(vt, text, NULL);
    assert_true(row >= 0);
    return row;
}

/* The three panes of the screen stand beside each other, and above what `below` begins. */
static void assert_panes_above(struct vt *vt, const char *below)
{
    assert_on_one_row(vt, "classes", "tier differs (3)");
    assert_on_one_row(vt, "classes", "diff: ");
    assert_on_one_row(vt, "CLASS", "LAST WRITER");
    assert_true(row_of(vt, "= no e-mail") < row_of(vt, below));
}

static void test_plan_stands_beside_the_classes(void **state)
{
    struct vt *vt = open_sync(*state, WIDE);

    assert_on_one_row(vt, "i include", "x exclude");
    plan(vt);
    assert_panes_above(vt, "frozen");
    assert_on_one_row(vt, "PLAN ", "frozen, 12 rows");
    assert_on_one_row(vt, "ZmartBot.user_trading_profiles", "WHAT       CHANGE");
    assert_on_one_row(vt, "s.haddad@example.lb", "LOSES pro NOW");
    assert_int_equal(row_of(vt, "Esc close, nothing done"), 47); /* its keys, and no others */
    assert_absent(vt, "x exclude");
    vt_type(vt, "d"); /* what is over the screen stays over it */
    vt_wait(vt, "SET LOCAL statement_timeout", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "SET LOCAL statement_timeout", VT_SOON_MS);
    vt_type(vt, "a");
    vt_wait(vt, "> Apply 12 rows? y/N", VT_SOON_MS);
    assert_panes_above(vt, "create  ZmartyBrain");
    look(vt);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "> Apply", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    assert_on_one_row(vt, "i include", "x exclude");
    quit(vt);
}

/* What the rows cannot be asked is said, and nobody plans by it. */
static void test_filter_knows_conditions(void **state)
{
    struct vt *vt = open_sync(*state, NARROW);

    vt_type(vt, "/tier:free !weber");
    vt_wait(vt, "1 of 3 match /tier:free !weber", VT_SOON_MS);
    vt_keys(vt, "Ctrl-U");
    vt_type(vt, "country:RO");
    vt_wait(vt, "country: is not read by a comparison", VT_SOON_MS);
    vt_wait(vt, "trading: api: sync:", VT_SOON_MS); /* what would be, too */
    assert_on_one_row(vt, "tier differs", "3");
    look(vt);
    vt_keys(vt, "Enter");
    vt_type(vt, "p"); /* still a letter of the filter */
    vt_wait(vt, "/country:ROp", VT_SOON_MS);
    assert_absent(vt, "frozen");
    vt_keys(vt, "Ctrl-U");
    vt_type(vt, "trading:of");
    vt_wait(vt, "did you mean trading:off?", VT_SOON_MS);
    vt_type(vt, "f");
    vt_wait_gone(vt, "did you mean", VT_SOON_MS);
    vt_keys(vt, "Enter");
    plan(vt);
    vt_wait(vt, "whoever does not match /trading:off;", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    quit(vt);
}

static void resize_and_wait(struct vt *vt, int rows, int cols, bool wide)
{
    vt_resize(vt, rows, cols);
    if (wide)
        vt_wait(vt, "classes", VT_SOON_MS);
    else
        vt_wait_gone(vt, "classes", VT_SOON_MS);
    vt_wait(vt, "frozen", VT_SOON_MS);
}

/* What was left out, the row and the line under the cursors: they are where they were. */
static void test_resize_keeps_what_was_chosen(void **state)
{
    struct vt *vt = open_sync(*state, WIDE);

    vt_keys(vt, "Tab x"); /* the first row; the cursor goes on to the next */
    vt_wait(vt, "1 of 3", VT_SOON_MS);
    vt_wait(vt, "diff: s.haddad", VT_SOON_MS);
    plan(vt);
    assert_on_one_row(vt, "PLAN ", "frozen, 12 rows"); /* his rights exceed the tier */
    vt_keys(vt, "j j");
    vt_wait(vt, "> +", VT_SOON_MS);
    assert_on_one_row(vt, "> + mario.new@example.it", "rights off");
    resize_and_wait(vt, NARROW, false);
    assert_on_one_row(vt, "> + mario.new@example.it", "create, pro");
    assert_on_one_row(vt, "PLAN ", "frozen, 12 rows");
    assert_absent(vt, "LAST WRITER");
    resize_and_wait(vt, WIDE, true);
    assert_panes_above(vt, "frozen");
    assert_on_one_row(vt, "> + mario.new@example.it", "rights off");
    assert_on_one_row(vt, "tier differs", "1 of 3");
    vt_resize(vt, NARROW);
    vt_wait_gone(vt, "classes", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    assert_on_one_row(vt, "tier differs", "1 of 3");
    assert_on_one_row(vt, ">", "s.haddad@example.lb");
    vt_resize(vt, WIDE);
    vt_wait(vt, "diff: s.haddad", VT_SOON_MS);
    quit(vt);
}

/* Two whose e-mails begin alike for longer than the column is. */
static void test_long_emails_are_told_apart(void **state)
{
    static const char *const who[] = {"customer.relations.department.north@subsidiary.example.com",
                                      "customer.relations.department.south@subsidiary.example.com"};
    static const char *const was[] = {"ana.pop@example.ro", "s.haddad@example.lb"};
    const struct demo *demo = *state;
    char sql[300], row[300];
    struct vt *vt;
    size_t i;

    for (i = 0; i < 2; i++) {
        snprintf(sql, sizeof(sql), "UPDATE auth.users SET email = '%s' WHERE email = '%s'", who[i],
                 was[i]);
        demo_sql(demo, DB_BRAIN, sql);
        snprintf(sql, sizeof(sql),
                 "UPDATE public.user_trading_profiles SET email = '%s' WHERE email = '%s'", who[i],
                 was[i]);
        demo_sql(demo, DB_BOT, sql);
    }
    vt = open_sync(demo, NARROW);
    vt_type(vt, "/customer");
    vt_wait(vt, "2 of 3 match", VT_SOON_MS);
    vt_keys(vt, "Enter");
    plan(vt);
    for (i = 0; i < 2; i++) {
        snprintf(sql, sizeof(sql), "SELECT left(id::text, 6) FROM auth.users WHERE email = '%s'",
                 who[i]);
        snprintf(row, sizeof(row), "customer.relation~%s", demo_sql(demo, DB_BRAIN, sql));
        vt_wait(vt, row, VT_SOON_MS);
    }
    vt_keys(vt, "g");
    vt_wait(vt, who[0], VT_SOON_MS); /* the line under the cursor is whole */
    vt_keys(vt, "G");
    vt_wait(vt, who[1], VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    vt_resize(vt, WIDE);
    vt_wait(vt, "diff: customer", VT_SOON_MS);
    quit(vt);
}

/* 60 users and who was left of others, paused after the first batch. */
static struct vt *pause_a_large_plan(const struct demo *demo)
{
    struct vt *vt;
    const char *at;
    char count[20];

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'enterprise', updated_at ="
             " '2020-01-01' WHERE id IN (SELECT id FROM public.user_trading_profiles WHERE tier ="
             " 'free' AND email LIKE '%@example.net' ORDER BY id LIMIT 60)");
    vt = open_sync(demo, WIDE);
    plan(vt);
    vt_type(vt, "a");
    vt_wait(vt, "Reason", VT_SOON_MS);
    look(vt);
    vt_type(vt, "T-90 wide");
    vt_keys(vt, "Enter");
    vt_wait(vt, "Type ", VT_SOON_MS);
    at = strstr(vt_row(vt, row_of(vt, "Type ")), "Type ");
    snprintf(count, sizeof(count), "%ld", strtol(at + strlen("Type "), NULL, 10));
    vt_type(vt, count);
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply", VT_SOON_MS);
    vt_type(vt, "y ");
    vt_wait(vt, "ok 50", VT_SOON_MS);
    vt_wait(vt, "PAUSED", VT_SOON_MS);
    return vt;
}

static void test_progress_stands_beside_the_classes(void **state)
{
    struct vt *vt = pause_a_large_plan(*state);
    char first[200];

    vt_type(vt, "q"); /* neither closed nor without an answer */
    vt_wait(vt, "Esc stops it, then q leaves", VT_SOON_MS);
    assert_on_one_row(vt, "classes", "diff: ");
    assert_true(row_of(vt, "classes") < row_of(vt, "frozen"));
    assert_true(row_of(vt, "frozen") < row_of(vt, "APPLY "));
    assert_on_one_row(vt, "rows/s",
                      "enterprise -> free"); /* the lines of the plan are still there */
    vt_resize(vt, NARROW);
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    assert_on_one_row(vt, "PAUSED", "Space goes on");
    assert_on_one_row(vt, "ok 50", "not started");
    vt_resize(vt, WIDE);
    vt_wait(vt, "classes", VT_SOON_MS);
    assert_on_one_row(vt, "ok 50", "not started");
    vt_keys(vt, "Space");
    vt_wait(vt, "All were tried", VT_SOON_MS);
    assert_on_one_row(vt, "classes", "diff: ");
    vt_resize(vt, NARROW); /* what became of them, the last of whom are not all in sight */
    vt_wait(vt, "PgDn PgUp scroll", VT_SOON_MS);
    vt_keys(vt, "PgDn Home");
    snprintf(first, sizeof(first), "%s", vt_row(vt, SAID));
    vt_keys(vt, "End");
    vt_wait_gone(vt, first, VT_SOON_MS);
    assert_true(strstr(vt_row(vt, SAID_END), "ok ") != NULL);
    vt_keys(vt, "g");
    vt_wait(vt, first, VT_SOON_MS);
    vt_resize(vt, WIDE);
    vt_wait(vt, "classes", VT_SOON_MS);
    vt_type(vt, "R");
    vt_wait_gone(vt, "APPLY", VT_SOON_MS);
    vt_wait(vt, "0 in plan", 2 * VT_SOON_MS);
    quit(vt);
}

/* Nobody has to know that what is shown is of before: it is looked at as soon as both are there. */
static void test_a_plan_that_lost_a_side(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = pause_a_large_plan(demo);

    demo_halt(demo, DB_BOT);
    vt_wait(vt, "Bot DOWN", VT_SOON_MS);
    vt_keys(vt, "Space");
    vt_wait(vt, "It stopped", 2 * VT_SOON_MS);
    assert_on_one_row(vt, "ok 50", "not started");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "APPLY", VT_SOON_MS);
    vt_wait(vt, "50 mended since", VT_SOON_MS);
    demo_resume(demo, DB_BOT);
    vt_wait_gone(vt, "mended since", 3 * VT_SOON_MS);
    vt_wait(vt, "10 in plan", VT_SOON_MS);
    quit(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan_stands_beside_the_classes),
        cmocka_unit_test(test_filter_knows_conditions),
        cmocka_unit_test(test_resize_keeps_what_was_chosen),
        cmocka_unit_test(test_long_emails_are_told_apart),
        cmocka_unit_test(test_progress_stands_beside_the_classes),
        cmocka_unit_test(test_a_plan_that_lost_a_side),
    };

    return cmocka_run_group_tests(tests, demo_of_600, demo_end);
}
