/*
 * Checklist item 5 against a server that answers as the Management API does, and as it should not:
 * what is found, what is sent, and what a person is told. No database is asked.
 */
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
#include "zm/clock.h"

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

static int set_up(void **state)
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

static int tear_down(void **state)
{
    struct place *p = *state;

    db_checklist_done(&p->list);
    mail_api_stop(&p->api);
    free(p);
    return 0;
}

/* ---- looking ---- */

/* The token is in no text of it. */
static void no_token(const struct db_step_finding *f)
{
    const char *texts[] = {f->expected,    f->found,      f->fix,     f->err.what,
                           f->err.message, f->err.detail, f->err.hint};
    size_t i;

    for (i = 0; i < ZM_COUNT(texts); i++)
        assert_null(strstr(texts[i], TOKEN));
}

static struct db_step_finding look(struct place *p, const char *key)
{
    struct db_check_result result;
    struct zm_error err;

    db_checklist_begin(&p->list);
    assert_true(db_checklist_check(&p->list, key, &result, &err));
    no_token(&db_check_step(&result, key)->finding);
    return db_check_step(&result, key)->finding;
}

static void run(struct place *p, struct db_step_run *run, const char *key, bool dry_run)
{
    db_step_run_done(run);
    memset(run, 0, sizeof(*run));
    run->key = key;
    run->dry_run = dry_run;
    db_step_perform(&p->list, run);
}

static void equal_messages_are_ok_and_asked_for_once(void **state)
{
    struct place *p = *state;
    struct db_check_result result;
    struct zm_error err;
    size_t i;

    db_checklist_begin(&p->list);
    assert_true(db_checklist_check(&p->list, "5", &result, &err));
    assert_int_equal(result.items[4].n, 8);
    for (i = 0; i < 7; i++)
        if (result.items[4].steps[i].finding.state != DB_STEP_OK)
            fail_msg("%s: %s", result.items[4].steps[i].step->key,
                     result.items[4].steps[i].finding.found);
    assert_string_equal(result.items[4].steps[0].finding.found,
                        "site URL https://app.example.com, 2 e-mails an hour, the built-in mailer, "
                        "which writes to members of the team");
    assert_int_equal(result.items[4].steps[7].finding.state, DB_STEP_WAITING);
    assert_int_equal(http_server_count(p->api.server), 1);
    assert_string_equal(http_server_asked(p->api.server, 0)->path, SETTINGS);
}

static void a_site_url_that_leads_nowhere(void **state)
{
    static const char *const nowhere[] = {"http://localhost:3000", "http://127.0.0.1:3000", "",
                                          NULL};
    struct place *p = *state;
    struct db_step_finding f;
    size_t i;

    for (i = 0; i < ZM_COUNT(nowhere); i++) {
        mail_api_put(&p->api, "site_url", nowhere[i]);
        f = look(p, "5.1");
        assert_int_equal(f.state, DB_STEP_FAIL);
        assert_non_null(strstr(f.fix, "URL Configuration"));
        assert_int_equal(look(p, "5.2").state, DB_STEP_OK);
    }
}

static void a_difference_is_shown(void **state)
{
    struct place *p = *state;
    struct db_step_finding f;

    mail_api_put(&p->api, "mailer_subjects_confirmation", "Confirm Your Signup");
    mail_api_put(
        &p->api, "mailer_templates_confirmation_content",
        "<h2>Confirm your e-mail address</h2>\n\n<p><a href=\"{{ .ConfirmationURL }}\">x</a></p>");
    f = look(p, "5.2");
    assert_int_equal(f.state, DB_STEP_FAIL);
    assert_string_equal(f.found, "the subject is \"Confirm Your Signup\"; the content differs from "
                                 "line 3 on: \"<p><a href=\"{{ .ConfirmationURL }}\">x</a></p>\"");
    assert_non_null(strstr(f.fix, "--- live\n+++ confirmation.html as it comes with zmartctl\n@@"));
    assert_non_null(strstr(f.fix, "\n-Subject: Confirm Your Signup\n+Subject: {{ .Token }} is"));
    assert_non_null(strstr(f.fix, "\n <h2>Confirm your e-mail address</h2>\n"));
    assert_non_null(strstr(f.fix, "\n-<p><a href"));

    mail_api_put(&p->api, "mailer_subjects_invite", NULL);
    mail_api_put(&p->api, "mailer_templates_invite_content", NULL);
    f = look(p, "5.3");
    assert_int_equal(f.state, DB_STEP_FAIL);
    assert_string_equal(f.found, "the subject is Supabase's own; the content is Supabase's own");
}

/* ---- changing ---- */

static void only_the_two_keys_are_sent_and_read_back(void **state)
{
    struct place *p = *state;
    struct db_step_run r = {.key = NULL};
    const struct http_asked *asked;
    json_t *sent;

    mail_api_put(&p->api, "mailer_subjects_recovery", "Other");
    run(p, &r, "5.5", true);
    assert_int_equal(r.end, DB_RUN_TRIED);
    assert_non_null(strstr(r.sql, "-Subject: Other\n"));
    assert_int_equal(mail_api_count(&p->api, "PATCH"), 0);

    http_server_forget(p->api.server);
    run(p, &r, "5.5", false);
    if (r.end != DB_RUN_DONE)
        fail_msg("%s: %s", r.err.message, r.found);
    assert_int_equal(http_server_count(p->api.server), 3);
    asked = http_server_asked(p->api.server, 1);
    assert_string_equal(asked->method, "PATCH");
    assert_string_equal(asked->path, SETTINGS);
    assert_null(strstr(asked->path, TOKEN));
    assert_null(strstr(asked->body, TOKEN));
    sent = json_loads(asked->body, 0, NULL);
    assert_int_equal(json_object_size(sent), 2);
    assert_string_equal(json_string_value(json_object_get(sent, "mailer_subjects_recovery")),
                        "Set a new password for Zmart");
    assert_true(json_is_string(json_object_get(sent, "mailer_templates_recovery_content")));
    json_decref(sent);
    assert_string_equal(http_server_asked(p->api.server, 2)->method, "GET");

    /* Nothing is sent for what is so already. */
    http_server_forget(p->api.server);
    run(p, &r, "5.5", false);
    assert_int_equal(r.end, DB_RUN_NOTHING);
    assert_int_equal(mail_api_count(&p->api, "PATCH"), 0);
    db_step_run_done(&r);
}

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

static void what_was_agreed_to_is_what_is_sent(void **state)
{
    struct place *p = *state;
    struct db_step_run r = {.key = "5.5"};
    char *seen;

    mail_api_put(&p->api, "mailer_subjects_recovery", "Other");
    seen = zm_strdup(look(p, "5.5").fix);
    mail_api_put(&p->api, "mailer_subjects_recovery", "Somebody else was here");
    r.agreed = seen;
    db_step_perform(&p->list, &r);
    assert_int_equal(r.end, DB_RUN_REFUSED);
    assert_string_equal(r.err.message, "what step 5.5 would change is no longer what was shown");
    assert_int_equal(mail_api_count(&p->api, "PATCH"), 0);
    db_step_run_done(&r);
    free(seen);
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

/* ---- tokens and projects ---- */

static void without_a_token_a_person_does_it(void **state)
{
    struct place *p = *state;
    struct db_check_result result;
    struct db_step_finding f;
    struct db_step_run r = {.key = NULL};
    struct zm_error err;

    p->list.token = NULL;
    f = look(p, "5.2");
    assert_int_equal(f.state, DB_STEP_WAITING);
    assert_string_equal(f.found, "no token of the Management API is configured");
    assert_non_null(strstr(f.fix, "project " PROJECT ", Authentication, Emails, Templates, "
                                  "\"Confirm sign up\""));
    assert_non_null(
        strstr(f.fix, "\nSubject: {{ .Token }} is your Zmart confirmation code\n\n<h2>"));
    assert_true(db_checklist_check(&p->list, "5", &result, &err));
    assert_true(db_step_may_be_confirmed(db_check_step(&result, "5.1")));
    assert_true(db_step_may_be_confirmed(db_check_step(&result, "5.2")));
    run(p, &r, "5.2", false);
    assert_int_equal(r.end, DB_RUN_REFUSED);
    db_step_run_done(&r);

    p->list.token = TOKEN;
    p->targets[DB_BRAIN].project = NULL;
    f = look(p, "5.2");
    assert_int_equal(f.state, DB_STEP_WAITING);
    assert_string_equal(f.found, "project of brain is not configured");
    assert_int_equal(http_server_count(p->api.server), 0);
}

static void a_token_comes_from_a_program(void **state)
{
    static const char *const good[] = {"printf", "%s\\n", TOKEN, NULL};
    static const char *const bad[] = {"sh", "-c", "echo locked >&2; exit 3", NULL};
    static const char *const odd[] = {"printf", "a b\\n", NULL};
    struct place *p = *state;
    struct db_step_finding f;

    p->list.token = NULL;
    p->list.token_argv = good;
    assert_int_equal(look(p, "5.2").state, DB_STEP_OK);
    http_server_forget(p->api.server);

    p->list.token_argv = bad;
    f = look(p, "5.2");
    assert_int_equal(f.state, DB_STEP_NOT_RUN);
    assert_string_equal(f.err.what, "run token_command");
    assert_string_equal(f.err.message, "it failed (exit code 3)");
    p->list.token_argv = odd;
    f = look(p, "5.2");
    assert_string_equal(f.err.message, "the token is empty or has a character that no token has");
    assert_int_equal(http_server_count(p->api.server), 0);
}

static void a_ref_that_is_none_is_not_asked_for(void **state)
{
    struct place *p = *state;
    struct db_step_finding f;

    p->targets[DB_BRAIN].project = "../organizations?";
    f = look(p, "5.2");
    assert_string_equal(f.err.message, "'../organizations?' is no project ref");
    assert_int_equal(http_server_count(p->api.server), 0);
}

/* ---- our files, and what a signature is for ---- */

static void a_bad_template_is_never_sent(void **state)
{
    char directory[] = "/tmp/zm-mail.XXXXXX", path[64];
    struct place *p = *state;
    struct db_step_run r = {.key = NULL};
    struct db_step_finding f;
    FILE *file;

    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/invite.html", directory);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("Subject: Hi\n\n<p>{{ .ConfirmationUrl }}</p>\n", file);
    fclose(file);
    p->list.templates_directory = directory;
    f = look(p, "5.3");
    assert_int_equal(f.state, DB_STEP_FAIL);
    assert_string_equal(f.found, "invite.html:3: cannot use the template: {{ .ConfirmationUrl }} "
                                 "is no variable: {{ .ConfirmationURL }}?");
    run(p, &r, "5.3", false);
    assert_int_equal(r.end, DB_RUN_FAILED);
    assert_int_equal(mail_api_count(&p->api, "PATCH"), 0);
    f = look(p, "5.4");
    assert_int_equal(f.state, DB_STEP_FAIL);
    assert_non_null(strstr(f.found, "there is no file "));
    remove(path);
    remove(directory);
    db_step_run_done(&r);
}

static void a_signature_is_for_what_is_live(void **state)
{
    struct place *p = *state;
    char before[37], same[37], after[37], waiting[37], still[37];

    look(p, "5.1");
    db_checklist_fingerprint(&p->list, 5, before);
    look(p, "5.1");
    db_checklist_fingerprint(&p->list, 5, same);
    assert_string_equal(before, same);
    assert_true(before[0]);
    mail_api_put(&p->api, "uri_allow_list",
                 "https://elsewhere.example.com"); /* not of these steps */
    look(p, "5.1");
    db_checklist_fingerprint(&p->list, 5, same);
    assert_string_equal(before, same);
    mail_api_put(&p->api, "mailer_subjects_invite", "Other");
    look(p, "5.1");
    db_checklist_fingerprint(&p->list, 5, after);
    assert_string_not_equal(before, after);

    p->list.token = NULL;
    look(p, "5.1");
    db_checklist_fingerprint(&p->list, 5, waiting);
    mail_api_put(&p->api, "mailer_subjects_invite", "Yet another");
    look(p, "5.1");
    db_checklist_fingerprint(&p->list, 5, still);
    assert_string_equal(waiting, still);
    assert_true(waiting[0]);
}

static void step_hash(struct place *p, const char *key, char ret[37])
{
    look(p, key);
    db_step_fingerprint(&p->list, db_step_find(key), ret);
    assert_true(ret[0]);
}

/* What people say of a message is said of our file, with a token and without. */
static void a_confirmation_is_for_a_message(void **state)
{
    char directory[] = "/tmp/zm-mail.XXXXXX", path[64], before[37], after[37], seen[37];
    struct place *p = *state;
    FILE *file;

    step_hash(p, "5.8", before);
    p->list.token = NULL;
    step_hash(p, "5.8", after);
    assert_string_equal(before, after);
    step_hash(p, "5.2", seen);
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/confirmation.html", directory);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("Subject: Hi\n\n<p>{{ .Token }}</p>\n", file);
    fclose(file);
    p->list.templates_directory = directory;
    step_hash(p, "5.8", after);
    assert_string_not_equal(before, after);
    step_hash(p, "5.2", after);
    assert_string_not_equal(seen, after);
    remove(path);
    remove(directory);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(equal_messages_are_ok_and_asked_for_once),
        TEST(a_site_url_that_leads_nowhere),
        TEST(a_difference_is_shown),
        TEST(only_the_two_keys_are_sent_and_read_back),
        TEST(a_server_that_does_not_do_it_is_noticed),
        TEST(what_was_agreed_to_is_what_is_sent),
        TEST(a_lost_answer_is_looked_after),
        TEST(what_is_not_known_is_said),
        TEST(every_bad_answer_is_a_sentence),
        TEST(who_stops_it_does_not_wait),
        TEST(without_a_token_a_person_does_it),
        TEST(a_token_comes_from_a_program),
        TEST(a_ref_that_is_none_is_not_asked_for),
        TEST(a_bad_template_is_never_sent),
        TEST(a_signature_is_for_what_is_live),
        TEST(a_confirmation_is_for_a_message),
    };

    return cmocka_run_group_tests_name("mail_templates", tests, NULL, NULL);
}
