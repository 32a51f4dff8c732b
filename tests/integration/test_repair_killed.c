/*
 * `zmartctl repair` is killed (SIGKILL) in every batch, each time elsewhere in the protocol, and
 * begun again, with the same plan or (the last, or with ZM_TRUTH_USERS all) a new one: in the end
 * all is mended, nobody was changed twice, and the journal has everybody.
 */
#include "drift_place.h"

#include <poll.h>
#include <signal.h>

#include "zm/clock.h"

#define PEOPLE "240" /* five batches */
#define VOTE "SET CONSTRAINTS ALL IMMEDIATE"
#define HELD_MS 30000

/* Everybody has a trouble, and both servers note whom they changed. */
static const char brain_people[] =
    "INSERT INTO auth.users (id, email) SELECT pid(n), 'u' || n || '@example.com'"
    "  FROM generate_series(1, " PEOPLE ") n;"
    "INSERT INTO public.user_profiles (user_id, tier, updated_at) SELECT pid(n), 'free',"
    "  '2026-02-01' FROM generate_series(1, " PEOPLE ") n WHERE n % 4 <> 3;"
    "CREATE TABLE public.notes (user_id uuid, tx bigint); GRANT ALL ON public.notes TO postgres;"
    "CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN INSERT INTO public.notes VALUES (NEW.user_id, txid_current()); RETURN NEW; END';"
    "CREATE TRIGGER note AFTER INSERT OR UPDATE ON public.user_profiles FOR EACH ROW"
    " EXECUTE FUNCTION public.note(); ANALYZE";
static const char bot_people[] =
    "INSERT INTO public.user_trading_profiles (user_id, email, tier, trading_enabled, updated_at)"
    "  SELECT pid(n), CASE n % 4 WHEN 0 THEN 'old' ELSE 'u' || n END || '@example.com',"
    "  CASE n % 4 WHEN 1 THEN 'pro' ELSE 'free' END, n % 8 = 4, '2026-01-01'"
    "  FROM generate_series(1, " PEOPLE ") n WHERE n % 4 <> 2;"
    "CREATE TABLE public.notes (user_id uuid, tx bigint); GRANT ALL ON public.notes TO postgres;"
    "CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN INSERT INTO public.notes VALUES (NEW.user_id, txid_current()); RETURN NEW; END';"
    "CREATE TRIGGER note AFTER INSERT OR UPDATE ON public.user_trading_profiles FOR EACH ROW"
    " EXECUTE FUNCTION public.note(); ANALYZE";

/* Where it is killed: before the text is sent, or when it has been answered, in the first batch
 * that still has something to change. */
static const struct point {
    const char *name;
    enum db_side side;
    const char *since, *text;
    enum proxy_hold_side when;
} points[] = {
    {"journal", DB_BRAIN, "", "INSERT INTO public.user_activity", PROXY_HOLD_BEFORE},
    {"brain commits", DB_BRAIN, VOTE, "COMMIT", PROXY_HOLD_BEFORE},
    {"brain committed", DB_BRAIN, VOTE, "COMMIT", PROXY_HOLD_AFTER},
    {"bot changes", DB_BOT, "", "UPDATE public.user_trading_profiles", PROXY_HOLD_AFTER},
    {"bot commits", DB_BOT, VOTE, "COMMIT", PROXY_HOLD_BEFORE},
    {"bot committed", DB_BOT, VOTE, "COMMIT", PROXY_HOLD_AFTER},
};

static const char *value(const struct drift_place *place, enum db_side side, const char *sql)
{
    return cluster_value(&place->people.cluster[side], sql);
}

/* What it left on the servers has come to its end. */
static void wait_gone(const struct drift_place *place)
{
    int64_t until = zm_now_ms() + HELD_MS;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        while (!zm_streq(value(place, (enum db_side)side,
                               "SELECT count(*) FROM pg_stat_activity"
                               " WHERE application_name = 'zmartctl'"),
                         "0")) {
            assert_true(zm_now_ms() < until);
            poll(NULL, 0, 10);
        }
}

static pid_t start_repair(const struct drift_place *place, const char *plan)
{
    pid_t child;

    fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setenv("HOME", place->directory, 1);
        if (!freopen("/dev/null", "r", stdin) || !freopen("/dev/null", "w", stdout) ||
            !freopen("/dev/null", "w", stderr))
            _exit(126);
        execl(ZM_BINARY, ZM_BINARY, "-c", place->conf, "repair", "--reason", "killed", "--yes",
              "--allow-mass", plan ? "--plan" : NULL, plan, (char *)NULL);
        _exit(127);
    }
    return child;
}

static void kill_at(const struct drift_place *place, const struct point *point, const char *plan)
{
    struct proxy *proxy = place->proxy[point->side];
    pid_t child;
    int status;

    proxy_hold_since(proxy, point->since, point->text, 1, point->when);
    child = start_repair(place, plan);
    if (!proxy_wait_held(proxy, HELD_MS)) {
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        fail_msg("%s: it did not come there", point->name);
    }
    assert_int_equal(waitpid(child, &status, WNOHANG), 0);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (point->when == PROXY_HOLD_BEFORE)
        proxy_reset(proxy); /* it was not sent at all */
    proxy_release(proxy);
    wait_gone(place);
}

/* A change may be several statements. */
static const char twice[] =
    "SELECT count(DISTINCT (user_id, tx)) - count(DISTINCT user_id) FROM public.notes";
static const char changed[] =
    "SELECT string_agg(DISTINCT right(user_id::text, 12)::int::text, ',') FROM public.notes";

/* Whoever was changed on either side has a row. */
static void assert_journal(const struct drift_place *place)
{
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        struct zm_buf sql = {.s = NULL};

        zm_buf_printf(&sql,
                      "SELECT count(*) FROM unnest('{%s}'::int[]) AS w(n) WHERE NOT EXISTS (SELECT"
                      " FROM public.user_activity AS a WHERE a.action = 'zmartctl.repair' AND"
                      " a.metadata ->> 'subject' = pid(w.n)::text)",
                      value(place, (enum db_side)side, changed));
        assert_string_equal(value(place, DB_BRAIN, sql.s), "0");
        zm_buf_done(&sql);
    }
}

/* A plan of all of them. */
static void make_plan(const struct drift_place *place, char *dst, size_t size)
{
    static const char kept[] = "the plan is kept: ";
    struct ran ran = place_run(place, "$Z repair --dry-run --allow-mass");
    const char *at = strstr(ran.err, kept);

    assert_ran(&ran, 0);
    assert_non_null(at);
    at += strlen(kept);
    assert_true((size_t)snprintf(dst, size, "%.*s", (int)strcspn(at, "\n"), at) < size);
    ran_done(&ran);
}

static void nobody_is_changed_twice(void **state)
{
    const struct drift_place *place = *state;
    bool always_new = getenv("ZM_TRUTH_USERS") != NULL;
    char plan[400];
    struct ran ran;
    size_t i;
    int side;

    make_plan(place, plan, sizeof(plan));
    for (i = 0; i < ZM_COUNT(points); i++) {
        kill_at(place, &points[i], always_new || i + 1 == ZM_COUNT(points) ? NULL : plan);
        for (side = 0; side < DB_SIDES; side++)
            if (!zm_streq(value(place, (enum db_side)side, twice), "0"))
                fail_msg("%s: somebody was changed twice", points[i].name);
        assert_journal(place);
    }
    ran = place_run(place, "$Z repair --reason last --yes --allow-mass --json");
    assert_ran(&ran, 0);
    ran_done(&ran);
    ran = place_run(place, "$Z drift");
    assert_ran(&ran, 0);
    ran_done(&ran);
    for (side = 0; side < DB_SIDES; side++)
        assert_string_equal(value(place, (enum db_side)side, twice), "0");
    assert_string_equal(value(place, DB_BRAIN,
                              "SELECT count(DISTINCT metadata ->> 'subject') FROM"
                              " public.user_activity WHERE action = 'zmartctl.repair'"),
                        PEOPLE);
    assert_journal(place);
}

static int start(void **state)
{
    return place_begin(state, true, brain_people, bot_people);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nobody_is_changed_twice)};

    return cmocka_run_group_tests(tests, start, place_end);
}
