/*
 * Reads one user. Says what could not be read; how it is printed is command_user_json.c's and
 * command_user_text.c's business.
 */
#include "screens/command_user.h"

#include "zm/str.h"

void command_user_read(struct command_run *run, const char *id, struct command_user *ret)
{
    struct db_link *brain = command_link(run, DB_BRAIN), *bot = command_link(run, DB_BOT);
    struct zm_error err;

    memset(ret, 0, sizeof(*ret));
    zm_copy(ret->id, sizeof(ret->id), id);
    if (brain) {
        ret->has[DB_BRAIN] = db_user_read_brain(brain, ret->id, &ret->brain, &err);
        if (ret->has[DB_BRAIN])
            command_check_asks(run, ret->brain.part, DB_UB_PARTS);
        else
            command_fail(run, &err);
    }
    if (bot) {
        ret->has[DB_BOT] = db_user_read_bot(bot, ret->id, &ret->bot, &err);
        if (ret->has[DB_BOT])
            command_check_asks(run, ret->bot.part, DB_UT_PARTS);
        else
            command_fail(run, &err);
    }
    db_user_join(ret->id, ret->has[DB_BRAIN] ? &ret->brain : NULL,
                 ret->has[DB_BOT] ? &ret->bot : NULL, &run->conf->policy, &ret->user);
}

bool command_user_begin(struct command_run *run, const struct options *options, struct conf *conf,
                        struct command_user *ret)
{
    char id[37];

    if (!command_begin(run, options, conf))
        return false;
    if (!command_resolve(run, options->args[0], id)) {
        run->exit_code = command_end(run, NULL);
        return false;
    }
    command_user_read(run, id, ret);
    return true;
}

void command_user_done(struct command_user *one)
{
    if (one->has[DB_BRAIN])
        db_user_brain_done(&one->brain);
    if (one->has[DB_BOT])
        db_user_bot_done(&one->bot);
    memset(one, 0, sizeof(*one));
}

const struct db_rows *command_user_brain_rows(const struct command_user *one,
                                              enum db_user_brain_part part)
{
    return &one->brain.part[part].rows;
}

const struct db_rows *command_user_bot_rows(const struct command_user *one,
                                            enum db_user_bot_part part)
{
    return &one->bot.part[part].rows;
}
