/*
 * Comparisons over read replicas: the first look is taken there, the second and every change at the
 * primaries, so that nothing is reported or mended that is not so any more. A replica that is
 * behind, away, or none any more is no witness that nothing differs.
 */
#include "compare_lines.h"
#include "drift_place.h"

#include <poll.h>
#include <pthread.h>

#include "zm/clock.h"

#define SOON_MS 30000

struct rig {
    struct drift_place place;
    struct cluster standby[DB_SIDES];
    struct proxy *slow;
};

/* ---- standbys ---- */

static void wait_replayed(const struct rig *rig, enum db_side side)
{
    const struct cluster *primary = &rig->place.people.cluster[side];
    int64_t until = zm_now_ms() + SOON_MS;
    char sql[160], at[64];

    zm_copy(at, sizeof(at), cluster_value(primary, "SELECT pg_current_wal_lsn()"));
    snprintf(sql, sizeof(sql), "SELECT pg_last_wal_replay_lsn() >= '%s'::pg_lsn", at);
    while (!zm_streq(cluster_value(&rig->standby[side], sql), "t")) {
        if (zm_now_ms() > until)
            fail_msg("the replica of %s does not follow", db_side_name(side));
        poll(NULL, 0, 20);
    }
}

/* From now on the replica stays behind. */
static void pause_replay(const struct rig *rig, enum db_side side)
{
    int64_t until = zm_now_ms() + SOON_MS;

    wait_replayed(rig, side);
    cluster_sql(&rig->standby[side], "SELECT pg_wal_replay_pause()");
    while (!zm_streq(cluster_value(&rig->standby[side], "SELECT pg_get_wal_replay_pause_state()"),
                     "paused")) {
        assert_true(zm_now_ms() < until);
        poll(NULL, 0, 20);
    }
}

static void resume_replay(const struct rig *rig, enum db_side side)
{
    cluster_sql(&rig->standby[side], "SELECT pg_wal_replay_resume()");
    wait_replayed(rig, side);
}

/* ---- people ---- */

/* Who differs everywhere (1 to 5), on the replicas alone (6 to 10), on the primaries alone (11 to
 * 15), and there otherwise than on the replicas (16 to 20). Of the even ones ZmartyBrain was
 * changed, of the odd ones ZmartBot. */
static const char then_brain[] =
    "UPDATE auth.users SET email = 'then' || email WHERE id IN"
    " (SELECT pid(n) FROM generate_series(1, 20) n WHERE n % 2 = 0 AND n NOT BETWEEN 11 AND 15)";
static const char then_bot[] =
    "UPDATE public.user_trading_profiles SET email = 'then' || email WHERE user_id IN"
    " (SELECT pid(n) FROM generate_series(1, 20) n WHERE n % 2 = 1 AND n NOT BETWEEN 11 AND 15)";
static const char now_brain[] =
    "UPDATE auth.users SET email = substr(email, 5) WHERE id IN (pid(6), pid(8), pid(10));"
    "UPDATE auth.users SET email = 'now' || email WHERE id IN"
    " (pid(12), pid(14), pid(16), pid(18), pid(20))";
static const char now_bot[] =
    "UPDATE public.user_trading_profiles SET email = substr(email, 5) WHERE user_id IN"
    " (pid(7), pid(9));"
    "UPDATE public.user_trading_profiles SET email = 'now' || email WHERE user_id IN"
    " (pid(11), pid(13), pid(15), pid(17), pid(19));"
    "UPDATE public.user_trading_profiles SET updated_at = '2026-07-07 07:07:07'";

static void assert_reported(const struct rig *rig, const char *expected)
{
    struct ran ran = place_run(&rig->place, "$Z drift --json");
    struct zm_buf numbers = {.s = NULL};
    const char *at = ran.out;
    json_t *row;

    assert_ran(&ran, *expected ? 1 : 0);
    zm_buf_puts(&numbers, "");
    while ((row = next_object(&at)) != NULL) {
        const json_t *bot = json_object_get(row, "bot");

        if (!json_object_get(row, "summary")) {
            zm_buf_printf(&numbers, "%d ",
                          people_number(json_string_value(json_object_get(row, "user_id"))));
            /* as it is on the primary */
            assert_string_equal(json_string_value(json_object_get(bot, "updated_at")),
                                "2026-07-07T07:07:07Z");
        }
        json_decref(row);
    }
    assert_string_equal(numbers.s, expected);
    zm_buf_done(&numbers);
    ran_done(&ran);
}

/* Both looks of the engine itself: the first at the replicas, however far behind. */
static void the_second_look_is_at_the_primaries(void **state)
{
    struct rig *rig = *state;
    struct people *p = &rig->place.people;
    struct lines lines = {.text = {.s = NULL}};
    struct db_compare compare = lines_compare(p, &lines);
    struct db_option options[DB_SIDES][4];
    struct db_target targets[DB_SIDES];
    struct db_compare_result result;
    struct db_session scan;
    struct zm_error err;
    int i;

    people_open(p, "postgres");
    for (i = 0; i < DB_SIDES; i++)
        cluster_target(&rig->standby[i], (enum db_side)i, "postgres", options[i], &targets[i]);
    assert_true(db_session_open(&scan, targets, &err));
    compare.scan = &scan;
    if (!db_compare_run(&compare, &result, &err))
        fail_msg("%s", err.message);
    /* not 6 to 10, who do not differ any more, nor 16 to 20, who differ otherwise */
    assert_int_equal(result.users, 5);
    assert_int_equal(result.settling, 10);
    for (i = 1; i <= 5; i++) {
        char id[80];

        snprintf(id, sizeof(id), "%012d email_differs safe\n", i);
        assert_holds(lines.text.s, id);
    }
    zm_buf_done(&lines.text);
    db_session_close(&scan);
}

static long count_old(const struct rig *rig)
{
    return strtol(cluster_value(&rig->place.people.cluster[DB_BOT],
                                "SELECT count(*) FROM public.user_trading_profiles WHERE email <>"
                                " 'u' || right(user_id::text, 12)::int || '@example.com'"),
                  NULL, 10);
}

/* ---- tests ---- */

/* One that is behind may lack what differs: nobody is told that nothing does. */
static void one_that_is_behind_is_no_witness(void **state)
{
    struct rig *rig = *state;
    struct ran ran;

    resume_replay(rig, DB_BRAIN);
    ran = place_run(&rig->place, "$Z drift --json");
    assert_ran(&ran, 3);
    assert_holds(ran.err, "ZmartBot: cannot compare: the replica of scan is behind its primary");
    assert_holds(ran.out, "{\"summary\":true,\"brain_users\":null,");
    assert_int_equal(count_lines(ran.out), 1);
    ran_done(&ran);
    assert_int_equal(count_old(rig), 8);
    resume_replay(rig, DB_BOT);
    assert_reported(rig, "1 2 3 4 5 11 12 13 14 15 16 17 18 19 20 ");
}

static void what_was_found_there_is_mended_at_the_primaries(void **state)
{
    struct rig *rig = *state;
    struct ran ran = place_run(&rig->place, "$Z repair --reason nightly --yes --allow-mass --json");

    assert_ran(&ran, 0);
    assert_holds(ran.out, "\"done\":15,");
    ran_done(&ran);
    assert_reported(rig, "");
}

static void a_replica_that_is_away(void **state)
{
    struct rig *rig = *state;
    struct ran ran;

    cluster_halt(&rig->standby[DB_BOT]);
    ran = place_run(&rig->place, "$Z drift --json");
    assert_ran(&ran, 3);
    assert_holds(ran.err, "ZmartBot: cannot connect");
    assert_holds(ran.out, "{\"summary\":true,\"brain_users\":null,");
    assert_int_equal(count_lines(ran.out), 1);
    ran_done(&ran);
    cluster_resume(&rig->standby[DB_BOT]);
}

static void a_replica_of_somebody_else(void **state)
{
    struct rig *rig = *state;
    struct ran ran;

    rig->place.scan[DB_BOT] = &rig->standby[DB_BRAIN];
    place_conf(&rig->place, "postgres");
    ran = place_run(&rig->place, "$Z drift --json");
    assert_ran(&ran, 2);
    assert_holds(ran.err, "ZmartBot: ");
    assert_string_equal(ran.out, "");
    ran_done(&ran);
    rig->place.scan[DB_BOT] = &rig->standby[DB_BOT];
    place_conf(&rig->place, "postgres");
}

/* It goes its own way, and what it shows was so once. The last test: there is no way back. */
static void one_that_was_promoted(void **state)
{
    struct rig *rig = *state;
    struct ran ran;

    assert_string_equal(cluster_value(&rig->standby[DB_BOT], "SELECT pg_promote()"), "t");
    ran = place_run(&rig->place, "$Z drift --json");
    assert_ran(&ran, 2);
    assert_holds(ran.err, "ZmartBot: cannot compare: the server of scan is no replica");
    assert_string_equal(ran.out, "");
    ran_done(&ran);
}

/* Somebody waits for a statement of the replica: says so to the shell. */
static void *tell_when_held(void *context)
{
    const struct rig *rig = context;
    char path[96];
    FILE *file;

    if (!proxy_wait_held(rig->slow, SOON_MS))
        return NULL;
    snprintf(path, sizeof(path), "%s/held", rig->place.directory);
    file = fopen(path, "w");
    if (file)
        fclose(file);
    return NULL;
}

/* The replica does not answer for as long as a statement may take: that is not waited for. */
static void a_signal_ends_what_a_replica_is_asked(void **state)
{
    struct rig *rig = *state;
    struct cluster through = rig->standby[DB_BOT];
    char listen_on[128], server[128];
    struct ran ran;
    pthread_t teller;
    int64_t from = zm_now_ms();

    snprintf(listen_on, sizeof(listen_on), "%s/.s.PGSQL.5432", rig->place.directory);
    snprintf(server, sizeof(server), "%s/.s.PGSQL.%s", through.directory, through.port);
    zm_copy(through.directory, sizeof(through.directory), rig->place.directory);
    zm_copy(through.port, sizeof(through.port), "5432");
    rig->slow = proxy_start(listen_on, server);
    rig->place.scan[DB_BOT] = &through;
    place_conf(&rig->place, "postgres");
    proxy_hold_at(rig->slow, "FROM public.user_trading_profiles", 1, PROXY_HOLD_BEFORE);
    assert_int_equal(pthread_create(&teller, NULL, tell_when_held, rig), 0);
    ran = place_run(&rig->place, "$Z repair --reason x --yes & z=$!; until [ -e $D/held ]; do"
                                 " kill -0 $z || break; sleep 0.05; done; kill -TERM $z; wait $z");
    assert_says(&ran, 128 + 15, NULL, "nothing was changed");
    assert_true(zm_now_ms() - from < SOON_MS); /* of the two minutes */
    ran_done(&ran);
    pthread_join(teller, NULL);
    proxy_stop(rig->slow);
    rig->place.scan[DB_BOT] = &rig->standby[DB_BOT];
    place_conf(&rig->place, "postgres");
}

/* Where no replica is left the profile may name the primary itself. */
static void the_primary_itself(void **state)
{
    struct rig *rig = *state;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        rig->place.scan[side] = &rig->place.people.cluster[side];
    place_conf(&rig->place, "postgres");
    assert_reported(rig, "");
}

/* ---- the rig ---- */

static int start(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));
    struct people *p = &rig->place.people;
    int side;

    place_start(&rig->place, false);
    rig->place.limits = "statement_seconds = 2;";
    people_sql(p, DB_BRAIN,
               "INSERT INTO auth.users (id, email) SELECT pid(n), 'u' || n || '@example.com'"
               "  FROM generate_series(1, 200) n;"
               "INSERT INTO public.user_profiles (user_id, tier) SELECT pid(n), 'free'"
               "  FROM generate_series(1, 200) n");
    people_sql(p, DB_BOT,
               "INSERT INTO public.user_trading_profiles (user_id, email, tier) SELECT pid(n),"
               "  'u' || n || '@example.com', 'free' FROM generate_series(1, 200) n");
    people_sql(p, DB_BRAIN, then_brain);
    people_sql(p, DB_BOT, then_bot);
    for (side = 0; side < DB_SIDES; side++) {
        cluster_start_standby(&rig->standby[side], &p->cluster[side]);
        pause_replay(rig, (enum db_side)side);
        rig->place.scan[side] = &rig->standby[side];
    }
    people_sql(p, DB_BRAIN, now_brain);
    people_sql(p, DB_BOT, now_bot);
    place_conf(&rig->place, "postgres");
    *state = rig;
    return 0;
}

static int stop(void **state)
{
    struct rig *rig = *state;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        cluster_done(&rig->standby[side]);
    place_done(&rig->place);
    free(rig);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_second_look_is_at_the_primaries),
        cmocka_unit_test(one_that_is_behind_is_no_witness),
        cmocka_unit_test(what_was_found_there_is_mended_at_the_primaries),
        cmocka_unit_test(a_signal_ends_what_a_replica_is_asked),
        cmocka_unit_test(a_replica_that_is_away),
        cmocka_unit_test(a_replica_of_somebody_else),
        cmocka_unit_test(one_that_was_promoted),
        cmocka_unit_test(the_primary_itself),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
