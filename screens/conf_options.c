/*
 * Every option of the configuration: one row is its parser, its check, its default and its
 * documentation. An option is added here and in zmartctl.conf.example, nowhere else.
 */
#include "screens/conf_options.h"

#include "screens/conf.h"
#include "zm/str.h"

#define AT(member) offsetof(struct conf, member)
#define TARGET(member) offsetof(struct db_target, member)
#define LEVEL(gate)                                                                                \
    offsetof(struct conf, policy) + offsetof(struct db_policy, level) +                            \
        sizeof(enum db_level) * (gate)
#define LEVELS "hard warn off"
#define EXISTING                                                                                   \
    "cryptometer_*,cryptoverse_*,risk_metric_grid,orchestration_states,service_communications,"    \
    "alert_collections,Zmart Vaults"

/* clang-format off */
static const struct conf_option rows[] = {
    {CONF_ROOT, "default_profile", CONF_TEXT,  1, 63, NULL, NULL, CONF_ROOT, 0, "the profile that is used without -p; not needed when there is only one"},
    {CONF_ROOT, "profiles",        CONF_NAMED, 0, 0,  NULL, NULL, CONF_PROFILE, 0, "each a pair of databases, under a name of your choice"},
    {CONF_ROOT, "ui",              CONF_GROUP, 0, 0,  NULL, NULL, CONF_UI, 0, "how the console looks and behaves"},

    {CONF_PROFILE, "label",              CONF_TEXT,   1, 16, NULL, NULL, CONF_ROOT, AT(label), "shown in the title and in every dialog; by default the profile's name"},
    {CONF_PROFILE, "guard",              CONF_CHOICE, 0, 0, "unlock", "open unlock read_only", CONF_ROOT, AT(guard), "open; unlock: starts read-only until :rw; read_only: refuses every write"},
    {CONF_PROFILE, "idle_lock_minutes",  CONF_NUMBER, 0, 480, "10", NULL, CONF_ROOT, AT(idle_lock_minutes), "an unlocked console without a key for so long locks itself; 0: never"},
    {CONF_PROFILE, "stop_errors",        CONF_NUMBER, 0, 1000000, "3", NULL, CONF_ROOT, AT(stop_errors), "a change of many users stops when so many of them failed; 0: never"},
    {CONF_PROFILE, "plan_hours",         CONF_NUMBER, 1, 8760, "24", NULL, CONF_ROOT, AT(plan_hours), "a repair plan that is older is not applied any more"},
    {CONF_PROFILE, "allow_insecure_tls", CONF_FLAG,   0, 0, "false", NULL, CONF_ROOT, AT(allow_insecure_tls), "accept TLS below verify-full over a network; shows as a banner for ever"},
    {CONF_PROFILE, "connect_seconds",    CONF_NUMBER, 1, 120, "5", NULL, CONF_ROOT, AT(connect_seconds), "how long a connection may take to come up"},
    {CONF_PROFILE, "statement_seconds",  CONF_NUMBER, 1, 600, "10", NULL, CONF_ROOT, AT(statement_seconds), "how long a server may work on one statement"},
    {CONF_PROFILE, "state_directory",    CONF_TEXT,   1, 400, NULL, NULL, CONF_ROOT, AT(state_dir), "where the spool, plans, known servers, history and log are kept, instead of the usual place"},
    {CONF_PROFILE, "brain",              CONF_GROUP,  0, 0, NULL, NULL, CONF_SIDE, DB_BRAIN, "the connection to ZmartyBrain"},
    {CONF_PROFILE, "bot",                CONF_GROUP,  0, 0, NULL, NULL, CONF_SIDE, DB_BOT, "the connection to ZmartBot"},
    {CONF_PROFILE, "policy",             CONF_GROUP,  0, 0, NULL, NULL, CONF_POLICY, 0, "who may trade, and what CAN TRADE? looks at"},
    {CONF_PROFILE, "existing_tables",    CONF_LIST,   0, 64, EXISTING, NULL, CONF_ROOT, AT(existing_tables), "other tables of ZmartBot whose rows and freshness are shown; * stands for anything"},
    {CONF_PROFILE, "email_templates",    CONF_GROUP,  0, 0, NULL, NULL, CONF_TEMPLATES, 0, "for checklist item 5"},
    {CONF_PROFILE, "flow_seconds",       CONF_NUMBER, 1, 600, "30", NULL, CONF_ROOT, AT(flow_seconds), "how long the live tests wait for the application to do its part"},
    {CONF_PROFILE, "registration_test",  CONF_GROUP,  0, 0, NULL, NULL, CONF_REGISTRATION, 0, "for checklist items 3 and 4"},

    {CONF_SIDE, "project", CONF_TEXT,  1, 63, NULL, NULL, CONF_ROOT, TARGET(project), "the Supabase project ref, shown in the header"},
    {CONF_SIDE, "admin",   CONF_GROUP, 0, 0,  NULL, NULL, CONF_CONNECTION, 0, "opened only while a checklist step changes the schema; the rest is as above"},
    {CONF_SIDE, "scan",    CONF_GROUP, 0, 0,  NULL, NULL, CONF_CONNECTION, 1, "a read replica for drift scans; the rest is as above"},

    {CONF_CONNECTION, "host",        CONF_KEYWORD, 0, 0, NULL, NULL, CONF_ROOT, 0, "name, address, or the directory of a unix socket"},
    {CONF_CONNECTION, "hostaddr",    CONF_KEYWORD, 0, 0, NULL, NULL, CONF_ROOT, 0, "the address of host, to spare a name look-up"},
    {CONF_CONNECTION, "port",        CONF_KEYWORD, 1, 65535, "5432", NULL, CONF_ROOT, 0, "5432; 6543 is Supabase's transaction pooler"},
    {CONF_CONNECTION, "dbname",      CONF_KEYWORD, 0, 0, "postgres", NULL, CONF_ROOT, 0, "the database"},
    {CONF_CONNECTION, "user",        CONF_KEYWORD, 0, 0, NULL, NULL, CONF_ROOT, 0, "the role; behind a pooler role.project"},
    {CONF_CONNECTION, "service",     CONF_KEYWORD, 0, 0, NULL, NULL, CONF_ROOT, 0, "a section of ~/.pg_service.conf that says the rest"},
    {CONF_CONNECTION, "password",    CONF_SECRET,  1, 1024, NULL, NULL, CONF_ROOT, TARGET(password), "better in ~/.pgpass; here only in a file of mode 600"},
    {CONF_CONNECTION, "password_command", CONF_COMMAND, 1, 1024, NULL, NULL, CONF_ROOT, TARGET(password_argv), "a program that prints the password; no shell, 5 s"},
    {CONF_CONNECTION, "passfile",    CONF_KEYWORD, 0, 0, NULL, NULL, CONF_ROOT, 0, "a file like ~/.pgpass"},
    {CONF_CONNECTION, "sslmode",     CONF_KEYWORD, 0, 0, "verify-full", "disable allow prefer require verify-ca verify-full", CONF_ROOT, 0, "anything weaker is refused but on a unix socket or loopback"},
    {CONF_CONNECTION, "sslrootcert", CONF_KEYWORD, 0, 0, NULL, NULL, CONF_ROOT, 0, "the authority that signed the server; Supabase has its own"},
    {CONF_CONNECTION, "sslcert",     CONF_KEYWORD, 0, 0, NULL, NULL, CONF_ROOT, 0, "a client certificate"},
    {CONF_CONNECTION, "sslkey",      CONF_KEYWORD, 0, 0, NULL, NULL, CONF_ROOT, 0, "its key"},
    {CONF_CONNECTION, "sslcrl",      CONF_KEYWORD, 0, 0, NULL, NULL, CONF_ROOT, 0, "a list of revoked certificates"},
    {CONF_CONNECTION, "ssl_min_protocol_version", CONF_KEYWORD, 0, 0, NULL, "TLSv1.2 TLSv1.3", CONF_ROOT, 0, "by default TLSv1.2"},
    {CONF_CONNECTION, "channel_binding", CONF_KEYWORD, 0, 0, NULL, "disable prefer require", CONF_ROOT, 0, "require it on a direct connection, where no pooler stands in between"},
    {CONF_CONNECTION, "options",     CONF_KEYWORD, 0, 0, NULL, NULL, CONF_ROOT, 0, "options of the session; reference=PROJECT names the project to a pooler"},
    {CONF_CONNECTION, "keepalives_idle",     CONF_KEYWORD, 1, 7200, "10", NULL, CONF_ROOT, 0, "seconds of silence before the line is tested"},
    {CONF_CONNECTION, "keepalives_interval", CONF_KEYWORD, 1, 600, "5", NULL, CONF_ROOT, 0, "seconds between two tests"},
    {CONF_CONNECTION, "keepalives_count",    CONF_KEYWORD, 1, 20, "3", NULL, CONF_ROOT, 0, "tests without an answer before it counts as lost"},
    {CONF_CONNECTION, "tcp_user_timeout",    CONF_KEYWORD, 1, 600000, "15000", NULL, CONF_ROOT, 0, "milliseconds that sent bytes may stay unanswered"},

    {CONF_POLICY, "trading_tiers", CONF_TIERS, 0, DB_MAX_TIERS, "pro,enterprise", NULL, CONF_ROOT, AT(policy.trading_tiers), "tiers that may have trading_enabled"},
    {CONF_POLICY, "api_tiers",     CONF_TIERS, 0, DB_MAX_TIERS, "enterprise", NULL, CONF_ROOT, AT(policy.api_tiers), "tiers that may have api_access"},
    {CONF_POLICY, "gates",         CONF_GROUP, 0, 0, NULL, NULL, CONF_GATES, 0, "each gate of CAN TRADE?: hard stops, warn is shown, off is not looked at"},

    {CONF_GATES, "login",               CONF_CHOICE, 0, 0, "hard", LEVELS, CONF_ROOT, LEVEL(DB_GATE_LOGIN), "has a login that is not deleted"},
    {CONF_GATES, "email_confirmed",     CONF_CHOICE, 0, 0, "warn", LEVELS, CONF_ROOT, LEVEL(DB_GATE_EMAIL_CONFIRMED), "confirmed the e-mail"},
    {CONF_GATES, "not_banned",          CONF_CHOICE, 0, 0, "hard", LEVELS, CONF_ROOT, LEVEL(DB_GATE_NOT_BANNED), "is not banned now"},
    {CONF_GATES, "one_profile",         CONF_CHOICE, 0, 0, "hard", LEVELS, CONF_ROOT, LEVEL(DB_GATE_ONE_PROFILE), "has exactly one profile in ZmartyBrain"},
    {CONF_GATES, "profile_completed",   CONF_CHOICE, 0, 0, "warn", LEVELS, CONF_ROOT, LEVEL(DB_GATE_PROFILE_COMPLETED), "completed it"},
    {CONF_GATES, "subscription",        CONF_CHOICE, 0, 0, "warn", LEVELS, CONF_ROOT, LEVEL(DB_GATE_SUBSCRIPTION), "the active subscription equals the tier"},
    {CONF_GATES, "one_trading_profile", CONF_CHOICE, 0, 0, "hard", LEVELS, CONF_ROOT, LEVEL(DB_GATE_ONE_TRADING_PROFILE), "has exactly one profile in ZmartBot"},
    {CONF_GATES, "tier_equal",          CONF_CHOICE, 0, 0, "hard", LEVELS, CONF_ROOT, LEVEL(DB_GATE_TIER_EQUAL), "both databases say the same tier"},
    {CONF_GATES, "email_equal",         CONF_CHOICE, 0, 0, "warn", LEVELS, CONF_ROOT, LEVEL(DB_GATE_EMAIL_EQUAL), "both say the same e-mail"},
    {CONF_GATES, "tier_entitled",       CONF_CHOICE, 0, 0, "hard", LEVELS, CONF_ROOT, LEVEL(DB_GATE_TIER_ENTITLED), "the tier is one of trading_tiers"},
    {CONF_GATES, "trading_enabled",     CONF_CHOICE, 0, 0, "hard", LEVELS, CONF_ROOT, LEVEL(DB_GATE_TRADING_ENABLED), "trading is on"},
    {CONF_GATES, "api_access",          CONF_CHOICE, 0, 0, "off",  LEVELS, CONF_ROOT, LEVEL(DB_GATE_API_ACCESS), "API access is on"},
    {CONF_GATES, "api_key",             CONF_CHOICE, 0, 0, "warn", LEVELS, CONF_ROOT, LEVEL(DB_GATE_API_KEY), "has an active exchange key"},

    {CONF_TEMPLATES, "directory",     CONF_TEXT,    1, 1024, NULL, NULL, CONF_ROOT, AT(templates_directory), "a folder of confirmation.html, invite.html, ...; without it those that come with zmartctl"},
    {CONF_TEMPLATES, "token_command", CONF_COMMAND, 1, 1024, NULL, NULL, CONF_ROOT, AT(templates_token_argv), "a program that prints a token of the Management API"},
    {CONF_TEMPLATES, "url",           CONF_TEXT,    0, 0, "https://api.supabase.com", NULL, CONF_ROOT, AT(templates_url), "the Management API"},

    {CONF_REGISTRATION, "email", CONF_TEXT, 3, 254, NULL, NULL, CONF_ROOT, AT(registration_email), "the address of a test user; %s becomes a random word"},
    {CONF_REGISTRATION, "url",               CONF_TEXT,    8, 1024, NULL, NULL, CONF_ROOT, AT(auth_url), "the project's API, by default https://PROJECT.supabase.co of brain"},
    {CONF_REGISTRATION, "key_command",       CONF_COMMAND, 1, 1024, NULL, NULL, CONF_ROOT, AT(auth_key_argv), "a program that prints the publishable (anon) key of ZmartyBrain"},
    {CONF_REGISTRATION, "admin_key_command", CONF_COMMAND, 1, 1024, NULL, NULL, CONF_ROOT, AT(auth_admin_argv), "a program that prints its secret (service_role) key, with which a test user is removed"},

    {CONF_UI, "theme",           CONF_WORD,   0, 0, "default", "default light mono", CONF_ROOT, AT(theme), "16 colours on a dark or light background, or none"},
    {CONF_UI, "mouse",           CONF_FLAG,   0, 0, "false", NULL, CONF_ROOT, AT(mouse), "take the mouse from the terminal; % changes it"},
    {CONF_UI, "ascii",           CONF_FLAG,   0, 0, "false", NULL, CONF_ROOT, AT(ascii), "no line drawing and no other characters beyond ASCII"},
    {CONF_UI, "local_time",      CONF_FLAG,   0, 0, "false", NULL, CONF_ROOT, AT(local_time), "times in the zone of this machine instead of UTC; :time changes it"},
    {CONF_UI, "refresh_seconds", CONF_NUMBER, 0, 3600, "5", NULL, CONF_ROOT, AT(refresh_seconds), "how often what is shown is read again; 0: never"},
    {CONF_UI, "keys",            CONF_NAMED,  0, 0, NULL, NULL, CONF_KEYS, 0, "other keys for an action, by screen: users: { filter = \"/ F3\"; }"},
};
/* clang-format on */

const struct conf_option *conf_option(size_t i)
{
    return i < ZM_COUNT(rows) ? &rows[i] : NULL;
}

static bool is_in(const struct conf_option *row, enum conf_section section)
{
    return row->section == section || (section == CONF_SIDE && row->section == CONF_CONNECTION);
}

const struct conf_option *conf_option_find(enum conf_section section, const char *name)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(rows); i++)
        if (is_in(&rows[i], section) && zm_streq(rows[i].name, name))
            return &rows[i];
    return NULL;
}

const char *conf_option_near(enum conf_section section, const char *name)
{
    size_t i, nearest = 1 + strlen(name) / 3 + 1;
    const char *found = NULL;

    for (i = 0; i < ZM_COUNT(rows); i++) {
        size_t distance = is_in(&rows[i], section) ? zm_edit_distance(rows[i].name, name) : 99;

        if (distance < nearest) {
            nearest = distance;
            found = rows[i].name;
        }
    }
    return found;
}

bool conf_choice_word(const char *choices, int i, char *dst, size_t size)
{
    size_t n;

    for (; i > 0 && *choices; i--) {
        choices += strcspn(choices, " ");
        choices += strspn(choices, " ");
    }
    n = strcspn(choices, " ");
    if (n == 0 || n >= size)
        return false;
    memcpy(dst, choices, n);
    dst[n] = '\0';
    return true;
}

int conf_choice_index(const char *choices, const char *word)
{
    char choice[64];
    int i;

    for (i = 0; conf_choice_word(choices, i, choice, sizeof(choice)); i++)
        if (zm_streq(choice, word))
            return i;
    return -1;
}

bool conf_is_this_machine(const char *host)
{
    if (!host)
        return false;
    return host[0] == '/' || host[0] == '@' || zm_streq(host, "localhost") ||
           strncmp(host, "127.", 4) == 0 || zm_streq(host, "::1");
}
