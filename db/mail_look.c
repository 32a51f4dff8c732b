/*
 * One look at the live e-mails for all steps of the checklist that want it.
 */
#include "db/mail_look.h"

bool db_mail_asking_begin(const struct db_checklist *list, struct db_mail_asking *ret,
                          struct zm_error *err)
{
    const struct db_password_stop stop = {-1, list->stopped, list->context};

    ret->api = (struct db_mail_api){.url = list->templates_url,
                                    .project = list->targets[DB_BRAIN].project,
                                    .token = ret->token,
                                    .stopped = list->stopped,
                                    .context = list->context};
    if (list->token)
        return zm_copy(ret->token, sizeof(ret->token), list->token) ||
               zm_error_set(err, ZM_ERR_CONFIG, "", "use the token",
                            "ZMARTCTL_MANAGEMENT_TOKEN is longer than %d bytes", DB_PASSWORD_MAX);
    if (db_password_run(list->token_argv, &stop, "", ret->token, err))
        return true;
    zm_error_copy(err->what, sizeof(err->what), "run token_command");
    return err->kind == ZM_ERR_CANCELLED ? false
                                         : zm_error_hint(err, "see email_templates.token_command");
}

void db_mail_asking_done(struct db_mail_asking *asking)
{
    explicit_bzero(asking->token, sizeof(asking->token));
}

const struct db_mail_look *db_mail_look(struct db_checklist *list)
{
    struct db_mail_look *look = list->mail;
    struct db_mail_asking asking;

    if (look)
        return look;
    look = list->mail = zm_calloc(1, sizeof(*look));
    look->state = DB_MAIL_LOOK_UNSET;
    if (!list->token && !list->token_argv)
        look->unset = "no token of the Management API is configured";
    else if (!list->targets[DB_BRAIN].project)
        look->unset = "project of brain is not configured";
    if (look->unset)
        return look;
    look->state = DB_MAIL_LOOK_FAILED;
    if (db_mail_asking_begin(list, &asking, &look->err) &&
        db_mail_config_read(&asking.api, &look->arena, &look->config, &look->err))
        look->state = DB_MAIL_LOOK_READY;
    db_mail_asking_done(&asking);
    return look;
}

void db_mail_look_forget(struct db_checklist *list)
{
    if (!list->mail)
        return;
    zm_arena_done(&list->mail->arena);
    free(list->mail);
    list->mail = NULL;
}
