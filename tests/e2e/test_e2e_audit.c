/*
 * The Audit screen and the unfinished writes of Health: what operators did is found, read, taken
 * back; a reason that was owed is given; a write of which a leg is missing is finished or reversed.
 */
#include "edit_console.h"

/* A tier change of which only Brain's half was committed, as a crash between the commits leaves it.
 */
static void half_write(const struct demo *demo, const char *email, const char *request,
                       const char *from, const char *to)
{
    char sql[1600];

    snprintf(
        sql, sizeof(sql),
        "INSERT INTO public.user_activity (id, user_id, action, metadata)"
        " SELECT '%s', u.id, 'zmartctl.tier_change', jsonb_build_object('v', 1, 'subject', u.id,"
        " 'db_role', 'postgres', 'os_user', 'mia', 'host', 'ops-2', 'set', 'tier bot_tier',"
        " 'old', '%s', 'new', '%s', 'tier_old', '%s', 'tier_new', '%s', 'bot_old', '%s',"
        " 'bot_new', '%s', 'bot_tier_old', '%s', 'bot_tier_new', '%s', 'bot_prev', 'then',"
        " 'bot_token', 'never', 'reason', 'T-9 half') FROM auth.users u WHERE u.email = '%s';"
        "UPDATE public.user_profiles p SET tier = '%s' FROM auth.users u"
        " WHERE u.id = p.user_id AND u.email = '%s'",
        request, from, to, from, to, from, to, from, to, email, to, email);
    demo_sql(demo, DB_BRAIN, sql);
}

static struct vt *open_screen(const struct demo *demo, const char *key, const char *shows)
{
    struct vt *vt = open_console(demo, 40, 140, NULL);

    vt_type(vt, key);
    vt_wait(vt, shows, VT_SOON_MS);
    return vt;
}

static void confirm(struct vt *vt, const char *question)
{
    vt_wait(vt, "Reason", VT_SOON_MS);
    look(vt);
    give(vt, "> Reason", "T-10");
    vt_keys(vt, "Enter");
    vt_wait(vt, question, VT_SOON_MS);
    vt_type(vt, "y");
}

static void test_lists_finds_and_shows(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_screen(demo, "5", "T-4390 abuse check");

    assert_on_one_row(vt, "trading.off@example.com", "owed: r gives it");
    assert_on_one_row(vt, "joana.costa@example.pt", "undone");
    assert_on_one_row(vt, "T-4401 was for another", "done");
    vt_type(vt, "/T-4390");
    vt_wait_gone(vt, "T-4401", VT_SOON_MS);
    assert_on_one_row(vt, "trading_toggle", "ana.pop@example.ro");
    vt_resize(vt, 24, 80); /* there is no room for the column: the reason has a line of its own */
    vt_wait(vt, "reason T-4390 abuse check", VT_SOON_MS);
    vt_resize(vt, 40, 140);
    vt_wait_gone(vt, "reason T-4390 abuse check", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_keys(vt, "Enter");
    vt_wait(vt, "claimed", VT_SOON_MS);
    assert_on_one_row(vt, "claimed", "bo at ops-1");
    assert_on_one_row(vt, "change", "trading off");
    escape(vt, "claimed");
    vt_keys(vt, "Esc");
    vt_wait(vt, "T-4401", VT_SOON_MS);
    vt_type(vt, "/nothing like this");
    vt_wait(vt, "no change matches", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "T-4401", VT_SOON_MS);
    quit(vt);
}

static void test_gives_an_owed_reason(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_screen(demo, "5", "owed: r gives it");

    vt_type(vt, "r");
    vt_wait(vt, "Reason for stop_all", VT_SOON_MS);
    vt_type(vt, "asked for by phone");
    vt_keys(vt, "Enter");
    vt_wait(vt, "the reason is in the journal", VT_SOON_MS);
    vt_wait_gone(vt, "owed: r gives it", VT_SOON_MS);
    assert_on_one_row(vt, "stop_all", "asked for by phone");
    assert_string_equal(demo_sql(demo, DB_BRAIN,
                                 "SELECT r.metadata->>'reason' FROM public.user_activity r JOIN "
                                 "public.user_activity a ON r.metadata->>'ref' = a.id::text WHERE "
                                 "r.action = 'zmartctl.reason' AND a.action = 'zmartctl.stop_all'"),
                        "asked for by phone");
    quit(vt);
}

static void test_finishes_an_unfinished_write(void **state)
{
    static const char who[] = "mariana+zb@example.com";
    const struct demo *demo = *state;
    struct vt *vt;

    half_write(demo, who, "0b6c2f7e-0000-4000-8000-00000000000a", "free", "pro");
    vt = open_screen(demo, "4", "unfinished two-database writes: 1");
    vt_wait(vt, "1 unfinished write, see Health", VT_SOON_MS);
    vt_type(vt, "f");
    vt_wait(vt, "Finish  mariana+zb@example.com", VT_SOON_MS);
    assert_on_one_row(vt, "ZmartBot", "free -> pro");
    vt_wait(vt, "Tab edits Reason", VT_SOON_MS); /* a reason may begin with y or n */
    confirm(vt, "> Finish it? y/N/d");
    vt_wait(vt, "done: Bot's tier free -> pro", VT_SOON_MS);
    vt_wait_gone(vt, "unfinished two-database writes", VT_SOON_MS);
    assert_string_equal(of_bot(demo, who, "tier"), "pro");
    assert_string_equal(of_journal(demo, who, "result",
                                   "SELECT string_agg(b.metadata->>'outcome', ',') FROM "
                                   "public.user_activity b WHERE b.metadata->>'ref' = "
                                   "'0b6c2f7e-0000-4000-8000-00000000000a'"),
                        "done");
    quit(vt);
}

static void test_reverses_an_unfinished_write(void **state)
{
    static const char who[] = "joana.costa@example.pt";
    const struct demo *demo = *state;
    struct vt *vt;

    half_write(demo, who, "0b6c2f7e-0000-4000-8000-00000000000b", "free", "enterprise");
    vt = open_screen(demo, "4", "unfinished two-database writes: 1");
    vt_type(vt, "u");
    vt_wait(vt, "Reverse  joana.costa@example.pt", VT_SOON_MS);
    assert_on_one_row(vt, "ZmartyBrain", "enterprise -> free");
    confirm(vt, "> Reverse it? y/N/d");
    vt_wait(vt, "done: tier enterprise -> free", VT_SOON_MS);
    vt_wait_gone(vt, "unfinished two-database writes", VT_SOON_MS);
    assert_string_equal(of_brain(demo, who, "tier"), "free");
    assert_string_equal(of_bot(demo, who, "tier"), "free");
    quit(vt);
}

/* Bot was written after all, or nothing is left to be done: only the end is recorded. */
static void test_settles_what_needs_nothing(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt;

    half_write(demo, "k.weber@example.de", "0b6c2f7e-0000-4000-8000-00000000000c", "free", "pro");
    vt = open_screen(demo, "4", "unfinished two-database writes: 1");
    vt_type(vt, "f"); /* Bot says pro already */
    vt_wait(vt, "nothing was left to be done", VT_SOON_MS);
    vt_wait_gone(vt, "unfinished two-database writes", VT_SOON_MS);
    quit(vt);
}

/* Small terminals show the whole record too, a page at a time. */
static void test_scrolls_a_record(void **state)
{
    const struct demo *demo = *state;
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};
    struct vt *vt = vt_start(argv, NULL, 24, 80);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_type(vt, "5");
    vt_wait(vt, "RESULT", VT_SOON_MS); /* how it ended is not what a narrow list leaves out */
    vt_wait(vt, "bo@ops-1", VT_SOON_MS);
    vt_type(vt, "/T-4390");
    vt_wait_gone(vt, "stop_all", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_keys(vt, "Enter");
    vt_wait(vt, "more rows", VT_SOON_MS);
    assert_absent(vt, "trading_enabled_old");
    vt_keys(vt, "PgDn");
    vt_keys(vt, "PgDn");
    vt_keys(vt, "PgDn");
    vt_wait(vt, "trading_enabled_old", VT_SOON_MS);
    vt_wait(vt, "PgUp  back", VT_SOON_MS);
    vt_keys(vt, "PgUp");
    vt_keys(vt, "PgUp");
    vt_keys(vt, "PgUp");
    vt_wait(vt, "claimed", VT_SOON_MS);
    quit(vt);
}

/* Anybody may write such rows while the journal is unprotected: they stand in nobody's way. */
static void test_forged_rows_block_nothing(void **state)
{
    static const char who[] = "oana.d@example.ro";
    const struct demo *demo = *state;
    struct vt *vt;

    half_write(demo, who, "0b6c2f7e-0000-4000-8000-00000000000d", "enterprise", "pro");
    demo_sql(demo, DB_BRAIN,
             "INSERT INTO public.user_activity (id, action, metadata, created_at) VALUES"
             " ('0b6c2f7e-0000-4000-8000-00000000000e', 'zmartctl.tier_change',"
             "  '{\"os_user\": \"mallory\"}', 'infinity')");
    vt = open_screen(demo, "4", "unfinished two-database writes: 2");
    assert_on_one_row(vt, "> infinity", "mallory");
    vt_type(vt, "f");
    vt_wait(vt, "names no user", VT_SOON_MS);
    vt_wait(vt, "ZmartBot changed by others since", VT_SOON_MS);
    vt_type(vt, "n");
    vt_wait_gone(vt, "> infinity", VT_SOON_MS);
    vt_type(vt, "5");
    vt_wait(vt, "T-4390", VT_SOON_MS);
    assert_on_one_row(vt, "mallory", "open");
    vt_type(vt, "i");
    vt_wait(vt, "names no user", VT_SOON_MS);
    vt_type(vt, "4");
    vt_wait(vt, "unfinished two-database writes: 2", VT_SOON_MS);
    vt_type(vt, "f");
    vt_wait(vt, "Finish  oana.d@example.ro", VT_SOON_MS);
    confirm(vt, "> Finish it? y/N/d");
    vt_wait(vt, "done: Bot's tier enterprise -> pro", VT_SOON_MS);
    vt_wait(vt, "unfinished two-database writes: 1", VT_SOON_MS);
    demo_sql(demo, DB_BRAIN,
             "DELETE FROM public.user_activity WHERE metadata->>'os_user' = 'mallory'");
    quit(vt);
}

/* Bot's row tells which leg is missing, and only while Bot answers. */
static void test_names_the_missing_leg(void **state)
{
    static const char who[] = "ivana.r@example.com";
    struct demo *demo = *state;
    char sql[600], token[64];
    struct vt *vt;

    snprintf(token, sizeof(token), "%s", of_bot(demo, who, "updated_at"));
    half_write(demo, who, "0b6c2f7e-0000-4000-8000-00000000000f", "pro", "free");
    snprintf(sql, sizeof(sql),
             "UPDATE public.user_activity SET metadata = metadata || jsonb_build_object('bot_prev',"
             " '%s') WHERE id = '0b6c2f7e-0000-4000-8000-00000000000f'",
             token);
    demo_sql(demo, DB_BRAIN, sql);
    vt = open_screen(demo, "4", "ZmartyBrain done, ZmartBot NOT done");
    assert_on_one_row(vt, "tier_change pro -> free", who);
    demo_halt(demo, DB_BOT);
    vt_wait(vt, "ZmartBot not known", VT_SOON_MS);
    demo_resume(demo, DB_BOT);
    vt_wait(vt, "ZmartBot NOT done", VT_SOON_MS);
    snprintf(
        sql, sizeof(sql),
        "UPDATE public.user_activity SET metadata = metadata || jsonb_build_object('bot_token',"
        " '%s') WHERE id = '0b6c2f7e-0000-4000-8000-00000000000f'",
        token);
    demo_sql(demo, DB_BRAIN, sql);
    vt_type(vt, "R");
    vt_wait(vt, "only the end is not recorded", VT_SOON_MS);
    demo_sql(demo, DB_BRAIN,
             "DELETE FROM public.user_activity WHERE id = '0b6c2f7e-0000-4000-8000-00000000000f';"
             "UPDATE public.user_profiles SET tier = 'pro' WHERE user_id = (SELECT id FROM"
             " auth.users WHERE email = 'ivana.r@example.com')");
    quit(vt);
}

static void test_brain_away_and_back(void **state)
{
    struct demo *demo = *state;
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, NULL};
    struct vt *vt;

    demo_halt(demo, DB_BRAIN);
    vt = vt_start(argv, NULL, 40, 140);
    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_type(vt, "5");
    vt_wait(vt, "ZmartyBrain: cannot connect", VT_SOON_MS);
    vt_wait(vt, "ZmartyBrain is away", VT_SOON_MS);
    assert_absent(vt, "changed nothing yet"); /* that is not known */
    demo_resume(demo, DB_BRAIN);
    vt_wait(vt, "T-4390 abuse check", VT_SOON_MS);
    vt_wait_gone(vt, "cannot connect", VT_SOON_MS);
    quit(vt);
}

/* The same configuration, in which Brain's role is another. */
static const char *conf_as(const struct demo *demo, const char *role, char path[160])
{
    static const char old[] = "user = \"postgres\";";
    char line[512];
    FILE *in = fopen(demo->conf, "r"), *out;
    bool changed = false;

    snprintf(path, 160, "%.130s.%s", demo->conf, role);
    out = fopen(path, "w");
    assert_true(in && out);
    while (fgets(line, sizeof(line), in)) {
        char *at = changed ? NULL : strstr(line, old);

        changed = changed || at;
        if (at)
            fprintf(out, "%.*suser = \"%s\";%s", (int)(at - line), line, role, at + strlen(old));
        else
            fputs(line, out);
    }
    fclose(in);
    fclose(out);
    assert_true(changed);
    return path;
}

static void test_says_what_may_not_be_read(void **state)
{
    struct demo *demo = *state;
    char path[160];
    const char *const argv[] = {ZM_BINARY, "-c", conf_as(demo, "op_blind", path), NULL};
    struct vt *vt;

    demo_sql(demo, DB_BRAIN,
             "CREATE ROLE op_blind LOGIN BYPASSRLS; GRANT USAGE ON SCHEMA public, auth TO op_blind;"
             "GRANT SELECT ON auth.users, public.user_profiles, public.user_subscriptions"
             " TO op_blind");
    vt = vt_start(argv, NULL, 40, 140);
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    vt_type(vt, "5");
    vt_wait(vt, "may not read public.user_activity", VT_SOON_MS);
    assert_absent(vt, "changed nothing yet"); /* that is not known */
    quit(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_finds_and_shows),
        cmocka_unit_test(test_gives_an_owed_reason),
        cmocka_unit_test(test_finishes_an_unfinished_write),
        cmocka_unit_test(test_reverses_an_unfinished_write),
        cmocka_unit_test(test_settles_what_needs_nothing),
        cmocka_unit_test(test_scrolls_a_record),
        cmocka_unit_test(test_forged_rows_block_nothing),
        cmocka_unit_test(test_names_the_missing_leg),
        cmocka_unit_test(test_brain_away_and_back),
        cmocka_unit_test(test_says_what_may_not_be_read),
    };

    return cmocka_run_group_tests(tests, demo_of_60, demo_end);
}
