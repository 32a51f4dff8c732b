/*
 * The questions about one database, and the test of the answers.
 */
#include "screens/init_side.h"

#include <stdlib.h>

#include "db/catalog.h"
#include "db/link.h"
#include "screens/conf_options.h"
#include "screens/conf_words.h"
#include "zm/str.h"

#define CONNECT_MS 15000
#define STATEMENT_MS 15000

/* ---- questions ---- */

/* Asks for an option unless the URI has said it. */
static bool ask_option(struct init_ask *ask, struct init_side *side, const char *name,
                       const char *question, const char *fallback)
{
    const struct conf_option *row = conf_option_find(CONF_CONNECTION, name);
    char answer[512], text[80];

    if (init_option_get(side, name)[0])
        return true;
    for (;;) {
        if (!init_ask_line(ask, question, fallback, answer, sizeof(answer)))
            return false;
        snprintf(text, sizeof(text), "  one of: %s", row->choices ? row->choices : "");
        if (row->choices && conf_choice_index(row->choices, answer) < 0)
            init_say(ask, "%s", text);
        else if (row->max > 0 &&
                 (strtol(answer, NULL, 10) < row->min || strtol(answer, NULL, 10) > row->max))
            init_say(ask, "  %ld to %ld", row->min, row->max);
        else
            break;
        ask->ended = !ask->terminal;
    }
    init_option_set(side, name, answer);
    return true;
}

static bool ask_host(struct init_ask *ask, struct init_side *side)
{
    char answer[1200];
    struct zm_error err;

    for (;;) {
        if (!init_ask_line(ask, "host, or a postgresql:// URI", NULL, answer, sizeof(answer)))
            return false;
        if (!init_uri_is(answer)) {
            init_option_set(side, "host", answer);
            return true;
        }
        if (!init_uri_parse(answer, side, &err)) {
            init_option_set(side, "host", "");
            init_say(ask, "  %s; %s", err.message, err.hint);
        } else if (!init_option_get(side, "host")[0]) {
            init_say(ask, "  the URI names no host");
        }
        explicit_bzero(answer, sizeof(answer));
        if (init_option_get(side, "host")[0])
            return true;
        memset(side, 0, sizeof(*side));
        ask->ended = !ask->terminal;
    }
}

/* db.REF.supabase.co, or role.REF behind a pooler. */
static void guess_project(struct init_side *side, char *dst, size_t size)
{
    const char *host = init_option_get(side, "host"), *user = init_option_get(side, "user");
    const char *dot = strrchr(user, '.');

    dst[0] = '\0';
    if (strncmp(host, "db.", 3) == 0 && strstr(host, ".supabase."))
        snprintf(dst, size, "%.*s", (int)strcspn(host + 3, "."), host + 3);
    else if (dot && strstr(host, ".supabase."))
        zm_copy(dst, size, dot + 1);
}

static bool ask_where(struct init_ask *ask, struct init_side *side)
{
    const char *mode;
    char project[64];

    if (!ask_host(ask, side) || !ask_option(ask, side, "port", "port", "5432") ||
        !ask_option(ask, side, "dbname", "database", "postgres") ||
        !ask_option(ask, side, "user", "role", NULL))
        return false;
    if (!conf_is_this_machine(init_option_get(side, "host"))) {
        if (!ask_option(ask, side, "sslmode", "sslmode", "verify-full"))
            return false;
        mode = init_option_get(side, "sslmode");
        if (strncmp(mode, "verify-", 7) == 0 &&
            !ask_option(ask, side, "sslrootcert",
                        "sslrootcert: the authority's certificate, a file", NULL))
            return false;
    }
    guess_project(side, project, sizeof(project));
    if (!init_ask_line(ask, "Supabase project ref, - for none", project[0] ? project : "-",
                       side->project, sizeof(side->project)))
        return false;
    if (zm_streq(side->project, "-"))
        side->project[0] = '\0';
    return true;
}

static bool ask_password(struct init_ask *ask, struct init_side *side)
{
    if (side->password[0])
        return true;
    return init_ask_secret(ask, "password", side->password, sizeof(side->password));
}

static bool ask_command(struct init_ask *ask, struct init_side *side)
{
    struct zm_arena arena = {NULL};
    const char *const *argv;
    struct zm_error err;
    bool ok = false;

    while (!ok && init_ask_line(ask, "the program and its arguments", NULL, side->command,
                                sizeof(side->command))) {
        ok = conf_words_split(side->command, &arena, &argv, &err);
        if (!ok) {
            init_say(ask, "  %s; %s", err.message, err.hint);
            ask->ended = !ask->terminal;
        }
    }
    zm_arena_done(&arena);
    return ok;
}

static bool ask_secret(struct init_ask *ask, enum db_side side, const char *given,
                       struct init_side *ret)
{
    char environment[64];
    const char *const choices[] = {"from ~/.pgpass, or none is needed",
                                   "from a program that prints it (password_command)", environment,
                                   "in the configuration file, mode 600"};

    snprintf(environment, sizeof(environment), "from %s",
             side == DB_BRAIN ? "ZMARTCTL_BRAIN_PASSWORD" : "ZMARTCTL_BOT_PASSWORD");
    if (ret->password[0])
        init_say(ask, "  the URI holds a password; it is written nowhere but by choice 4");
    ret->how = init_ask_choice(ask, "where does the password come from?", choices, 4);
    switch (ret->how) {
    case INIT_NOT_ASKED:
        return false;
    case INIT_COMMAND:
        explicit_bzero(ret->password, sizeof(ret->password));
        return ask_command(ask, ret);
    case INIT_ENVIRONMENT:
        if (given[0])
            zm_copy(ret->password, sizeof(ret->password), given);
        return ask_password(ask, ret);
    case INIT_FILE:
        return ask_password(ask, ret);
    default: /* what is tested is what will be used */
        explicit_bzero(ret->password, sizeof(ret->password));
        return true;
    }
}

bool init_side_ask(struct init_ask *ask, enum db_side side, const char *given,
                   struct init_side *ret)
{
    memset(ret, 0, sizeof(*ret));
    init_say(ask, "%s", "");
    init_say(ask, "%s (%s)", db_side_name(side),
             side == DB_BRAIN ? "logins, profiles, tiers" : "trading profiles, portfolios, trades");
    return ask_where(ask, ret) && ask_secret(ask, side, given, ret);
}

/* ---- the test ---- */

static const char *const tables[DB_SIDES][6] = {
    {"user_profiles", "user_subscriptions", "user_activity", NULL},
    {"user_trading_profiles", "user_portfolios", "user_strategies", "user_trades", "user_api_keys",
     NULL},
};

static void say_tables(const struct init_ask *ask, const struct db_link *link, enum db_side side)
{
    struct zm_buf missing = {.s = NULL};
    size_t i;

    for (i = 0; tables[side][i]; i++) {
        char name[64];

        snprintf(name, sizeof(name), "public.%s", tables[side][i]);
        if (!db_catalog_has(db_link_catalog(link), name, NULL))
            zm_buf_printf(&missing, "%s%s", missing.len ? ", " : "", tables[side][i]);
    }
    if (missing.len > 0)
        init_say(ask, "  missing: %s", missing.s);
    else
        init_say(ask, "  all its tables are there");
    zm_buf_done(&missing);
}

static void say_facts(const struct init_ask *ask, const struct db_link *link)
{
    const struct db_facts *facts = db_link_facts(link);
    const char *line;

    init_say(ask, "  connected: PostgreSQL %s, %s, as %s, %d ms", facts->server, facts->tls,
             facts->role, db_link_rtt_ms(link));
    say_tables(ask, link, facts->side);
    if (facts->side == DB_BRAIN && facts->logins == DB_LOGINS_NONE)
        init_say(ask, "  this role can read no logins: neither auth.users nor zmartctl.users");
    if (facts->hidden[0])
        init_say(ask, "  row security hides rows from this role: %s", facts->hidden);
    init_say(ask, "  may write %s%s", facts->writable,
             facts->standby     ? ", but this is a standby"
             : facts->read_only ? ", but the server is read-only"
                                : "");
    for (line = facts->warnings; *line; line += strcspn(line, "\n"), line += *line == '\n')
        init_say(ask, "  note: %.*s", (int)strcspn(line, "\n"), line);
}

bool init_side_try(const struct init_ask *ask, enum db_side side, const struct init_side *answers,
                   struct db_facts *ret, struct zm_error *err)
{
    struct db_option options[INIT_OPTIONS];
    struct db_target target = {.side = side,
                               .options = options,
                               .n_options = answers->n,
                               .password = answers->password[0] ? answers->password : NULL,
                               .project = answers->project[0] ? answers->project : NULL,
                               .connect_ms = CONNECT_MS,
                               .statement_ms = STATEMENT_MS};
    struct zm_arena arena = {NULL};
    struct db_link *link;
    size_t i;
    bool ok;

    for (i = 0; i < answers->n; i++)
        options[i] = (struct db_option){answers->option[i].name, answers->option[i].value};
    if (answers->how == INIT_COMMAND &&
        !conf_words_split(answers->command, &arena, &target.password_argv, err))
        return false;
    link = db_link_new(&target);
    ok = db_link_open(link, err);
    if (ok) {
        *ret = *db_link_facts(link);
        say_facts(ask, link);
    }
    db_link_free(link);
    zm_arena_done(&arena);
    return ok;
}
