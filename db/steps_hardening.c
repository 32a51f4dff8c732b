/*
 * The first steps of checklist item 6: what the source document leaves open. One statement of
 * db/sql/.../harden_*.sql finds the holes of a step and says the SQL that closes each, so that what
 * is shown, tried and run is one text. Nothing here changes anything.
 */
#include "db/hardening.h"

#include <stdio.h>

#include "db/index_match.h"
#include "db/indexes.h"
#include "db/schema_wanted.h"
#include "db/steps.h"
#include "db/steps_tables.h"
#include "zm/str.h"

static const struct db_field hole_fields[] = {
    DB_FIELD(struct db_hole, hole),
    DB_FIELD(struct db_hole, fix),
};
const struct db_shape db_shape_hole = {"hole", sizeof(struct db_hole), hole_fields,
                                       ZM_COUNT(hole_fields)};
static const struct db_field how_many_fields[] = {
    DB_FIELD(struct db_how_many, n),
};
const struct db_shape db_shape_how_many = {"how many", sizeof(struct db_how_many), how_many_fields,
                                           ZM_COUNT(how_many_fields)};

#define BRAIN_TABLES "{user_profiles,user_subscriptions,user_activity}"
#define BOT_TABLES                                                                                 \
    "{user_trading_profiles,user_portfolios,user_strategies,user_trades,user_api_keys}"
#define JOURNAL_APART "{\"\",\"\",\"action NOT LIKE 'zmartctl.%'\"}"

/* What a step looks for. */
struct hardening {
    const char *expected;
    const char *table; /* of the document, that it is about; NULL: all of that side */
    const char *params[2];
    const char *obstacle_is; /* what a person must put right first; NULL: nothing */
    const char *class;       /* of drift, which names them */
    enum db_side side;
    enum db_sql sql;
    enum db_sql obstacle; /* how many of them */
    bool indexes;         /* the wanted indexes of that side too */
};

enum {
    BRAIN_ROWS,
    BOT_ROWS,
    BRAIN_POLICIES,
    BOT_POLICIES,
    BRAIN_GRANTS,
    BOT_GRANTS,
    BRAIN_UNIQUE,
    BOT_UNIQUE,
    BOT_TIER,
    BRAIN_INDEXES,
    BOT_INDEXES,
    BRAIN_HISTORY,
    BRAIN_ROLES,
    BOT_ROLES,
    BRAIN_SIGN_UP,
};

/* clang-format off */
static const struct hardening hardenings[] = {
    [BRAIN_ROWS]     = {"row security is on for all three tables", NULL, {BRAIN_TABLES}, NULL, NULL, DB_BRAIN, DB_SQL_EITHER_HARDEN_ROWS, DB_SQL_NONE, false},
    [BOT_ROWS]       = {"row security is on for all five tables", NULL, {BOT_TABLES}, NULL, NULL, DB_BOT, DB_SQL_EITHER_HARDEN_ROWS, DB_SQL_NONE, false},
    [BRAIN_POLICIES] = {"users reach their own rows, asked for once a statement, and no row of the journal", NULL, {BRAIN_TABLES, JOURNAL_APART}, NULL, NULL, DB_BRAIN, DB_SQL_EITHER_HARDEN_POLICIES, DB_SQL_NONE, false},
    [BOT_POLICIES]   = {"users read their own rows; nobody reads or adds all", NULL, {BOT_TABLES, "{\"\",\"\",\"\",\"\",\"\"}"}, NULL, NULL, DB_BOT, DB_SQL_EITHER_HARDEN_POLICIES, DB_SQL_NONE, false},
    [BRAIN_GRANTS]   = {"users read their profile and change name, country and completed; anon nothing", NULL, {NULL}, NULL, NULL, DB_BRAIN, DB_SQL_EITHER_HARDEN_GRANTS, DB_SQL_NONE, false},
    [BOT_GRANTS]     = {"users read; nobody of the API writes, or sees a key", NULL, {NULL}, NULL, NULL, DB_BOT, DB_SQL_EITHER_HARDEN_GRANTS, DB_SQL_NONE, false},
    [BRAIN_UNIQUE]   = {"one profile a user", "user_profiles", {"user_profiles"}, "users with several profiles", "duplicate_profile", DB_BRAIN, DB_SQL_EITHER_HARDEN_UNIQUE, DB_SQL_BRAIN_HARDEN_DUPLICATES, false},
    [BOT_UNIQUE]     = {"one trading profile a user", "user_trading_profiles", {"user_trading_profiles"}, "users with several trading profiles", "duplicate_in_bot", DB_BOT, DB_SQL_EITHER_HARDEN_UNIQUE, DB_SQL_BOT_HARDEN_DUPLICATES, false},
    [BOT_TIER]       = {"a CHECK allows free, pro and enterprise", "user_trading_profiles", {NULL}, "trading profiles with another tier", "invalid_tier", DB_BOT, DB_SQL_BOT_HARDEN_TIER, DB_SQL_BOT_HARDEN_ODD_TIERS, false},
    [BRAIN_INDEXES]  = {"every look-up by user, name and time has its index", NULL, {BRAIN_TABLES}, NULL, NULL, DB_BRAIN, DB_SQL_EITHER_HARDEN_INVALID, DB_SQL_NONE, true},
    [BOT_INDEXES]    = {"every look-up by user, e-mail and time has its index", NULL, {BOT_TABLES}, NULL, NULL, DB_BOT, DB_SQL_EITHER_HARDEN_INVALID, DB_SQL_NONE, true},
    [BRAIN_HISTORY]  = {"rows of user_activity stay when their user is deleted", "user_activity", {NULL}, NULL, NULL, DB_BRAIN, DB_SQL_BRAIN_HARDEN_HISTORY, DB_SQL_NONE, false},
    [BRAIN_ROLES]    = {"zmart_support reads, zmart_operator also changes what the console changes", NULL, {NULL}, NULL, NULL, DB_BRAIN, DB_SQL_BRAIN_HARDEN_ROLES, DB_SQL_NONE, false},
    [BOT_ROLES]      = {"zmart_support reads, zmart_operator also changes what the console changes", NULL, {NULL}, NULL, NULL, DB_BOT, DB_SQL_BOT_HARDEN_ROLES, DB_SQL_NONE, false},
    [BRAIN_SIGN_UP]  = {"no trigger on auth.users takes the tier from what the user says of himself", NULL, {NULL}, NULL, NULL, DB_BRAIN, DB_SQL_BRAIN_HARDEN_SIGN_UP, DB_SQL_NONE, false},
};
/* clang-format on */

#define NAMED 4 /* holes that are named; the SQL has them all */

/* What was found, put together line by line. */
struct findings {
    struct zm_buf found, fix;
    size_t n;
};

static void add(struct findings *all, const char *hole, const char *fix)
{
    if (all->n++ < NAMED)
        zm_buf_printf(&all->found, "%s%s", all->found.len ? "; " : "", hole);
    zm_buf_printf(&all->fix, "%s%s\n", fix, strncmp(fix, "--", 2) == 0 ? "" : ";");
}

/* Indexes that the lists want and nobody made. */
static void add_indexes(struct findings *all, enum db_side side, const struct db_rows *rows)
{
    uint64_t there = db_index_match(side, rows);
    char hole[200];
    int i;

    for (i = 0; i < DB_INDEX_COUNT; i++) {
        const struct db_index_row *index = db_index_row((enum db_index)i);

        if (index->side != side || (there & (UINT64_C(1) << i)))
            continue;
        snprintf(hole, sizeof(hole), "no index for %s", index->serves);
        add(all, hole, index->create);
    }
}

/* "there is no table user_activity": nothing is open in what is not there, and nothing closed. */
static const char *missing(struct db_checklist *list, const struct hardening *what)
{
    const struct db_schema *schema = db_steps_schema(list, what->side);
    const struct db_wanted_table *wanted;
    const struct db_schema_table *found;
    const char *text = "";
    size_t i;

    for (i = 0; schema && (wanted = db_wanted_table(i)) != NULL; i++) {
        if (wanted->side != what->side || (what->table && !zm_streq(what->table, wanted->plain)))
            continue;
        found = db_schema_table(schema, wanted->name);
        if (!found || !zm_streq(found->kind, "table"))
            text = zm_arena_printf(&list->arena, "%s%s%s", text,
                                   text[0] ? ", " : "there is no table ", wanted->plain);
    }
    return text;
}

static void tell(struct db_checklist *list, const struct hardening *what, struct findings *all,
                 const struct db_ask *obstacle, struct db_step_finding *ret)
{
    int64_t n = obstacle ? DB_ROW(&obstacle->rows, struct db_how_many, 0)->n : 0;
    char text[200];

    if (all->n > NAMED)
        zm_buf_printf(&all->found, "; and %zu more", all->n - NAMED);
    ret->state = all->n ? DB_STEP_FAIL : DB_STEP_OK;
    ret->found = all->n ? zm_arena_strdup(&list->arena, all->found.s) : what->expected;
    ret->fix = all->n ? zm_arena_strdup(&list->arena, all->fix.s) : "";
    if (!all->n || n == 0)
        return;
    snprintf(text, sizeof(text),
             "%s: %lld; a person decides about them first, drift class %s names them",
             what->obstacle_is, (long long)n, what->class);
    ret->state = DB_STEP_BLOCKED;
    ret->found = zm_arena_strdup(&list->arena, text);
}

static void check(struct db_checklist *list, const struct db_step *step,
                  struct db_step_finding *ret)
{
    const struct hardening *what = &hardenings[step->about];
    struct db_ask asks[3] = {{.sql = what->sql, .params = {what->params[0], what->params[1]}}};
    struct db_link *link = db_session_link(list->session, what->side);
    struct findings all = {.found = {.s = NULL}};
    struct db_ask *obstacle = NULL, *indexes = NULL;
    const char *gone;
    size_t n = 1, i;

    ret->expected = what->expected;
    ret->found = ret->fix = "";
    if (what->obstacle)
        (obstacle = &asks[n++])->sql = what->obstacle;
    if (what->indexes) {
        (indexes = &asks[n++])->sql = DB_SQL_EITHER_INDEXES;
        indexes->params[0] = what->side == DB_BRAIN
                                 ? "{public.user_profiles,public.user_subscriptions,"
                                   "public.user_activity}"
                                 : "{public.user_trading_profiles,public.user_portfolios,"
                                   "public.user_strategies,public.user_trades,"
                                   "public.user_api_keys}";
    }
    if (!link)
        db_session_away(list->session, what->side, "look at it", &ret->err);
    else if (db_link_read(link, asks, n, &ret->err))
        for (i = 0; i < n && ret->err.kind == ZM_ERR_NONE; i++)
            if (!asks[i].ok)
                ret->err = asks[i].err;
    gone = link ? missing(list, what) : "";
    if (ret->err.kind == ZM_ERR_SHAPE || (gone[0] && ret->err.kind == ZM_ERR_NONE)) {
        ret->state = DB_STEP_BLOCKED;
        ret->found = gone[0] ? gone : zm_arena_strdup(&list->arena, ret->err.message);
        ret->err.kind = ZM_ERR_NONE; /* items 1 and 2 mend it */
    } else if (link && ret->err.kind == ZM_ERR_NONE) {
        for (i = 0; i < asks[0].rows.n; i++)
            add(&all, DB_ROW(&asks[0].rows, struct db_hole, i)->hole,
                DB_ROW(&asks[0].rows, struct db_hole, i)->fix);
        if (indexes)
            add_indexes(&all, what->side, &indexes->rows);
        tell(list, what, &all, obstacle, ret);
    } else {
        ret->state = DB_STEP_NOT_RUN;
    }
    db_asks_done(asks, n);
    zm_buf_done(&all.found);
    zm_buf_done(&all.fix);
}

/* The holes themselves: closing one is no news to those who signed, opening one is. */
static void fingerprint(struct db_checklist *list, const struct db_step *step, struct zm_buf *ret)
{
    struct db_step_finding finding = {.found = ""};

    check(list, step, &finding);
    if (finding.state != DB_STEP_OK)
        zm_buf_puts(ret, finding.found);
}

#define WHY_ROWS                                                                                   \
    "without it the API hands every row to whoever has the anon key, which ships in the web app"
#define WHY_ROLES                                                                                  \
    "everybody who works here gets a login of his own in one of them, and the journal knows him "  \
    "by it"

/* clang-format off */
const struct db_step db_steps_hardening[] = {
    {"6.1", 6, "row security on ZmartyBrain's tables", DB_STEP_BRAIN, DB_STEP_SCHEMA, WHY_ROWS, "1", check, NULL, fingerprint, BRAIN_ROWS},
    {"6.2", 6, "row security on ZmartBot's tables", DB_STEP_BOT, DB_STEP_SCHEMA, WHY_ROWS, "2", check, NULL, fingerprint, BOT_ROWS},
    {"6.3", 6, "owner policies of ZmartyBrain", DB_STEP_BRAIN, DB_STEP_SCHEMA, "a policy for every role, or one that calls auth.uid() for each row, is slow and wider than it looks", "6.1", check, NULL, fingerprint, BRAIN_POLICIES},
    {"6.4", 6, "\"Public read\" and \"Public insert\" tightened", DB_STEP_BOT, DB_STEP_SCHEMA, "anyone lists every e-mail, tier and trading flag, and adds a profile for any user with all rights on; a user reads his own rows where ZmartBot knows ZmartyBrain's tokens, elsewhere the server reads for him", "6.2", check, NULL, fingerprint, BOT_POLICIES},
    {"6.5", 6, "who may write ZmartyBrain's tables", DB_STEP_BRAIN, DB_STEP_SCHEMA, "a user who may update his profile sets his own tier; anon may truncate", "6.3", check, NULL, fingerprint, BRAIN_GRANTS},
    {"6.6", 6, "who may write ZmartBot's tables, or see keys", DB_STEP_BOT, DB_STEP_SCHEMA, "anon and users may write trading_enabled and api_access, read user_api_keys and truncate it", "6.4", check, NULL, fingerprint, BOT_GRANTS},
    {"6.7", 6, "one profile a user in ZmartyBrain", DB_STEP_BRAIN, DB_STEP_CONCURRENT, "a second profile makes his tier a matter of chance", "", check, NULL, fingerprint, BRAIN_UNIQUE},
    {"6.8", 6, "one trading profile a user in ZmartBot", DB_STEP_BOT, DB_STEP_CONCURRENT, "a second row makes his rights a matter of chance; the app's upsert makes one at every call", "", check, NULL, fingerprint, BOT_UNIQUE},
    {"6.9", 6, "tiers that exist, in ZmartBot too", DB_STEP_BOT, DB_STEP_SCHEMA, "without a CHECK a tier can be any word", "", check, NULL, fingerprint, BOT_TIER},
    {"6.10", 6, "indexes of ZmartyBrain", DB_STEP_BRAIN, DB_STEP_CONCURRENT, "without them every look-up by user reads whole tables", "", check, NULL, fingerprint, BRAIN_INDEXES},
    {"6.11", 6, "indexes of ZmartBot", DB_STEP_BOT, DB_STEP_CONCURRENT, "without them every look-up by user reads whole tables", "", check, NULL, fingerprint, BOT_INDEXES},
    {"6.12", 6, "a journal that survives its users", DB_STEP_BRAIN, DB_STEP_SCHEMA, "deleting a user deletes what operators did to him", "", check, NULL, fingerprint, BRAIN_HISTORY},
    {"6.13", 6, "roles zmart_support and zmart_operator in ZmartyBrain", DB_STEP_BRAIN, DB_STEP_SCHEMA, WHY_ROLES, "6.1", check, NULL, fingerprint, BRAIN_ROLES},
    {"6.14", 6, "roles zmart_support and zmart_operator in ZmartBot", DB_STEP_BOT, DB_STEP_SCHEMA, WHY_ROLES, "6.2", check, NULL, fingerprint, BOT_ROLES},
    {NULL, 0, NULL, DB_STEP_NOWHERE, DB_STEP_FACT, NULL, NULL, NULL, NULL, NULL, 0},
};

const struct db_step db_steps_sign_up[] = {
    {"6.21", 6, "a tier is not what a user says of himself", DB_STEP_BRAIN, DB_STEP_FACT, "a user's metadata is his to write: a sign-up with the tier enterprise in it would get that tier", "", check, NULL, fingerprint, BRAIN_SIGN_UP},
    {.key = NULL},
};
/* clang-format on */
