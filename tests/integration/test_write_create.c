/*
 * A right for somebody without a trading profile: creating it is offered, both rights off; the
 * right is another change, asked for and judged by itself.
 */
#include "write_place.h"

#include "support/vt.h"

#define TRADERS "SELECT count(*) FROM public.user_trading_profiles"

static int lacking(void **state)
{
    struct write_place *place = *state;

    writer_fresh(&place->w);
    write_conf(place, "unlock", "");
    writer_sql(&place->w, DB_BRAIN, "UPDATE public.user_profiles SET tier = 'pro'");
    writer_sql(&place->w, DB_BOT, "DELETE FROM public.user_trading_profiles");
    return 0;
}

static struct vt *ask(const struct write_place *place)
{
    char command[512];
    const char *const argv[] = {"/bin/sh", "-c", command, NULL};

    snprintf(command, sizeof(command),
             "%s -c %s trading ana@example.com on --reason r; echo code $?", ZM_BINARY,
             place->conf);
    return vt_start(argv, NULL, 24, 120);
}

static void answer(struct vt *vt, const char *question, const char *typed)
{
    vt_wait(vt, question, VT_SOON_MS);
    vt_type(vt, typed);
}

static void end(struct vt *vt, const char *code)
{
    vt_wait(vt, code, VT_SOON_MS);
    vt_wait_exit(vt, VT_SOON_MS);
    vt_done(vt);
}

static void test_person_is_offered_it(void **state)
{
    struct write_place *place = *state;
    struct vt *vt = ask(place);

    answer(vt, "Create it, both rights off? y/N", "\r"); /* Enter is no */
    end(vt, "code 5");
    assert_int_equal(count_in(place, DB_BOT, TRADERS), 0);
    vt = ask(place);
    vt_wait(vt, "created, both rights off", VT_SOON_MS);
    answer(vt, "Create it, both rights off? y/N", "y\r");
    answer(vt, "Apply? y/N", "n\r"); /* the right itself is asked for */
    end(vt, "code 5");
    assert_string_equal(
        writer_value(&place->w, DB_BOT,
                     "SELECT tier || trading_enabled || api_access FROM"
                     " public.user_trading_profiles WHERE email = 'ana@example.com'"),
        "profalsefalse");
    writer_sql(&place->w, DB_BOT, "DELETE FROM public.user_trading_profiles");
    vt = ask(place);
    answer(vt, "Create it, both rights off? y/N", "y\r");
    answer(vt, "Apply? y/N", "y\r");
    end(vt, "code 0");
    assert_string_equal(writer_value(&place->w, DB_BOT,
                                     "SELECT tier || trading_enabled || api_access FROM"
                                     " public.user_trading_profiles"),
                        "protruefalse");
}

/* Two changes, two journal rows, each with its end. */
static void test_create_does_it_unasked(void **state)
{
    struct write_place *place = *state;
    struct ran ran = run(place, "$Z trading ana@example.com on --create --reason r --yes --json");
    const char *at = ran.out;
    json_t *object;

    assert_ran(&ran, 0);
    assert_holds(ran.err, "done: trading profile created");
    object = next_object(&at);
    assert_result(object, "done", true);
    assert_string_equal(at, "");
    json_decref(object);
    ran_done(&ran);
    assert_string_equal(
        writer_value(&place->w, DB_BRAIN,
                     "SELECT string_agg(a.action || ' ' || (a.metadata->>'reason') || ' ' ||"
                     "       (r.metadata->>'outcome'), ', ' ORDER BY a.created_at)"
                     "  FROM public.user_activity a JOIN public.user_activity r"
                     "    ON r.metadata->>'ref' = a.id::text"),
        "zmartctl.repair r done, zmartctl.trading_toggle r done");
    assert_int_equal(count_in(place, DB_BOT, TRADERS " WHERE trading_enabled AND NOT api_access"),
                     1);
    run_says(place, 0, "$Z audit --format table", "  + trading profile (pro, rights off)  ", NULL);
    run_says(place, 0, "$Z audit --format table", "  trading on  ", NULL);
    run_says(place, 0, "$Z audit --json", /* there was none before */
             "\"before\":null,\"after\":\"pro\",\"bot_before\":null,\"bot_after\":\"pro\"", NULL);
    /* where nothing is missing it means nothing */
    run_says(place, 0, "$Z trading ana@example.com off --create --reason r --yes", "on -> off",
             NULL);
}

static void test_what_is_not_created(void **state)
{
    struct write_place *place = *state;

    /* --yes answers no question about another change */
    run_says(place, 5, "$Z trading ana@example.com on --reason r --yes", "no trading profile",
             NULL);
    /* there is no right to be taken away */
    run_says(place, 5, "$Z trading ana@example.com off --create --reason r --yes",
             "no trading profile", NULL);
    run_says(place, 5, "$Z api ana@example.com on --create --reason r --yes",
             "tier pro is not entitled to API access", NULL);
    run_says(place, 0, "$Z trading ana@example.com on --create --dry-run --reason r",
             "dry run: both databases accepted it", NULL);
    run_says(place, 2, "$Z trading --file /dev/null on --create --reason r --yes", NULL,
             "--create is for one user");
    writer_sql(&place->w, DB_BRAIN, "UPDATE auth.users SET deleted_at = now()");
    run_says(place, 5, "$Z trading ana@example.com on --create --reason r --yes", "deleted", NULL);
    writer_sql(&place->w, DB_BRAIN, "UPDATE auth.users SET deleted_at = NULL, email = NULL");
    run_says(place, 5, "$Z trading " WRITER_PERSON " on --create --reason r --yes",
             "no trading profile", NULL);
    assert_int_equal(count_in(place, DB_BOT, TRADERS), 0);
    assert_int_equal(count_in(place, DB_BRAIN, "SELECT count(*) FROM public.user_activity"), 0);
}

/* Somebody creates it between the look and the write: nothing is created twice. */
static void test_created_twice_at_once(void **state)
{
    struct write_place *place = *state;
    struct vt *vt = ask(place);

    vt_wait(vt, "Create it, both rights off? y/N", VT_SOON_MS);
    writer_sql(&place->w, DB_BOT,
               "INSERT INTO public.user_trading_profiles (user_id, email, tier, api_access)"
               " VALUES (pid(1), 'ana@example.com', 'pro', true)");
    vt_type(vt, "y\r");
    answer(vt, "Apply? y/N", "y\r");
    end(vt, "code 0");
    assert_int_equal(count_in(place, DB_BOT, TRADERS " WHERE trading_enabled AND api_access"), 1);
    assert_int_equal(count_in(place, DB_BOT, TRADERS), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_person_is_offered_it, lacking),
        cmocka_unit_test_setup(test_create_does_it_unasked, lacking),
        cmocka_unit_test_setup(test_what_is_not_created, lacking),
        cmocka_unit_test_setup(test_created_twice_at_once, lacking),
    };

    return write_place_run(tests, ZM_COUNT(tests));
}
