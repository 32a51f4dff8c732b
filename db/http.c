/*
 * One question over HTTP with libcurl. Must not know what is asked, and must say nothing of what
 * is secret in it: an error is made of the host and of what failed.
 */
#include "db/http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "zm/clock.h"
#include "zm/str.h"

#define TICK_MS 100        /* how often the caller is asked whether he still wants it */
#define LONGEST_WAIT 86400 /* seconds that a server may ask for */
#define LONGEST_SECRET 4096
#define HOST_SIZE 54 /* of what an error says */
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define HOST_CHARS LETTERS ".-_[]:"
#define URL_CHARS LETTERS "-._~:/?#[]@!$&'()*+,;=%" /* RFC 3986 */

struct talk {
    const struct db_http_request *request;
    CURL *curl;
    struct curl_slist *headers;
    struct zm_buf body;
    bool too_long;
    int reset_s;   /* of X-RateLimit-Reset */
    char what[64]; /* "ask api.example.com" */
    char said[CURL_ERROR_SIZE];
};

/* ---- what is asked ---- */

/* Numbers of 127/8 but no names that begin so. */
static bool is_loopback(const char *host)
{
    return strcasecmp(host, "localhost") == 0 || zm_streq(host, "[::1]") ||
           (strncmp(host, "127.", 4) == 0 && !host[strspn(host, "0123456789.")]);
}

/* Whether it may be asked. The host has only what names and addresses are made of, so that there
 * are no two ways to read where the URL leads. */
static bool check_url(struct talk *t, bool *ret_local, struct zm_error *err)
{
    const char *url = t->request->url, *rest = strstr(url, "://");
    bool plain = strncmp(url, "http://", 7) == 0;
    char host[256];
    size_t n;

    if (!plain && strncmp(url, "https://", 8) != 0)
        return zm_error_set(err, ZM_ERR_USAGE, "", "ask over HTTP",
                            "'%.80s' does not begin with https://", url);
    rest += 3;
    n = strcspn(rest, ":/?#");
    if (*rest == '[' && strcspn(rest, "]") + 1 > n)
        n = strcspn(rest, "]") + 1;
    snprintf(host, sizeof(host), "%.*s", (int)(n < 255 ? n : 255), rest);
    if (!n || n > 255 || host[strspn(host, HOST_CHARS)] || rest[n + strspn(rest + n, URL_CHARS)] ||
        memchr(rest + n, '@', strcspn(rest + n, "/?#")))
        return zm_error_set(err, ZM_ERR_USAGE, "", "ask over HTTP", "'%.80s' is no URL of a host",
                            url);
    *ret_local = is_loopback(host);
    snprintf(t->what, sizeof(t->what), "ask %.*s", HOST_SIZE, host);
    if (!plain || *ret_local)
        return true;
    zm_error_set(err, ZM_ERR_INSECURE, "", t->what, "its URL begins with http://");
    return zm_error_hint(err, "https://..., or http://127.0.0.1 on this machine");
}

static bool is_sendable(const char *secret)
{
    const unsigned char *c = (const unsigned char *)secret;

    while (*c > ' ' && *c < 127)
        c++;
    return !*c;
}

static bool add_secret(struct talk *t, const char *name, const char *secret, struct zm_error *err)
{
    char line[LONGEST_SECRET + 64];
    size_t n = strlen(name);

    if (!secret)
        return true;
    if (!is_sendable(secret) || !secret[0] || strlen(secret) > LONGEST_SECRET)
        return zm_error_set(err, ZM_ERR_USAGE, "", t->what,
                            "the token is empty or has a character that no token has");
    zm_copy(line, sizeof(line), name); /* printf keeps pieces of what it prints */
    zm_copy(line + n, sizeof(line) - n, secret);
    t->headers = curl_slist_append(t->headers, line);
    explicit_bzero(line, sizeof(line));
    return true;
}

static bool add_headers(struct talk *t, struct zm_error *err)
{
    t->headers = curl_slist_append(t->headers, "Accept: application/json");
    t->headers = curl_slist_append(t->headers, "Expect:"); /* no round trip before a body */
    if (t->request->body)
        t->headers = curl_slist_append(t->headers, "Content-Type: application/json");
    return add_secret(t, "Authorization: Bearer ", t->request->bearer, err) &&
           add_secret(t, "apikey: ", t->request->api_key, err);
}

static size_t take(char *bytes, size_t size, size_t n, void *context)
{
    struct talk *t = context;

    t->too_long = t->body.len + size * n > DB_HTTP_MAX;
    if (t->too_long)
        return 0;
    zm_buf_add(&t->body, bytes, size * n);
    return size * n;
}

/* Seconds until the server takes questions again; a moment of a calendar is none. */
static size_t take_header(char *bytes, size_t size, size_t n, void *context)
{
    static const char *const names[] = {"X-RateLimit-Reset:", "RateLimit-Reset:"};
    struct talk *t = context;
    char line[64];
    size_t i;

    snprintf(line, sizeof(line), "%.*s", (int)(size * n < 63 ? size * n : 63), bytes);
    for (i = 0; i < ZM_COUNT(names); i++)
        if (strncasecmp(line, names[i], strlen(names[i])) == 0) {
            long seconds = strtol(line + strlen(names[i]), NULL, 10);

            t->reset_s = seconds > 0 && seconds <= LONGEST_WAIT ? (int)seconds : 0;
        }
    return size * n;
}

static void set_options(struct talk *t, bool local)
{
    const struct db_http_request *r = t->request;

    curl_easy_setopt(t->curl, CURLOPT_URL, r->url);
    curl_easy_setopt(t->curl, CURLOPT_CUSTOMREQUEST, r->method);
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->headers);
    curl_easy_setopt(t->curl, CURLOPT_USERAGENT, "zmartctl");
    if (r->body)
        curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, r->body);
    curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(t->curl, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->said);
    curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYHOST, 2L);
    /* What HTTP/2 makes of headers is in memory that nobody wipes. */
    curl_easy_setopt(t->curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(t->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS,
                     (long)(r->timeout_ms ? r->timeout_ms : DB_HTTP_MS));
    if (local)
        curl_easy_setopt(t->curl, CURLOPT_PROXY, "");
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(t->curl, CURLOPT_PROTOCOLS_STR, local ? "http,https" : "https");
#endif
#if LIBCURL_VERSION_NUM >= 0x075700 /* a name server that is silent holds nobody up at the end */
    curl_easy_setopt(t->curl, CURLOPT_QUICK_EXIT, 1L);
#endif
}

/* ---- what became of it ---- */

/* clang-format off */
static const struct failure {
    CURLcode code;
    enum zm_error_kind kind;
    const char *message, *hint;
    bool details; /* libcurl's words are of the connection only */
} failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, ZM_ERR_CONNECT, "no such host name, or no name server answers", "see the network of this machine", true},
    {CURLE_COULDNT_RESOLVE_PROXY, ZM_ERR_CONNECT, "the proxy of the environment has no such host name", "see https_proxy", true},
    {CURLE_COULDNT_CONNECT, ZM_ERR_CONNECT, "nothing takes the connection", "see the network of this machine and https_proxy", true},
    {CURLE_PEER_FAILED_VERIFICATION, ZM_ERR_INSECURE, "its certificate is not valid here", "nothing was sent; see the authorities of this machine (ca-certificates) and its clock", true},
    {CURLE_SSL_CACERT_BADFILE, ZM_ERR_INSECURE, "the authorities of this machine cannot be read", "install ca-certificates", true},
    {CURLE_SSL_CONNECT_ERROR, ZM_ERR_INSECURE, "it does not speak TLS as it should", "nothing was sent", true},
    {CURLE_GOT_NOTHING, ZM_ERR_LOST, "it closed the connection without an answer", "", false},
    {CURLE_PARTIAL_FILE, ZM_ERR_LOST, "its answer ended in the middle", "", false},
    {CURLE_RECV_ERROR, ZM_ERR_LOST, "the connection broke before its answer was whole", "", false},
    {CURLE_SEND_ERROR, ZM_ERR_LOST, "the connection broke while it was asked", "", false},
    {CURLE_UNSUPPORTED_PROTOCOL, ZM_ERR_DATA, "it does not speak HTTP", "", false},
    {CURLE_WEIRD_SERVER_REPLY, ZM_ERR_DATA, "it does not speak HTTP", "", false},
};
/* clang-format on */

static bool say_failure(const struct talk *t, CURLcode code, struct zm_error *err)
{
    const struct failure *f = NULL;
    int ms = t->request->timeout_ms ? t->request->timeout_ms : DB_HTTP_MS;
    size_t i;

    if (t->too_long)
        return zm_error_set(err, ZM_ERR_DATA, "", t->what, "its answer is longer than %d KiB",
                            DB_HTTP_MAX / 1024);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return zm_error_set(err, ZM_ERR_TIMEOUT, "", t->what, "no whole answer within %d.%d s",
                            ms / 1000, ms % 1000 / 100);
    for (i = 0; !f && i < ZM_COUNT(failures); i++)
        if (failures[i].code == code)
            f = &failures[i];
    if (!f)
        return zm_error_set(err, ZM_ERR_LOST, "", t->what, "%s", curl_easy_strerror(code));
    zm_error_set(err, f->kind, "", t->what, "%s", f->message);
    if (f->details && err)
        zm_error_copy(err->detail, sizeof(err->detail), t->said);
    return f->hint[0] ? zm_error_hint(err, "%s", f->hint) : false;
}

/* To its end, its timeout, or until nobody wants it. */
static bool converse(struct talk *t, CURLM *multi, CURLcode *ret_code)
{
    const struct db_http_request *r = t->request;
    const CURLMsg *message;
    int left = 1, queued;

    while (left > 0) {
        if (r->stopped && r->stopped(r->context))
            return false;
        if (curl_multi_perform(multi, &left) != CURLM_OK)
            break;
        if (left > 0)
            curl_multi_poll(multi, NULL, 0, TICK_MS, NULL);
    }
    *ret_code = CURLE_RECV_ERROR;
    message = curl_multi_info_read(multi, &queued);
    if (message && message->msg == CURLMSG_DONE)
        *ret_code = message->data.result;
    return true;
}

static bool talk(struct talk *t, struct zm_error *err)
{
    CURLM *multi = curl_multi_init();
    CURLcode code = CURLE_FAILED_INIT;
    bool ok = true;

    curl_multi_add_handle(multi, t->curl);
    if (!converse(t, multi, &code))
        ok = zm_error_set(err, ZM_ERR_CANCELLED, "", t->what, "cancelled");
    else if (code != CURLE_OK)
        ok = say_failure(t, code, err);
    curl_multi_remove_handle(multi, t->curl);
    curl_multi_cleanup(multi);
    return ok;
}

static void keep_answer(struct talk *t, struct db_http_answer *ret)
{
    curl_off_t wait = 0;

    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &ret->status);
    curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &wait);
    ret->retry_after_s = wait > LONGEST_WAIT ? LONGEST_WAIT : wait < 0 ? 0 : (int)wait;
    if (ret->status == 429 && ret->retry_after_s == 0)
        ret->retry_after_s = t->reset_s;
    zm_buf_puts(&t->body, ""); /* terminated also when empty */
    ret->body = t->body.s;
    ret->len = t->body.len;
    t->body.s = NULL;
}

static void end_talk(struct talk *t)
{
    struct curl_slist *line;

    for (line = t->headers; line; line = line->next)
        explicit_bzero(line->data, strlen(line->data));
    curl_easy_cleanup(t->curl);
    curl_slist_free_all(t->headers);
    zm_buf_done(&t->body);
}

bool db_http_ask(const struct db_http_request *request, struct db_http_answer *ret,
                 struct zm_error *err)
{
    struct talk t = {.request = request};
    bool ok, local = false;

    memset(ret, 0, sizeof(*ret));
    if (!check_url(&t, &local, err))
        return false;
    t.curl = curl_easy_init();
    if (!t.curl) {
        zm_error_set(err, ZM_ERR_SYSTEM, "", t.what, "libcurl cannot be loaded");
        return zm_error_hint(err, "nothing was sent; install libcurl4");
    }
    ok = add_headers(&t, err);
    if (ok) {
        set_options(&t, local);
        ok = talk(&t, err);
    }
    if (ok)
        keep_answer(&t, ret);
    end_talk(&t);
    return ok;
}

void db_http_answer_done(struct db_http_answer *answer)
{
    free(answer->body);
    memset(answer, 0, sizeof(*answer));
}
