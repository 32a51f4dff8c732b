/*
 * What a look-up by a subcommand costs the servers: whoever is named exactly, or within the limit,
 * is found without reading all users. Counted by the servers themselves.
 */
#include "demo_place.h"

#include "zm/clock.h"

#define PEOPLE 3000

static int set_up(void **state)
{
    return start_place(state, PEOPLE, NULL);
}

/* Rows and index entries of auth.users and of the trading profiles that were read so far. A
 * connection counts what it read before it is gone. */
static long rows_read(const struct place *place)
{
    static const char gone[] =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'zmartctl%'";
    static const char read[] =
        "SELECT sum(seq_tup_read) + (SELECT sum(idx_tup_read) FROM pg_stat_all_indexes"
        " WHERE relname = ANY (array_agg(t.relname))) FROM pg_stat_all_tables t"
        " WHERE relid IN (to_regclass('auth.users'), to_regclass('user_trading_profiles'))";
    int64_t until = zm_now_ms() + 10000;
    long n = 0;
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        while (number(place, (enum db_side)side, gone) > 0)
            assert_true(zm_now_ms() < until);
        n += number(place, (enum db_side)side, read);
    }
    return n;
}

/* Runs a line that must print so many users; returns what it read. */
static long cost(const struct place *place, const char *line, long users)
{
    long before = rows_read(place);
    struct ran ran = run_line(place->demo.conf, place->directory, line);

    assert_ran(&ran, 0);
    if (count_lines(ran.out) != users)
        fail_msg("%s: %ld users, not %ld: %.600s", line, count_lines(ran.out), users, ran.out);
    ran_done(&ran);
    return rows_read(place) - before;
}

#define ASSERT_CHEAP(place, line, users)                                                           \
    do {                                                                                           \
        long read_ = cost(place, line, users);                                                     \
                                                                                                   \
        if (read_ > PEOPLE / 2)                                                                    \
            fail_msg("%s: %ld rows and index entries were read", line, read_);                     \
    } while (0)

static void a_limit_ends_the_search(void **state)
{
    const struct place *place = *state;

    ASSERT_CHEAP(place, "$Z users --json --limit 1 '\"ana.pop@example.ro\"'", 1);
    ASSERT_CHEAP(place, "$Z users --json --limit 1 ana.pop@", 1);
    ASSERT_CHEAP(place, "$Z users --json --limit 1", 1);
    assert_true(cost(place, "$Z users --json ana.pop@", 1) > PEOPLE); /* the middle of a text */
}

/* Upper case in Bot is looked for by one scan of Bot; ids need none. */
static void who_is_named_exactly_is_looked_up(void **state)
{
    const struct place *place = *state;
    char line[128];
    long read;

    read = cost(place, "$Z users --json '\"twin@example.com\"'", 2);
    assert_true(read < number(place, DB_BOT, "SELECT count(*) FROM user_trading_profiles") + 500);
    snprintf(line, sizeof(line), "$Z users --json %s",
             demo_sql(&place->demo, DB_BRAIN, "SELECT id FROM auth.users ORDER BY id LIMIT 1"));
    ASSERT_CHEAP(place, line, 1);
    snprintf(line, sizeof(line), "$Z users --json '\"+%s\"'",
             demo_sql(&place->demo, DB_BRAIN, "SELECT max(phone) FROM auth.users"));
    ASSERT_CHEAP(place, line, 1);
    ASSERT_CHEAP(place, "$Z users --json 00000000-0000-4000-8000-00000000dead", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_ends_the_search),
        cmocka_unit_test(who_is_named_exactly_is_looked_up),
    };

    return cmocka_run_group_tests(tests, set_up, stop_place);
}
