/*
 * The subcommands while a database is away, on private servers: what is known is printed, what is
 * unknown is null and never missing, and the exit code says it.
 */
#include "demo_place.h"

#include "zm/clock.h"
#include "zm/str.h"

static int set_up(void **state)
{
    return start_place(state, 60, NULL);
}

static void assert_field(json_t *object, const char *name, const char *wanted)
{
    json_t *value = json_object_get(object, name);

    assert_non_null(value);
    if (!wanted)
        assert_true(json_is_null(value));
    else
        assert_string_equal(json_string_value(value), wanted);
}

static long count_logins(const struct place *place)
{
    return number(place, DB_BRAIN, "SELECT count(*) FROM auth.users");
}

static void without_bot(struct place *place)
{
    struct ran ran = run(place, "$Z users --json");
    const char *at = ran.out;
    json_t *user;

    assert_ran(&ran, 3);
    assert_int_equal(count_lines(ran.out), count_logins(place)); /* no orphan can be known */
    user = next_object(&at);
    assert_field(user, "bot_tier", NULL);
    assert_field(user, "trading_enabled", NULL);
    assert_field(user, "sync", "unknown");
    json_decref(user);
    assert_holds(ran.err, "ZmartBot: cannot connect");
    assert_null(strstr(ran.out, "missing_in_bot"));
    ran_done(&ran);
    ran = run(place, "$Z why ana.ionescu@example.com");
    assert_ran(&ran, 3);
    assert_holds(ran.out, "[ok] login\n");
    assert_holds(ran.out, "[??] trading_enabled  ZmartBot not readable\n");
    ran_done(&ran);
    ran = run(place, "$Z why lana.tran@example.vn"); /* banned: no, whatever Bot would say */
    assert_ran(&ran, 1);
    assert_holds(ran.out, "[NO] not_banned");
    ran_done(&ran);
    ran = run(place, "$Z user ana.pop@example.ro --json");
    assert_ran(&ran, 3);
    assert_holds(ran.out, "\"bot\":null");
    assert_holds(ran.out, "\"subscriptions\":[{");
    ran_done(&ran);
    ran = run(place, "$Z health --json");
    assert_ran(&ran, 3);
    assert_holds(ran.out, "{\"database\":\"brain\",\"state\":\"up\"");
    assert_holds(ran.out, "{\"database\":\"bot\",\"state\":\"down\",\"server_version\":null");
    ran_done(&ran);
    ran = run(place, "$Z export trades");
    assert_ran(&ran, 3);
    assert_int_equal(count_lines(ran.out), 1);
    ran_done(&ran);
}

static void without_brain(struct place *place)
{
    struct ran ran = run(place, "$Z users --json");
    const char *at = ran.out;
    json_t *user;

    assert_ran(&ran, 3);
    assert_true(count_lines(ran.out) > 50);
    user = next_object(&at);
    assert_field(user, "tier", NULL);
    assert_field(user, "name", NULL);
    assert_field(user, "sync", "unknown");
    json_decref(user);
    assert_holds(ran.out, "\"email\":\"ana.pop@example.ro\"");
    assert_null(strstr(ran.out, "orphan_in_bot"));
    assert_null(strstr(ran.out, "missing_profile"));
    ran_done(&ran);
    ran = run(place, "$Z users ana.pop --json");
    assert_ran(&ran, 3);
    assert_holds(ran.out, "\"email\":\"ana.pop@example.ro\"");
    ran_done(&ran);
    ran = run(place, "$Z export trades --json");
    assert_ran(&ran, 3); /* whole, but not without a word about Brain */
    assert_int_equal(count_lines(ran.out),
                     number(place, DB_BOT, "SELECT count(*) FROM user_trades"));
    ran_done(&ran);
    ran = run(place, "$Z health");
    assert_ran(&ran, 3);
    assert_holds(ran.out, "ZmartyBrain  down");
    ran_done(&ran);
}

static void a_side_that_is_away_is_unknown(void **state)
{
    struct place *place = *state;
    struct ran ran;

    demo_halt(&place->demo, DB_BOT);
    without_bot(place);
    demo_resume(&place->demo, DB_BOT);
    demo_halt(&place->demo, DB_BRAIN);
    without_brain(place);
    demo_halt(&place->demo, DB_BOT);
    ran = run(place, "$Z users --json");
    assert_ran(&ran, 3);
    assert_string_equal(ran.out, "");
    assert_holds(ran.err, "ZmartyBrain: cannot connect");
    assert_holds(ran.err, "ZmartBot: cannot connect");
    ran_done(&ran);
    ran = run(place, "$Z health --json");
    assert_ran(&ran, 3);
    assert_int_equal(count_lines(ran.out), 2);
    ran_done(&ran);
}

/* A frozen server costs the time that the configuration gives it, no more. */
static void a_frozen_side_is_given_up(void **state)
{
    struct place *place = *state;
    int64_t since;
    struct ran ran;

    ran = run(place, "sed 's/guard/connect_seconds = 1; guard/' ${Z##* } >$D/conf");
    ran_done(&ran);
    demo_signal(&place->demo, DB_BOT, SIGSTOP);
    since = zm_now_ms();
    ran = run(place, "${Z%% *} -c $D/conf why ana.ionescu@example.com");
    demo_signal(&place->demo, DB_BOT, SIGCONT);
    assert_ran(&ran, 3);
    assert_holds(ran.out, "[ok] login");
    assert_true(zm_now_ms() - since < 8000);
    ran_done(&ran);
}

/* An older shape is null, said once, and no failure. */
static void what_the_shape_lacks_is_null(void **state)
{
    struct place *place = *state;
    struct ran ran;

    demo_sql(&place->demo, DB_BOT, "ALTER TABLE public.user_trades RENAME COLUMN total TO total2");
    demo_sql(&place->demo, DB_BRAIN, "DROP TABLE public.user_subscriptions");
    ran = run(place, "$Z user ana.pop@example.ro --json");
    assert_ran(&ran, 0);
    assert_holds(ran.out, "\"subscriptions\":null");
    assert_holds(ran.out, "\"trades\":null");
    assert_holds(ran.out, "\"portfolios\":[{");
    assert_holds(ran.err, "public.user_trades(total)");
    assert_holds(ran.err, "checklist step");
    ran_done(&ran);
    ran = run(place, "$Z users --json");
    assert_ran(&ran, 0);
    assert_int_equal(count_lines(ran.err), 2); /* once, and its hint */
    ran_done(&ran);
}

static void one_database_twice_is_refused(void **state)
{
    struct place *place = *state;
    struct ran ran;

    ran = run(place, "sed 's/sock-bot/sock-brain/' ${Z##* } >$D/conf; "
                     "${Z%% *} -c $D/conf users");
    assert_ran(&ran, 2);
    assert_string_equal(ran.out, "");
    ran_done(&ran);
    ran = run(place, "sed 's/sock-bot/sock-x/; s/sock-brain/sock-bot/; s/sock-x/sock-brain/' "
                     "${Z##* } >$D/conf; ${Z%% *} -c $D/conf health --json");
    assert_ran(&ran, 2);
    assert_holds(ran.err, "swapped");
    assert_holds(ran.out, "\"state\":\"down\"");
    ran_done(&ran);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, stop_place)
    const struct CMUnitTest tests[] = {
        CASE(a_side_that_is_away_is_unknown),
        CASE(a_frozen_side_is_given_up),
        CASE(what_the_shape_lacks_is_null),
        CASE(one_database_twice_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
