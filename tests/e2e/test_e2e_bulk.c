/*
 * Changing many users from the list: marks, all that match a filter, the typed count, progress,
 * pause and stop, and the end of the program in the middle.
 */
#include "edit_console.h"

#include <signal.h>

#include "zm/str.h"

static int set_up(void **state)
{
    struct demo *demo = zm_calloc(1, sizeof(*demo));

    demo_start(demo, 300, NULL);
    *state = demo;
    return 0;
}

static long count(const struct demo *demo, enum db_side side, const char *sql)
{
    return strtol(demo_sql(demo, side, sql), NULL, 10);
}

/* Whom the filter of these tests finds: free in both, nothing else wrong. */
#define FILTER "/tier:free sync:synced trading:off example.com"

static long intents(const struct demo *demo)
{
    return count(demo, DB_BRAIN,
                 "SELECT count(*) FROM public.user_activity WHERE action = 'zmartctl.tier_change'");
}

static struct vt *open_list(const struct demo *demo, const char *conf)
{
    const char *const argv[] = {ZM_BINARY, "-c", conf ? conf : demo->conf, NULL};
    struct vt *vt = vt_start(argv, NULL, 30, 100);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_wait(vt, "[ok]", VT_SOON_MS);
    return vt;
}

static void filter(struct vt *vt, const char *text)
{
    char crumb[100];

    snprintf(crumb, sizeof(crumb), "Users %.80s", text);
    vt_type(vt, text);
    vt_wait(vt, crumb, VT_SOON_MS);
    look(vt);
    vt_keys(vt, "Enter"); /* what was said at start gives way to a key */
    vt_wait(vt, "all searched", VT_SOON_MS);
}

struct sought {
    const char *text;
    long number;
};

static bool has_number(struct vt *vt, void *context)
{
    struct sought *sought = context;
    int row = vt_find(vt, sought->text, NULL);
    const char *at = row < 0 ? NULL : strstr(vt_row(vt, row), sought->text) + strlen(sought->text);

    if (!at || *at < '1' || *at > '9' || !strpbrk(at, " ?"))
        return false;
    sought->number = strtol(at, NULL, 10);
    return true;
}

/* The number after a text on the screen, when it is there. */
static long number_after(struct vt *vt, const char *text)
{
    struct sought sought = {.text = text};

    vt_wait_until(vt, has_number, &sought, text, VT_SOON_MS);
    return sought.number;
}

/* From the open dialog to the question: tier, reason, the count that it asks for. */
static void fill(struct vt *vt, const char *tier)
{
    char number[32];

    look(vt);
    if (tier)
        vt_type(vt, tier);
    snprintf(number, sizeof(number), "%ld", number_after(vt, "Type "));
    if (!tier)
        vt_keys(vt, "Tab");
    vt_type(vt, "Q4 campaign");
    vt_keys(vt, "Enter");
    vt_type(vt, number);
    vt_keys(vt, "Enter");
    vt_wait(vt, "users? y/N", VT_SOON_MS);
    vt_wait(vt, "> Apply to", VT_SOON_MS);
}

static int lines_with(struct vt *vt, const char *text)
{
    int row, n = 0;

    for (row = 0; row < vt_rows(vt); row++)
        n += strstr(vt_row(vt, row), text) != NULL;
    return n;
}

static void test_marked_users_get_a_tier(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_list(demo, NULL);
    long before = intents(demo);

    filter(vt, FILTER);
    vt_type(vt, "   "); /* three rows */
    vt_wait(vt, "3 marked", VT_SOON_MS);
    vt_type(vt, "t");
    vt_wait(vt, "Bulk: 3 marked users", VT_SOON_MS);
    look(vt);
    vt_type(vt, "f"); /* the tier, where the cursor is, and not the deed */
    vt_wait(vt, "Nobody would change", VT_SOON_MS);
    vt_keys(vt, "S-Tab S-Tab");
    fill(vt, "p");
    assert_true(vt_find(vt, "Will change 3", NULL) >= 0);
    assert_true(vt_find(vt, "free -> pro", NULL) >= 0);
    assert_int_equal(intents(demo), before);
    vt_type(vt, "y");
    vt_wait(vt, "All were tried", VT_SOON_MS);
    vt_wait(vt, "3 changed", VT_SOON_MS);
    assert_int_equal(intents(demo), before + 3);
    vt_wait(vt, "3 users: 3 changed", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "Bulk:", VT_SOON_MS);
    quit(vt);
}

/* All of them are to be read before anybody says yes: a window that is paged. */
static void test_everybody_is_shown(void **state)
{
    struct vt *vt = open_list(*state, NULL);
    int i;

    filter(vt, FILTER);
    for (i = 0; i < 15; i++)
        vt_type(vt, " ");
    vt_wait(vt, "15 marked", VT_SOON_MS);
    vt_type(vt, "t");
    vt_wait(vt, "Bulk: 15 marked users", VT_SOON_MS);
    fill(vt, "p");
    vt_wait(vt, "PgDn, 9 more", VT_SOON_MS);
    vt_keys(vt, "PgDn");
    vt_wait(vt, "PgDn, 3 more", VT_SOON_MS);
    vt_keys(vt, "PgDn PgDn PgDn");
    vt_wait_gone(vt, "PgDn", VT_SOON_MS);
    assert_int_equal(lines_with(vt, "free -> pro"), 3);
    vt_keys(vt, "PgUp PgUp");
    vt_wait(vt, "PgDn, 9 more", VT_SOON_MS);
    assert_int_equal(lines_with(vt, "free -> pro"), 6);
    vt_wait(vt, "> Apply to 15 users?", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Bulk:", VT_SOON_MS);
    quit(vt);
}

/* Nothing but the right number and y applies it. */
static void test_only_the_typed_count_applies_it(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_list(demo, NULL);
    long before = intents(demo);

    filter(vt, FILTER);
    vt_type(vt, "  t");
    vt_wait(vt, "Bulk: 2 marked users", VT_SOON_MS);
    look(vt);
    vt_type(vt, "p");
    vt_wait(vt, "A reason is needed", VT_SOON_MS);
    vt_type(vt, "why");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Type 2", VT_SOON_MS);
    vt_type(vt, "3");
    vt_keys(vt, "Enter");
    vt_wait(vt, "Type 2 to apply", VT_SOON_MS);
    vt_keys(vt, "Backspace");
    vt_type(vt, "2");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply to 2 users? y/N", VT_SOON_MS);
    vt_keys(vt, "Enter"); /* is no */
    vt_wait_gone(vt, "Bulk:", VT_SOON_MS);
    vt_type(vt, "t");
    vt_wait(vt, "Bulk: 2 marked users", VT_SOON_MS);
    fill(vt, "p");
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Bulk:", VT_SOON_MS);
    assert_int_equal(intents(demo), before);
    quit(vt);
}

static void test_refused_are_named(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_list(demo, NULL);

    vt_type(vt, "/hana sync:orphan");
    vt_wait(vt, "1 of", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "Users > hana", VT_SOON_MS); /* the only one is opened */
    vt_keys(vt, "Esc");
    vt_wait(vt, "Users /hana", VT_SOON_MS);
    look(vt);
    vt_type(vt, "*t");
    vt_wait(vt, "users that match /hana sync:orphan", VT_SOON_MS);
    look(vt);
    vt_type(vt, "e");
    vt_wait(vt, "Nobody would change", VT_SOON_MS);
    vt_wait(vt, "orphan of ZmartBot", VT_SOON_MS);
    assert_true(vt_find(vt, "hana", NULL) >= 0);
    vt_keys(vt, "Esc");
    vt_wait_gone(vt, "Bulk:", VT_SOON_MS);
    quit(vt);
}

/* Batches that take a while, so that a person can come in between. */
static void make_slow(const struct demo *demo, bool slow)
{
    demo_sql(demo, DB_BOT,
             "CREATE OR REPLACE FUNCTION public.test_slow() RETURNS trigger LANGUAGE plpgsql AS $$"
             " BEGIN PERFORM pg_sleep(0.01); RETURN new; END $$");
    demo_sql(demo, DB_BOT,
             slow ? "CREATE TRIGGER test_slow BEFORE UPDATE ON public.user_trading_profiles"
                    " FOR EACH ROW EXECUTE FUNCTION public.test_slow()"
                  : "DROP TRIGGER IF EXISTS test_slow ON public.user_trading_profiles");
}

static void start_all(struct vt *vt)
{
    filter(vt, "/tier:free sync:synced");
    vt_type(vt, "*");
    vt_wait(vt, "all /tier:free sync:synced marked", VT_SOON_MS);
    vt_type(vt, "t");
    vt_wait(vt, "Bulk:", VT_SOON_MS);
    fill(vt, "p");
    vt_type(vt, "y");
}

static void test_pause_stop_and_the_rest(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt;
    long before = intents(demo), paused, stopped;
    long all = count(demo, DB_BOT,
                     "SELECT count(*) FROM public.user_trading_profiles"
                     " WHERE tier = 'free'");

    make_slow(demo, true);
    vt = open_list(demo, NULL);
    start_all(vt);
    vt_wait(vt, "50 changed", VT_SOON_MS);
    vt_type(vt, " ");
    vt_wait(vt, "PAUSED", VT_SOON_MS);
    vt_wait(vt, "100 changed", VT_SOON_MS); /* the batch that was under way */
    paused = intents(demo);
    assert_int_equal(paused, before + 100);
    look(vt);
    look(vt);
    assert_int_equal(intents(demo), paused);
    vt_type(vt, " ");
    vt_wait(vt, "Esc stops after this batch", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "It was stopped", VT_SOON_MS);
    vt_wait(vt, "not tried", VT_SOON_MS);
    stopped = intents(demo);
    assert_true(stopped > before && stopped < before + all && (stopped - before) % 50 == 0);
    make_slow(demo, false);
    vt_keys(vt, "Enter");
    vt_wait_gone(vt, "Bulk:", VT_SOON_MS);
    vt_type(vt, "t"); /* the marks are still there */
    vt_wait(vt, "Bulk:", VT_SOON_MS);
    fill(vt, "p");
    vt_type(vt, "y");
    vt_wait(vt, "All were tried", VT_SOON_MS);
    vt_keys(vt, "Enter");
    quit(vt);
    vt = open_list(demo, NULL);
    filter(vt, "/tier:free sync:synced");
    vt_wait(vt, "0 of", VT_SOON_MS);
    quit(vt);
}

/* Who comes later is not meant, and who was changed by others is left alone. */
static void test_the_set_is_frozen(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_list(demo, NULL);
    char changed[64];

    filter(vt, "/tier:enterprise sync:synced");
    vt_type(vt, "*t");
    vt_wait(vt, "Bulk:", VT_SOON_MS);
    fill(vt, "p");
    zm_copy(changed, sizeof(changed),
            demo_sql(demo, DB_BRAIN,
                     "UPDATE public.user_profiles SET tier = 'free' WHERE user_id ="
                     " (SELECT p.user_id FROM public.user_profiles p JOIN auth.users u"
                     "  ON u.id = p.user_id WHERE p.tier = 'enterprise'"
                     "  AND u.deleted_at IS NULL AND u.email LIKE '%@example.com'"
                     "  AND (SELECT count(*) FROM public.user_profiles q"
                     "       WHERE q.user_id = p.user_id) = 1 LIMIT 1) RETURNING user_id"));
    assert_true(changed[0]);
    vt_type(vt, "y");
    vt_wait(vt, "All were tried", VT_SOON_MS);
    vt_wait(vt, "1 changed since", VT_SOON_MS);
    vt_keys(vt, "Enter");
    quit(vt);
}

static void test_stop_trading_of_many_passes_the_lock(void **state)
{
    const struct demo *demo = *state;
    char conf[160];
    struct vt *vt = open_list(demo, conf_with_guard(demo, "unlock", conf));
    long on = count(demo, DB_BOT,
                    "SELECT count(*) FROM public.user_trading_profiles"
                    " WHERE trading_enabled");

    assert_true(on > 2);
    filter(vt, "/trading:on");
    vt_type(vt, "*t");
    vt_wait(vt, "locked", VT_SOON_MS);
    assert_true(vt_find(vt, "Bulk:", NULL) < 0);
    vt_type(vt, "X");
    vt_wait(vt, "Bulk:", VT_SOON_MS);
    vt_wait(vt, "trading off", VT_SOON_MS);
    fill(vt, NULL);
    vt_type(vt, "y");
    vt_wait(vt, "All were tried", VT_SOON_MS);
    vt_keys(vt, "Enter");
    quit(vt);
    assert_true(count(demo, DB_BOT,
                      "SELECT count(*) FROM public.user_trading_profiles"
                      " WHERE trading_enabled") < 3); /* duplicates are refused */
    assert_true(count(demo, DB_BRAIN,
                      "SELECT count(*) FROM public.user_activity"
                      " WHERE action = 'zmartctl.stop_all'"
                      " AND metadata->>'reason' = 'Q4 campaign'") >= on - 2);
}

static void test_end_of_the_program_says_how_far_it_was(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt;
    long before;

    demo_sql(demo, DB_BRAIN, "UPDATE public.user_profiles SET tier = 'free'");
    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'free',"
             " trading_enabled = false, api_access = false");
    demo_sql(demo, DB_BRAIN, "DELETE FROM public.user_subscriptions");
    make_slow(demo, true);
    before = intents(demo);
    vt = open_list(demo, NULL);
    start_all(vt);
    vt_wait(vt, "50 changed", VT_SOON_MS);
    vt_signal(vt, SIGTERM);
    assert_int_equal(vt_wait_exit(vt, 20000), 128 + SIGTERM);
    vt_check_restored(vt);
    vt_wait(vt, "users was stopped: ", VT_SOON_MS);
    assert_int_equal(intents(demo) - before, number_after(vt, "was stopped: "));
    vt_done(vt);
    make_slow(demo, false);
    assert_int_equal(count(demo, DB_BOT,
                           "SELECT count(*) FROM public.user_trading_profiles"
                           " WHERE tier = 'pro'"),
                     intents(demo) - before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marked_users_get_a_tier),
        cmocka_unit_test(test_everybody_is_shown),
        cmocka_unit_test(test_only_the_typed_count_applies_it),
        cmocka_unit_test(test_refused_are_named),
        cmocka_unit_test(test_pause_stop_and_the_rest),
        cmocka_unit_test(test_the_set_is_frozen),
        cmocka_unit_test(test_stop_trading_of_many_passes_the_lock),
        cmocka_unit_test(test_end_of_the_program_says_how_far_it_was),
    };

    return cmocka_run_group_tests(tests, set_up, demo_end);
}
