/*
 * Single users on the Sync screen: `f` mends the one under the cursor, the list and the plan
 * follow; and what a plan says of a user stays in its line, whatever his row holds.
 */
#include "sync_console.h"

static void mend(struct vt *vt)
{
    vt_type(vt, "f");
    vt_wait(vt, "y/N", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
}

static void test_mends_the_user_under_the_cursor(void **state)
{
    struct vt *vt = open_sync(*state, 48, 160);

    vt_wait(vt, "22 drifted", VT_SOON_MS);
    vt_wait(vt, "tier differs (3)", VT_SOON_MS);
    vt_type(vt, "f"); /* a class is no user */
    vt_wait(vt, "Tab goes to the rows", VT_SOON_MS);
    vt_keys(vt, "Tab");
    look(vt);
    mend(vt);
    vt_wait(vt, "tier differs (2)", VT_SOON_MS);
    vt_wait(vt, "21 drifted", VT_SOON_MS);
    vt_wait(vt, "1 mended since", VT_SOON_MS);
    vt_wait(vt, "2 Sync 21!", VT_SOON_MS);
    quit(vt);
}

/* Between what, and which key does it. */
static void test_what_a_person_decides(void **state)
{
    static const struct {
        const char *who, *says, *more;
    } people[] = {
        {"old.premium@example.com", "Bot premium; t sets", "decide which tier he has. Brain pro"},
        {"subscr.differs@example.com", "Tier pro, subscription", "t sets the tier"},
        {"two.profiles@example.de", "2 rows", "none is deleted"},
    };
    size_t i;

    for (i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
        struct vt *vt = open_on(*state, NULL, 24, 80, people[i].who);

        vt_type(vt, "f");
        vt_wait(vt, "A person has to decide", VT_SOON_MS);
        vt_wait(vt, people[i].says, VT_SOON_MS);
        vt_wait(vt, people[i].more, VT_SOON_MS);
        escape(vt, "A person has to decide");
        quit(vt);
    }
}

/* He stays an orphan, but has nothing left that a plan would take. */
static void test_an_orphan_without_rights(void **state)
{
    struct vt *vt = open_sync(*state, 48, 160);
    int i;

    for (i = 0; i < 12 && vt_find(vt, "trading profile without a user (", NULL) < 0; i++) {
        vt_type(vt, "j");
        vt_settle(vt, 100, VT_SOON_MS);
    }
    vt_type(vt, "/ghost");
    vt_keys(vt, "Enter");
    vt_wait(vt, "match /ghost)", VT_SOON_MS);
    vt_keys(vt, "Tab");
    vt_type(vt, "i"); /* opt-in */
    vt_wait(vt, "* ghost@example.io", VT_SOON_MS);
    mend(vt);
    vt_wait(vt, "no login none", VT_SOON_MS);
    vt_wait(vt, "ghost@example.io", VT_SOON_MS);
    vt_wait_gone(vt, "* ghost@example.io", VT_SOON_MS);
    assert_string_equal(of_bot(*state, "ghost@example.io", "trading_enabled"), "false");
    quit(vt);
}

/* A key that changes a user means the same here: his screen reads what is needed for it. */
static void test_stops_trading_from_here(void **state)
{
    struct vt *vt = open_sync(*state, 24, 80);

    vt_type(vt, "X"); /* a class is under the cursor */
    vt_wait(vt, "no user is under the cursor", VT_SOON_MS);
    vt_type(vt, "/weber");
    vt_keys(vt, "Enter Tab");
    vt_type(vt, "X");
    vt_wait(vt, "STOP TRADING  k.weber@example.de", VT_SOON_MS);
    vt_wait(vt, "trading_enabled  on -> off", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "Reason", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Reason", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "scope: /weber", VT_SOON_MS);
    assert_string_equal(of_bot(*state, "k.weber@example.de", "trading_enabled"), "false");
    quit(vt);
}

static void test_nothing_to_apply(void **state)
{
    struct vt *vt = open_sync(*state, 24, 80);

    vt_type(vt, "/nobody@example.com");
    vt_keys(vt, "Enter");
    vt_type(vt, "a");
    vt_wait(vt, "frozen, 0 rows", VT_SOON_MS);
    vt_wait(vt, "there is nothing to apply", VT_SOON_MS);
    assert_absent(vt, "Reason");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    quit(vt);
}

/* A newline in a row of the database begins no line of the plan's. */
static void test_a_plan_says_it_in_its_line(void **state)
{
    struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET email = E'x@y.example\\nBot.tier  free'"
             " WHERE email = 's.haddad@example.lb'");
    vt = open_sync(demo, 48, 160);
    vt_type(vt, "/x@y.example");
    vt_keys(vt, "Enter");
    plan(vt);
    vt_wait(vt, "frozen, 1 row", VT_SOON_MS);
    vt_wait(vt, "whoever does not", VT_SOON_MS); /* nor is left out in silence */
    vt_keys(vt, "Down");
    vt_wait(vt, "Bot.email  x@y.example\\nBot.tier  free -> ", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    quit(vt);
}

/* What was found before a plan was applied is never planned from again, though its look was
 * cancelled. */
static void test_nothing_is_planned_twice(void **state)
{
    struct vt *vt = open_sync(*state, 24, 80);

    plan(vt);
    vt_type(vt, "a");
    vt_wait(vt, "? y/N", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "All were tried", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "All were tried", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "the scan was cancelled", VT_SOON_MS);
    vt_wait(vt, "mended since, R looks again", VT_SOON_MS);
    vt_type(vt, "p");
    vt_wait(vt, "the plan follows", VT_SOON_MS);
    vt_wait(vt, "frozen, 0 rows", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    assert_absent(vt, "mended since");
    quit(vt);
}

/* For all to read later, whole, with its SQLSTATE. He differs since the test before. */
static void test_why_not_is_kept(void **state)
{
    struct demo *demo = *state;
    struct vt *vt;

    demo_sql(
        demo, DB_BOT,
        "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE 'the ledger of this month is closed, and whoever writes into it has to ask the"
        " accounts department for a number first, which is given on working days only'; END $$;"
        "CREATE TRIGGER refuse BEFORE UPDATE ON public.user_trading_profiles FOR EACH ROW"
        " WHEN (OLD.email = 'other@example.com') EXECUTE FUNCTION public.refuse()");
    vt = open_sync(demo, 40, 160);
    vt_type(vt, "/other@");
    vt_keys(vt, "Enter");
    plan(vt);
    vt_wait(vt, "frozen, 1 row", VT_SOON_MS);
    vt_type(vt, "a");
    vt_wait(vt, "? y/N", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "All were tried", VT_SOON_MS);
    vt_wait(vt, "working days only", VT_SOON_MS);
    vt_wait(vt, "(P0001)", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "All were tried", VT_SOON_MS);
    vt_type(vt, "7");
    vt_wait(vt, "whale@example.com: ", VT_SOON_MS);
    vt_keys(vt, "Down Enter"); /* the newest is what all of them came to */
    vt_wait(vt, "P0001", VT_SOON_MS);
    quit(vt);
    demo_sql(demo, DB_BOT,
             "DROP FUNCTION public.refuse() CASCADE;"
             "UPDATE public.user_trading_profiles SET email = 'whale@example.com'"
             " WHERE email = 'other@example.com'");
}

/* What no row can be written without is missed before anybody is asked. */
static void test_an_older_shape_is_said_before(void **state)
{
    struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET email = 'other@example.com'"
             " WHERE email = 'whale@example.com';"
             "ALTER TABLE public.user_trading_profiles RENAME api_access TO api");
    vt = open_sync(demo, 24, 80);
    plan(vt);
    vt_type(vt, "a");
    vt_wait(vt, "Nothing of it can be written", VT_SOON_MS);
    assert_on_one_row(vt, "REFUSED", "ZmartBot: ");
    vt_wait(vt, "api_access", VT_SOON_MS);
    assert_absent(vt, "y/N");
    vt_keys(vt, "Esc");
    vt_wait(vt, "frozen", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "frozen", VT_SOON_MS);
    quit(vt);
    demo_sql(demo, DB_BOT, "ALTER TABLE public.user_trading_profiles RENAME api TO api_access");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mends_the_user_under_the_cursor),
        cmocka_unit_test(test_what_a_person_decides),
        cmocka_unit_test(test_an_orphan_without_rights),
        cmocka_unit_test(test_stops_trading_from_here),
        cmocka_unit_test(test_nothing_to_apply),
        cmocka_unit_test(test_a_plan_says_it_in_its_line),
        cmocka_unit_test(test_nothing_is_planned_twice),
        cmocka_unit_test(test_an_older_shape_is_said_before),
        cmocka_unit_test(test_why_not_is_kept),
    };

    return cmocka_run_group_tests(tests, demo_of_600, demo_end);
}
