/*
 * What only the console does: taking a change back, and finishing or reversing one of which a leg
 * is missing. The very edit of its dialogs, with what they would have shown of somebody with tier
 * enterprise, run in a process that prints its result as the subcommands do.
 */
#include "torture.h"

#include <stdio.h>
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
    char host[DB_SIDES][96];
};

static bool connect(const struct torture *t, struct way *way, struct db_session *session)
{
    struct zm_error err;
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        cluster_target(&t->people.cluster[i], (enum db_side)i, t->role, way->options[i],
                       &way->targets[i]);
        snprintf(way->host[i], sizeof(way->host[i]), "%s/%s", t->directory,
                 db_side_key((enum db_side)i));
        if (t->past_proxies)
            continue;
        way->options[i][0].value = way->host[i];
        way->options[i][1].value = "5432";
    }
    if (db_session_open(session, way->targets, &err))
        return true;
    fprintf(stderr, "%s\n", err.message);
    return false;
}

int torture_console(const struct torture *t, const struct torture_operation *operation,
                    const char *user, const char *settles)
{
    struct db_operator who;
    const struct db_terms terms = {.policy = &t->people.policy, .who = &who};
    struct db_session session;
    struct way way;
    struct db_edit edit;
    struct db_written out;
    struct zm_error err;
    int code;

    if (!connect(t, &way, &session))
        return 3;
    db_operator_self(&who, "test");
    make(operation, user, &edit);
    db_write(&session, &terms, &edit, &out);
    if (out.result == DB_RESULT_DONE && settles[0])
        db_journal_close(session.link[DB_BRAIN], &who, settles, user,
                         operation->console == TORTURE_FINISH ? DB_RESULT_DONE
                                                              : DB_RESULT_NOTHING_CHANGED,
                         &err);
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
