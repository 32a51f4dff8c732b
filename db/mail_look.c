/*
 * One look at the live e-mails for all steps of the checklist that want it.
 */
#include "db/mail_look.h"

struct db_mail_api db_mail_look_api(const struct db_checklist *list,
                                    const struct db_mail_look *look)
{
    return (struct db_mail_api){.url = list->templates_url,
                                .project = list->targets[DB_BRAIN].project,
                                .token = look->token,
                                .stopped = list->stopped,
                                .context = list->context};
}

static bool find_token(const struct db_checklist *list, struct db_mail_look *look)
{
    if (list->token) {
        if (zm_copy(look->token, sizeof(look->token), list->token))
            return true;
        return zm_error_set(&look->err, ZM_ERR_CONFIG, "", "use the token",
                            "ZMARTCTL_MANAGEMENT_TOKEN is longer than %d bytes", DB_PASSWORD_MAX);
    }
    if (db_password_run(list->token_argv, -1, "", look->token, &look->err))
        return true;
    zm_error_copy(look->err.what, sizeof(look->err.what), "run token_command");
    return zm_error_hint(&look->err, "see email_templates.token_command");
}

const struct db_mail_look *db_mail_look(struct db_checklist *list)
{
    struct db_mail_look *look = list->mail;
    struct db_mail_api api;

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
    if (!find_token(list, look))
        return look;
    api = db_mail_look_api(list, look);
    if (db_mail_config_read(&api, &look->arena, &look->config, &look->err))
        look->state = DB_MAIL_LOOK_READY;
    return look;
}

void db_mail_look_forget(struct db_checklist *list)
{
    if (!list->mail)
        return;
    zm_arena_done(&list->mail->arena);
    explicit_bzero(list->mail->token, sizeof(list->mail->token));
    free(list->mail);
    list->mail = NULL;
}
