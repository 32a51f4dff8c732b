/*
 * What a plan may be used for: which databases, how old, how many. Pure.
 */
#include "db/plan.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "db/side.h"
#include "zm/arena.h"
#include "zm/str.h"

#define SMALL_ROWS 50
#define SMALL_PERCENT 5
#define MASS_PERCENT 20

/* A server that does not say its system identifier is known by database and project alone. */
static bool is_same(const struct db_plan_side *made, const struct db_facts *now)
{
    if (!zm_streq(made->database_oid, now->database_oid) || !zm_streq(made->project, now->project))
        return false;
    return !made->system[0] || !now->system[0] || zm_streq(made->system, now->system);
}

bool db_plan_check(const struct db_plan_head *head, const struct db_facts *const facts[DB_SIDES],
                   int hours, struct zm_error *err)
{
    int64_t age = (int64_t)time(NULL) - head->made_unix;
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        if (is_same(&head->side[side], facts[side]))
            continue;
        zm_error_set(err, ZM_ERR_REFUSED, db_side_name((enum db_side)side), "apply the plan",
                     "the plan was made for another database (%s on %s)", head->side[side].dbname,
                     head->side[side].host);
        return zm_error_hint(err, "nothing was changed; use the profile it was made with (%s)",
                             head->label);
    }
    if (age >= -300 && age <= (int64_t)hours * 3600)
        return true;
    if (age < 0) {
        zm_error_set(err, ZM_ERR_REFUSED, "", "apply the plan",
                     "the plan is of %s, which has not come yet", head->made_at);
        return zm_error_hint(err, "nothing was changed; see the clock of this machine");
    }
    zm_error_set(err, ZM_ERR_REFUSED, "", "apply the plan", "the plan is stale: made %s, %d h ago",
                 head->made_at, (int)(age / 3600));
    return zm_error_hint(err, "nothing was changed; plan again (plan_hours is %d)", hours);
}

void db_plan_of(const struct db_facts *facts, struct db_plan_side *ret)
{
    memset(ret, 0, sizeof(*ret));
    zm_copy(ret->system, sizeof(ret->system), facts->system);
    zm_copy(ret->database_oid, sizeof(ret->database_oid), facts->database_oid);
    zm_copy(ret->project, sizeof(ret->project), facts->project);
    zm_copy(ret->dbname, sizeof(ret->dbname), facts->dbname);
    zm_copy(ret->host, sizeof(ret->host), facts->host);
}

static void keep(struct zm_arena *arena, const char **text)
{
    *text = *text ? zm_arena_strdup(arena, *text) : NULL;
}

void db_plan_row_keep(struct zm_arena *arena, const struct db_plan_row *row,
                      struct db_plan_row *ret)
{
    *ret = *row;
    keep(arena, &ret->seen.id);
    keep(arena, &ret->seen.email);
    keep(arena, &ret->seen.deleted_at);
    keep(arena, &ret->seen.tier);
    keep(arena, &ret->seen.profile_updated_at);
    keep(arena, &ret->seen.subscription_tier);
    keep(arena, &ret->seen.bot_email);
    keep(arena, &ret->seen.bot_tier);
    keep(arena, &ret->seen.bot_updated_at);
}

enum db_plan_size db_plan_size(int64_t rows, int64_t users)
{
    if (rows <= 0)
        return DB_PLAN_EMPTY;
    if (rows * 100 > users * MASS_PERCENT)
        return DB_PLAN_MASS;
    return rows <= SMALL_ROWS && rows * 100 <= users * SMALL_PERCENT ? DB_PLAN_SMALL
                                                                     : DB_PLAN_LARGE;
}
