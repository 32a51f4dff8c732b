/*
 * The gates of CAN TRADE?: names, default levels and order as a table, and the verdict that they
 * make together. Pure: asks no database. Whether one gate holds is gates_judge.c's.
 */
#include "db/gates.h"

#include <stdio.h>
#include <string.h>

#include "db/gates_judge.h"

struct gate_row {
    const char *key, *title;
    const char *brief; /* what a row of the list says when it fails; NULL: the detail */
    enum db_level level;
};

/* clang-format off */
static const struct gate_row gates[DB_GATE_COUNT] = {
    [DB_GATE_LOGIN] =
        {"login", "login", NULL, DB_LEVEL_HARD},
    [DB_GATE_EMAIL_CONFIRMED] =
        {"email_confirmed", "email confirmed", "email unconfirmed", DB_LEVEL_WARN},
    [DB_GATE_NOT_BANNED] =
        {"not_banned", "not banned", NULL, DB_LEVEL_HARD},
    [DB_GATE_ONE_PROFILE] =
        {"one_profile", "one profile", NULL, DB_LEVEL_HARD},
    [DB_GATE_PROFILE_COMPLETED] =
        {"profile_completed", "profile completed", "profile incomplete", DB_LEVEL_WARN},
    [DB_GATE_SUBSCRIPTION] =
        {"subscription", "subscription", "subscription differs", DB_LEVEL_WARN},
    [DB_GATE_ONE_TRADING_PROFILE] =
        {"one_trading_profile", "one trading profile", NULL, DB_LEVEL_HARD},
    [DB_GATE_TIER_EQUAL] =
        {"tier_equal", "tier equal", "tier differs", DB_LEVEL_HARD},
    [DB_GATE_EMAIL_EQUAL] =
        {"email_equal", "email equal", "email differs", DB_LEVEL_WARN},
    [DB_GATE_TIER_ENTITLED] =
        {"tier_entitled", "tier entitled", "not entitled", DB_LEVEL_HARD},
    [DB_GATE_TRADING_ENABLED] =
        {"trading_enabled", "trading enabled", "trading off", DB_LEVEL_HARD},
    [DB_GATE_API_ACCESS] =
        {"api_access", "api access", "api off", DB_LEVEL_OFF},
    [DB_GATE_API_KEY] =
        {"api_key", "api key", "no active key", DB_LEVEL_WARN},
};

static const char *const levels[] = {"hard", "warn", "off"};
/* clang-format on */

const char *db_gate_key(enum db_gate gate)
{
    return gates[gate].key;
}

const char *db_gate_title(enum db_gate gate)
{
    return gates[gate].title;
}

const char *db_level_key(enum db_level level)
{
    return levels[level];
}

void db_policy_default(struct db_policy *ret)
{
    size_t g;

    memset(ret, 0, sizeof(*ret));
    ret->trading_tiers[0] = "pro";
    ret->trading_tiers[1] = "enterprise";
    ret->api_tiers[0] = "enterprise";
    for (g = 0; g < DB_GATE_COUNT; g++)
        ret->level[g] = gates[g].level;
}

bool db_policy_has(const char *const *tiers, const char *tier)
{
    for (; tier && *tiers; tiers++)
        if (strcmp(*tiers, tier) == 0)
            return true;
    return false;
}

void db_gates_judge(const struct db_policy *policy, const struct db_user *user,
                    struct db_verdict *ret)
{
    enum db_known can = DB_HOLDS;
    size_t g;

    ret->n = 0;
    for (g = 0; g < DB_GATE_COUNT; g++) {
        struct db_gate_result *r = &ret->gate[ret->n];

        if (policy->level[g] == DB_LEVEL_OFF)
            continue;
        db_gate_judge(policy, user, (enum db_gate)g, r);
        ret->n++;
        if (r->level != DB_LEVEL_HARD || r->ok == DB_HOLDS || can == DB_FAILS)
            continue;
        can = r->ok;
    }
    ret->can_trade = can;
}

static const char *brief(const struct db_gate_result *r)
{
    return gates[r->gate].brief ? gates[r->gate].brief : r->detail;
}

/* The first gate of that level and state. */
static const struct db_gate_result *first(const struct db_verdict *verdict, enum db_level level,
                                          enum db_known ok)
{
    size_t i;

    for (i = 0; i < verdict->n; i++)
        if (verdict->gate[i].level == level && verdict->gate[i].ok == ok)
            return &verdict->gate[i];
    return NULL;
}

void db_verdict_text(const struct db_verdict *verdict, char *dst, size_t size)
{
    enum db_known can = verdict->can_trade;
    const struct db_gate_result *r = first(verdict, DB_LEVEL_HARD, can);
    size_t i, more = 0;

    if (can == DB_HOLDS) {
        r = first(verdict, DB_LEVEL_WARN, DB_FAILS);
        snprintf(dst, size, r ? "yes (%s)" : "yes%s", r ? brief(r) : "");
        return;
    }
    for (i = 0; can == DB_FAILS && i < verdict->n; i++)
        more += verdict->gate[i].level == DB_LEVEL_HARD && verdict->gate[i].ok == DB_FAILS &&
                !verdict->gate[i].implied && &verdict->gate[i] != r;
    if (can == DB_UNKNOWN)
        snprintf(dst, size, "?  %s", r ? r->detail : "");
    else if (more > 0)
        snprintf(dst, size, "NO  %s  (+%zu)", r ? brief(r) : "", more);
    else
        snprintf(dst, size, "NO  %s", r ? brief(r) : "");
}
