/*
 * "Are they equal?" without anybody asking: the console asks when both databases have come up and
 * no comparison on record is new; row 2 of every screen has the answer.
 */
#include "edit_console.h"

#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "support/process.h"
#include "zm/clock.h"
#include "zm/str.h"

/* The only comparison on record, hours ago; NULL: none. */
static void on_record(const struct demo *demo, const char *found)
{
    time_t then = time(NULL) - 3 * 3600 - 60;
    struct tm tm;
    char path[300], at[24];
    FILE *file;

    snprintf(path, sizeof(path), "%s/state", demo->servers.dir);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/state/scans", demo->servers.dir);
    unlink(path);
    if (!found)
        return;
    file = fopen(path, "w");
    assert_non_null(file);
    gmtime_r(&then, &tm);
    strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%SZ", &tm);
    fprintf(file, "v1 %s brain_users=50 ms=20 %s\n", at, found);
    assert_int_equal(fclose(file), 0);
}

static void says(const struct demo *demo, const char *found, const char *text)
{
    struct vt *vt;

    on_record(demo, found);
    vt = open_console(demo, 24, 80, NULL);
    vt_wait(vt, text, VT_SOON_MS);
    quit(vt);
}

static void test_something_differs(void **state)
{
    says(*state, NULL, "2 Sync ! 3 Check");
    says(*state, "users=0", "2 Sync ! 3 Check");
    says(*state, "users=7 tier_differs=7", "2 Sync 7! 3h 3 Check"); /* how many is known */
}

/* A comparison that is new says more. */
static void test_a_comparison_is_the_answer(void **state)
{
    struct vt *vt;

    on_record(*state, NULL);
    vt = open_console(*state, 24, 80, NULL);
    vt_type(vt, "2");
    vt_wait(vt, "in plan", VT_SOON_MS);
    vt_wait(vt, "2 Sync 22! ", VT_SOON_MS);
    quit(vt);
    vt = open_console(*state, 24, 80, NULL);
    vt_wait(vt, "2 Sync 22! ", VT_SOON_MS);
    vt_settle(vt, 1500, VT_SOON_MS);
    vt_wait(vt, "2 Sync 22! ", VT_SOON_MS);
    quit(vt);
}

/* Nobody is told what he did not ask for, and a comparison still can be taken. */
static void test_what_cannot_be_looked_at(void **state)
{
    struct demo *demo = *state;
    struct vt *vt;

    on_record(demo, NULL);
    demo_sql(demo, DB_BOT, "ALTER TABLE public.user_trading_profiles RENAME COLUMN tier TO level");
    vt = open_console(demo, 24, 80, NULL);
    vt_settle(vt, 1500, VT_SOON_MS);
    vt_wait(vt, "2 Sync 3 Check", VT_SOON_MS);
    vt_type(vt, "2");
    vt_wait(vt, "Last scan", VT_SOON_MS);
    assert_on_one_row(vt, "tier differs", "?");
    assert_on_one_row(vt, "e-mail differs", "included");
    vt_wait(vt, "+! ", VT_SOON_MS); /* so many at least */
    quit(vt);
    on_record(demo, NULL);
    demo_sql(demo, DB_BOT, "ALTER TABLE public.user_trading_profiles RENAME COLUMN level TO tier");
}

/* Who asked himself is told in row 2 as well that there was no answer. */
static void test_could_not_look(void **state)
{
    struct demo *demo = *state;
    struct vt *vt;

    on_record(demo, NULL);
    demo_sql(demo, DB_BOT, "ALTER TABLE public.user_trading_profiles RENAME TO traders");
    vt = open_console(demo, 24, 80, NULL);
    vt_type(vt, "2");
    vt_wait(vt, "It is not known what differs", VT_SOON_MS);
    vt_wait(vt, "2 Sync ? ", VT_SOON_MS);
    quit(vt);
    on_record(demo, "users=5 tier_differs=5"); /* nor is it known what was found before */
    vt = open_console(demo, 24, 80, NULL);
    vt_wait(vt, "2 Sync ? ", VT_SOON_MS); /* the console asked, and was told that it cannot */
    vt_wait_gone(vt, "3h", VT_SOON_MS);
    quit(vt);
    on_record(demo, "users=0");
    vt = open_console(demo, 24, 80, NULL);
    vt_type(vt, "2");
    vt_wait(vt, "It is not known what differs", VT_SOON_MS);
    vt_wait(vt, "2 Sync ? ", VT_SOON_MS);
    demo_sql(demo, DB_BOT, "ALTER TABLE public.traders RENAME TO user_trading_profiles");
    poll(NULL, 0, 2500); /* the catalogue of a moment ago is not read again */
    vt_type(vt, "R");
    vt_wait(vt, "Last scan", VT_SOON_MS);
    vt_wait_gone(vt, "2 Sync ?", VT_SOON_MS);
    quit(vt);
}

/* For the last tests of the file: nobody is left. */
static void make_the_same(const struct demo *demo)
{
    demo_sql(demo, DB_BRAIN, "DELETE FROM public.user_profiles");
    demo_sql(demo, DB_BRAIN, "DELETE FROM auth.users");
    demo_sql(demo, DB_BOT, "DELETE FROM public.user_trading_profiles");
}

static void test_the_same(void **state)
{
    struct demo *demo = *state;

    make_the_same(demo);
    says(demo, NULL, "2 Sync =? 3 Check");
    says(demo, "users=7 tier_differs=7", "2 Sync =? 3 Check");
    /* which only a whole comparison sees */
    says(demo, "users=9 tier_differs=7 subscription_differs=2", "2 Sync 2! 3h 3 Check");
}

/* Nobody but one, alike in both, until Bot's row is changed; the console, with nothing on record.
 */
static struct vt *open_on_one(const struct demo *demo, const char *change)
{
    make_the_same(demo);
    demo_sql(demo, DB_BRAIN,
             "INSERT INTO auth.users (id, email) VALUES "
             "('00000000-0000-4000-8000-000000000001', 'only@example.com')");
    demo_sql(demo, DB_BRAIN,
             "INSERT INTO public.user_profiles (user_id, tier) VALUES "
             "('00000000-0000-4000-8000-000000000001', 'free')");
    demo_sql(demo, DB_BOT,
             "INSERT INTO public.user_trading_profiles (user_id, email, tier, updated_at) VALUES "
             "('00000000-0000-4000-8000-000000000001', 'only@example.com', 'free', '2020-01-01')");
    demo_sql(demo, DB_BOT, change);
    on_record(demo, NULL);
    return open_console(demo, 24, 80, NULL);
}

/* What was on its way from one database to the other is no difference. */
static void test_on_its_way(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_one(demo, "UPDATE public.user_trading_profiles SET tier = 'pro'");

    vt_wait(vt, "only@example.com", VT_SOON_MS);
    vt_settle(vt, 1500, VT_SOON_MS); /* it has looked once */
    demo_sql(demo, DB_BOT, "UPDATE public.user_trading_profiles SET tier = 'free'");
    vt_wait(vt, "2 Sync =? 3 Check", VT_SOON_MS);
    quit(vt);
}

/* A column that should be compared is missing: nothing found is not nothing there. */
static void test_a_part_only(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_one(
        demo, "ALTER TABLE public.user_trading_profiles RENAME trading_enabled TO may_trade");

    vt_type(vt, "2");
    vt_wait(vt, "Last scan", VT_SOON_MS);
    vt_wait(vt, "rights exceed the tier", VT_SOON_MS);
    vt_wait(vt, "2 Sync ? ", VT_SOON_MS);
    quit(vt);
    demo_sql(demo, DB_BOT,
             "ALTER TABLE public.user_trading_profiles RENAME may_trade TO "
             "trading_enabled");
}

/* The user under the cursor, after whom nobody differs. */
static void mend(struct vt *vt)
{
    vt_type(vt, "f");
    vt_wait(vt, "y/N", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "2 Sync =? 3 Check", VT_SOON_MS);
}

/* Who was mended on another screen is in no list and no plan of the scan before. */
static void test_mended_after_a_scan(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_one(demo, "UPDATE public.user_trading_profiles SET tier = 'pro'");

    vt_type(vt, "2");
    vt_wait(vt, "1 drifted   1 in plan", VT_SOON_MS);
    vt_type(vt, "1");
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    mend(vt);
    vt_type(vt, "2");
    vt_wait(vt, "Nothing differs", VT_SOON_MS);
    vt_type(vt, "p");
    vt_wait(vt, "nothing to plan", VT_SOON_MS);
    demo_halt(demo, DB_BOT);
    vt_wait(vt, "Bot DOWN", VT_SOON_MS);
    vt_type(vt, "R");
    vt_wait(vt, "could not look again", VT_SOON_MS);
    vt_type(vt, "p");
    vt_wait(vt, "the last scan could not look", VT_SOON_MS); /* that is not nothing */
    demo_resume(demo, DB_BOT);
    quit(vt);
}

/* Asked again when the only one who differs has been mended. */
static void test_mended(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_one(demo, "UPDATE public.user_trading_profiles SET tier = 'pro'");

    vt_wait(vt, "only@example.com", VT_SOON_MS);
    vt_wait(vt, "2 Sync ! 3 Check", VT_SOON_MS);
    mend(vt);
    quit(vt);
}

/* Bot's table, in which everybody waits who looks at it without parallel workers, as the question
 * of row 2 does and a comparison does not. */
static struct vt *open_on_a_slow_one(const struct demo *demo)
{
    struct vt *vt;

    vt = open_on_one(demo, "SELECT 1");
    quit(vt);
    demo_sql(demo, DB_BOT, "ALTER TABLE public.user_trading_profiles RENAME TO traders");
    demo_sql(demo, DB_BOT,
             "CREATE VIEW public.user_trading_profiles AS SELECT t.* FROM public.traders AS t,"
             " (SELECT CASE WHEN current_setting('max_parallel_workers_per_gather') = '0'"
             "  THEN pg_sleep(60)::text END OFFSET 0) AS s;"
             "GRANT SELECT ON public.user_trading_profiles TO PUBLIC");
    on_record(demo, NULL);
    return open_console(demo, 24, 80, NULL);
}

static void as_fast_as_before(const struct demo *demo)
{
    demo_sql(demo, DB_BOT, "DROP VIEW public.user_trading_profiles");
    demo_sql(demo, DB_BOT, "ALTER TABLE public.traders RENAME TO user_trading_profiles");
}

/* Until so many statements are asleep there. */
static void wait_for_sleepers(const struct demo *demo, const char *n, int64_t ms)
{
    int64_t until = zm_now_ms() + ms;

    while (strcmp(demo_sql(demo, DB_BOT,
                           "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"),
                  n) != 0) {
        assert_true(zm_now_ms() < until);
        poll(NULL, 0, 50);
    }
}

/* Tables that take too long are not asked about again, whatever changes in them. */
static void test_takes_too_long(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_a_slow_one(demo);

    wait_for_sleepers(demo, "1", VT_SOON_MS);
    wait_for_sleepers(demo, "0", 2 * VT_SOON_MS);
    as_fast_as_before(demo);
    demo_sql(demo, DB_BOT, "UPDATE public.user_trading_profiles SET tier = 'pro'");
    vt_type(vt, "r");
    vt_wait(vt, "only@example.com", VT_SOON_MS);
    vt_type(vt, "f");
    vt_wait(vt, "y/N", VT_SOON_MS);
    look(vt);
    vt_type(vt, "y");
    vt_wait(vt, "= free off", VT_SOON_MS);
    vt_settle(vt, 1500, VT_SOON_MS);
    vt_wait(vt, "2 Sync 3 Check", VT_SOON_MS);
    quit(vt);
}

/* A comparison that somebody asks for does not stand behind the question that nobody asked. */
static void makes_way(const struct demo *demo)
{
    struct vt *vt = open_on_a_slow_one(demo);

    wait_for_sleepers(demo, "1", VT_SOON_MS);
    vt_type(vt, "2");
    wait_for_sleepers(demo, "0", 5000); /* its own limit is twice that */
    vt_wait(vt, "Nothing differs", VT_SOON_MS);
    vt_wait(vt, "2 Sync = ", VT_SOON_MS);
    quit(vt);
    as_fast_as_before(demo);
}

static void test_makes_way(void **state)
{
    makes_way(*state);
}

/* Nor where it is asked on a connection of its own, as to a replica. */
static void test_makes_way_at_a_replica(void **state)
{
    struct demo with_scan = *(const struct demo *)*state;
    char line[600];
    const char *const argv[] = {"/bin/sh", "-c", line, NULL};

    zm_copy(with_scan.conf + strlen(with_scan.conf), 8, ".scan");
    snprintf(line, sizeof(line), "sed 's|^ *bot: *{|bot: { scan: { host = \"%s\"; };|' %.*s >%s",
             with_scan.sockets[DB_BOT], (int)(strlen(with_scan.conf) - 5), with_scan.conf,
             with_scan.conf);
    assert_int_equal(process_run(argv), 0);
    assert_int_equal(chmod(with_scan.conf, 0600), 0);
    makes_way(&with_scan);
}

/* Who was changed between the two looks of a comparison is no difference, and is said. */
static void test_still_changing(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_one(demo, "UPDATE public.user_trading_profiles SET tier = 'pro'");

    vt_type(vt, "2");
    vt_wait(vt, "waiting before the second look", VT_SOON_MS);
    demo_sql(demo, DB_BOT, "UPDATE public.user_trading_profiles SET tier = 'enterprise'");
    vt_wait(vt, "1 still changing", VT_SOON_MS);
    quit(vt);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_something_differs),
        cmocka_unit_test(test_a_comparison_is_the_answer),
        cmocka_unit_test(test_what_cannot_be_looked_at),
        cmocka_unit_test(test_could_not_look),
        cmocka_unit_test(test_the_same),
        cmocka_unit_test(test_on_its_way),
        cmocka_unit_test(test_a_part_only),
        cmocka_unit_test(test_mended),
        cmocka_unit_test(test_mended_after_a_scan),
        cmocka_unit_test(test_still_changing),
        cmocka_unit_test(test_makes_way),
        cmocka_unit_test(test_makes_way_at_a_replica),
        cmocka_unit_test(test_takes_too_long),
    };

    return cmocka_run_group_tests(tests, demo_of_600, demo_end);
}
