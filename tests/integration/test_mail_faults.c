/*
 * Checklist item 5 against a server that answers as the Management API should not: changes that do
 * not become live, lost answers, bad ones and none, and what a person is told.
 */
#include "mail_place.h"

#include "zm/clock.h"

/* ---- changes ---- */

static void a_server_that_does_not_do_it_is_noticed(void **state)
{
    struct place *p = *state;
    struct db_step_run r = {.key = NULL};

    mail_api_put(&p->api, "mailer_subjects_recovery", "Other");
    p->api.deaf = true;
    run(p, &r, "5.5", false);
    assert_int_equal(r.end, DB_RUN_NOT_OK);
    assert_int_equal(r.state, DB_STEP_FAIL);
    assert_string_equal(r.found, "the API took them, but they did not become live: the subject is "
                                 "\"Other\"");
    db_step_run_done(&r);
}

/* The answer to the change is lost. Reading back tells. */
static void a_lost_answer_is_looked_after(void **state)
{
    struct place *p = *state;
    struct db_step_run r = {.key = NULL};

    mail_api_put(&p->api, "mailer_subjects_recovery", "Other");
    p->api.on_patch.how = HTTP_DROP; /* it is done, and nobody is told */
    run(p, &r, "5.5", false);
    assert_int_equal(r.end, DB_RUN_DONE);

    mail_api_put(&p->api, "mailer_subjects_recovery", "Other");
    p->api.on_patch = (struct http_reply){.status = 500, .body = "{}"};
    run(p, &r, "5.5", false);
    assert_int_equal(r.end, DB_RUN_FAILED);
    assert_string_equal(r.err.message, "it has a fault of its own (500)");
    assert_string_equal(r.err.hint, "what was live is live still; try again");

    p->api.on_patch = (struct http_reply){.status = 403, .body = "{\"message\":\"no " TOKEN "\"}"};
    run(p, &r, "5.5", false);
    assert_int_equal(r.end, DB_RUN_FAILED);
    assert_string_equal(r.err.message, "the token may not do that with this project (403)");
    assert_string_equal(r.err.hint, "nothing was changed; it wants the right to read and write the "
                                    "Auth configuration");
    assert_string_equal(r.err.detail, "");
    db_step_run_done(&r);
}

/* Nobody can be asked: what became of it is not known, and is not called done or undone. */
static void what_is_not_known_is_said(void **state)
{
    struct place *p = *state;
    struct db_step_run r = {.key = NULL};

    mail_api_put(&p->api, "mailer_subjects_recovery", "Other");
    p->api.dies = true;
    run(p, &r, "5.5", false);
    assert_int_equal(r.end, DB_RUN_NOT_OK);
    assert_int_equal(r.state, DB_STEP_NOT_RUN);
    assert_string_equal(r.err.message, "it has a fault of its own (500)");
    assert_string_equal(r.err.hint, "whether it was changed is not known: look at it again");
    db_step_run_done(&r);
}

/* ---- bad answers ---- */

/* clang-format off */
static const struct { struct http_reply reply; enum zm_error_kind kind; const char *message, *hint; } bad_answers[] = {
    {{.status = 401, .body = "{\"message\":\"Unauthorized\"}"}, ZM_ERR_AUTH,
     "the token is not accepted (401)", "make a new one in the dashboard's account settings; see email_templates.token_command"},
    {{.status = 403, .body = "{}"}, ZM_ERR_PRIVILEGE,
     "the token may not do that with this project (403)", "it wants the right to read and write the Auth configuration"},
    {{.status = 404, .body = "<html>"}, ZM_ERR_CONFIG,
     "there is no such project for this token (404)", "see project of brain, and email_templates.url"},
    {{.status = 429, .headers = "Retry-After: 42\r\n", .body = "{}"}, ZM_ERR_CONNECT,
     "too many questions (429)", "try again in 42 s"},
    {{.status = 429, .headers = "X-RateLimit-Reset: 37\r\n", .body = "{}"}, ZM_ERR_CONNECT,
     "too many questions (429)", "try again in 37 s"},
    {{.status = 429, .body = "{}"}, ZM_ERR_CONNECT, "too many questions (429)", "try again in a minute"},
    {{.status = 500, .body = "oops"}, ZM_ERR_CONNECT,
     "it has a fault of its own (500)", "try again later; see email_templates.url"},
    {{.status = 302, .headers = "Location: http://127.0.0.1:1/\r\n"}, ZM_ERR_DATA,
     "it sends us elsewhere, and redirects are not followed (302)", "try again later; see email_templates.url"},
    {{.status = 418, .body = "{}"}, ZM_ERR_DATA,
     "it answers as it should not (418)", "try again later; see email_templates.url"},
    {{.body = "{\"site_url\": "}, ZM_ERR_DATA, "its answer is no JSON object", "see email_templates.url"},
    {{.headers = "Content-Type: text/html\r\n", .body = "<html>Log in</html>"}, ZM_ERR_DATA,
     "its answer is no JSON object", "see email_templates.url"},
    {{.body = "[1, 2]"}, ZM_ERR_DATA, "its answer is no JSON object", "see email_templates.url"},
    {{.body = "{}"}, ZM_ERR_DATA, "its answer has no site_url", "see email_templates.url"},
    {{.body = "{\"site_url\": 7}"}, ZM_ERR_DATA, "its answer has no text in site_url", "see email_templates.url"},
    {{.body = "{\"site_url\": \"x\", \"rate_limit_email_sent\": \"many\"}"}, ZM_ERR_DATA,
     "its answer has no number in rate_limit_email_sent", "see email_templates.url"},
    {{.body = "{\"site_url\": null, \"rate_limit_email_sent\": 2}"}, ZM_ERR_DATA,
     "its answer has no mailer_subjects_confirmation", "see email_templates.url"},
    {{.huge = 3 * 1024 * 1024}, ZM_ERR_DATA, "its answer is longer than 1024 KiB", ""},
    {{.how = HTTP_DROP}, ZM_ERR_LOST, "it closed the connection without an answer", ""},
    {{.body = "{\"site_url\": \"half of it\"}", .how = HTTP_HALF}, ZM_ERR_LOST,
     "its answer ended in the middle", ""},
};
/* clang-format on */

static void every_bad_answer_is_a_sentence(void **state)
{
    struct place *p = *state;
    struct db_step_run r = {.key = NULL};
    struct db_step_finding f;
    size_t i;

    mail_api_put(&p->api, "mailer_subjects_recovery", "Other");
    for (i = 0; i < ZM_COUNT(bad_answers); i++) {
        char fingerprint[37];

        p->api.on_get = bad_answers[i].reply;
        f = look(p, "5.5");
        assert_int_equal(f.state, DB_STEP_NOT_RUN);
        assert_string_equal(f.err.message, bad_answers[i].message);
        assert_non_null(strstr(f.found, bad_answers[i].message));
        assert_non_null(strstr(f.found, bad_answers[i].hint));
        assert_string_equal(f.err.hint, bad_answers[i].hint);
        assert_int_equal(f.err.kind, bad_answers[i].kind);
        assert_int_equal(look(p, "5.1").state, DB_STEP_NOT_RUN);
        db_checklist_fingerprint(&p->list, 5, fingerprint);
        assert_string_equal(fingerprint, ""); /* not known, so nobody's signature is stale */
        run(p, &r, "5.5", false);
        assert_int_equal(r.end, DB_RUN_FAILED);
        assert_int_equal(mail_api_count(&p->api, "PATCH"), 0);
        http_server_forget(p->api.server);
    }
    db_step_run_done(&r);
}

static bool at_once(void *context)
{
    return context != NULL;
}

static void who_stops_it_does_not_wait(void **state)
{
    struct place *p = *state;
    struct db_check_result result;
    int64_t start = zm_now_ms();
    struct zm_error err;

    p->api.on_get.how = HTTP_SILENT;
    p->list.stopped = at_once;
    p->list.context = p;
    db_checklist_begin(&p->list);
    assert_false(db_checklist_check(&p->list, "5", &result, &err));
    assert_int_equal(err.kind, ZM_ERR_CANCELLED);
    assert_true(zm_now_ms() - start < 5000);
    p->list.stopped = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_server_that_does_not_do_it_is_noticed),
        TEST(a_lost_answer_is_looked_after),
        TEST(what_is_not_known_is_said),
        TEST(every_bad_answer_is_a_sentence),
        TEST(who_stops_it_does_not_wait),
    };

    return cmocka_run_group_tests_name("mail_faults", tests, NULL, NULL);
}
