/*
 * The e-mail part of a project's Auth settings over the Management API. Must not know where the
 * token is from, and says it nowhere.
 */
#include "db/mail_config.h"

#include <jansson.h>

#include "db/http.h"

#define TIMEOUT_MS 10000
static const char where[] = "Management API";

/* clang-format off */
static const struct status {
    long status;
    enum zm_error_kind kind;
    const char *message, *next;
} statuses[] = {
    {400, ZM_ERR_DATA,      "it does not understand the question", "see email_templates.url"},
    {401, ZM_ERR_AUTH,      "the token is not accepted", "make a new one in the dashboard's account settings; see email_templates.token_command"},
    {403, ZM_ERR_PRIVILEGE, "the token may not do that with this project", "it wants the right to read and write the Auth configuration"},
    {404, ZM_ERR_CONFIG,    "there is no such project for this token", "see project of brain, and email_templates.url"},
    {422, ZM_ERR_DATA,      "it does not take the message", "see the template"},
    {429, ZM_ERR_CONNECT,   "too many questions", "try again in a minute"},
};
/* clang-format on */

/* ---- asking ---- */

static bool check_project(const char *project, const char *what, struct zm_error *err)
{
    const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

    if (zm_text(project)[0] && !project[strspn(project, letters)])
        return true;
    zm_error_set(err, ZM_ERR_CONFIG, where, what, "'%.63s' is no project ref", zm_text(project));
    return zm_error_hint(err, "see project of brain in the configuration");
}

/* What the API says of an error; never with the token in it. */
static void add_detail(const struct db_mail_api *api, const struct db_http_answer *answer,
                       struct zm_error *err)
{
    json_t *body = json_loadb(answer->body, answer->len, 0, NULL);
    const char *message = json_string_value(json_object_get(body, "message"));

    if (message && !strstr(message, api->token))
        zm_error_copy(err->detail, sizeof(err->detail), message);
    json_decref(body);
}

static bool fail_status(const struct db_mail_api *api, const struct db_http_answer *answer,
                        const char *what, const char *undone, struct zm_error *err)
{
    const struct status *s = NULL;
    const char *message = "it answers as it should not";
    const char *next = "try again later; see email_templates.url";
    enum zm_error_kind kind = ZM_ERR_DATA;
    size_t i;

    for (i = 0; i < ZM_COUNT(statuses); i++)
        if (statuses[i].status == answer->status)
            s = &statuses[i];
    if (s) {
        message = s->message;
        next = s->next;
        kind = s->kind;
    } else if (answer->status >= 500) {
        message = "it has a fault of its own";
        kind = ZM_ERR_CONNECT;
    } else if (answer->status >= 300 && answer->status < 400) {
        message = "it sends us elsewhere, and redirects are not followed";
    }
    zm_error_set(err, kind, where, what, "%s (%ld)", message, answer->status);
    add_detail(api, answer, err);
    if (answer->retry_after_s > 0)
        return zm_error_hint(err, "%stry again in %d s", undone, answer->retry_after_s);
    return zm_error_hint(err, "%s%s", undone, next);
}

static bool ask(const struct db_mail_api *api, const char *method, const char *body,
                struct db_http_answer *ret, struct zm_error *err)
{
    struct db_http_request request = {.method = method,
                                      .bearer = api->token,
                                      .body = body,
                                      .timeout_ms = TIMEOUT_MS,
                                      .stopped = api->stopped,
                                      .context = api->context};
    const char *base = api->url ? api->url : DB_MAIL_API;
    struct zm_buf url = {.s = NULL};
    size_t n = strlen(base);
    bool ok;

    zm_buf_add(&url, base, n > 0 && base[n - 1] == '/' ? n - 1 : n);
    zm_buf_printf(&url, "/v1/projects/%s/config/auth", api->project);
    request.url = url.s;
    ok = db_http_ask(&request, ret, err);
    zm_buf_done(&url);
    return ok;
}

/* ---- reading ---- */

static bool fail_answer(const char *what, const char *message, const char *name,
                        struct zm_error *err)
{
    zm_error_set(err, ZM_ERR_DATA, where, what, "%s%s", message, name);
    return zm_error_hint(err, "see email_templates.url");
}

/* A text or null, which stays NULL. */
static bool take_text(const json_t *body, const char *key, struct zm_arena *arena, const char **ret,
                      struct zm_error *err)
{
    const json_t *value = json_object_get(body, key);

    if (!json_is_string(value) && !json_is_null(value))
        return fail_answer("read the Auth settings",
                           value ? "its answer has no text in " : "its answer has no ", key, err);
    *ret = db_mail_normal(arena, json_string_value(value));
    return true;
}

static bool take_config(const json_t *body, struct zm_arena *arena, struct db_mail_config *ret,
                        struct zm_error *err)
{
    static const char rate[] = "rate_limit_email_sent";
    const json_t *limit = json_object_get(body, rate);
    char key[64];
    int i;

    memset(ret, 0, sizeof(*ret));
    if (!take_text(body, "site_url", arena, &ret->site_url, err))
        return false;
    ret->site_url = zm_text(ret->site_url);
    if (!json_is_integer(limit) && !json_is_null(limit))
        return fail_answer("read the Auth settings",
                           limit ? "its answer has no number in " : "its answer has no ", rate,
                           err);
    ret->per_hour = json_is_integer(limit) ? json_integer_value(limit) : -1;
    ret->own_smtp = zm_text(json_string_value(json_object_get(body, "smtp_host")))[0] != '\0';
    for (i = 0; i < DB_MAILS; i++) {
        snprintf(key, sizeof(key), "mailer_subjects_%s", db_mail_key((enum db_mail)i));
        if (!take_text(body, key, arena, &ret->live[i].subject, err))
            return false;
        snprintf(key, sizeof(key), "mailer_templates_%s_content", db_mail_key((enum db_mail)i));
        if (!take_text(body, key, arena, &ret->live[i].content, err))
            return false;
    }
    return true;
}

bool db_mail_config_read(const struct db_mail_api *api, struct zm_arena *arena,
                         struct db_mail_config *ret, struct zm_error *err)
{
    static const char what[] = "read the Auth settings";
    struct db_http_answer answer;
    json_t *body = NULL;
    bool ok;

    if (!check_project(api->project, what, err) || !ask(api, "GET", NULL, &answer, err))
        return false;
    ok = answer.status == 200 || fail_status(api, &answer, what, "", err);
    if (ok) {
        body = json_loadb(answer.body, answer.len, 0, NULL);
        ok = json_is_object(body) || fail_answer(what, "its answer is no JSON object", "", err);
    }
    ok = ok && take_config(body, arena, ret, err);
    json_decref(body);
    db_http_answer_done(&answer);
    return ok;
}

/* ---- writing ---- */

/* The two keys of a message; the caller's. */
static char *make_body(enum db_mail mail, const struct db_mail_text *text)
{
    char subject[64], content[64], *line;
    json_t *body;

    snprintf(subject, sizeof(subject), "mailer_subjects_%s", db_mail_key(mail));
    snprintf(content, sizeof(content), "mailer_templates_%s_content", db_mail_key(mail));
    body = json_pack("{s:s, s:s}", subject, text->subject, content, text->content);
    line = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    return line;
}

/* Whether the question may have had its effect although there is no answer to it. */
static bool may_be_done(enum zm_error_kind kind)
{
    return kind == ZM_ERR_TIMEOUT || kind == ZM_ERR_LOST || kind == ZM_ERR_CANCELLED ||
           kind == ZM_ERR_DATA;
}

bool db_mail_config_write(const struct db_mail_api *api, enum db_mail mail,
                          const struct db_mail_text *text, bool *ret_unknown, struct zm_error *err)
{
    static const char what[] = "change the message";
    const char *unknown = "whether it was changed is not known: look at it again";
    struct db_http_answer answer;
    char *body;
    bool ok;

    *ret_unknown = false;
    if (!check_project(api->project, what, err))
        return false;
    body = make_body(mail, text);
    if (!body)
        return zm_error_set(err, ZM_ERR_CONFIG, where, what, "the template is no text in UTF-8");
    ok = ask(api, "PATCH", body, &answer, err);
    free(body);
    if (!ok) {
        *ret_unknown = may_be_done(err->kind);
        return zm_error_hint(err, "%s", *ret_unknown ? unknown : "nothing was changed");
    }
    *ret_unknown = answer.status >= 500;
    ok = answer.status == 200 ||
         fail_status(api, &answer, what, *ret_unknown ? "" : "nothing was changed; ", err);
    if (!ok && *ret_unknown)
        zm_error_hint(err, "%s", unknown);
    db_http_answer_done(&answer);
    return ok;
}
