/*
 * CAN TRADE?: a verdict over both databases, by gates in a fixed order (design section 4). Pure
 * functions over a record; no database is asked here.
 */
#ifndef DB_GATES_H
#define DB_GATES_H

#include <stdbool.h>
#include <stddef.h>

enum db_gate {
    DB_GATE_LOGIN, /* a row in auth.users; fails when deleted */
    DB_GATE_EMAIL_CONFIRMED,
    DB_GATE_NOT_BANNED, /* banned_until > now() fails */
    DB_GATE_ONE_PROFILE,
    DB_GATE_PROFILE_COMPLETED,
    DB_GATE_SUBSCRIPTION, /* the active one equals the tier; free may have none */
    DB_GATE_ONE_TRADING_PROFILE,
    DB_GATE_TIER_EQUAL,
    DB_GATE_EMAIL_EQUAL,
    DB_GATE_TIER_ENTITLED, /* by Brain's tier and the profile's policy */
    DB_GATE_TRADING_ENABLED,
    DB_GATE_API_ACCESS,
    DB_GATE_API_KEY, /* an active key */
    DB_GATE_COUNT,
};

enum db_level { DB_LEVEL_HARD, DB_LEVEL_WARN, DB_LEVEL_OFF };

#define DB_MAX_TIERS 8
struct db_policy {
    const char *trading_tiers[DB_MAX_TIERS + 1]; /* NULL-terminated */
    const char *api_tiers[DB_MAX_TIERS + 1];
    enum db_level level[DB_GATE_COUNT];
};

enum db_known { DB_FAILS = 0, DB_HOLDS = 1, DB_UNKNOWN = -1 };

struct db_gate_result {
    enum db_gate gate;
    enum db_level level;
    enum db_known ok;
    bool implied;    /* fails only because a row is missing that an earlier gate misses already */
    char detail[96]; /* raw: may hold database text; "Brain pro / Bot free" */
};

struct db_verdict {
    enum db_known can_trade; /* fails when a hard gate is known to fail, else unknown, else holds */
    size_t n;                /* gates listed; those at level off are not */
    struct db_gate_result gate[DB_GATE_COUNT];
};

struct db_user;

/* "email_confirmed": the key in configuration and JSON. */
const char *db_gate_key(enum db_gate gate);
/* "email confirmed": for people. */
const char *db_gate_title(enum db_gate gate);
/* "hard", "warn", "off". */
const char *db_level_key(enum db_level level);
/* The defaults of the design: what the live code does. */
void db_policy_default(struct db_policy *ret);
/* Whether the tier is in the NULL-terminated list; NULL is in none. */
bool db_policy_has(const char *const *tiers, const char *tier);
/* Judges a record. */
void db_gates_judge(const struct db_policy *policy, const struct db_user *user,
                    struct db_verdict *ret);
/* What the row shows: "yes", "yes (email differs)", "NO  trading off  (+1)", "?  ZmartBot is away".
 * The first hard gate that fails, and how many more do by themselves. */
void db_verdict_text(const struct db_verdict *verdict, char *dst, size_t size);

#endif
