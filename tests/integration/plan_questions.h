/*
 * What test_plans asks of every statement that screens issue unasked.
 */
#ifndef PLAN_QUESTIONS_H
#define PLAN_QUESTIONS_H

#include "db/sql.h"

/* What a screen would ask; @id, @email and @ids stand for people of the demo. */
struct question {
    enum db_sql sql;
    const char *params[8];
};

/* clang-format off */
static const struct question questions[] = {
    {DB_SQL_BRAIN_USERS_GIVEN,           {"@ids"}},
    {DB_SQL_BRAIN_USERS_BY_EMAIL,        {"@email", "@id", "100", NULL, "mbzz"}},
    {DB_SQL_BRAIN_USERS_BY_EMAIL,        {NULL, NULL, "100", NULL, "aa"}},
    {DB_SQL_BRAIN_USERS_BY_EMAIL_BACK,   {"@email", "@id", "100", NULL, "lz"}},
    {DB_SQL_BRAIN_USERS_NO_EMAIL,        {"@id", "100"}},
    {DB_SQL_BRAIN_USERS_NO_EMAIL_BACK,   {NULL, "100"}},
    {DB_SQL_BRAIN_USERS_BY_ID,           {"5b100000-0000-0000-0000-000000000000", "100", NULL,
                                          "5b1fffff-ffff-ffff-ffff-ffffffffffff"}},
    {DB_SQL_BRAIN_USERS_BY_ID_BACK,      {"5b1fffff-ffff-ffff-ffff-ffffffffffff", "100", NULL,
                                          "5b100000-0000-0000-0000-000000000000"}},
    {DB_SQL_BRAIN_PAGE_LOGINS,           {NULL}},
    {DB_SQL_BRAIN_PAGE_PROFILES,         {NULL}},
    {DB_SQL_BRAIN_PAGE_ACTIVE,           {NULL}},
    {DB_SQL_BRAIN_FIND_EMAIL,            {"maria", "f", "100", NULL, NULL}},
    {DB_SQL_BRAIN_FIND_EMAIL,            {"@email", "t", "100", NULL, NULL}},
    {DB_SQL_BRAIN_FIND_EMAIL_LOWER,      {"maria", "f", "100"}},
    {DB_SQL_BRAIN_FIND_IDENTITY,         {"maria%", "100"}},
    {DB_SQL_BRAIN_FIND_PHONE,            {"4072", "f", "100"}},
    {DB_SQL_BRAIN_FIND_ID,               {"5b100000-0000-0000-0000-000000000000",
                                          "5b1fffff-ffff-ffff-ffff-ffffffffffff", "100"}},
    {DB_SQL_BRAIN_FIND_NAME,             {"maria p%", "100"}},
    {DB_SQL_BRAIN_LOGINS_MISSING,        {"@ids"}},
    {DB_SQL_BRAIN_USER_PROFILES,         {"@id"}},
    {DB_SQL_BRAIN_USER_SUBSCRIPTIONS,    {"@id"}},
    {DB_SQL_BRAIN_USER_ACTIVITY,         {"@id", NULL, NULL, "50"}},
    {DB_SQL_BRAIN_USER_OPERATORS,        {"@id"}},
    {DB_SQL_BRAIN_JSON_METADATA,         {"@id", "0"}},
    {DB_SQL_BRAIN_RESOLVE_LOGIN,         {"@email", "@email", "40722", "@id"}},
    {DB_SQL_BRAIN_RESOLVE_LOGIN_LOWER,   {"@email"}},
    {DB_SQL_BRAIN_RESOLVE_NAMES,         {"{a@example.com,b@example.com}"}},
    {DB_SQL_BRAIN_LOCK_PROFILE,          {"@id"}},
    {DB_SQL_BRAIN_SEE_PROFILE,           {"@id"}},
    {DB_SQL_BRAIN_WRITE_LOGIN,           {"@id"}},
    {DB_SQL_BRAIN_INSERT_PROFILE,        {"@id", "free"}},
    {DB_SQL_BRAIN_SET_TIER,              {"@id", "pro", "free"}},
    {DB_SQL_BRAIN_SET_NAME,              {"@id", "Ana", NULL}},
    {DB_SQL_BRAIN_SET_COUNTRY,           {"@id", "RO", NULL}},
    {DB_SQL_BRAIN_SET_COMPLETED,         {"@id", "true", NULL}},
    {DB_SQL_BRAIN_CLOSE_SUBSCRIPTIONS,   {"@id", "ended"}},
    {DB_SQL_BRAIN_FIND_REQUEST,          {"@id"}},
    {DB_SQL_BRAIN_FIND_TOKEN,            {"@id", "@id", "a", "b"}},
    {DB_SQL_BRAIN_LOCK_HOLDER,           {"@id"}},
    {DB_SQL_BRAIN_JOURNAL_PAGE,          {NULL, NULL, "50", NULL, NULL, "false", "false"}},
    {DB_SQL_BRAIN_JOURNAL_PAGE,          {NULL, NULL, "50", NULL, NULL, "true", "true"}},
    {DB_SQL_BRAIN_JOURNAL_USER,          {NULL, NULL, "50", NULL, NULL, "false", "false", "@id"}},
    {DB_SQL_BRAIN_JOURNAL_FIND,          {"@id"}},
    {DB_SQL_BRAIN_CHECKLIST_MARKS,       {"{checklist 1,checklist 2,checklist 6.23}"}},
    {DB_SQL_BRAIN_FLOW_RECORD,           {"checklist 3.4"}},
    {DB_SQL_BRAIN_FLOW_SIGN_UP_NAMED,    {"@email"}},
    {DB_SQL_BRAIN_FLOW_PROFILE,          {"@id", "2026-01-01T00:00:00Z"}},
    {DB_SQL_BRAIN_LEFTOVER_RECORDED,     {"checklist users"}},
    {DB_SQL_BRAIN_LEFTOVER_LOGINS,       {"{a@example.com,b@example.com}", "zmartctl-test+"}},
    {DB_SQL_BOT_FLOW_TRADER,             {"@id", "2026-01-01T00:00:00Z"}},
    {DB_SQL_BOT_LEFTOVER_TRADERS,        {"{a@example.com,b@example.com}", "zmartctl-test+%"}},
    {DB_SQL_BRAIN_OVERVIEW_TIERS,        {NULL}},
    {DB_SQL_BRAIN_OVERVIEW_SIGN_UPS,     {NULL}},
    {DB_SQL_BOT_TRADERS_GIVEN,           {"@ids"}},
    {DB_SQL_BOT_TRADERS_BY_EMAIL,        {"@email", "@id", "100"}},
    {DB_SQL_BOT_TRADERS_BY_EMAIL,        {NULL, NULL, "100"}},
    {DB_SQL_BOT_TRADERS_BY_EMAIL_BACK,   {"@email", "@id", "100"}},
    {DB_SQL_BOT_PAGE_TRADERS,            {NULL}},
    {DB_SQL_BOT_PAGE_KEYS,               {NULL}},
    {DB_SQL_BOT_FIND_TRADER_EMAIL,       {"maria%", "100"}},
    {DB_SQL_BOT_FIND_TRADER_ID,          {"5b100000-0000-0000-0000-000000000000",
                                          "5b1fffff-ffff-ffff-ffff-ffffffffffff", "100"}},
    {DB_SQL_BOT_USER_TRADERS,            {"@id"}},
    {DB_SQL_BOT_USER_PORTFOLIO,          {"@id"}},
    {DB_SQL_BOT_USER_PORTFOLIO_TOTAL,    {"@id"}},
    {DB_SQL_BOT_USER_TRADES,             {"@whale", NULL, NULL}},
    {DB_SQL_BOT_USER_TRADES,             {"@whale", "2026-01-01T00:00:00Z", "@id"}},
    {DB_SQL_BOT_USER_TRADE_DAYS,         {"@whale"}},
    {DB_SQL_BOT_USER_TRADE_COUNT,        {"@whale"}},
    {DB_SQL_BOT_USER_STRATEGIES,         {"@id"}},
    {DB_SQL_BOT_USER_API_KEYS,           {"@id"}},
    {DB_SQL_BOT_JSON_STRATEGY_CONFIG,    {"@id", "0"}},
    {DB_SQL_BOT_JSON_PERFORMANCE_METRICS, {"@id", "0"}},
    {DB_SQL_BOT_JSON_PERMISSIONS,        {"@id", "0"}},
    {DB_SQL_BOT_RESOLVE_TRADER,          {"@email", "@email", "@id"}},
    {DB_SQL_BOT_LOCK_TRADER,             {"@id"}},
    {DB_SQL_BOT_SEE_TRADER,              {"@id"}},
    {DB_SQL_BOT_INSERT_TRADER,           {"@id", "a@example.com", "free"}},
    {DB_SQL_BOT_SET_TIER,                {"@id", "pro", "free"}},
    {DB_SQL_BOT_SET_TIER_RIGHTS,         {"@id", "pro", "free", "true", "false"}},
    {DB_SQL_BOT_SET_EMAIL,               {"@id", "a@example.com", NULL}},
    {DB_SQL_BOT_SET_TRADING,             {"@id", "true", NULL}},
    {DB_SQL_BOT_SET_API,                 {"@id", "true", NULL}},
    {DB_SQL_BOT_STOP_STRATEGIES,         {"@id"}},
    {DB_SQL_BOT_STOP_KEYS,               {"@id"}},
    {DB_SQL_BOT_LOCK_HOLDER,             {"@id"}},
    {DB_SQL_BOT_OVERVIEW_TIERS,          {NULL}},
    {DB_SQL_BOT_OVERVIEW_TRADES,         {NULL}},
    {DB_SQL_BOT_OVERVIEW_SYMBOLS,        {NULL}},
};

/* Read nothing of a user, only the catalogue, lock him or add a row, or are asked for by a command (db/export.h reads
 * everything on purpose). */
static const char *const exempt[] = {"either/", "bot/export_", "bot/overview_tables", "brain/find_narrow",
                                     "bot/find_trader_narrow", "brain/lock_user", "bot/lock_new_trader",
                                     "brain/open_subscription", "brain/write_intent", "brain/write_result",
                                     "brain/lock_checklist", "brain/write_mark", "brain/flow_now",
                                     "brain/remove_", "bot/remove_",
                                     "brain/harden_", "bot/harden_"};
/* clang-format on */

#endif
