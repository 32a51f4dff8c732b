/*
 * A server that answers as the Management API does, or as a test wants it, and the steps of
 * checklist item 5 on it. No database is asked.
 */
#ifndef INTEGRATION_MAIL_PLACE_H
#define INTEGRATION_MAIL_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/checklist_run.h"
#include "db/checklist_store.h"
#include "db/mail_config.h"
#include "support/mail_api.h"

#define TOKEN MAIL_API_TOKEN
#define PROJECT "abcdefghijklmnopqrst"
#define SETTINGS "/v1/projects/" PROJECT "/config/auth"

struct place {
    struct mail_api api;
    struct db_target targets[DB_SIDES];
    struct db_session session;
    struct db_operator who;
    struct db_policy policy;
    struct db_checklist list;
};

static inline int set_up(void **state)
{
    struct place *p = zm_calloc(1, sizeof(*p));

    mail_api_start(&p->api, true);
    p->api.project = PROJECT;
    p->targets[DB_BRAIN].project = PROJECT;
    p->list = (struct db_checklist){.session = &p->session,
                                    .targets = p->targets,
                                    .policy = &p->policy,
                                    .who = &p->who,
                                    .templates_url = http_server_url(p->api.server),
                                    .token = TOKEN,
                                    .profile = "test",
                                    .label = "TEST"};
    *state = p;
    return 0;
}

static inline int tear_down(void **state)
{
    struct place *p = *state;

    db_checklist_done(&p->list);
    mail_api_stop(&p->api);
    free(p);
    return 0;
}

/* ---- steps ---- */

/* The token is in no text of it. */
static inline void no_token(const struct db_step_finding *f)
{
    const char *texts[] = {f->expected,    f->found,      f->fix,     f->err.what,
                           f->err.message, f->err.detail, f->err.hint};
    size_t i;

    for (i = 0; i < ZM_COUNT(texts); i++)
        assert_null(strstr(texts[i], TOKEN));
}

static inline struct db_step_finding look(struct place *p, const char *key)
{
    struct db_check_result result;
    struct zm_error err;

    db_checklist_begin(&p->list);
    assert_true(db_checklist_check(&p->list, key, &result, &err));
    no_token(&db_check_step(&result, key)->finding);
    return db_check_step(&result, key)->finding;
}

static inline void run(struct place *p, struct db_step_run *run, const char *key, bool dry_run)
{
    db_step_run_done(run);
    memset(run, 0, sizeof(*run));
    run->key = key;
    run->dry_run = dry_run;
    db_step_perform(&p->list, run);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
