/*
 * A crowd whose drift of every class is known by construction: the people, the SQL that makes them
 * on two private servers, and the rows that a comparison has to report.
 */
#ifndef INTEGRATION_DRIFT_CROWD_H
#define INTEGRATION_DRIFT_CROWD_H

#include "drift_place.h"

#include <inttypes.h>

/* Person n of every block of so many has the kind n; even numbers are those of the application. */
#define BLOCK 50
#define NAMELESS 49 /* without e-mail, in every second block without trading profile as well */

struct truth {
    struct drift_place place;
    long users;
    struct zm_buf all, others; /* rows in the order of the ids: all, and those not of lane safe */
    long safe;                 /* users of lane safe */
};

/* ---- ids ---- */

/* All over the space of ids, its ends and its middle too; distinct, and a person can read them. */
static const char id_function[] =
    "CREATE FUNCTION public.tid(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$"
    " SELECT CASE n WHEN 1 THEN '00000000-0000-0000-0000-000000000000'"
    "  WHEN 3 THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff'"
    "  WHEN 5 THEN '7fffffff-ffff-ffff-ffff-ffffffffffff'"
    "  WHEN 7 THEN '80000000-0000-0000-0000-000000000000'"
    "  ELSE lpad(to_hex(n * 2654435761 % 4294967296), 8, '0') || '-0000-4000-8000-'"
    "   || lpad(n::text, 12, '0') END::uuid $$";

static inline const char *id_of(long n, char ret[40])
{
    static const char *const ends[] = {
        [1] = "00000000-0000-0000-0000-000000000000",
        [3] = "ffffffff-ffff-ffff-ffff-ffffffffffff",
        [5] = "7fffffff-ffff-ffff-ffff-ffffffffffff",
        [7] = "80000000-0000-0000-0000-000000000000",
    };

    if (n < (long)ZM_COUNT(ends) && ends[n])
        zm_copy(ret, 40, ends[n]);
    else
        snprintf(ret, 40, "%08" PRIx32 "-0000-4000-8000-%012ld", (uint32_t)n * 2654435761U, n);
    return ret;
}

/* ---- what is known of them ---- */

/* One kind of trouble, made by SQL; $W are the ids of its people. */
struct kind {
    const char *tier; /* of Brain, and of Bot before that */
    const char *brain, *bot;
    struct {
        const char *class, *lane;
    } rows[2];
    const char *brain_half, *bot_half; /* tiers as reported; NULL: as tier, "-": no such half */
};

#define BOT(set) "UPDATE public.user_trading_profiles SET " set " WHERE user_id IN $W"

/* clang-format off */
static const struct kind kinds[] = {
    {.tier = "pro", .bot = BOT("tier = 'free'"), .rows = {{"tier_differs", "safe"}}, .bot_half = "free"},
    {.tier = "pro", .bot = BOT("tier = 'enterprise'"), .rows = {{"tier_differs", "safe"}}, .bot_half = "enterprise"},
    {.tier = "pro", .bot = BOT("tier = 'enterprise', updated_at = now() + interval '1 day'"),
     .rows = {{"tier_differs", "human"}}, .bot_half = "enterprise"},
    {.tier = "free", .bot = BOT("email = 'old' || email"), .rows = {{"email_differs", "safe"}}},
    {.tier = "pro", .bot = BOT("email = upper(email)"), .rows = {{"email_differs", "safe case"}}},
    {.tier = "free", .brain = "UPDATE auth.users SET email = NULL WHERE id IN $W", .rows = {{"email_differs", "safe"}}},
    {.tier = "pro", .bot = "DELETE FROM public.user_trading_profiles WHERE user_id IN $W",
     .rows = {{"missing_in_bot", "safe"}}, .bot_half = "-"},
    {.tier = "free", .brain = "DELETE FROM public.user_profiles WHERE user_id IN $W",
     .rows = {{"missing_profile", "safe"}}, .brain_half = "null"},
    {.tier = "free", .bot = BOT("trading_enabled = true"), .rows = {{"flags_exceed_tier", "safe"}}},
    {.tier = "pro", .bot = BOT("api_access = true"), .rows = {{"flags_exceed_tier", "safe"}}},
    {.tier = "pro", .brain = "UPDATE auth.users SET deleted_at = now() WHERE id IN $W", .bot = BOT("trading_enabled = true"),
     .rows = {{"deleted_in_brain", "opt_in"}}},
    {.tier = "enterprise", .brain = "UPDATE auth.users SET deleted_at = now() WHERE id IN $W", .bot = BOT("tier = 'free'"),
     .rows = {{NULL, NULL}}}, /* deleted, without rights */
    {.tier = "pro", .brain = "DELETE FROM auth.users WHERE id IN $W", .bot = BOT("trading_enabled = true"),
     .rows = {{"orphan_in_bot", "opt_in"}}, .brain_half = "-"},
    {.tier = "free", .brain = "DELETE FROM auth.users WHERE id IN $W", .rows = {{"orphan_in_bot", "opt_in"}}, .brain_half = "-"},
    {.tier = "pro", .bot = "INSERT INTO public.user_trading_profiles (user_id, email, tier, created_at) SELECT user_id, email, tier,"
     " now() FROM public.user_trading_profiles WHERE user_id IN $W", .rows = {{"duplicate_in_bot", "human"}}},
    {.tier = "free", .brain = "INSERT INTO public.user_profiles (user_id, tier, created_at) SELECT user_id, tier, now()"
     " FROM public.user_profiles WHERE user_id IN $W", .rows = {{"duplicate_profile", "human"}}},
    {.tier = "pro", .bot = BOT("tier = 'gold'"), .rows = {{"invalid_tier", "human"}}, .bot_half = "gold"},
    {.tier = "pro", .bot = BOT("tier = NULL"), .rows = {{"invalid_tier", "human"}}, .bot_half = "null"},
    {.tier = "pro", .brain = "INSERT INTO public.user_subscriptions (user_id, tier, started_at)"
     " SELECT w, 'enterprise', now() + interval '1 day' FROM $W AS p(w)", .rows = {{"subscription_differs", "human"}}},
    {.tier = "pro", .brain = "UPDATE public.user_subscriptions SET status = 'ended' WHERE user_id IN $W",
     .rows = {{"subscription_differs", "human"}}},
    {.tier = "pro", .bot = BOT("tier = 'free', email = 'old' || email"),
     .rows = {{"tier_differs", "safe"}, {"email_differs", "safe"}}, .bot_half = "free"},
    {.tier = "enterprise", .brain = "UPDATE public.user_subscriptions SET tier = 'pro' WHERE user_id IN $W",
     .bot = BOT("email = ''"), .rows = {{"email_differs", "safe"}, {"subscription_differs", "human"}}},
};
/* clang-format on */

static inline long number_of(size_t kind, long block)
{
    return block * BLOCK + 2 * (long)kind + 1;
}

static inline long count_of(const struct truth *t, size_t kind)
{
    return t->users / 10000 + 1 + (long)(kind % 5);
}

/* ---- making them ---- */

/* $N people. */
static const char brain_crowd[] =
    "INSERT INTO auth.users (id, email) SELECT tid(n), CASE WHEN n % 50 <> 49 THEN"
    "  'u' || n || '@example.com' END FROM generate_series(1, $N) n;"
    "INSERT INTO public.user_profiles (user_id, tier, updated_at)"
    "  SELECT tid(n), tier_of(n), '2026-02-01' FROM generate_series(1, $N) n;"
    "INSERT INTO public.user_subscriptions (user_id, tier) SELECT tid(n), tier_of(n)"
    "  FROM generate_series(1, $N) n WHERE tier_of(n) <> 'free' OR n % 4 = 0";
static const char bot_crowd[] =
    "INSERT INTO public.user_trading_profiles (user_id, email, tier, trading_enabled, api_access,"
    "  updated_at) SELECT tid(n), CASE WHEN n % 50 <> 49 THEN 'u' || n || '@example.com' ELSE ''"
    "  END, tier_of(n), n % 2 = 0 AND tier_of(n) <> 'free', n % 4 = 0 AND tier_of(n) ="
    "  'enterprise', '2026-01-01' FROM generate_series(1, $N) n WHERE n % 100 <> 99";

static inline void run_sql(const struct truth *t, enum db_side side, const char *sql, size_t kind)
{
    struct zm_buf text = {.s = NULL};
    const char *at;

    for (; (at = strchr(sql, '$')) != NULL; sql = at + 2) {
        zm_buf_add(&text, sql, (size_t)(at - sql));
        if (at[1] == 'N')
            zm_buf_printf(&text, "%ld", t->users);
        else
            zm_buf_printf(&text, "(SELECT tid(i * %d + %ld) FROM generate_series(0, %ld) i)", BLOCK,
                          number_of(kind, 0), count_of(t, kind) - 1);
    }
    zm_buf_puts(&text, sql);
    people_sql(&t->place.people, side, text.s);
    zm_buf_done(&text);
}

static inline void load_functions(const struct truth *t, enum db_side side)
{
    struct zm_buf sql = {.s = NULL};
    size_t k;

    people_sql(&t->place.people, side, id_function);
    zm_buf_puts(&sql, "CREATE FUNCTION public.tier_of(n bigint) RETURNS text LANGUAGE sql IMMUTABLE"
                      " RETURN CASE ");
    for (k = 0; k < ZM_COUNT(kinds); k++)
        zm_buf_printf(&sql, "WHEN n %% %d = %ld THEN '%s' ", BLOCK, number_of(k, 0), kinds[k].tier);
    zm_buf_printf(&sql,
                  "WHEN n %% %d = %d THEN 'free' WHEN n %% 7 = 0 THEN 'enterprise'"
                  " WHEN n %% 3 = 0 THEN 'pro' ELSE 'free' END",
                  BLOCK, NAMELESS);
    people_sql(&t->place.people, side, sql.s);
    zm_buf_done(&sql);
}

static inline void load(const struct truth *t)
{
    size_t k;

    load_functions(t, DB_BRAIN);
    load_functions(t, DB_BOT);
    run_sql(t, DB_BRAIN, brain_crowd, 0);
    run_sql(t, DB_BOT, bot_crowd, 0);
    for (k = 0; k < ZM_COUNT(kinds); k++) {
        if (kinds[k].brain)
            run_sql(t, DB_BRAIN, kinds[k].brain, k);
        if (kinds[k].bot)
            run_sql(t, DB_BOT, kinds[k].bot, k);
    }
    people_sql(&t->place.people, DB_BRAIN, "ANALYZE");
    people_sql(&t->place.people, DB_BOT, "ANALYZE");
}

/* ---- what must be reported ---- */

struct row {
    char id[40], text[160];
    bool safe;
};

static inline int by_id(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = strcmp(x->id, y->id);

    return order ? order : x < y ? -1 : 1; /* of a user in the order in which they were added */
}

static inline size_t add_kind(struct truth *t, size_t kind, struct row *rows)
{
    const struct kind *k = &kinds[kind];
    const char *brain = k->brain_half ? k->brain_half : k->tier;
    const char *bot = k->bot_half ? k->bot_half : k->tier;
    size_t n = 0, r;
    long block;

    for (block = 0; block < count_of(t, kind); block++) {
        bool safe = false;

        for (r = 0; r < ZM_COUNT(k->rows) && k->rows[r].class; r++, n++) {
            id_of(number_of(kind, block), rows[n].id);
            rows[n].safe = strncmp(k->rows[r].lane, "safe", 4) == 0;
            snprintf(rows[n].text, sizeof(rows[n].text), "%s %s u%ld@example.com %s %s",
                     k->rows[r].class, k->rows[r].lane, number_of(kind, block), brain, bot);
            safe = safe || rows[n].safe;
        }
        t->safe += safe;
    }
    return n;
}

static inline void know(struct truth *t)
{
    struct row *rows = zm_calloc((size_t)t->users, sizeof(*rows));
    size_t n = 0, i;
    long person;

    for (i = 0; i < ZM_COUNT(kinds); i++)
        n += add_kind(t, i, rows + n);
    for (person = NAMELESS + BLOCK; person <= t->users; person += 2L * BLOCK, n++) {
        id_of(person, rows[n].id);
        zm_copy(rows[n].text, sizeof(rows[n].text), "no_email info null free -");
    }
    qsort(rows, n, sizeof(*rows), by_id);
    for (i = 0; i < n; i++) {
        zm_buf_printf(&t->all, "%s %s\n", rows[i].id, rows[i].text);
        if (!rows[i].safe)
            zm_buf_printf(&t->others, "%s %s\n", rows[i].id, rows[i].text);
    }
    free(rows);
}

#endif
