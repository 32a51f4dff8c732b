/*
 * The Sync screen where there is little room and where there is enough: what is cut first, what is
 * said of what is not shown, and that values are told apart. The order matters: later tests find
 * what earlier ones left.
 */
#include "sync_console.h"

static void test_fits_any_terminal(void **state)
{
    struct vt *vt = open_sync(*state, 48, 160);

    vt_wait(vt, "diff: ana.pop@example.ro", VT_SOON_MS);
    assert_on_one_row(vt, "tier differs", "ana.pop@example.ro");
    vt_resize(vt, 24, 60);
    vt_wait_gone(vt, "classes", VT_SOON_MS);
    assert_on_one_row(vt, "tier differs", "2 of 3");
    vt_resize(vt, 15, 60); /* one pane at a time */
    vt_wait(vt, "4 more classes", VT_SOON_MS);
    assert_absent(vt, "USER");
    vt_type(vt, "jjjjjjjj");
    vt_wait(vt, "1 above, 3 more classes below", VT_SOON_MS);
    vt_type(vt, "G");
    vt_wait(vt, "4 more classes above", VT_SOON_MS);
    vt_type(vt, "g");
    vt_resize(vt, 10, 40);
    vt_wait(vt, "more classes", VT_SOON_MS);
    vt_wait(vt, "COUNT", VT_SOON_MS);
    assert_on_one_row(vt, "tier differs", "3");
    vt_resize(vt, 50, 200);
    vt_wait(vt, "trading profile without a user  ", VT_SOON_MS); /* its whole title */
    quit(vt);
}

/* Its letters are no keys, whether there was a scan or not. */
static void test_filters_before_anything_is_found(void **state)
{
    struct vt *vt = open_sync_as(*state, NULL, 24, 80);

    vt_wait(vt, "waiting before the second look", VT_SOON_MS);
    vt_type(vt, "/country:RO ap");
    vt_wait(vt, "trading: api: sync:", VT_SOON_MS); /* what it can be asked, whole */
    vt_keys(vt, "Ctrl-U");
    vt_type(vt, "weber");
    vt_keys(vt, "Enter Esc");
    vt_wait(vt, "the scan was cancelled", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Sync /weber", VT_SOON_MS);
    vt_type(vt, "/weber");
    vt_wait(vt, "Sync /weber", VT_SOON_MS);
    vt_keys(vt, "Enter R");
    vt_wait(vt, "1 of 3 match /weber", VT_SOON_MS);
    vt_resize(vt, 15, 60);
    vt_wait(vt, "scope: /weber", VT_SOON_MS);
    quit(vt);
}

static void test_blanks_are_seen(void **state)
{
    struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET email = email || ' '"
             " WHERE email = 'ivana.r@example.com'");
    vt = open_sync(demo, 50, 200);
    vt_type(vt, "/ivana");
    vt_keys(vt, "Enter j Tab");
    vt_wait(vt, "'ivana.r@example.com '", VT_SOON_MS);
    vt_type(vt, "d");
    vt_wait(vt, "  risk ", VT_SOON_MS);
    assert_on_one_row(vt, "e-mail", "'ivana.r@example.com '");
    vt_keys(vt, "q");
    vt_wait(vt, "CLASS", VT_SOON_MS);
    vt_type(vt, "f");
    vt_wait(vt, "y/N", VT_SOON_MS);
    assert_on_one_row(vt, "'ivana.r@example.com ' -> ", "ivana.r@example.com");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "y/N", VT_SOON_MS);
    quit(vt);
}

/* He has no e-mail: the id is his name. */
static void test_an_id_is_whole(void **state)
{
    static const char id[] = "0a0a0a0a-1b1b-4c2c-8d3d-4e4e4e4e4e4e";
    struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "INSERT INTO public.user_trading_profiles (user_id, email, tier, trading_enabled)"
             " VALUES ('0a0a0a0a-1b1b-4c2c-8d3d-4e4e4e4e4e4e', '', 'free', true)");
    vt = open_sync(demo, 24, 80);
    vt_type(vt, "/0a0a0a0a");
    vt_keys(vt, "Enter j j j j j j");
    vt_wait(vt, id, VT_SOON_MS);
    assert_on_one_row(vt, id, "BOT ");
    quit(vt);
}

static void click(struct vt *vt, const char *text)
{
    int col, row = vt_find(vt, text, &col);
    char report[32];

    assert_true(row >= 0);
    snprintf(report, sizeof(report), "\x1b[<0;%d;%dM", col + 1, row + 1);
    vt_type(vt, report);
}

/* A click is the cursor's move to a class or a row, and gives its pane the keys. */
static void test_follows_the_mouse(void **state)
{
    struct vt *vt = open_sync(*state, 48, 160);

    vt_wait(vt, "diff: ana.pop@example.ro", VT_SOON_MS);
    vt_type(vt, "%");
    vt_wait(vt, "mouse on", VT_SOON_MS);
    click(vt, "no trading profile");
    vt_wait(vt, "+ no trading profile (", VT_SOON_MS);
    click(vt, "tier differs");
    vt_wait(vt, "~ tier differs (3)", VT_SOON_MS);
    click(vt, "s.haddad@example.lb");
    vt_wait(vt, "diff: s.haddad@example.lb", VT_SOON_MS);
    vt_keys(vt, "Enter"); /* on a row: his screen */
    vt_wait(vt, "CANNOT TRADE", VT_SOON_MS);
    quit(vt);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits_any_terminal),
        cmocka_unit_test(test_filters_before_anything_is_found),
        cmocka_unit_test(test_blanks_are_seen),
        cmocka_unit_test(test_an_id_is_whole),
        cmocka_unit_test(test_follows_the_mouse),
    };

    return cmocka_run_group_tests(tests, demo_of_600, demo_end);
}
