/*
 * Checklist item 5 against a server that answers as the Management API does: what is found, what is
 * sent, and what a person is told who has no token.
 */
#include "mail_place.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(equal_messages_are_ok_and_asked_for_once),
        TEST(a_site_url_that_leads_nowhere),
        TEST(a_difference_is_shown),
        TEST(only_the_two_keys_are_sent_and_read_back),
        TEST(what_was_agreed_to_is_what_is_sent),
        TEST(without_a_token_a_person_does_it),
        TEST(a_token_comes_from_a_program),
        TEST(a_ref_that_is_none_is_not_asked_for),
        TEST(a_bad_template_is_never_sent),
        TEST(a_signature_is_for_what_is_live),
        TEST(a_confirmation_is_for_a_message),
    };

    return cmocka_run_group_tests_name("mail_templates", tests, NULL, NULL);
}
