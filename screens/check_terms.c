/*
 * From the configuration to the checklist's terms.
 */
#include "screens/check_terms.h"

void check_terms(const struct conf *conf, const struct db_operator *who, struct db_session *session,
                 struct db_checklist *ret)
{
    int side;

    memset(ret, 0, sizeof(*ret));
    ret->session = session;
    ret->targets = conf->target;
    for (side = 0; side < DB_SIDES; side++)
        ret->admin[side] = conf->has_admin[side] ? &conf->admin[side] : NULL;
    ret->policy = &conf->policy;
    ret->who = who;
    ret->existing_tables = conf->existing_tables;
    ret->templates_directory = conf->templates_directory;
    ret->templates_url = conf->templates_url;
    ret->token = conf->templates_token;
    ret->token_argv = conf->templates_token_argv;
    ret->registration_email = conf->registration_email;
    ret->profile = conf->profile;
    ret->label = conf->label;
    ret->auth = (struct db_auth_access){.url = conf->auth_url,
                                        .project = conf->target[DB_BRAIN].project,
                                        .key_argv = conf->auth_key_argv,
                                        .admin_argv = conf->auth_admin_argv,
                                        .key = conf->auth_key,
                                        .admin_key = conf->auth_admin_key};
    ret->flow_seconds = conf->flow_seconds;
}
