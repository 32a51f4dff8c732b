/*
 * Whether a comparison may be done at all: both sides there, their tables readable and all rows to
 * be seen, by the catalogue as it is now. Sends no statement of a comparison.
 */
#include <string.h>

#include "db/catalog.h"
#include "db/compare_work.h"

#define RIGHTS (DB_CLASS_BIT(DB_CLASS_FLAGS_EXCEED_TIER) | DB_CLASS_BIT(DB_CLASS_DELETED_IN_BRAIN))
#define TIERS (DB_CLASS_BIT(DB_CLASS_TIER_DIFFERS) | DB_CLASS_BIT(DB_CLASS_INVALID_TIER))
#define ENTITLED                                                                                   \
    (DB_CLASS_BIT(DB_CLASS_FLAGS_EXCEED_TIER) | DB_CLASS_BIT(DB_CLASS_SUBSCRIPTION_DIFFERS))

/* clang-format off */
/* What is asked of a side; that the role may ask it is known from the catalogue. */
static const enum db_sql asked[][2] = {
    [DB_BRAIN] = {DB_SQL_BRAIN_COMPARE_OPEN_USERS, DB_SQL_BRAIN_COMPARE_OPEN_PROFILES},
    [DB_BOT] = {DB_SQL_BOT_COMPARE_OPEN_TRADERS, DB_SQL_BOT_COMPARE_TRADERS_OF},
};

/* Columns that older shapes may lack, and the classes that nobody is of then, as far as is known.
 * "": what holds logins. */
static const struct {
    const char *table, *column;
    enum db_side side;
    unsigned classes, lacks; /* lacks: what the halves of a user say of it */
} wanted[] = {
    {"",                             "deleted_at",      DB_BRAIN, DB_CLASS_BIT(DB_CLASS_DELETED_IN_BRAIN), 0},
    {"public.user_profiles",         "tier",            DB_BRAIN, TIERS | ENTITLED, DB_LACKS_TIER},
    {"public.user_profiles",         "created_at",      DB_BRAIN, 0, 0},
    {"public.user_profiles",         "updated_at",      DB_BRAIN, 0, 0},
    {"public.user_subscriptions",    "started_at",      DB_BRAIN, 0, 0},
    {"public.user_trading_profiles", "email",           DB_BOT,   DB_CLASS_BIT(DB_CLASS_EMAIL_DIFFERS), DB_LACKS_BOT_EMAIL},
    {"public.user_trading_profiles", "tier",            DB_BOT,   TIERS, DB_LACKS_BOT_TIER},
    {"public.user_trading_profiles", "trading_enabled", DB_BOT,   RIGHTS, 0},
    {"public.user_trading_profiles", "api_access",      DB_BOT,   RIGHTS, 0},
    {"public.user_trading_profiles", "created_at",      DB_BOT,   0, 0},
    {"public.user_trading_profiles", "updated_at",      DB_BOT,   0, 0},
};
/* clang-format on */

static const char *table_of(const struct db_link *link, size_t i)
{
    return wanted[i].table[0]                              ? wanted[i].table
           : db_link_facts(link)->logins == DB_LOGINS_VIEW ? "zmartctl.users"
                                                           : "auth.users";
}

/* By the catalogue as it is now: row security may have been switched on since it was connected. */
static bool check_session(const struct db_session *session, struct zm_error *err)
{
    int side;
    size_t i;

    for (side = 0; side < DB_SIDES; side++) {
        struct db_link *link = db_session_link(session, (enum db_side)side);

        if (!link)
            return db_session_away(session, (enum db_side)side, "compare", err);
        if (!db_link_refresh(link, err))
            return false;
        for (i = 0; i < ZM_COUNT(asked[side]); i++)
            if (!db_catalog_allows(db_link_catalog(link), asked[side][i], err))
                return false;
    }
    return true;
}

static bool sees_subscriptions(const struct db_session *session, struct zm_error *err)
{
    const struct db_catalog *catalog = db_link_catalog(session->link[DB_BRAIN]);

    return db_catalog_allows(catalog, DB_SQL_BRAIN_COMPARE_OPEN_SUBSCRIPTIONS, err);
}

/* A table of subscriptions that is missing costs its class; one that may not be read, everything.
 */
static bool check_subscriptions(struct db_scan *work, struct zm_error *err)
{
    const struct db_session *sessions[] = {work->compare->scan, work->compare->primary};
    struct zm_error why = {.kind = ZM_ERR_NONE};
    size_t i;

    work->subscriptions = !work->compare->quick;
    for (i = 0; i < ZM_COUNT(sessions) && work->subscriptions; i++) {
        if (sees_subscriptions(sessions[i], &why))
            continue;
        work->subscriptions = false;
        work->result->without_subscriptions = true;
        work->result->unknown |= DB_CLASS_BIT(DB_CLASS_SUBSCRIPTION_DIFFERS);
        work->result->subscriptions_err = why;
    }
    if (work->subscriptions || work->compare->quick || why.kind == ZM_ERR_SHAPE)
        return true;
    *err = why;
    return false;
}

/* Which columns of wanted are not there, a bit each: their values are not known, and that is said.
 */
static unsigned find_lacking(const struct db_session *session)
{
    unsigned ret = 0;
    size_t i;

    for (i = 0; i < ZM_COUNT(wanted); i++) {
        const struct db_link *link = session->link[wanted[i].side];
        const struct db_catalog *catalog = db_link_catalog(link);
        const char *table = table_of(link, i);

        if (db_catalog_has(catalog, table, NULL) &&
            !db_catalog_has(catalog, table, wanted[i].column))
            ret |= 1U << i;
    }
    return ret;
}

static void name_lacking(struct db_scan *work, const struct db_session *session, unsigned lacking)
{
    char *lacks = work->result->lacks, name[96];
    size_t i, n;

    for (i = 0; i < ZM_COUNT(wanted); i++) {
        if (!(lacking >> i & 1))
            continue;
        work->result->unknown |= wanted[i].classes;
        work->lacks |= wanted[i].lacks;
        snprintf(name, sizeof(name), "%s(%s)", table_of(session->link[wanted[i].side], i),
                 wanted[i].column);
        n = strlen(lacks);
        if (!strstr(lacks, name))
            snprintf(lacks + n, sizeof(work->result->lacks) - n, "%s%s", n ? ", " : "", name);
    }
}

/* Sums of columns that are not there cannot be asked for; rows can. */
static bool can_add(const struct db_session *session, enum db_side side, enum db_sql sql,
                    struct zm_error *err)
{
    return db_catalog_allows(db_link_catalog(session->link[side]), sql, err);
}

static bool check_sums(struct db_scan *work, struct zm_error *err)
{
    const struct db_session *scan = work->compare->scan;

    work->nameless = can_add(scan, DB_BRAIN, DB_SQL_BRAIN_COMPARE_NAMELESS, err);
    if (work->compare->quick && !work->nameless) /* whoever may be missing would be a difference */
        return false;
    if (can_add(scan, DB_BRAIN, DB_SQL_BRAIN_COMPARE_SUMS_BARE, err) &&
        can_add(scan, DB_BOT, DB_SQL_BOT_COMPARE_SUMS, err))
        return true;
    work->by_index = true;
    return err->kind == ZM_ERR_SHAPE && !work->compare->quick;
}

bool db_compare_check(struct db_scan *work, struct zm_error *err)
{
    const struct db_compare *compare = work->compare;

    if (!check_session(compare->scan, err) || !check_session(compare->primary, err) ||
        !check_subscriptions(work, err) || !check_sums(work, err))
        return false;
    work->lacking = find_lacking(compare->primary);
    name_lacking(work, compare->scan, find_lacking(compare->scan));
    name_lacking(work, compare->primary, work->lacking);
    return true;
}

bool db_compare_lacks(const struct db_compare_result *result, struct zm_error *ret)
{
    if (!result->lacks[0])
        return false;
    zm_error_set(ret, ZM_ERR_SHAPE, "", "compare in full", "an older shape: there is no %.200s",
                 result->lacks);
    if (!db_catalog_steps(result->lacks, "what stands there is not known; ", ret))
        zm_error_hint(ret, "what stands there is not known");
    return true;
}

bool db_compare_check_again(const struct db_scan *work, struct zm_error *err)
{
    const struct db_session *primary = work->compare->primary;

    if (!check_session(primary, err) || (work->subscriptions && !sees_subscriptions(primary, err)))
        return false;
    if (find_lacking(primary) == work->lacking)
        return true;
    zm_error_set(err, ZM_ERR_SHAPE, "", "compare",
                 "a column came or went while it was compared: nobody can be looked at again");
    return zm_error_hint(err, "compare once more");
}
