/*
 * Checklist item 5 as a person works it off on the command line: the token from the environment,
 * what is asked before something is sent, the journal, the signature and what makes it stale; and
 * that the token is nowhere.
 */
#include "run_command.h"

#include "support/demo.h"
#include "support/mail_api.h"

#define TOKEN MAIL_API_TOKEN

struct place {
    struct demo demo;
    char directory[64], conf[128];
    struct mail_api api;
};

static int start(void **state)
{
    struct place *p = zm_calloc(1, sizeof(*p));

    demo_start(&p->demo, 50, NULL);
    make_directory(p->directory);
    mail_api_start(&p->api, false);
    snprintf(p->conf, sizeof(p->conf), "%s/mail.conf", p->directory);
    mail_api_write_conf(&p->api, p->demo.conf, p->conf);
    unsetenv("ZMARTCTL_MANAGEMENT_TOKEN");
    *state = p;
    return 0;
}

static int stop(void **state)
{
    struct place *p = *state;

    mail_api_stop(&p->api);
    demo_done(&p->demo);
    remove_directory(p->directory);
    free(p);
    return 0;
}

/* Words of stdout and stderr; NULL: none are looked for. The token is in neither. */
static void says(struct place *p, int code, const char *line, const char *out, const char *err)
{
    struct ran ran = run_line(p->conf, p->directory, line);

    assert_says(&ran, code, out, err);
    assert_null(strstr(ran.out, TOKEN));
    assert_null(strstr(ran.err, TOKEN));
    ran_done(&ran);
}

#define WITH "ZMARTCTL_MANAGEMENT_TOKEN=" TOKEN " "

static void without_a_token_people_do_it(void **state)
{
    struct place *p = *state;

    says(p, 1, "$Z check 5.2", "Authentication, Emails, Templates, \"Confirm sign up\"", NULL);
    says(p, 5, "$Z check run 5.2 --yes", NULL, "no token of the Management API is configured");
    says(p, 0, "$Z check sign 5.2 --note 'set by hand' --yes", "confirmed by", NULL);
    says(p, 0, "$Z check 5.2", "set by hand", NULL);
    says(p, 0, "$Z check unsign 5.2 --note 'a token will do' --yes", NULL, NULL);
    assert_int_equal(http_server_count(p->api.server), 0);
}

static void a_message_is_set_and_signed_for(void **state)
{
    struct place *p = *state;

    says(p, 1, WITH "$Z check 5", "site URL https://app.example.com, 2 e-mails an hour", NULL);
    says(p, 0, WITH "$Z check run 5.2 --dry-run", NULL, "5.2: nothing was sent");
    says(p, 2, WITH "$Z check run 5.2", NULL, "there is nobody to be asked");
    assert_true(json_is_null(json_object_get(p->api.settings, "mailer_subjects_confirmation")));
    says(p, 0, WITH "$Z check run 5.2 --yes", NULL, "  +Subject: {{ .Token }} is your Zmart");
    assert_true(json_is_string(json_object_get(p->api.settings, "mailer_subjects_confirmation")));
    assert_true(json_is_null(json_object_get(p->api.settings, "mailer_subjects_invite")));
    says(p, 0, WITH "$Z check run 5 --yes", NULL, NULL);
    says(p, 5, WITH "$Z check sign 5 --note 'done' --yes", NULL, "5.8 waiting");
    says(p, 0, WITH "$Z check sign 5.8 --note 'seen in my mailbox' --yes", NULL, NULL);
    says(p, 0, WITH "$Z check sign 5 --note 'done' --yes", NULL, NULL);
    says(p, 0, WITH "$Z check 5", NULL, NULL);
}

/* Whoever has no token cannot see what is live, and does not say that it has changed. */
static void without_a_token_nobody_knows(void **state)
{
    struct place *p = *state;

    says(p, 0, "$Z check 5 --json | head -1 | grep -v stale", NULL, NULL);
    says(p, 0, WITH "$Z check 5", NULL, NULL);
}

/* After the ones above. */
static void somebody_elses_change_makes_it_stale(void **state)
{
    struct place *p = *state;

    json_object_set_new(p->api.settings, "rate_limit_email_sent", json_integer(30));
    says(p, 1, WITH "$Z check 5", "[st]", NULL);
    json_object_set_new(p->api.settings, "rate_limit_email_sent", json_integer(2));
    says(p, 0, WITH "$Z check 5", NULL, NULL);
    mail_api_put(&p->api, "mailer_subjects_invite", "Buy now");
    says(p, 1, WITH "$Z check 5", "the subject is \"Buy now\"", NULL);
    says(p, 3, "ZMARTCTL_MANAGEMENT_TOKEN=old $Z check 5.3", NULL,
         "the token is not accepted (401)");
}

static void assert_journal(const struct place *p, const char *condition, const char *n)
{
    char sql[300];

    snprintf(sql, sizeof(sql), "SELECT count(*) FROM public.user_activity WHERE %s", condition);
    assert_string_equal(demo_sql(&p->demo, DB_BRAIN, sql), n);
}

static void the_token_is_nowhere(void **state)
{
    struct place *p = *state;
    char line[400];

    assert_journal(p, "action = 'zmartctl.check_run' AND metadata::text LIKE '%+Subject: %'", "6");
    assert_journal(p, "metadata::text LIKE '%" TOKEN "%'", "0");
    snprintf(line, sizeof(line),
             "grep -r --exclude=out --exclude=err -e " TOKEN " '%.*s' $D; test $? = 1",
             (int)(strrchr(p->demo.conf, '/') - p->demo.conf), p->demo.conf);
    says(p, 0, line, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_token_people_do_it),
        cmocka_unit_test(a_message_is_set_and_signed_for),
        cmocka_unit_test(without_a_token_nobody_knows),
        cmocka_unit_test(somebody_elses_change_makes_it_stale),
        cmocka_unit_test(the_token_is_nowhere),
    };

    return cmocka_run_group_tests_name("commands_mail", tests, start, stop);
}
