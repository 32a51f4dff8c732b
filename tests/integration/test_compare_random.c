/*
 * Random pairs of small databases: what the comparison reports is what a plain look at every person
 * says, row by row and in the order of the ids, whatever the number of buckets. The judge here is
 * written from the contract and shares nothing with the program's.
 */
#include "compare_journal.h"
#include "compare_lines.h"

#include <stdlib.h>

#define ROUNDS 200
#define PEOPLE 24

#define NEWER "2026-01-10 10:00:00.25" /* when trading profiles were changed */
#define OLDER "2026-01-09 10:00:00"

struct person {
    char id[37];
    bool login, deleted;
    int email; /* 0 NULL, 1 "", 2 one */
    int odd;   /* what is peculiar about it */
    int profiles, tier;
    int subscriptions, subscription[2]; /* active, newest first */
    int traders, bot_email, bot_tier;   /* e-mail: 0 "", 1 the same, 2 other case, 3 another */
    int trading[2], api[2];             /* of each row: 0, 1, -1 NULL */
    bool bot_newer;
    int journal; /* an index of journals */
};

static const char *const tiers[] = {"free", "pro", "enterprise", "gold", NULL};
/* Ends of e-mails as SQL has them. */
static const char *const odd_emails[] = {"@example.com",
                                         " @example.com ",
                                         "o''neil@example.com",
                                         "\\x41@example.com",
                                         "\xc3\xa4\xe2\x80\xae@example.com",
                                         "%_$1{},\"@example.com"};
enum { FREE, PRO, ENTERPRISE, GOLD, NO_TIER };

struct rig {
    struct people people;
    unsigned seed;
    bool older; /* auth.users has no instance_id, which says who has no e-mail */
    struct person person[PEOPLE];
    size_t n;
};

static int pick(struct rig *rig, int n)
{
    rig->seed = rig->seed * 1103515245U + 12345U;
    return (int)(rig->seed >> 16) % n;
}

static bool one_in(struct rig *rig, int n)
{
    return pick(rig, n) == 0;
}

/* ---- making people ---- */

static int any_tier(struct rig *rig)
{
    return pick(rig, 8) < 7 ? pick(rig, 3) : 3 + pick(rig, 2);
}

static int any_flag(struct rig *rig)
{
    return pick(rig, 3) - 1;
}

static void make_person(struct rig *rig, struct person *p, size_t i)
{
    static const char *const ends[] = {
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "7fffffff-ffff-ffff-ffff-ffffffffffff", "80000000-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-000000000001", "ffffffff-ffff-ffff-ffff-fffffffffffe"};
    bool well = one_in(rig, 2);
    int k;

    memset(p, 0, sizeof(*p));
    snprintf(p->id, sizeof(p->id), "%08x-%04x-4000-8000-%012x", (unsigned)pick(rig, 65536) << 16,
             (unsigned)pick(rig, 65536), (unsigned)(i % PEOPLE));
    if (i < ZM_COUNT(ends) && one_in(rig, 2))
        zm_copy(p->id, sizeof(p->id), ends[i]);
    p->login = true;
    p->email = 2;
    p->odd = pick(rig, (int)ZM_COUNT(odd_emails));
    p->profiles = p->traders = p->bot_email = 1;
    p->tier = p->bot_tier = pick(rig, 3);
    p->subscriptions = p->tier != FREE || one_in(rig, 2);
    p->subscription[0] = p->tier;
    for (k = 0; k < 2; k++) {
        p->trading[k] = p->tier != FREE && one_in(rig, 2);
        p->api[k] = p->tier == ENTERPRISE && one_in(rig, 2);
    }
    if (well && one_in(rig, 6)) { /* all is well but which of two subscriptions is the newest */
        p->subscriptions = 2;
        p->subscription[0] = pick(rig, 3);
        p->subscription[1] = pick(rig, 3);
    }
    if (well && one_in(rig, 6)) { /* or a tier that does not exist, everywhere */
        p->tier = p->bot_tier = p->subscription[0] = GOLD;
        p->subscriptions = 1;
        memset(p->trading, 0, sizeof(p->trading));
        memset(p->api, 0, sizeof(p->api));
    }
    if (well && one_in(rig, 6)) { /* or a tier nowhere */
        p->profiles = p->subscriptions = 0;
        p->bot_tier = NO_TIER;
        memset(p->trading, 0, sizeof(p->trading));
        memset(p->api, 0, sizeof(p->api));
    }
    if (well)
        return;
    p->login = !one_in(rig, 8);
    p->deleted = one_in(rig, 5);
    p->email = one_in(rig, 3) ? pick(rig, 2) : 2;
    p->profiles = !p->login ? 0 : one_in(rig, 3) ? pick(rig, 3) : 1;
    p->tier = one_in(rig, 2) ? any_tier(rig) : p->tier;
    p->bot_tier = one_in(rig, 2) ? any_tier(rig) : p->tier;
    p->subscriptions = !p->login ? 0 : one_in(rig, 2) ? pick(rig, 3) : p->subscriptions;
    p->subscription[0] = one_in(rig, 2) ? pick(rig, 4) : p->tier == NO_TIER ? FREE : p->tier;
    p->subscription[1] = pick(rig, 4);
    p->traders = one_in(rig, 3) ? pick(rig, 3) : 1;
    p->bot_email = one_in(rig, 2) ? pick(rig, 4) : p->email == 2;
    for (k = 0; k < 2; k++) {
        p->trading[k] = any_flag(rig);
        p->api[k] = any_flag(rig);
    }
    p->bot_newer = one_in(rig, 2);
    p->journal = pick(rig, JOURNALS);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct person *)a)->id, ((const struct person *)b)->id);
}

static void make_people(struct rig *rig)
{
    size_t i;

    rig->n = (size_t)pick(rig, PEOPLE + 1);
    for (i = 0; i < rig->n; i++)
        make_person(rig, &rig->person[i], i);
    qsort(rig->person, rig->n, sizeof(rig->person[0]), by_id);
}

/* ---- storing them ---- */

static void add_tier(struct zm_buf *sql, int tier)
{
    if (tiers[tier])
        zm_buf_printf(sql, "'%s'", tiers[tier]);
    else
        zm_buf_puts(sql, "NULL");
}

/* One in four has an address that others have as well. */
static void add_email(struct zm_buf *sql, char first, const struct person *p)
{
    bool shared = p->id[35] == '3' || p->id[35] == '7';

    zm_buf_printf(sql, "'%c%s%s'", first, shared ? "shared" : p->id, odd_emails[p->odd]);
}

static const char *flag(int value)
{
    return value < 0 ? "NULL" : value ? "true" : "false";
}

/* As the Auth server writes its users; the other half are written by somebody else. */
static bool is_of_instance(const struct person *p)
{
    return strchr("02468ace", p->id[12]) != NULL;
}

static void store_brain(const struct person *p, bool older, struct zm_buf *sql)
{
    int i;

    if (!p->login)
        return;
    zm_buf_printf(sql,
                  "INSERT INTO auth.users (%sid, email, deleted_at, is_sso_user) VALUES (%s'%s', ",
                  older ? "" : "instance_id, ",
                  older               ? ""
                  : is_of_instance(p) ? "'00000000-0000-0000-0000-000000000000', "
                                      : "NULL, ",
                  p->id);
    if (p->email == 2)
        add_email(sql, 'u', p);
    else
        zm_buf_puts(sql, p->email ? "''" : "NULL");
    zm_buf_printf(sql, ", %s, true);", p->deleted ? "'2026-01-05'" : "NULL");
    for (i = 0; i < p->profiles; i++) {
        zm_buf_printf(sql,
                      "INSERT INTO public.user_profiles (user_id, tier, created_at, "
                      "updated_at) VALUES ('%s', ",
                      p->id);
        add_tier(sql, i ? PRO : p->tier);
        zm_buf_printf(sql, ", '2026-01-0%d', '2026-01-10 10:00:00');", i + 1);
    }
    for (i = p->subscriptions - 1; i >= 0; i--) {
        zm_buf_printf(sql,
                      "INSERT INTO public.user_subscriptions (user_id, started_at, tier) "
                      "VALUES ('%s', '2026-01-0%d', ",
                      p->id, 9 - i);
        add_tier(sql, p->subscription[i]);
        zm_buf_puts(sql, ");");
    }
    zm_buf_printf(sql,
                  "INSERT INTO public.user_subscriptions (user_id, tier, status) VALUES "
                  "('%s', 'enterprise', 'ended');",
                  p->id);
    journal_store(sql, p->journal, p->id, p->bot_newer ? NEWER : OLDER, tiers[p->bot_tier]);
}

static void store_bot(const struct person *p, struct zm_buf *sql)
{
    int i;

    for (i = 0; i < p->traders; i++) {
        zm_buf_printf(sql,
                      "INSERT INTO public.user_trading_profiles (user_id, created_at, "
                      "updated_at, trading_enabled, api_access, email, tier) VALUES ('%s', "
                      "'2026-01-0%d', '%s', %s, %s, ",
                      p->id, i + 1, p->bot_newer ? NEWER : OLDER, flag(p->trading[i]),
                      flag(p->api[i]));
        if (p->bot_email == 0)
            zm_buf_puts(sql, "'', ");
        else
            add_email(sql, p->bot_email == 1 ? 'u' : p->bot_email == 2 ? 'U' : 'x', p);
        if (p->bot_email != 0)
            zm_buf_puts(sql, ", ");
        add_tier(sql, p->bot_tier);
        zm_buf_puts(sql, ");");
    }
}

static void store(struct rig *rig)
{
    struct zm_buf brain = {.s = NULL}, bot = {.s = NULL};
    size_t i;

    zm_buf_puts(&brain, "DELETE FROM public.user_activity; DELETE FROM auth.users;");
    zm_buf_puts(&bot, "DELETE FROM public.user_trading_profiles;");
    if (one_in(rig, 3)) /* nobody's */
        zm_buf_puts(&brain, "DELETE FROM public.user_profiles; INSERT INTO public.user_profiles"
                            " (user_id, tier) VALUES (NULL, 'pro');"
                            "INSERT INTO public.user_subscriptions (user_id, tier) VALUES"
                            " (NULL, 'pro');");
    for (i = 0; i < rig->n; i++) {
        store_brain(&rig->person[i], rig->older, &brain);
        store_bot(&rig->person[i], &bot);
    }
    people_sql(&rig->people, DB_BRAIN, brain.s);
    people_sql(&rig->people, DB_BOT, bot.s);
    zm_buf_done(&brain);
    zm_buf_done(&bot);
}

/* ---- what is true of them ---- */

static bool may(int tier, bool api)
{
    return api ? tier == ENTERPRISE : tier == PRO || tier == ENTERPRISE;
}

static void expect(struct zm_buf *ret, const struct person *p, const char *class, const char *lane)
{
    zm_buf_printf(ret, "%s %s %s\n", p->id, class, lane);
}

static void expect_email(const struct person *p, struct zm_buf *ret)
{
    bool has = p->email == 2;

    if (!p->traders || (has ? p->bot_email == 1 : p->bot_email == 0))
        return;
    expect(ret, p, "email_differs", has && p->bot_email == 2 ? "safe case" : "safe");
}

static void expect_live(const struct person *p, struct zm_buf *ret)
{
    int tier = p->profiles ? p->tier : FREE;
    bool invalid =
        (p->profiles && p->tier > ENTERPRISE) || (p->traders && p->bot_tier > ENTERPRISE);

    if (!invalid && p->profiles && p->traders && p->tier != p->bot_tier)
        expect(ret, p, "tier_differs",
               p->bot_tier > p->tier && p->bot_newer && !journals[p->journal].ours ? "human"
                                                                                   : "safe");
    expect_email(p, ret);
    if (!p->traders && p->email == 2) /* there must be a tier to give him */
        expect(ret, p, "missing_in_bot", invalid ? "human" : "safe");
    if (!p->profiles)
        expect(ret, p, "missing_profile", "safe");
    if (!invalid && p->traders &&
        ((p->trading[0] == 1 && !may(tier, false)) || (p->api[0] == 1 && !may(tier, true))))
        expect(ret, p, "flags_exceed_tier", "safe");
    if (invalid)
        expect(ret, p, "invalid_tier", "human");
    if (p->profiles && (p->subscriptions ? p->subscription[0] != p->tier : p->tier != FREE))
        expect(ret, p, "subscription_differs", "human");
    if (!p->traders && p->email != 2)
        expect(ret, p, "no_email", "info");
}

static void expect_person(const struct person *p, struct zm_buf *ret)
{
    bool rights = false;
    int i;

    for (i = 0; i < p->traders; i++)
        rights = rights || p->trading[i] == 1 || p->api[i] == 1;
    if (p->login && p->deleted && !rights)
        return;
    if (p->traders > 1)
        expect(ret, p, "duplicate_in_bot", "human");
    else if (p->profiles > 1)
        expect(ret, p, "duplicate_profile", "human");
    else if (!p->login && p->traders)
        expect(ret, p, "orphan_in_bot", "opt_in");
    else if (p->login && p->deleted)
        expect(ret, p, "deleted_in_brain", "opt_in");
    else if (p->login)
        expect_live(p, ret);
}

/* ---- the test ---- */

static void compare_with(struct rig *rig, int64_t buckets, const char *expected, unsigned round)
{
    struct lines lines = {.text = {.s = NULL}};
    struct db_compare compare = lines_compare(&rig->people, &lines);
    struct db_compare_result result;
    int64_t logins = 0, traders = 0;
    struct zm_error err;
    size_t i;

    compare.buckets = buckets;
    compare.pieces = round % 3 == 0;
    zm_buf_add(&lines.text, "", 0);
    if (!db_compare_run(&compare, &result, &err))
        fail_msg("%s %s", err.message, err.detail);
    if (!zm_streq(lines.text.s, expected))
        fail_msg("round %u, %ld buckets: expected\n%sreported\n%s", round, (long)buckets, expected,
                 lines.text.s);
    for (i = 0; i < rig->n; i++) {
        logins += rig->person[i].login;
        traders += rig->person[i].traders;
    }
    assert_int_equal(result.brain_users, logins);
    assert_int_equal(result.bot_profiles, traders);
    assert_int_equal(result.settling, 0);
    assert_int_equal(result.streamed && buckets, 0);
    zm_buf_done(&lines.text);
}

/* Something is wrong that both sides know of. */
static bool is_drift(const struct rig *rig, const char *line)
{
    static const char *const brains_alone[] = {"no_email", "subscription_differs",
                                               "deleted_in_brain"};
    size_t i;

    for (i = 0; i < ZM_COUNT(brains_alone); i++)
        if (strncmp(line + 37, brains_alone[i], strlen(brains_alone[i])) == 0)
            return false;
    for (i = 0; i < rig->n; i++)
        if (strncmp(line, rig->person[i].id, 36) == 0)
            return rig->person[i].traders > 0 || rig->person[i].email == 2;
    return true;
}

/* "Are they equal?" says yes only when nobody differs, but for what Brain alone has. */
static void ask_quickly(struct rig *rig, const char *expected)
{
    struct db_compare compare = lines_compare(&rig->people, NULL);
    struct db_compare_result result;
    struct zm_error err;
    const char *line;
    bool equal = true;

    for (line = expected; *line; line = strchr(line, '\n') + 1)
        equal = equal && !is_drift(rig, line);
    compare.quick = true;
    compare.progress = NULL;
    if (rig->older) { /* it cannot tell, and says so */
        assert_false(db_compare_run(&compare, &result, &err));
        assert_int_equal(err.kind, ZM_ERR_SHAPE);
        return;
    }
    assert_true(db_compare_run(&compare, &result, &err));
    if (result.equal ? !equal : equal && !strstr(expected, "deleted_in_brain"))
        fail_msg("said to be %s:\n%s", result.equal ? "equal" : "different", expected);
}

static void random_pairs(void **state)
{
    static const int64_t buckets[] = {1, 2, 4096, 0};
    struct rig *rig = *state;
    unsigned round, settled = 0;
    size_t i;

    for (round = 0; round < ROUNDS; round++) {
        struct zm_buf expected = {.s = NULL};

        rig->seed = round;
        zm_buf_add(&expected, "", 0);
        make_people(rig);
        store(rig);
        for (i = 0; i < rig->n; i++)
            expect_person(&rig->person[i], &expected);
        settled += expected.len > 0;
        for (i = 0; i < ZM_COUNT(buckets); i++)
            compare_with(rig, buckets[i], expected.s, round);
        ask_quickly(rig, expected.s);
        zm_buf_done(&expected);
    }
    assert_true(settled > ROUNDS / 2);
}

static int start_of(void **state, bool older)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));

    rig->older = older;
    people_start(&rig->people, false, NULL);
    people_sql(&rig->people, DB_BRAIN,
               "ALTER TABLE public.user_profiles DROP CONSTRAINT user_profiles_tier_check;"
               "ALTER TABLE public.user_subscriptions ALTER tier DROP NOT NULL");
    if (older)
        people_sql(&rig->people, DB_BRAIN, "ALTER TABLE auth.users DROP instance_id CASCADE");
    people_open(&rig->people, "postgres");
    *state = rig;
    return 0;
}

static int start(void **state)
{
    return start_of(state, false);
}

static int start_older(void **state)
{
    return start_of(state, true);
}

static int stop(void **state)
{
    struct rig *rig = *state;

    people_done(&rig->people);
    free(rig);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_pairs)};

    return cmocka_run_group_tests_name("today's shape", tests, start, stop) +
           cmocka_run_group_tests_name("an older shape", tests, start_older, stop);
}
