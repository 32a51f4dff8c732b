/*
 * The reading subcommands on the shared servers (demo_shared): what they print, in which order and
 * how many, compared with plain SQL; and their exit codes.
 */
#include "shared_place.h"

#include "zm/str.h"

#define USER_FIELDS                                                                                \
    "id email phone name country tier bot_tier trading_enabled api_access sync can_trade why "

static const char *text_of(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* ---- health ---- */

static void health_is_one_line_a_database(void **state)
{
    struct ran ran = run(*state, "$Z health --json");
    const char *at = ran.out;
    char names[200];
    json_t *one;
    int i;

    assert_ran(&ran, 0);
    for (i = 0; i < 2; i++) {
        one = next_object(&at);
        assert_string_equal(field_names(one, names, sizeof(names)),
                            "database state server_version tls role writable rtt_ms error ");
        assert_string_equal(text_of(one, "database"), i ? "bot" : "brain");
        assert_string_equal(text_of(one, "state"), "up");
        assert_string_equal(text_of(one, "tls"), "unix socket");
        assert_string_equal(text_of(one, "role"), "postgres");
        assert_true(json_is_true(json_object_get(one, "writable")));
        assert_true(json_is_integer(json_object_get(one, "rtt_ms")));
        assert_true(json_is_null(json_object_get(one, "error")));
        json_decref(one);
    }
    assert_string_equal(at, "");
    ran_done(&ran);
}

/* ---- users ---- */

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The ids of a JSON stream, sorted; each must be there once. */
static size_t take_ids(const char *out, char **ids, size_t max)
{
    json_t *object;
    char names[300];
    size_t n = 0, i;

    while ((object = next_object(&out))) {
        assert_true(n < max);
        assert_string_equal(field_names(object, names, sizeof(names)), USER_FIELDS);
        ids[n++] = zm_strdup(text_of(object, "id"));
        json_decref(object);
    }
    qsort(ids, n, sizeof(*ids), compare);
    for (i = 1; i < n; i++)
        if (strcmp(ids[i - 1], ids[i]) == 0)
            fail_msg("%s is there twice", ids[i]);
    return n;
}

static void free_ids(char **ids, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        free(ids[i]);
}

static void every_user_is_there_once(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "$Z users --json");
    long logins = number(place, DB_BRAIN, "SELECT count(*) FROM auth.users");
    char *ids[5000];
    size_t n;

    assert_ran(&ran, 0);
    n = take_ids(ran.out, ids, ZM_COUNT(ids));
    /* and the orphans of Bot: at least two in the sample data */
    assert_true((long)n >= logins + 2);
    assert_true((long)n <=
                logins + number(place, DB_BOT,
                                "SELECT count(DISTINCT user_id) FROM user_trading_profiles"));
    free_ids(ids, n);
    ran_done(&ran);
}

static void a_filter_finds_without_repeats(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "$Z users --json example.ro");
    char *ids[5000];
    size_t n;

    assert_ran(&ran, 0);
    n = take_ids(ran.out, ids, ZM_COUNT(ids));
    assert_int_equal(n, number(place, DB_BRAIN,
                               "SELECT count(*) FROM auth.users u WHERE strpos(email, 'example.ro')"
                               " > 0"));
    free_ids(ids, n);
    ran_done(&ran);
    ran = run(place, "$Z users --json ana.pop@example.ro | head -1");
    assert_holds(ran.out, "\"email\":\"ana.pop@example.ro\"");
    ran_done(&ran);
    ran = run(place, "$Z users --json tier:pro trading:off");
    assert_ran(&ran, 0);
    n = take_ids(ran.out, ids, ZM_COUNT(ids));
    assert_true(n > 3);
    assert_null(strstr(ran.out, "\"tier\":\"free\""));
    assert_null(strstr(ran.out, "\"trading_enabled\":true"));
    free_ids(ids, n);
    ran_done(&ran);
}

static void a_limit_is_kept_and_said(void **state)
{
    struct ran ran = run(*state, "$Z users --limit 7 --json");

    assert_ran(&ran, 0);
    assert_int_equal(count_lines(ran.out), 7);
    assert_holds(ran.err, "cut at the limit of 7; there may be more");
    ran_done(&ran);
    ran = run(*state, "$Z users ana.pop@example.ro --limit 7");
    assert_ran(&ran, 0);
    assert_null(strstr(ran.err, "cut at"));
    ran_done(&ran);
}

static void the_table_has_the_columns_of_the_list(void **state)
{
    struct ran ran = run(*state, "$Z users ana.pop@example.ro");

    assert_ran(&ran, 0);
    assert_int_equal(count_lines(ran.out), 2);
    assert_holds(ran.out, "EMAIL               TIER  CONF  S  BOT   TRD  API  KEYS  CAN TRADE?\n");
    assert_holds(ran.out, "ana.pop@example.ro  pro   yes   ~  free  off  ");
    ran_done(&ran);
}

/* Controls, escapes and bidi overrides of the sample data's hostile people. */
static void hostile_people_do_no_harm(void **state)
{
    struct ran ran = run(*state, "$Z users hostile.example");
    const char *s;

    assert_ran(&ran, 0);
    assert_true(count_lines(ran.out) > 5);
    for (s = ran.out; *s; s++)
        assert_true((unsigned char)*s >= 0x20 || *s == '\n');
    assert_null(strstr(ran.out, "\xe2\x80\xae"));
    assert_null(strstr(ran.out, "\xc2\x9b"));
    ran_done(&ran);
    ran = run(*state, "$Z users hostile.example --json");
    for (s = ran.out; *s; s++)
        assert_true((unsigned char)*s >= 0x20 || *s == '\n');
    assert_null(strstr(ran.out, "\xe2\x80\xae"));
    assert_holds(ran.out, "\\u202E");
    ran_done(&ran);
    ran = run(*state, "$Z users formula@hostile.example --format csv");
    assert_holds(ran.out, ",\"'=HYPERLINK(");
    ran_done(&ran);
    ran = run(*state, "$Z users formula@hostile.example --format csv --raw");
    assert_holds(ran.out, ",\"=HYPERLINK(");
    ran_done(&ran);
}

/* ---- user and why ---- */

static void a_user_is_everything_in_one_line(void **state)
{
    struct ran ran = run(*state, "$Z user ana.pop@example.ro --json");
    const char *at = ran.out;
    char names[400];
    json_t *user, *brain, *bot;

    assert_ran(&ran, 0);
    assert_int_equal(count_lines(ran.out), 1);
    user = next_object(&at);
    assert_string_equal(field_names(user, names, sizeof(names)), USER_FIELDS "brain bot ");
    brain = json_object_get(user, "brain");
    bot = json_object_get(user, "bot");
    assert_string_equal(field_names(brain, names, sizeof(names)),
                        "id user_id tier name country profile_completed created_at updated_at "
                        "login subscriptions activity ");
    assert_string_equal(field_names(bot, names, sizeof(names)),
                        "id user_id email tier trading_enabled api_access created_at updated_at "
                        "portfolios strategies trades api_keys ");
    assert_string_equal(text_of(json_array_get(json_object_get(bot, "portfolios"), 0), "amount"),
                        "0.41200000");
    assert_true(json_is_object(json_object_get(
        json_array_get(json_object_get(bot, "strategies"), 0), "performance_metrics")));
    assert_null(strstr(ran.out, "encrypted"));
    json_decref(user);
    ran_done(&ran);
}

static void a_whale_is_listed_whole(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "$Z user whale@example.com --json");
    const char *at = ran.out;
    json_t *user, *trades;
    char id[64];

    assert_ran(&ran, 0);
    user = next_object(&at);
    trades = json_object_get(json_object_get(user, "bot"), "trades");
    assert_int_equal(json_array_size(trades),
                     number(place, DB_BOT,
                            "SELECT max(n) FROM (SELECT count(*) AS n FROM user_trades GROUP BY "
                            "user_id) t"));
    take(place, DB_BOT,
         "SELECT id FROM user_trades WHERE user_id = (SELECT user_id FROM user_trades GROUP "
         "BY user_id ORDER BY count(*) DESC LIMIT 1) ORDER BY created_at DESC, id DESC LIMIT 1",
         id, sizeof(id));
    assert_string_equal(text_of(json_array_get(trades, 0), "id"), id);
    json_decref(user);
    ran_done(&ran);
    ran = run(place, "$Z user whale@example.com");
    assert_ran(&ran, 0);
    assert_holds(ran.out, "all of them: zmartctl export trades --user");
    assert_true(count_lines(ran.out) < 400);
    ran_done(&ran);
}

static void a_long_value_comes_whole(void **state)
{
    const struct place *place = *state;
    char user[64], line[128];
    size_t longest = 0, i, k;
    const char *at;
    struct ran ran;
    json_t *one, *strategy;

    take(place, DB_BOT,
         "SELECT user_id FROM user_strategies ORDER BY length(strategy_config::text) DESC "
         "NULLS LAST LIMIT 1",
         user, sizeof(user));
    snprintf(line, sizeof(line), "$Z user %s --json", user);
    ran = run(place, line);
    assert_ran(&ran, 0);
    at = ran.out;
    one = next_object(&at);
    json_array_foreach(json_object_get(json_object_get(one, "bot"), "strategies"), i, strategy)
    {
        char *text = json_dumps(json_object_get(strategy, "strategy_config"), JSON_ENCODE_ANY);

        k = strlen(text);
        longest = k > longest ? k : longest;
        free(text);
    }
    assert_true(longest > 100000);
    json_decref(one);
    ran_done(&ran);
}

static void users_are_named_by_id_mail_and_phone(void **state)
{
    const struct place *place = *state;
    char id[64], phone[64], line[128];
    struct ran ran;

    take(place, DB_BRAIN,
         "SELECT upper(id::text) FROM auth.users WHERE email = 'ana.pop@example.ro'", id,
         sizeof(id));
    snprintf(line, sizeof(line), "$Z user %s --json", id);
    ran = run(place, line);
    assert_ran(&ran, 0);
    assert_holds(ran.out, "\"email\":\"ana.pop@example.ro\"");
    ran_done(&ran);
    ran = run(place, "$Z why ANA.POP@example.ro");
    assert_ran(&ran, 1);
    ran_done(&ran);
    take(place, DB_BRAIN,
         "SELECT phone FROM auth.users WHERE phone IS NOT NULL AND email IS NULL LIMIT 1", phone,
         sizeof(phone));
    snprintf(line, sizeof(line), "$Z user +%s --json", phone);
    ran = run(place, line);
    assert_ran(&ran, 0);
    assert_holds(ran.out, phone);
    ran_done(&ran);
}

static void nobody_and_several_are_refused(void **state)
{
    struct ran ran = run(*state, "$Z user nobody@example.com --json");

    assert_ran(&ran, 2);
    assert_string_equal(ran.out, "");
    assert_holds(ran.err, "there is no user 'nobody@example.com'");
    ran_done(&ran);
    ran = run(*state, "$Z why 00000000-0000-4000-8000-000000000000");
    assert_ran(&ran, 2);
    ran_done(&ran);
    ran = run(*state, "$Z why twin@example.com");
    assert_ran(&ran, 2);
    assert_string_equal(ran.out, "");
    assert_holds(ran.err, "is not one user but 2");
    assert_holds(ran.err, "twin@example.com (SSO)");
    ran_done(&ran);
}

static void why_says_it_with_its_exit_code(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "$Z why ana.pop@example.ro");
    json_t *user;
    const char *at;

    assert_ran(&ran, 1);
    assert_holds(ran.out, "[ok] login\n");
    assert_holds(ran.out, "[NO] trading_enabled  off\n");
    assert_holds(ran.out, "[NO] tier_equal  Brain pro / Bot free\n");
    assert_int_equal(count_lines(ran.out), 12); /* api_access is off and not listed */
    ran_done(&ran);
    ran = run(place, "$Z why ana.ionescu@example.com");
    assert_ran(&ran, 0);
    assert_null(strstr(ran.out, "[NO]"));
    ran_done(&ran);
    ran = run(place, "$Z why ana.pop@example.ro --json");
    assert_ran(&ran, 1);
    at = ran.out;
    user = next_object(&at);
    assert_true(json_is_false(json_object_get(user, "can_trade")));
    assert_string_equal(text_of(json_array_get(json_object_get(user, "why"), 0), "gate"), "login");
    assert_true(json_is_array(json_object_get(json_object_get(user, "bot"), "trades")));
    json_decref(user);
    ran_done(&ran);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(health_is_one_line_a_database),
        CASE(every_user_is_there_once),
        CASE(a_filter_finds_without_repeats),
        CASE(a_limit_is_kept_and_said),
        CASE(the_table_has_the_columns_of_the_list),
        CASE(hostile_people_do_no_harm),
        CASE(a_user_is_everything_in_one_line),
        CASE(a_whale_is_listed_whole),
        CASE(a_long_value_comes_whole),
        CASE(users_are_named_by_id_mail_and_phone),
        CASE(nobody_and_several_are_refused),
        CASE(why_says_it_with_its_exit_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
