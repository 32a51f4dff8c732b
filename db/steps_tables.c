/*
 * Items 1 and 2 of the checklist as a table: one step an object of the source document. What an
 * object should be like and what mends it is schema_compare's; a step words it.
 */
#include "db/steps_tables.h"

#include "db/schema_compare.h"
#include "db/steps_existing.h"

const struct db_schema *db_steps_schema(struct db_checklist *list, enum db_side side)
{
    struct db_link *link = db_session_link(list->session, side);

    if (list->schema[side] || list->schema_err[side].kind != ZM_ERR_NONE)
        return list->schema[side];
    if (link)
        list->schema[side] = db_schema_read(link, &list->schema_err[side]);
    else
        db_session_away(list->session, side, "read the schema", &list->schema_err[side]);
    return list->schema[side];
}

void db_steps_schema_forget(struct db_checklist *list)
{
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        db_schema_free(list->schema[side]);
        list->schema[side] = NULL;
        memset(&list->schema_err[side], 0, sizeof(list->schema_err[side]));
    }
}

enum part { PART_EXTENSION, PART_TABLE, PART_RLS, PART_POLICY };

/* What a step is about; step->about is its place here. */
struct subject {
    enum part part;
    const char *table, *policy;
};

/* clang-format off */
enum { EXTENSION, PROFILES, SUBSCRIPTIONS, ACTIVITY, PROFILES_RLS, VIEW_OWN, UPDATE_OWN, INSERT_OWN,
       TRADERS, PORTFOLIOS, STRATEGIES, TRADES, KEYS, TRADERS_RLS, PORTFOLIOS_RLS, PUBLIC_READ,
       PUBLIC_INSERT };
static const struct subject subjects[] = {
    [EXTENSION]      = {PART_EXTENSION, NULL, NULL},
    [PROFILES]       = {PART_TABLE,  "public.user_profiles", NULL},
    [SUBSCRIPTIONS]  = {PART_TABLE,  "public.user_subscriptions", NULL},
    [ACTIVITY]       = {PART_TABLE,  "public.user_activity", NULL},
    [PROFILES_RLS]   = {PART_RLS,    "public.user_profiles", NULL},
    [VIEW_OWN]       = {PART_POLICY, "public.user_profiles", "Users can view own profile"},
    [UPDATE_OWN]     = {PART_POLICY, "public.user_profiles", "Users can update own profile"},
    [INSERT_OWN]     = {PART_POLICY, "public.user_profiles", "Users can insert own profile"},
    [TRADERS]        = {PART_TABLE,  "public.user_trading_profiles", NULL},
    [PORTFOLIOS]     = {PART_TABLE,  "public.user_portfolios", NULL},
    [STRATEGIES]     = {PART_TABLE,  "public.user_strategies", NULL},
    [TRADES]         = {PART_TABLE,  "public.user_trades", NULL},
    [KEYS]           = {PART_TABLE,  "public.user_api_keys", NULL},
    [TRADERS_RLS]    = {PART_RLS,    "public.user_trading_profiles", NULL},
    [PORTFOLIOS_RLS] = {PART_RLS,    "public.user_portfolios", NULL},
    [PUBLIC_READ]    = {PART_POLICY, "public.user_trading_profiles", "Public read"},
    [PUBLIC_INSERT]  = {PART_POLICY, "public.user_trading_profiles", "Public insert"},
};
/* clang-format on */

static void compare(const struct db_schema *schema, const struct subject *about,
                    struct db_schema_diff *ret)
{
    switch (about->part) {
    case PART_EXTENSION:
        db_schema_compare_extension(schema, ret);
        break;
    case PART_TABLE:
        db_schema_compare_table(schema, db_wanted_table_named(about->table), ret);
        break;
    case PART_RLS:
        db_schema_compare_rls(schema, db_wanted_table_named(about->table), ret);
        break;
    case PART_POLICY:
        db_schema_compare_policy(schema, db_wanted_policy_named(about->table, about->policy), ret);
        break;
    }
}

static const char *say_expected(struct zm_arena *arena, const struct subject *about)
{
    const struct db_wanted_policy *policy;
    const struct db_wanted_table *table;

    switch (about->part) {
    case PART_EXTENSION:
        return "installed, in any schema";
    case PART_TABLE:
        table = db_wanted_table_named(about->table);
        return zm_arena_printf(arena, "%zu columns, key (id)%s%s%s%s, granted to service_role",
                               table->n_columns,
                               table->of_login ? ", user_id refers to auth.users" : "",
                               table->check_sql ? ", CHECK (" : "", zm_text(table->check_sql),
                               table->check_sql ? ")" : "");
    case PART_RLS:
        return "row security is on";
    case PART_POLICY:
        policy = db_wanted_policy_named(about->table, about->policy);
        return zm_arena_printf(arena, "FOR %s %s (%s), granted to %s", policy->command,
                               policy->using_text ? "USING" : "WITH CHECK",
                               policy->using_text ? policy->using_text : policy->check_text,
                               policy->grantee);
    }
    return "";
}

/* Why this role could not run the mending statements; "" it could. */
static const char *say_cannot(struct db_checklist *list, const struct db_schema *schema,
                              const struct subject *about)
{
    const struct db_schema_table *table =
        about->table ? db_schema_table(schema, about->table) : NULL;
    const struct db_schema_facts *facts = schema->facts;

    if (facts->is_super || list->admin[schema->side])
        return "";
    if (table)
        return table->owned ? ""
                            : zm_arena_printf(&list->arena, "; it belongs to %s, and %s is not",
                                              table->owner, facts->role);
    if (about->part == PART_EXTENSION ? facts->may_extend : facts->may_create)
        return "";
    return zm_arena_printf(&list->arena, "; %s may not create in %s", facts->role,
                           about->part == PART_EXTENSION ? "this database" : "schema public");
}

/* What is fine, in few words: where the extension is, how the rest came out. */
static const char *say_fine(struct db_checklist *list, const struct db_schema *schema,
                            const struct subject *about)
{
    if (about->part == PART_EXTENSION)
        return zm_arena_printf(&list->arena, "in schema %s",
                               db_schema_extension(schema, "uuid-ossp")->schema_name);
    return "as the document has it";
}

static void word(struct db_checklist *list, const struct db_schema *schema,
                 const struct subject *about, const struct db_schema_diff *diff,
                 struct db_step_finding *ret)
{
    const char *also = zm_text(diff->also.s);

    if (diff->differences == 0)
        ret->state = DB_STEP_OK;
    else
        ret->state = diff->statements > 0 || diff->proposals == 0 ? DB_STEP_FAIL : DB_STEP_WAITING;
    ret->found = zm_arena_printf(&list->arena, "%s%s%s%s%s",
                                 diff->differences ? diff->found.s : say_fine(list, schema, about),
                                 diff->proposals && !diff->statements ? "; a person decides" : "",
                                 diff->differences ? say_cannot(list, schema, about) : "",
                                 *also ? "; also: " : "", also);
    ret->fix = zm_arena_strdup(&list->arena, zm_text(diff->fix.s));
}

static void check(struct db_checklist *list, const struct db_step *step,
                  struct db_step_finding *ret)
{
    enum db_side side = step->where == DB_STEP_BRAIN ? DB_BRAIN : DB_BOT;
    const struct db_schema *schema = db_steps_schema(list, side);
    const struct subject *about = &subjects[step->about];
    struct db_schema_diff diff = {.differences = 0};

    *ret = (struct db_step_finding){.state = DB_STEP_NOT_RUN, .found = "", .fix = ""};
    ret->expected = say_expected(&list->arena, about);
    if (!schema) {
        ret->err = list->schema_err[side];
        return;
    }
    compare(schema, about, &diff);
    word(list, schema, about, &diff, ret);
    db_schema_diff_done(&diff);
}

static void fingerprint(struct db_checklist *list, const struct db_step *step, struct zm_buf *ret)
{
    enum db_side side = step->where == DB_STEP_BRAIN ? DB_BRAIN : DB_BOT;
    const struct db_schema *schema = db_steps_schema(list, side);
    struct db_schema_diff diff = {.differences = 0};

    if (!schema)
        return;
    compare(schema, &subjects[step->about], &diff);
    zm_buf_printf(ret, "%s\n%s", step->key, zm_text(diff.form.s));
    db_schema_diff_done(&diff);
}

/* clang-format off */
#define BRAIN(key, title, about, why, needs)                                                      \
    {key, 1, title, DB_STEP_BRAIN, DB_STEP_SCHEMA, why, needs, check, NULL, fingerprint, about}
#define BOT(key, title, about, why, needs)                                                        \
    {key, 2, title, DB_STEP_BOT, DB_STEP_SCHEMA, why, needs, check, NULL, fingerprint, about}

#define WHY_EXTENSION "every id of the tables comes from its uuid_generate_v4()"
#define WHY_RLS "without row security policies do nothing, and whoever holds the public key reads all"

const struct db_step db_steps_tables[] = {
    BRAIN("1.1", "extension uuid-ossp", EXTENSION, WHY_EXTENSION, ""),
    BRAIN("1.2", "user_profiles", PROFILES,
          "a user's tier, name and country; the tier decides what he may do in ZmartBot", "1.1"),
    BRAIN("1.3", "user_subscriptions", SUBSCRIPTIONS, "which tier a user had, and when", "1.1"),
    BRAIN("1.4", "user_activity", ACTIVITY,
          "what users did; the journal and the sign-offs of zmartctl are rows of it", "1.1"),
    BRAIN("1.5", "row security on user_profiles", PROFILES_RLS, WHY_RLS, "1.2"),
    BRAIN("1.6", "policy \"Users can view own profile\"", VIEW_OWN,
          "the application shows a user his own profile, and nobody else's", "1.2 1.5"),
    BRAIN("1.7", "policy \"Users can update own profile\"", UPDATE_OWN,
          "a user changes his own name and country", "1.2 1.5"),
    BRAIN("1.8", "policy \"Users can insert own profile\"", INSERT_OWN,
          "the application creates a user's profile as that user when he registers", "1.2 1.5"),
    BOT("2.1", "extension uuid-ossp", EXTENSION, WHY_EXTENSION, ""),
    BOT("2.2", "user_trading_profiles", TRADERS,
        "who may trade; tier and e-mail are copies of ZmartyBrain's", "2.1"),
    BOT("2.3", "user_portfolios", PORTFOLIOS, "what users own", "2.1"),
    BOT("2.4", "user_strategies", STRATEGIES, "which strategies trade for users", "2.1"),
    BOT("2.5", "user_trades", TRADES, "what was bought and sold", "2.1"),
    BOT("2.6", "user_api_keys", KEYS, "the keys to users' exchanges, encrypted", "2.1"),
    BOT("2.7", "row security on user_trading_profiles", TRADERS_RLS, WHY_RLS, "2.2"),
    BOT("2.8", "row security on user_portfolios", PORTFOLIOS_RLS, WHY_RLS, "2.3"),
    BOT("2.9", "policy \"Public read\"", PUBLIC_READ,
        "the application reads trading profiles with the public key, until item 6 tightens it",
        "2.2 2.7"),
    BOT("2.10", "policy \"Public insert\"", PUBLIC_INSERT,
        "the application creates trading profiles with the public key, until item 6 tightens it",
        "2.2 2.7"),
    {"2.11", 2, "existing tables", DB_STEP_BOT, DB_STEP_FACT,
     "trading decisions are made of their data; they belong to others and are only looked at", "",
     db_steps_existing_check, NULL, db_steps_existing_fingerprint, 0},
    {.key = NULL},
};
/* clang-format on */
