/*
 * Questions over HTTP against a server that behaves and misbehaves: what is sent, what comes back,
 * what is refused before anything is sent, and what an error says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/http.h"
#include "support/http_server.h"
#include "support/process.h"
#include "zm/clock.h"
#include "zm/str.h"

#define TOKEN "sbp_0123456789abcdef0123456789abcdef"

struct place {
    struct http_server *server;
    char url[128];
};

static int set_up(void **state)
{
    struct place *p = zm_calloc(1, sizeof(*p));

    p->server = http_server_start();
    snprintf(p->url, sizeof(p->url), "%s/v1/thing?a=b", http_server_url(p->server));
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;

    http_server_stop(p->server);
    free(p);
    return 0;
}

static bool ask(struct place *p, struct db_http_answer *answer, struct zm_error *err)
{
    struct db_http_request request = {
        .method = "GET", .url = p->url, .bearer = TOKEN, .timeout_ms = 5000};

    return db_http_ask(&request, answer, err);
}

static void no_secret(const struct zm_error *err)
{
    char line[1024];

    zm_error_line(err, line, sizeof(line));
    assert_null(strstr(line, TOKEN));
    assert_null(strstr(err->detail, TOKEN));
    assert_null(strstr(err->hint, TOKEN));
}

static void sends_what_it_is_told(void **state)
{
    struct place *p = *state;
    struct db_http_request request = {.method = "PATCH",
                                      .url = p->url,
                                      .bearer = TOKEN,
                                      .api_key = "anon",
                                      .body = "{\"a\":\"1\"}"};
    const struct http_asked *asked;
    struct db_http_answer answer;
    struct zm_error err = {.kind = ZM_ERR_NONE};
    char value[128];

    http_server_say(p->server, &(struct http_reply){.status = 201, .body = "{\"ok\":true}"});
    assert_true(db_http_ask(&request, &answer, &err));
    assert_int_equal(answer.status, 201);
    assert_string_equal(answer.body, "{\"ok\":true}");
    assert_int_equal(answer.len, 11);
    assert_int_equal(answer.retry_after_s, 0);
    db_http_answer_done(&answer);

    assert_int_equal(http_server_count(p->server), 1);
    asked = http_server_asked(p->server, 0);
    assert_string_equal(asked->method, "PATCH");
    assert_string_equal(asked->path, "/v1/thing?a=b");
    assert_string_equal(asked->body, "{\"a\":\"1\"}");
    assert_true(http_asked_header(asked, "authorization", value, sizeof(value)));
    assert_string_equal(value, "Bearer " TOKEN);
    assert_true(http_asked_header(asked, "apikey", value, sizeof(value)));
    assert_string_equal(value, "anon");
    assert_true(http_asked_header(asked, "content-type", value, sizeof(value)));
    assert_string_equal(value, "application/json");
}

static void sends_no_header_without_a_secret(void **state)
{
    struct place *p = *state;
    struct db_http_request request = {.method = "GET", .url = p->url};
    struct db_http_answer answer;
    char value[128];

    assert_true(db_http_ask(&request, &answer, NULL));
    assert_string_equal(answer.body, "");
    db_http_answer_done(&answer);
    assert_false(
        http_asked_header(http_server_asked(p->server, 0), "authorization", value, sizeof(value)));
    assert_false(
        http_asked_header(http_server_asked(p->server, 0), "apikey", value, sizeof(value)));
}

static void every_status_is_an_answer(void **state)
{
    static const int statuses[] = {200, 204, 301, 302, 400, 401, 403, 404, 429, 500, 503};
    struct place *p = *state;
    struct db_http_answer answer;
    struct zm_error err;
    size_t i;

    for (i = 0; i < ZM_COUNT(statuses); i++) {
        http_server_say(p->server, &(struct http_reply){
                                       .status = statuses[i],
                                       .headers = statuses[i] == 429  ? "Retry-After: 17\r\n"
                                                  : statuses[i] < 400 ? "Location: /elsewhere\r\n"
                                                                      : NULL,
                                       .body = statuses[i] == 204 ? NULL : "{}"});
        assert_true(ask(p, &answer, &err));
        assert_int_equal(answer.status, statuses[i]);
        assert_int_equal(answer.retry_after_s, statuses[i] == 429 ? 17 : 0);
        db_http_answer_done(&answer);
    }
    /* No redirect was followed: as many questions as answers. */
    assert_int_equal(http_server_count(p->server), ZM_COUNT(statuses));
}

static void how_long_to_wait(void **state)
{
    static const struct {
        int status;
        const char *headers;
        int seconds;
    } cases[] = {
        {429, "Retry-After: 17\r\n", 17},
        {429, "X-RateLimit-Limit: 120\r\nx-ratelimit-reset: 37\r\n", 37},
        {429, "RateLimit-Reset: 9\r\n", 9},
        {429, "Retry-After: 17\r\nX-RateLimit-Reset: 37\r\n", 17},
        {429, "X-RateLimit-Reset: 1790000000\r\n", 0}, /* a moment */
        {429, "X-RateLimit-Reset: soon\r\n", 0},
        {200, "X-RateLimit-Reset: 37\r\n", 0}, /* nobody has to wait */
    };
    struct place *p = *state;
    struct db_http_answer answer;
    struct zm_error err;
    size_t i;

    for (i = 0; i < ZM_COUNT(cases); i++) {
        http_server_say(p->server, &(struct http_reply){.status = cases[i].status,
                                                        .headers = cases[i].headers,
                                                        .body = "{}"});
        assert_true(ask(p, &answer, &err));
        assert_int_equal(answer.retry_after_s, cases[i].seconds);
        db_http_answer_done(&answer);
    }
}

static void long_answers_have_an_end(void **state)
{
    struct place *p = *state;
    struct db_http_answer answer;
    struct zm_error err;

    http_server_say(p->server, &(struct http_reply){.huge = DB_HTTP_MAX});
    assert_true(ask(p, &answer, &err));
    assert_int_equal(answer.len, DB_HTTP_MAX);
    db_http_answer_done(&answer);

    http_server_say(p->server, &(struct http_reply){.huge = DB_HTTP_MAX + 1});
    assert_false(ask(p, &answer, &err));
    assert_int_equal(err.kind, ZM_ERR_DATA);
    assert_string_equal(err.message, "its answer is longer than 1024 KiB");
    assert_string_equal(err.what, "ask 127.0.0.1");
    assert_null(answer.body);
}

static void broken_answers_are_errors(void **state)
{
    struct place *p = *state;
    struct db_http_answer answer;
    struct zm_error err;

    http_server_say(p->server, &(struct http_reply){.body = "{\"a\": 12345}", .how = HTTP_HALF});
    assert_false(ask(p, &answer, &err));
    assert_int_equal(err.kind, ZM_ERR_LOST);
    assert_string_equal(err.message, "its answer ended in the middle");
    no_secret(&err);

    http_server_say(p->server, &(struct http_reply){.how = HTTP_DROP});
    assert_false(ask(p, &answer, &err));
    assert_int_equal(err.kind, ZM_ERR_LOST);
    assert_string_equal(err.message, "it closed the connection without an answer");
    no_secret(&err);
}

static void silence_ends_with_the_timeout(void **state)
{
    struct place *p = *state;
    struct db_http_request request = {
        .method = "GET", .url = p->url, .bearer = TOKEN, .timeout_ms = 300};
    struct db_http_answer answer;
    int64_t start = zm_now_ms();
    struct zm_error err;

    http_server_say(p->server, &(struct http_reply){.how = HTTP_SILENT});
    assert_false(db_http_ask(&request, &answer, &err));
    assert_int_equal(err.kind, ZM_ERR_TIMEOUT);
    assert_string_equal(err.message, "no whole answer within 0.3 s");
    assert_in_range(zm_now_ms() - start, 300, 10000);
    no_secret(&err);
}

static bool after_some(void *context)
{
    int *left = context;

    return (*left)-- == 0;
}

static void who_no_longer_wants_it_is_let_go(void **state)
{
    struct place *p = *state;
    int left = 3;
    struct db_http_request request = {.method = "GET",
                                      .url = p->url,
                                      .timeout_ms = 60000,
                                      .stopped = after_some,
                                      .context = &left};
    struct db_http_answer answer;
    int64_t start = zm_now_ms();
    struct zm_error err;

    http_server_say(p->server, &(struct http_reply){.how = HTTP_SILENT});
    assert_false(db_http_ask(&request, &answer, &err));
    assert_int_equal(err.kind, ZM_ERR_CANCELLED);
    assert_true(zm_now_ms() - start < 20000);
}

static void nobody_there_is_an_error_that_says_where(void **state)
{
    struct place *p = *state;
    struct db_http_answer answer;
    struct zm_error err;
    char url[128];

    zm_copy(url, sizeof(url), http_server_url(p->server));
    http_server_stop(p->server);
    p->server = NULL;
    assert_false(ask(p, &answer, &err));
    assert_int_equal(err.kind, ZM_ERR_CONNECT);
    assert_string_equal(err.what, "ask 127.0.0.1");
    assert_string_equal(err.message, "nothing takes the connection");
    no_secret(&err);
}

static void what_cannot_be_sent_is_not(void **state)
{
    /* clang-format off */
    static const struct { const char *url, *bearer, *says; enum zm_error_kind kind; } cases[] = {
        {"http://api.example.com/", TOKEN, "its URL begins with http://", ZM_ERR_INSECURE},
        {"http://127.0.0.1.example.com/", TOKEN, "its URL begins with http://", ZM_ERR_INSECURE},
        {"http://127.0.0.1@api.example.com/", TOKEN, "'http://127.0.0.1@api.example.com/' is no URL of a host", ZM_ERR_USAGE},
        {"http://127.0.0.1:80@api.example.com/", TOKEN, "'http://127.0.0.1:80@api.example.com/' is no URL of a host", ZM_ERR_USAGE},
        {"http://127.0.0.1\\api.example.com/", TOKEN, "'http://127.0.0.1\\api.example.com/' is no URL of a host", ZM_ERR_USAGE},
        {"https://api.example.com/a b", TOKEN, "'https://api.example.com/a b' is no URL of a host", ZM_ERR_USAGE},
        {"ftp://127.0.0.1/", TOKEN, "'ftp://127.0.0.1/' does not begin with https://", ZM_ERR_USAGE},
        {"file:///etc/passwd", TOKEN, "'file:///etc/passwd' does not begin with https://", ZM_ERR_USAGE},
        {"https://", TOKEN, "'https://' is no URL of a host", ZM_ERR_USAGE},
        {NULL, "two\r\nX: y", "the token is empty or has a character that no token has", ZM_ERR_USAGE},
        {NULL, "", "the token is empty or has a character that no token has", ZM_ERR_USAGE},
    };
    /* clang-format on */
    struct place *p = *state;
    struct db_http_answer answer;
    struct zm_error err;
    size_t i;

    for (i = 0; i < ZM_COUNT(cases); i++) {
        struct db_http_request request = {.method = "GET",
                                          .url = cases[i].url ? cases[i].url : p->url,
                                          .bearer = cases[i].bearer};

        assert_false(db_http_ask(&request, &answer, &err));
        assert_string_equal(err.message, cases[i].says);
        assert_int_equal(err.kind, cases[i].kind);
        no_secret(&err);
    }
    assert_int_equal(http_server_count(p->server), 0);
}

static void plain_text_is_no_tls(void **state)
{
    struct place *p = *state;
    struct db_http_answer answer;
    struct zm_error err;

    snprintf(p->url, sizeof(p->url), "https%s/", http_server_url(p->server) + strlen("http"));
    assert_false(ask(p, &answer, &err));
    assert_int_equal(err.kind, ZM_ERR_INSECURE);
    no_secret(&err);
}

/* A TLS server with a certificate that nobody of this machine signed; its port. */
static pid_t start_tls(const char *directory, int *ret_port)
{
    char line[256] = "", script[400];
    int fds[2];
    FILE *said;
    pid_t pid;

    snprintf(script, sizeof(script),
             "cd %s; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
             " -keyout key -out crt -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
             " -days 2 2>/dev/null; exec openssl s_server -accept 127.0.0.1:0 -www -cert crt"
             " -key key 2>/dev/null",
             directory);
    assert_int_equal(pipe(fds), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(fds[1], STDOUT_FILENO);
        close(fds[0]);
        close(fds[1]);
        execlp("sh", "sh", "-c", script, (char *)NULL);
        _exit(127);
    }
    close(fds[1]);
    said = fdopen(fds[0], "r");
    while (fgets(line, sizeof(line), said) && sscanf(line, "ACCEPT 127.0.0.1:%d", ret_port) != 1)
        continue;
    fclose(said);
    return pid;
}

static void an_unknown_certificate_is_not_trusted(void **state)
{
    char directory[] = "/tmp/zm-http.XXXXXX", path[64];
    static const char *const files[] = {"key", "crt"};
    struct place *p = *state;
    struct db_http_answer answer;
    struct zm_error err;
    int port = 0;
    pid_t pid;
    size_t i;

    process_make_dir(directory);
    pid = start_tls(directory, &port);
    assert_true(port > 0);
    snprintf(p->url, sizeof(p->url), "https://127.0.0.1:%d/", port);
    assert_false(ask(p, &answer, &err));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    for (i = 0; i < ZM_COUNT(files); i++) {
        snprintf(path, sizeof(path), "%s/%s", directory, files[i]);
        unlink(path);
    }
    rmdir(directory);
    assert_int_equal(err.kind, ZM_ERR_INSECURE);
    assert_string_equal(err.message, "its certificate is not valid here");
    no_secret(&err);
}

static void proxies_of_the_environment_are_not_for_this_machine(void **state)
{
    struct place *p = *state;
    struct db_http_answer answer;
    struct zm_error err;

    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    assert_true(ask(p, &answer, &err));
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    db_http_answer_done(&answer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sends_what_it_is_told),
        TEST(sends_no_header_without_a_secret),
        TEST(every_status_is_an_answer),
        TEST(how_long_to_wait),
        TEST(long_answers_have_an_end),
        TEST(broken_answers_are_errors),
        TEST(silence_ends_with_the_timeout),
        TEST(who_no_longer_wants_it_is_let_go),
        TEST(nobody_there_is_an_error_that_says_where),
        TEST(what_cannot_be_sent_is_not),
        TEST(plain_text_is_no_tls),
        TEST(an_unknown_certificate_is_not_trusted),
        TEST(proxies_of_the_environment_are_not_for_this_machine),
    };

    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
