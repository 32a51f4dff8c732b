/*
 * Checklist item 5 as a person works it off on the command line: the token from the environment,
 * what is asked before something is sent, the journal, the signature and what makes it stale; and
 * that the token is nowhere.
 */
#include "run_command.h"

#include <sys/stat.h>

#include "support/demo.h"
#include "support/http_server.h"

#define TOKEN "sbp_ffeeddccbbaa99887766554433221100ffeeddcc"

struct place {
    struct demo demo;
    char directory[64], conf[128];
    struct http_server *server;
    json_t *settings;
    char *text;
};

static void answer(void *context, const struct http_asked *asked, struct http_reply *ret)
{
    struct place *p = context;
    char bearer[128];

    http_asked_header(asked, "Authorization", bearer, sizeof(bearer));
    if (strcmp(bearer, "Bearer " TOKEN) != 0) {
        ret->status = 401;
        ret->body = "{}";
        return;
    }
    if (strcmp(asked->method, "PATCH") == 0) {
        json_t *change = json_loads(asked->body, 0, NULL);

        json_object_update(p->settings, change);
        json_decref(change);
    }
    free(p->text);
    p->text = json_dumps(p->settings, 0);
    ret->body = p->text;
}

/* The demo's configuration with one group more. */
static void write_conf(struct place *p)
{
    char *text = read_file(p->demo.conf), *at = strstr(text, "existing_tables");
    FILE *file;

    assert_non_null(at);
    snprintf(p->conf, sizeof(p->conf), "%s/mail.conf", p->directory);
    file = fopen(p->conf, "w");
    assert_non_null(file);
    fprintf(file, "%.*semail_templates: { url = \"%s/\"; };\n%s", (int)(at - text), text,
            http_server_url(p->server), at);
    fclose(file);
    assert_int_equal(chmod(p->conf, 0600), 0);
    free(text);
}

static int start(void **state)
{
    static const char *const names[] = {"confirmation", "invite",       "magic_link",
                                        "recovery",     "email_change", "reauthentication"};
    struct place *p = zm_calloc(1, sizeof(*p));
    char key[80];
    size_t i;

    demo_start(&p->demo, 50, NULL);
    make_directory(p->directory);
    p->server = http_server_start();
    p->settings =
        json_pack("{s:s, s:i}", "site_url", "https://app.example.com", "rate_limit_email_sent", 30);
    for (i = 0; i < ZM_COUNT(names); i++) { /* a new project: all are Supabase's own */
        snprintf(key, sizeof(key), "mailer_subjects_%s", names[i]);
        json_object_set_new(p->settings, key, json_null());
        snprintf(key, sizeof(key), "mailer_templates_%s_content", names[i]);
        json_object_set_new(p->settings, key, json_null());
    }
    http_server_handle(p->server, answer, p);
    write_conf(p);
    unsetenv("ZMARTCTL_MANAGEMENT_TOKEN");
    *state = p;
    return 0;
}

static int stop(void **state)
{
    struct place *p = *state;

    http_server_stop(p->server);
    demo_done(&p->demo);
    remove_directory(p->directory);
    json_decref(p->settings);
    free(p->text);
    free(p);
    return 0;
}

/* Words of stdout and stderr; NULL: none are looked for. The token is in neither. */
static void says(struct place *p, int code, const char *line, const char *out, const char *err)
{
    struct ran ran = run_line(p->conf, p->directory, line);

    assert_ran(&ran, code);
    if (out)
        assert_holds(ran.out, out);
    if (err)
        assert_holds(ran.err, err);
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
    assert_int_equal(http_server_count(p->server), 0);
}

static void a_message_is_set_and_signed_for(void **state)
{
    struct place *p = *state;

    says(p, 1, WITH "$Z check 5", "site URL https://app.example.com, 30 e-mails an hour", NULL);
    says(p, 0, WITH "$Z check run 5.2 --dry-run", NULL, "5.2: nothing was sent");
    says(p, 2, WITH "$Z check run 5.2", NULL, "there is nobody to be asked");
    assert_true(json_is_null(json_object_get(p->settings, "mailer_subjects_confirmation")));
    says(p, 0, WITH "$Z check run 5.2 --yes", NULL, "  +Subject: {{ .Token }} is your Zmart");
    assert_true(json_is_string(json_object_get(p->settings, "mailer_subjects_confirmation")));
    assert_true(json_is_null(json_object_get(p->settings, "mailer_subjects_invite")));
    says(p, 0, WITH "$Z check run 5 --yes", NULL, NULL);
    says(p, 5, WITH "$Z check sign 5 --note 'done' --yes", NULL, "5.8 waiting");
    says(p, 0, WITH "$Z check sign 5.8 --note 'seen in my mailbox' --yes", NULL, NULL);
    says(p, 0, WITH "$Z check sign 5 --note 'done' --yes", NULL, NULL);
    says(p, 0, WITH "$Z check 5", NULL, NULL);
}

/* After the one above. */
static void somebody_elses_change_makes_it_stale(void **state)
{
    struct place *p = *state;

    json_object_set_new(p->settings, "rate_limit_email_sent", json_integer(2));
    says(p, 1, WITH "$Z check 5", "[st]", NULL);
    json_object_set_new(p->settings, "rate_limit_email_sent", json_integer(30));
    says(p, 0, WITH "$Z check 5", NULL, NULL);
    json_object_set_new(p->settings, "mailer_subjects_invite", json_string("Buy now"));
    says(p, 1, WITH "$Z check 5", "the subject is \"Buy now\"", NULL);
    says(p, 3, "ZMARTCTL_MANAGEMENT_TOKEN=old $Z check 5.3", NULL,
         "the token is not accepted (401)");
}

static void the_token_is_nowhere(void **state)
{
    struct place *p = *state;
    char line[400];

    assert_string_equal(demo_sql(&p->demo, DB_BRAIN,
                                 "SELECT count(*) FROM public.user_activity WHERE action = "
                                 "'zmartctl.check_run' AND metadata::text LIKE '%+Subject: %'"),
                        "6");
    assert_string_equal(demo_sql(&p->demo, DB_BRAIN,
                                 "SELECT count(*) FROM public.user_activity WHERE "
                                 "metadata::text LIKE '%" TOKEN "%'"),
                        "0");
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
        cmocka_unit_test(somebody_elses_change_makes_it_stale),
        cmocka_unit_test(the_token_is_nowhere),
    };

    return cmocka_run_group_tests_name("commands_mail", tests, start, stop);
}
