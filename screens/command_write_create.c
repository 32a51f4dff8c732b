/*
 * `trading` and `api` for somebody without a trading profile: it is created first, both rights off,
 * as a change of its own. Whether the right is given afterwards is asked, and decided, anew.
 */
#include "screens/command_write.h"

#include "screens/json_user.h"
#include "zm/str.h"

bool command_write_lacks_trader(const struct command_write *w, const struct db_now *now)
{
    const struct options *o = w->run.options;
    struct db_decision decision;

    if (!o->create && (o->yes || w->terms.dry_run)) /* nobody is there to be asked */
        return false;
    db_decide(w->terms.policy, &w->edit, now, &decision);
    return decision.needs_trader;
}

static void make_edit(struct command_write *w, const struct db_edit *asked)
{
    memset(&w->edit, 0, sizeof(w->edit));
    w->edit.action = DB_ACTION_REPAIR;
    w->edit.create_trader = true;
    w->edit.reason = asked->reason;
    zm_copy(w->edit.user_id, sizeof(w->edit.user_id), asked->user_id);
    db_request_new(w->edit.request);
}

static bool agreed(struct command_write *w, const struct db_user *user, const struct db_now *now)
{
    struct db_decision decision;

    if (w->run.options->create)
        return true;
    db_decide(w->terms.policy, &w->edit, now, &decision);
    command_write_print_plan(w, user, now, &decision);
    return command_write_agreed(w, "He has no trading profile. Create it, both rights off? y/N ",
                                NULL);
}

/* Created: said beside the result that was asked for. Anything else is the result. */
static bool tell(struct command_write *w, const struct db_user *user,
                 const struct db_written *written, int code)
{
    const char *email = user ? json_user_email(user) : NULL;

    if (written->result != DB_RESULT_DONE || w->terms.dry_run || code != 0) {
        command_write_print(w, w->edit.user_id, email, written);
        return false;
    }
    if (written->changed)
        command_note(&w->run, "%s: %s (request %s)", email ? email : w->edit.user_id,
                     written->message, written->request);
    return true;
}

bool command_write_create(struct command_write *w, const struct db_user *user,
                          const struct db_now *now, int *ret_code)
{
    struct db_edit asked = w->edit;
    struct db_written written;
    bool ok = false;

    make_edit(w, &asked);
    if (agreed(w, user, now)) {
        *ret_code = command_write_perform(w, &written);
        ok = tell(w, user, &written, *ret_code);
        db_written_done(&written);
    } else {
        *ret_code = w->run.exit_code;
    }
    w->edit = asked;
    return ok;
}
