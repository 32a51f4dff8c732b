/*
 * What only the console does: taking a change back, and finishing or reversing one of which a leg
 * is missing. The very edit of its dialogs, with what they would have shown of somebody with tier
 * enterprise, run by the test program itself, begun anew, which prints its result as the
 * subcommands do: a child that is only forked off would share locks with threads that it does not
 * have.
 */
#include "torture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/journal.h"
#include "db/operator.h"
#include "zm/arena.h"
#include "zm/str.h"

void torture_leave_open(const struct torture *t, const char *user, char ret_request[40])
{
    char sql[1400];

    db_request_new(ret_request);
    snprintf(sql, sizeof(sql),
             "UPDATE public.user_profiles SET tier = 'pro' WHERE user_id = '%s';"
             "UPDATE public.user_subscriptions SET status = 'ended', ended_at = now()"
             " WHERE user_id = '%s'; INSERT INTO public.user_subscriptions (user_id, tier, status)"
             " VALUES ('%s', 'pro', 'active');"
             "INSERT INTO public.user_activity (id, user_id, action, metadata) VALUES ('%s', '%s',"
             " 'zmartctl.tier_change', jsonb_build_object('subject', '%s', 'set',"
             " 'tier bot_tier api_access', 'tier_old', 'enterprise', 'tier_new', 'pro',"
             " 'bot_tier_old', 'enterprise', 'bot_tier_new', 'pro', 'api_access_old', 'true',"
             " 'api_access_new', 'false'))",
             user, user, user, ret_request, user, user);
    people_sql(&t->people, DB_BRAIN, sql);
}

static void see(struct db_edit *edit, const char *tier)
{
    db_values_set(&edit->seen, DB_ITEM_TIER, tier);
    db_values_set(&edit->seen, DB_ITEM_BOT_TIER, "enterprise");
}

static void make(const struct torture_operation *operation, const char *user, struct db_edit *ret)
{
    memset(ret, 0, sizeof(*ret));
    zm_copy(ret->user_id, sizeof(ret->user_id), user);
    db_request_new(ret->request);
    ret->reason = "a torture";
    ret->action = operation->console == TORTURE_FINISH ? DB_ACTION_REPAIR : DB_ACTION_UNDO;
    switch (operation->console) {
    case TORTURE_UNDO:
        db_values_set(&ret->want, DB_ITEM_TIER, operation->value);
        see(ret, "enterprise");
        break;
    case TORTURE_FINISH:
        db_values_set(&ret->want, DB_ITEM_BOT_TIER, NULL);
        db_values_set(&ret->want, DB_ITEM_API, "false");
        db_values_set(&ret->seen, DB_ITEM_TRADING, "true");
        db_values_set(&ret->seen, DB_ITEM_API, "true");
        ret->create_trader = true;
        see(ret, "pro");
        break;
    default:
        db_values_set(&ret->want, DB_ITEM_TIER, "enterprise");
        db_values_set(&ret->want, DB_ITEM_API, "true");
        db_values_set(&ret->seen, DB_ITEM_API, "true");
        see(ret, "pro");
        break;
    }
}

/* What the links of a session point to. */
struct way {
    struct db_option options[DB_SIDES][4];
    struct db_target targets[DB_SIDES];
};

static bool connect(char **place, struct way *way, struct db_session *session)
{
    struct cluster c;
    struct zm_error err;
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        memset(&c, 0, sizeof(c));
        cluster_target(&c, (enum db_side)i, place[0], way->options[i], &way->targets[i]);
        way->options[i][0].value = place[1 + 2 * i];
        way->options[i][1].value = place[2 + 2 * i];
    }
    if (db_session_open(session, way->targets, &err))
        return true;
    fprintf(stderr, "%s\n", err.message);
    return false;
}

void torture_console_args(const struct torture *t, const struct torture_operation *operation,
                          const char *user, struct torture_console_args *ret)
{
    size_t n = 0;
    int i;

    snprintf(ret->what, sizeof(ret->what), "%d", (int)operation->console);
    ret->argv[n++] = "torture";
    ret->argv[n++] = TORTURE_CONSOLE;
    ret->argv[n++] = ret->what;
    ret->argv[n++] = operation->value;
    ret->argv[n++] = user;
    ret->argv[n++] = t->settles;
    ret->argv[n++] = t->role;
    for (i = 0; i < DB_SIDES; i++) {
        const struct cluster *c = &t->people.cluster[i];

        snprintf(ret->host[i], sizeof(ret->host[i]), "%s/%s", t->directory,
                 db_side_key((enum db_side)i));
        ret->argv[n++] = t->past_proxies ? c->directory : ret->host[i];
        ret->argv[n++] = t->past_proxies ? c->port : "5432";
    }
    ret->argv[n] = NULL;
}

int torture_console(char **argv)
{
    const struct torture_operation operation = {
        .console = (enum torture_console)strtol(argv[2], NULL, 10), .value = argv[3]};
    const char *user = argv[4], *settles = argv[5];
    struct db_policy policy;
    struct db_operator who;
    const struct db_terms terms = {.policy = &policy, .who = &who};
    struct db_session session;
    struct way way;
    struct db_edit edit;
    struct db_written out;
    struct zm_error err;
    int code;

    db_policy_default(&policy);
    if (!connect(&argv[6], &way, &session))
        return 3;
    db_operator_self(&who, "test");
    make(&operation, user, &edit);
    db_write(&session, &terms, &edit, &out);
    if (out.result == DB_RESULT_DONE && settles[0])
        db_journal_close(
            session.link[DB_BRAIN], &who, settles, user,
            operation.console == TORTURE_FINISH ? DB_RESULT_DONE : DB_RESULT_NOTHING_CHANGED, &err);
    printf("{\"result\": \"%s\", \"changed\": %s, \"request\": \"%s\", \"user_id\": \"%s\","
           " \"message\": \"%s\"}\n",
           db_result_key(out.result), out.changed ? "true" : "false", out.request, user,
           strchr(out.message, '"') ? "" : out.message);
    fflush(stdout);
    code = db_written_exit_code(&out);
    db_written_done(&out);
    db_session_close(&session);
    return code;
}
