/*
 * Somebody else was quicker: what was seen, what is there now and since when, what was wanted, and
 * who wrote, as far as the journal knows. The same of an edit, an undo, and of mending.
 */
#include "edit_console.h"

#include <time.h>

#include "support/process.h"

/* What another operator does to a user. */
static void other_operator(const struct demo *demo, const char *who, const char *tier,
                           const char *reason)
{
    const char *const argv[] = {ZM_BINARY, "-c",       demo->conf, "tier",  who,
                                tier,      "--reason", reason,     "--yes", NULL};

    assert_int_equal(process_run(argv), 0);
}

/* What the application does, or a person with SQL. */
static void by_hand(const struct demo *demo, const char *who, const char *set)
{
    char sql[300];

    snprintf(sql, sizeof(sql),
             "UPDATE public.user_profiles p SET %s FROM auth.users u "
             "WHERE u.id = p.user_id AND u.email = '%s'",
             set, who);
    demo_sql(demo, DB_BRAIN, sql);
}

static void both_tiers(const struct demo *demo, const char *who, const char *tier)
{
    char sql[300];

    snprintf(sql, sizeof(sql), "tier = '%s'", tier);
    by_hand(demo, who, sql);
    snprintf(sql, sizeof(sql),
             "UPDATE public.user_trading_profiles SET tier = '%s' WHERE email = '%s'", tier, who);
    demo_sql(demo, DB_BOT, sql);
}

/* A heading with the time of a moment that is `ago` and has just been: the minute may have gone. */
static void assert_time(struct vt *vt, const char *word, int ago)
{
    char text[2][40];
    int i;

    vt_wait(vt, word, VT_SOON_MS);
    for (i = 0; i < 2; i++) {
        time_t t = time(NULL) - ago - 60 * i;
        char at[24];
        struct tm tm;

        strftime(at, sizeof(at), "%m-%d %H:%M", gmtime_r(&t, &tm));
        snprintf(text[i], sizeof(text[i]), "%s %s ", word, at);
        if (vt_find(vt, text[i], NULL) >= 0)
            return;
    }
    vt_dump(vt);
    fail_msg("neither '%s' nor '%s'", text[0], text[1]);
}

/* An operator is named, another writer is not; k leaves theirs, r plans on theirs. */
static void test_edit(void **state)
{
    static const char who[] = "ana.ionescu@example.com";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "ana.ionescu@");
    int round;

    for (round = 0; round < 2; round++) {
        both_tiers(demo, who, "enterprise");
        vt_type(vt, "R");
        look(vt);
        start_tier(vt, "f", "T-5");
        if (round == 0)
            by_hand(demo, who, "tier = 'pro'");
        else
            other_operator(demo, who, "pro", "T-4");
        vt_type(vt, "y");
        vt_wait(vt, "Changed meanwhile", VT_SOON_MS);
        assert_time(vt, "SAW", 0);
        assert_time(vt, "NOW", 0);
        assert_on_one_row(vt, "NOW ", "WANT");
        assert_on_one_row(vt, "Written by", round == 0 ? "no operator" : "zmartctl.tier_change");
        if (round == 1)
            assert_on_one_row(vt, "Written by", ": T-4");
        assert_on_one_row(vt, "tier        enterprise        pro               free", "free");
        assert_on_one_row(vt, "Bot's tier", " free"); /* goes with the tier */
        assert_string_equal(of_brain(demo, who, "tier"), "pro");
        look(vt);
        vt_type(vt, round == 0 ? "k" : "r");
        vt_wait_gone(vt, "SAW", VT_SOON_MS);
        if (round == 0)
            vt_wait(vt, "theirs stays", VT_SOON_MS);
    }
    assert_on_one_row(vt, "ZmartyBrain", "pro -> free");
    vt_wait(vt, "> Apply?", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "done: tier pro -> free", VT_SOON_MS);
    assert_string_equal(of_brain(demo, who, "tier"), "free");
    assert_string_equal(of_bot(demo, who, "tier"), "free");
    quit(vt);
}

/* An operator who wrote something else meanwhile is not named for what he did not do. */
static void test_not_he(void **state)
{
    static const char who[] = "tatiana@example.md";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "tatiana@");

    vt_type(vt, "e");
    vt_wait(vt, "Edit  tatiana@example.md", VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Down Down Down Ctrl-U");
    vt_type(vt, "Tanya");
    vt_wait(vt, "-> Tanya", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_type(vt, "T-3");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply? y/N/d", VT_SOON_MS);
    by_hand(demo, who, "name = 'Tati'");
    other_operator(demo, who, "free", "T-4");
    vt_type(vt, "y");
    vt_wait(vt, "Changed meanwhile", VT_SOON_MS);
    assert_on_one_row(vt, "name ", "Tati ");
    assert_on_one_row(vt, "Written by", "no operator");
    look(vt);
    vt_type(vt, "k");
    vt_wait(vt, "theirs stays", VT_SOON_MS);
    quit(vt);
}

/* Undo saw what the change left, when it left it. */
static void test_undo_after_sql(void **state)
{
    static const char who[] = "ivana.r@example.com";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "ivana.r@");
    char day[16];
    struct tm tm;
    time_t t;

    change_tier(vt, "e", "done: tier pro -> enterprise");
    demo_sql(demo, DB_BRAIN,
             "UPDATE public.user_activity SET created_at = created_at - interval '30 hours' "
             "WHERE metadata ->> 'reason' = 'T-1'");
    by_hand(demo, who, "tier = 'free'");
    vt_type(vt, "u");
    vt_wait(vt, "Somebody wrote since that change", VT_SOON_MS);
    assert_time(vt, "SAW", 30 * 3600);
    assert_time(vt, "NOW", 0);
    assert_on_one_row(vt, "Written by", "no operator");
    assert_on_one_row(vt, "tier ", "enterprise        free              pro");
    assert_on_one_row(vt, "Bot's tier", "enterprise        enterprise        pro");
    look(vt);
    vt_type(vt, "yr");
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "Somebody wrote", VT_SOON_MS);
    vt_resize(vt, 24, 50); /* of another day its day, where there is little room */
    look(vt);
    vt_type(vt, "u");
    vt_wait(vt, "Somebody wrote since that change", VT_SOON_MS);
    t = time(NULL) - 30 * 3600;
    strftime(day, sizeof(day), " %m-%d    ", gmtime_r(&t, &tm));
    assert_on_one_row(vt, day, ":");
    look(vt);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "Somebody wrote", VT_SOON_MS);
    assert_string_equal(of_brain(demo, who, "tier"), "free");
    assert_string_equal(of_bot(demo, who, "tier"), "enterprise");
    quit(vt);
}

/* On Audit an older change can be asked to be undone: whose newer one is in the way is said. */
static void test_undo_of_an_older_one(void **state)
{
    static const char who[] = "oana.d@example.ro";
    const struct demo *demo = *state;
    struct vt *vt;

    other_operator(demo, who, "pro", "T-20");
    other_operator(demo, who, "free", "T-21 chargeback");
    vt = open_on(demo, NULL, 24, 80, "oana.d@");
    vt_type(vt, "5");
    vt_wait(vt, "newest first", VT_SOON_MS);
    vt_type(vt, "/T-20");
    vt_wait(vt, "reason T-20", VT_SOON_MS);
    vt_keys(vt, "Enter");
    look(vt);
    vt_type(vt, "u");
    vt_wait(vt, "Changed meanwhile  oana.d@", VT_SOON_MS);
    assert_on_one_row(vt, "Written by", "zmartctl.tier_change: T-21");
    assert_on_one_row(vt, "tier ", "pro               free              enterprise");
    look(vt);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "Changed meanwhile", VT_SOON_MS);
    assert_string_equal(of_brain(demo, who, "tier"), "free");
    quit(vt);
}

/* Somebody was quicker than the y of an undo. */
static void test_undo_overtaken(void **state)
{
    static const char who[] = "joana.costa@example.pt";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "joana.costa@");

    change_tier(vt, "p", "done: tier free -> pro");
    vt_type(vt, "u");
    vt_wait(vt, "Undo  joana.costa@", VT_SOON_MS);
    vt_wait(vt, "> Reason", VT_SOON_MS);
    other_operator(demo, who, "enterprise", "T-31 quicker");
    give_reason(vt, "T-30 mistake");
    vt_wait(vt, "Changed meanwhile", VT_SOON_MS);
    assert_on_one_row(vt, "Written by", "zmartctl.tier_change: T-31");
    assert_on_one_row(vt, "tier ", "pro               enterprise        free");
    assert_time(vt, "SAW", 0);
    look(vt);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Changed meanwhile", VT_SOON_MS);
    assert_string_equal(of_brain(demo, who, "tier"), "enterprise");
    quit(vt);
}

/* Mending saw what the comparison found; r looks again how he differs, with the reason that was
 * typed. */
static void test_mend(void **state)
{
    static const char who[] = "ana.pop@example.ro";
    const struct demo *demo = *state;
    struct vt *vt = open_on(demo, NULL, 24, 80, "ana.pop@");

    vt_type(vt, "f");
    vt_wait(vt, "> Mend it?", VT_SOON_MS);
    look(vt);
    give(vt, "> Reason", "T-40 asked");
    assert_on_one_row(vt, "Reason", "T-40 asked");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Mend it?", VT_SOON_MS);
    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'enterprise' "
             "WHERE email = 'ana.pop@example.ro'");
    vt_type(vt, "y");
    vt_wait(vt, "Changed meanwhile", VT_SOON_MS);
    assert_on_one_row(vt, "Bot's tier", "free              enterprise        pro");
    look(vt);
    vt_type(vt, "r");
    vt_wait(vt, "enterprise -> pro", VT_SOON_MS);
    assert_on_one_row(vt, "Reason", "T-40 asked");
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "done: Bot's tier enterprise -> pro", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier"), "pro");
    quit(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edit),           cmocka_unit_test(test_not_he),
        cmocka_unit_test(test_undo_after_sql), cmocka_unit_test(test_undo_of_an_older_one),
        cmocka_unit_test(test_undo_overtaken), cmocka_unit_test(test_mend),
    };

    return cmocka_run_group_tests(tests, demo_of_60, demo_end);
}
