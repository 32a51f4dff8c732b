/*
 * Checklist item 5 on the screen: a message from its difference to ok, and what is said where
 * nothing can be sent.
 */
#include "mail_console.h"

#include <unistd.h>

#include "zm/arena.h"
#include "zm/clock.h"

struct place {
    struct demo demo;
    struct mail_api api;
    char conf[64];
};

static int start(void **state)
{
    struct place *p = zm_calloc(1, sizeof(*p));
    int fd;

    start_servers(&p->demo, &p->api);
    snprintf(p->conf, sizeof(p->conf), "/tmp/zm-mail.XXXXXX");
    fd = mkstemp(p->conf);
    assert_true(fd >= 0);
    close(fd);
    mail_api_write_conf(&p->api, p->demo.conf, p->conf);
    *state = p;
    return 0;
}

static int stop(void **state)
{
    struct place *p = *state;

    unlink(p->conf);
    stop_servers(&p->demo, &p->api);
    free(p);
    return 0;
}

static struct vt *open_with(const struct place *p, const char *env)
{
    const char *const argv[] = {ZM_BINARY, "-c", p->conf, NULL};

    return open_message(argv, env);
}

static void a_difference_is_shown_sent_and_gone(void **state)
{
    struct place *p = *state;
    struct vt *vt = open_with(p, "ZMARTCTL_MANAGEMENT_TOKEN=" MAIL_API_TOKEN);

    vt_wait(vt, "the subject is \"Confirm Your Signup\"", VT_SOON_MS);
    vt_type(vt, "F");
    vt_wait(vt, "-Subject: Confirm Your Signup", VT_SOON_MS);
    vt_wait(vt, "+Subject: {{ .Token }} is your Zmart confirmation code", VT_SOON_MS);
    assert_int_equal(mail_api_count(&p->api, "PATCH"), 0);
    vt_type(vt, "y");
    vt_wait(vt, "done, and looked at again: ok", VT_SOON_MS);
    assert_int_equal(mail_api_count(&p->api, "PATCH"), 1);
    vt_keys(vt, "Esc");
    vt_wait(vt, "they are live: \"{{ .Token }} is your Zmart confirmation", VT_SOON_MS);
    vt_type(vt, "F");
    vt_wait(vt, "5.2: they are live", VT_SOON_MS);
    assert_absent(vt, MAIL_API_TOKEN);
    quit(vt);
    assert_int_equal(mail_api_count(&p->api, "PATCH"), 1);
}

static void what_cannot_be_sent_is_said(void **state)
{
    struct place *p = *state;
    struct vt *vt = open_with(p, "ZMARTCTL_MANAGEMENT_TOKEN");

    vt_wait(vt, "no token of the Management API is configured", VT_SOON_MS);
    vt_type(vt, "F");
    vt_wait(vt, "5.2: no token of the Management API is configured", VT_SOON_MS);
    quit(vt);
    vt = open_with(p, "ZMARTCTL_MANAGEMENT_TOKEN=old");
    vt_wait(vt, "the token is not accepted (401)", VT_SOON_MS);
    vt_type(vt, "F");
    vt_wait(vt, "5.2: the token is not accepted (401)", VT_SOON_MS);
    quit(vt);
}

static void look_at_a_silent_api(struct vt *vt, struct place *p, const char *key)
{
    int64_t deadline = zm_now_ms() + VT_SOON_MS;

    http_server_forget(p->api.server);
    vt_type(vt, key);
    vt_wait(vt, "looking at both databases", VT_SOON_MS);
    while (mail_api_count(&p->api, "GET") == 0)
        assert_true(zm_now_ms() < deadline);
}

/* Esc ends the look, and quitting waits for nobody; the API says nothing for 4 s. */
static void a_silent_api_holds_nobody_up(void **state)
{
    struct place *p = *state;
    const char *const argv[] = {ZM_BINARY, "-c", p->conf, NULL};
    const char *const extra[] = {"ZMARTCTL_MANAGEMENT_TOKEN=" MAIL_API_TOKEN, NULL};
    struct vt *vt;
    int64_t start;

    p->api.on_get = (struct http_reply){.status = 500, .body = "{}", .delay_ms = 4000};
    vt = vt_start(argv, extra, 24, 80);
    vt_wait(vt, "Bot up", VT_SOON_MS);
    look_at_a_silent_api(vt, p, "3");
    start = zm_now_ms();
    vt_keys(vt, "Esc");
    vt_wait(vt, "r looks again", VT_SOON_MS);
    assert_true(zm_now_ms() - start < 2500);
    look_at_a_silent_api(vt, p, "r");
    start = zm_now_ms();
    quit(vt);
    assert_true(zm_now_ms() - start < 2000);
}

/* Nor does a program that is to print the token. */
static void a_silent_command_holds_nobody_up(void **state)
{
    struct place *p = *state;
    char conf[80], text[65536], *at;
    const char *const argv[] = {ZM_BINARY, "-c", conf, NULL};
    struct vt *vt;
    int64_t start;
    FILE *file = fopen(p->conf, "r");
    size_t n = fread(text, 1, sizeof(text) - 1, file);

    fclose(file);
    text[n] = '\0';
    at = strstr(text, "email_templates: {") + strlen("email_templates: {");
    snprintf(conf, sizeof(conf), "%s.sleeps", p->conf);
    file = fopen(conf, "w");
    fprintf(file, "%.*s token_command = \"/bin/sleep 4\";%s", (int)(at - text), text, at);
    fclose(file);
    vt = vt_start(argv, NULL, 24, 80);
    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_type(vt, "3");
    vt_wait(vt, "looking at both databases", VT_SOON_MS);
    vt_wait(vt, "5.1 ", VT_SOON_MS); /* it has come there */
    start = zm_now_ms();
    vt_keys(vt, "Esc");
    vt_wait(vt, "r looks again", VT_SOON_MS);
    assert_true(zm_now_ms() - start < 2500);
    vt_type(vt, "r");
    vt_wait(vt, "5.1 ", VT_SOON_MS);
    start = zm_now_ms();
    quit(vt);
    assert_true(zm_now_ms() - start < 2000);
    unlink(conf);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_difference_is_shown_sent_and_gone),
        cmocka_unit_test(what_cannot_be_sent_is_said),
        cmocka_unit_test(a_silent_api_holds_nobody_up),
        cmocka_unit_test(a_silent_command_holds_nobody_up),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
