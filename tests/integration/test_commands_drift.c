/*
 * `zmartctl drift` as a script uses it: rows, summary, classes, progress and exit codes. The people
 * made by hand are in every demo, so their drift is known.
 */
#include "demo_place.h"

static int start(void **state)
{
    return start_place(state, 100, NULL);
}

static const char *text_of(json_t *object, const char *name)
{
    return zm_text(json_string_value(json_object_get(object, name)));
}

static json_int_t count_of(json_t *summary, const char *class)
{
    return json_integer_value(json_object_get(json_object_get(summary, "classes"), class));
}

static const struct {
    const char *email, *class, *lane;
} people[] = {
    {"ana.pop@example.ro", "tier_differs", "safe"},
    {"k.weber@example.de", "tier_differs", "human"}, /* higher in Bot, and newer there */
    {"s.haddad@example.lb", "tier_differs", "safe"}, /* higher, but older */
    {"tatiana@example.md", "email_differs", "safe"},
    {"diana.s@example.net", "missing_in_bot", "safe"},
    {"ana@partner.example", "missing_profile", "safe"},
    {"api.exceeds@example.com", "flags_exceed_tier", "safe"},
    {"kT0lbnlkY3M5VnNqV1h3Zkd5", "deleted_in_brain", "opt_in"},
    {"ghost@example.io", "orphan_in_bot", "opt_in"},
    {"juana_m@example.mx", "duplicate_in_bot", "human"},
    {"two.profiles@example.de", "duplicate_profile", "human"},
    {"old.premium@example.com", "invalid_tier", "human"},
    {"subscr.differs@example.com", "subscription_differs", "human"},
};

static void find_person(size_t i, const char *at)
{
    json_t *object;

    while ((object = next_object(&at))) {
        bool found = zm_streq(text_of(object, "email"), people[i].email) &&
                     zm_streq(text_of(object, "class"), people[i].class);

        if (found)
            assert_string_equal(text_of(object, "lane"), people[i].lane);
        json_decref(object);
        if (found)
            return;
    }
    fail_msg("%s %s was not reported", people[i].email, people[i].class);
}

static void rows_and_summary(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "$Z drift --json");
    json_t *object, *last = NULL;
    const char *at = ran.out;
    json_int_t rows = 0, counted = 0;
    const char *class;
    char names[200];
    json_t *value;
    size_t i;

    assert_ran(&ran, 1);
    for (i = 0; i < ZM_COUNT(people); i++)
        find_person(i, ran.out);
    while ((object = next_object(&at))) {
        if (!json_object_get(object, "summary")) {
            rows++;
            field_names(object, names, sizeof(names));
            assert_true(strncmp(names, "class user_id email brain bot lane ", 35) == 0);
        }
        json_decref(last);
        last = object;
    }
    assert_string_equal(field_names(last, names, sizeof(names)),
                        "summary brain_users bot_profiles classes seconds confirm_seconds ");
    json_object_foreach(json_object_get(last, "classes"), class, value)
    {
        counted += json_integer_value(value);
    }
    assert_int_equal(rows, counted);
    assert_int_equal(count_of(last, "duplicate_in_bot"), 1);
    assert_int_equal(json_integer_value(json_object_get(last, "brain_users")),
                     number(place, DB_BRAIN, "SELECT count(*) FROM auth.users"));
    assert_true(json_real_value(json_object_get(last, "confirm_seconds")) > 2);
    json_decref(last);
    ran_done(&ran);
}

static void one_class(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "$Z drift --class orphan_in_bot --class duplicate_profile --json");

    assert_ran(&ran, 1);
    assert_int_equal(count_lines(ran.out), 4);
    assert_holds(ran.out, "\"classes\":{\"orphan_in_bot\":2,\"duplicate_profile\":1}");
    ran_done(&ran);
    ran = run(place, "$Z drift --class no_email --format csv");
    assert_ran(&ran, 0); /* no drift */
    assert_true(count_lines(ran.out) > 2);
    assert_true(strncmp(ran.out, "class,user_id,email,", 20) == 0);
    ran_done(&ran);
    ran = run(place, "$Z drift --class tier");
    assert_ran(&ran, 2);
    assert_holds(ran.err, "there is no class 'tier'");
    ran_done(&ran);
}

/* Of a class that repair takes, the rows that it leaves to people have a line of their own. */
static void whom_people_decide(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "$Z drift --class tier_differs --format table");

    assert_ran(&ran, 1);
    assert_holds(ran.out, "  ~ 2 tier differs: Bot takes Brain's tier\n");
    assert_holds(ran.out, "  ! 1 tier differs: a person has to decide\n");
    ran_done(&ran);
}

static void progress(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "$Z drift --class tier_differs --json --progress");
    bool sums = false, confirm = false;
    const char *at = ran.err;
    json_t *object;

    assert_ran(&ran, 1);
    while (*at && *at != '{') /* what is said on the first contact */
        at += strcspn(at, "\n") + 1;
    while ((object = next_object(&at))) {
        sums = sums || zm_streq(text_of(object, "progress"), "sums");
        confirm = confirm || zm_streq(text_of(object, "progress"), "confirm");
        assert_true(json_is_integer(json_object_get(object, "bot_done")));
        json_decref(object);
    }
    assert_true(sums && confirm);
    assert_null(strstr(ran.out, "progress"));
    ran_done(&ran);
}

/* Again and again, until nobody reads any more. */
static void watching(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "timeout 60 $Z drift --class orphan_in_bot --watch 1 --json |"
                                " grep -m2 summary | wc -l");

    assert_ran(&ran, 0);
    assert_holds(ran.out, "2");
    ran_done(&ran);
}

/* What is not there to be seen stands between quotes. */
static void a_blank_is_seen(void **state)
{
    struct place *place = *state;
    struct ran ran;

    demo_sql(
        &place->demo, DB_BOT,
        "UPDATE public.user_trading_profiles SET tier = 'pro ', email = email || ' ' WHERE email"
        " = 'ana.pop@example.ro'");
    ran = run(place, "$Z drift --class invalid_tier");
    assert_says(&ran, 1, "'pro ' +api", NULL);
    ran_done(&ran);
    ran = run(place, "$Z drift --class email_differs");
    assert_says(&ran, 1, "'ana.pop@example.ro '", NULL);
    ran_done(&ran);
    demo_sql(&place->demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'free', email = 'ana.pop@example.ro'"
             " WHERE email = 'ana.pop@example.ro '");
}

/* A side that is away is never "no drift", and no row is missing because of it. */
static void away(void **state)
{
    struct place *place = *state;
    struct ran ran;

    demo_halt(&place->demo, DB_BOT);
    ran = run(place, "$Z drift --json");
    assert_ran(&ran, 3);
    assert_null(strstr(ran.out, "\"class\""));
    assert_holds(ran.out, "{\"summary\":true,\"brain_users\":null,");
    assert_holds(ran.out, "\"missing_in_bot\":null,");
    assert_int_equal(count_lines(ran.out), 1);
    ran_done(&ran);
    ran = run(place, "$Z drift --json --class tier_differs");
    assert_ran(&ran, 3);
    assert_holds(ran.out, "\"classes\":{\"tier_differs\":null},");
    ran_done(&ran);
    ran = run(place, "$Z drift --format table");
    assert_ran(&ran, 3);
    assert_string_equal(ran.out, "");
    ran_done(&ran);
    demo_resume(&place->demo, DB_BOT);
}

/* A table that has no tier has nobody whose tier differs; everything else is compared as ever. */
static void without_tiers(void **state)
{
    struct place *place = *state;
    struct ran ran;
    size_t i;

    demo_sql(&place->demo, DB_BOT,
             "ALTER TABLE public.user_trading_profiles RENAME COLUMN tier TO level");
    ran = run(place, "$Z drift --json");
    assert_ran(&ran, 1);
    assert_holds(ran.err, "an older shape: there is no public.user_trading_profiles(tier)");
    assert_holds(ran.err, "; checklist step 2.2 user_trading_profiles names what differs\n");
    assert_holds(ran.out, "\"tier_differs\":null,");
    assert_holds(ran.out, "\"invalid_tier\":null,");
    assert_null(strstr(ran.out, "\"class\":\"tier_differs\""));
    for (i = 0; i < ZM_COUNT(people); i++)
        if (!zm_streq(people[i].class, "tier_differs") &&
            !zm_streq(people[i].class, "invalid_tier"))
            find_person(i, ran.out);
    ran_done(&ran);
    ran = run(place, "$Z drift --format table");
    assert_ran(&ran, 1);
    assert_holds(ran.out, "  ? not known: tier_differs, invalid_tier beyond these");
    assert_holds(ran.out, " ? +api");
    ran_done(&ran);
    demo_sql(&place->demo, DB_BOT,
             "ALTER TABLE public.user_trading_profiles RENAME COLUMN level TO tier");
}

/* Columns that an older shape lacks are null and said; everything else is compared as ever. */
static void older_shapes(void **state)
{
    struct place *place = *state;
    struct ran ran;
    size_t i;

    demo_sql(&place->demo, DB_BOT,
             "ALTER TABLE public.user_trading_profiles RENAME COLUMN api_access TO a;"
             "ALTER TABLE public.user_trading_profiles RENAME COLUMN created_at TO c;"
             "ALTER TABLE public.user_trading_profiles RENAME COLUMN updated_at TO u");
    demo_sql(&place->demo, DB_BRAIN, "ALTER TABLE public.user_profiles RENAME updated_at TO u");
    ran = run(place, "$Z drift --json");
    assert_ran(&ran, 1);
    assert_holds(ran.err, "an older shape: there is no public.user_profiles(updated_at),"
                          " public.user_trading_profiles(api_access),");
    assert_holds(ran.err, "checklist steps 1.2 user_profiles, 2.2 user_trading_profiles name ");
    assert_holds(ran.out, "\"api_access\":null");
    assert_null(strstr(ran.out, "\"api_access\":true"));
    assert_holds(ran.out, "\"flags_exceed_tier\":null,"); /* what was found is not all of them */
    for (i = 0; i < ZM_COUNT(people); i++)
        if (!zm_streq(people[i].email, "k.weber@example.de") && /* nobody knows which is newer */
            !zm_streq(people[i].class, "flags_exceed_tier"))
            find_person(i, ran.out);
    ran_done(&ran);
    ran = run(place, "$Z drift --json --class flags_exceed_tier");
    assert_ran(&ran, 3);
    ran_done(&ran);
    demo_sql(&place->demo, DB_BOT,
             "ALTER TABLE public.user_trading_profiles RENAME COLUMN a TO api_access;"
             "ALTER TABLE public.user_trading_profiles RENAME COLUMN c TO created_at;"
             "ALTER TABLE public.user_trading_profiles RENAME COLUMN u TO updated_at");
    demo_sql(&place->demo, DB_BRAIN, "ALTER TABLE public.user_profiles RENAME u TO updated_at");
}

/* A class that nobody could look at has no number: for people, in a log, and beside others. */
static void what_is_not_known_has_no_number(void **state)
{
    struct place *place = *state;
    struct ran ran;

    demo_sql(&place->demo, DB_BRAIN, "ALTER TABLE public.user_subscriptions RENAME TO aside");
    ran = run(place, "$Z drift");
    assert_says(&ran, 1, " users differ as far as could be seen (ZmartBot has", NULL);
    assert_holds(ran.out, "\n  ? not known: subscription_differs\n");
    ran_done(&ran);
    ran = run(place, "$Z drift --class subscription_differs");
    assert_says(&ran, 3, "it is not known how many of ", NULL);
    assert_null(strstr(ran.out, "0 of"));
    ran_done(&ran);
    ran = run(place, "$Z drift --watch 1 --class subscription_differs | head -n 1");
    assert_says(&ran, 0, " users differ; not known: subscription_differs\n", NULL);
    assert_holds(ran.out, "Z it is not known how many of ");
    ran_done(&ran);
    ran = run(place, "$Z drift --watch 1 --class subscription_differs --class orphan_in_bot |"
                     " head -n 1");
    assert_says(&ran, 0,
                " users differ as far as could be seen: orphan_in_bot 2; not known:"
                " subscription_differs\n",
                NULL);
    ran_done(&ran);
    demo_sql(&place->demo, DB_BRAIN, "ALTER TABLE public.aside RENAME TO user_subscriptions");
}

/* Of rights there is one column left: who was found has too many, and others may. */
static void what_is_known_in_part_has_more(void **state)
{
    struct place *place = *state;
    struct ran ran;

    demo_sql(&place->demo, DB_BOT,
             "ALTER TABLE public.user_trading_profiles RENAME COLUMN api_access TO a");
    ran = run(place, "$Z drift --class flags_exceed_tier");
    assert_says(&ran, 3, "\n  ? not known: flags_exceed_tier beyond these\n",
                "cannot compare in full: an older shape: there is no");
    ran_done(&ran);
    demo_sql(&place->demo, DB_BOT,
             "ALTER TABLE public.user_trading_profiles RENAME COLUMN a TO api_access");
}

/* A pipe gets the whole text, whatever its length. */
static void a_long_address_is_not_cut(void **state)
{
    struct place *place = *state;
    char address[420] = "";
    struct ran ran;
    int i;

    for (i = 0; i < 200; i++)
        memcpy(address + 2 * i, "\xc3\xa4", 3);
    demo_sql(&place->demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET email = repeat(U&'\\00e4', 200)"
             " WHERE email = 'tatiana@old.example'");
    ran = run(place, "$Z drift --class email_differs");
    assert_says(&ran, 1, address, NULL);
    ran_done(&ran);
    demo_sql(&place->demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET email = 'tatiana@old.example'"
             " WHERE email = repeat(U&'\\00e4', 200)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_summary),
        cmocka_unit_test(a_blank_is_seen),
        cmocka_unit_test(one_class),
        cmocka_unit_test(whom_people_decide),
        cmocka_unit_test(progress),
        cmocka_unit_test(watching),
        cmocka_unit_test(away),
        cmocka_unit_test(without_tiers),
        cmocka_unit_test(older_shapes),
        cmocka_unit_test(what_is_not_known_has_no_number),
        cmocka_unit_test(what_is_known_in_part_has_more),
        cmocka_unit_test(a_long_address_is_not_cut),
    };

    return cmocka_run_group_tests(tests, start, stop_place);
}
