/*
 * `zmartctl check clean`: the test users that live tests have left behind, listed, and removed
 * after a yes. Who is one is db/leftovers.c's.
 */
#include <jansson.h>

#include "db/leftovers.h"
#include "screens/check_rows.h"
#include "screens/cmd_check.h"
#include "screens/print_json.h"
#include "zm/str.h"

static void print(struct cmd_check *c, const struct db_leftover *one, const char *result,
                  const struct zm_error *err)
{
    struct out *out = c->w.out;
    bool gone = zm_streq(result, "removed");
    const char *table[] = {check_sign(gone ? DB_STEP_OK : DB_STEP_WAITING), "", one->email, result};
    const char *csv[CHECK_COLUMNS] = {NULL, NULL, one->email, result};
    json_t *object;

    if (out_format(out) != OUT_JSON) {
        out_row(out, out_format(out) == OUT_CSV ? csv : table, NULL);
        return;
    }
    object = json_object();
    json_object_set_new(object, "result", json_string(result));
    json_object_set_new(object, "user", json_string(one->id));
    json_object_set_new(object, "email", print_json_string(one->email));
    json_object_set_new(object, "message", err ? print_json_string(err->message) : json_null());
    out_row(out, NULL, object);
}

static void remove_all(struct cmd_check *c, const struct db_leftovers *all)
{
    struct zm_error err;
    size_t i;

    for (i = 0; i < all->n; i++) {
        if (db_leftover_remove(&c->list, &all->items[i], &err)) {
            print(c, &all->items[i], "removed", NULL);
            continue;
        }
        print(c, &all->items[i], "left", &err);
        command_fail(&c->w.run, &err);
    }
}

static bool agreed(struct cmd_check *c, const struct db_leftovers *all)
{
    char question[80];
    size_t i;

    if (!c->w.run.options->yes)
        for (i = 0; i < all->n; i++)
            out_note(c->w.run.ascii, "%s%s%s", all->items[i].email,
                     all->items[i].login ? "  ZmartyBrain" : "",
                     all->items[i].trader ? "  ZmartBot" : "");
    snprintf(question, sizeof(question), "%s: remove %zu test user%s? y/N ", c->list.label, all->n,
             all->n == 1 ? "" : "s");
    return command_write_agreed(&c->w, question, NULL);
}

int cmd_check_clean(struct cmd_check *c)
{
    struct db_leftovers all;
    struct zm_error err;
    size_t i;

    if (!db_leftovers_read(&c->w.run.session, c->list.registration_email, &all, &err)) {
        command_fail(&c->w.run, &err);
        return c->w.run.exit_code;
    }
    if (all.n == 0)
        command_note(&c->w.run, "no test users are left behind");
    else if (c->w.run.options->dry_run)
        for (i = 0; i < all.n; i++)
            print(c, &all.items[i], "left", NULL);
    else if (agreed(c, &all))
        remove_all(c, &all);
    db_leftovers_done(&all);
    return c->w.run.exit_code;
}

void cmd_check_mention_leftovers(struct cmd_check *c)
{
    struct db_leftovers all;
    struct zm_error err;

    if (!db_leftovers_read(&c->w.run.session, c->list.registration_email, &all, &err))
        return; /* what is wrong with the database has been said */
    if (all.n > 0)
        command_note(&c->w.run, "%s",
                     db_leftovers_words(&all, "zmartctl check clean", &c->list.arena));
    db_leftovers_done(&all);
}
