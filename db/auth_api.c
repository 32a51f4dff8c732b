/*
 * Asks the Auth API. Knows its questions and what its answers mean; must not know databases, nor
 * what a test makes of it.
 */
#include "db/auth_api.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "db/http.h"
#include "db/password.h"
#include "zm/str.h"

static const char where[] = "Auth API";

/* What its error codes mean for whoever tests a registration. */
/* clang-format off */
static const struct {
    const char *code, *says, *hint;
} codes[] = {
    {"over_email_send_rate_limit", "it has sent as many e-mails as it may in an hour",
     "wait an hour; the built-in mailer sends two an hour, an SMTP server of one's own more"},
    {"over_request_rate_limit", "too many questions came from this address",
     "wait a few minutes"},
    {"email_address_not_authorized", "its built-in mailer reaches members of the project's team only",
     "an address of a member in registration_test.email, or an SMTP server of one's own"},
    {"email_address_invalid", "it takes no such address (hosted Auth refuses example domains)",
     "an address that receives mail in registration_test.email"},
    {"signup_disabled", "sign-ups are switched off in the project", "Authentication, Sign In / Providers: allow new users to sign up"},
    {"email_provider_disabled", "sign-ups by e-mail are switched off in the project", "Authentication, Sign In / Providers: e-mail"},
    {"user_already_exists", "there is such a user already", "%s in registration_test.email makes each address new"},
    {"email_exists", "there is such a user already", "%s in registration_test.email makes each address new"},
    {"captcha_failed", "it wants a captcha, which no program can solve", "switch the captcha protection off while testing"},
    {"weak_password", "it finds the password too weak", "the project's password rules; ours has 40 letters and digits"},
    {"hook_timeout", "a hook of the project did not answer in time", "Authentication, Hooks"},
    {"unexpected_failure", "it failed inside; often a trigger on auth.users", "the project's Auth log names the statement"},
};
static const struct {
    long status;
    const char *says, *hint;
} statuses[] = {
    {400, "it does not understand the question (400)", "is url of registration_test that of the project?"},
    {401, "it does not take the key (401)", "the publishable (anon) key of ZmartyBrain's project; see key_command"},
    {403, "the key may not do that (403)", "removing wants the secret (service_role) key; see admin_key_command"},
    {404, "there is no Auth API at this address (404)", "url of registration_test is https://PROJECT.supabase.co"},
    {422, "it does not accept the user (422)", "the project's Auth settings say what it accepts"},
    {429, "it is asked too often (429)", "wait a few minutes"},
};
/* clang-format on */

const char *db_auth_missing(const struct db_auth_access *access)
{
    if (!access->url && !access->project)
        return "url in registration_test, or project in brain";
    if (!access->key && !access->key_argv)
        return "key_command in registration_test, or ZMARTCTL_AUTH_KEY";
    return "";
}

bool db_auth_may_remove(const struct db_auth_access *access)
{
    return (access->url || access->project) && (access->admin_key || access->admin_argv);
}

/* ---- one question ---- */

struct talk {
    const struct db_auth_access *access;
    const char *what; /* "sign a user up" */
    bool as_admin;
    bool (*stopped)(void *context);
    void *context;
    struct db_http_answer answer;
};

static bool take_key(const struct talk *t, char ret[DB_PASSWORD_MAX + 1], struct zm_error *err)
{
    const struct db_auth_access *a = t->access;
    const char *key = t->as_admin ? a->admin_key : a->key;
    const char *const *argv = t->as_admin ? a->admin_argv : a->key_argv;
    const struct db_password_stop stop = {-1, t->stopped, t->context};

    if (key)
        return zm_copy(ret, DB_PASSWORD_MAX + 1, key) ||
               zm_error_set(err, ZM_ERR_USAGE, where, t->what, "the key is too long");
    if (argv && db_password_run(argv, &stop, where, ret, err))
        return true;
    if (argv) {
        zm_error_copy(err->what, sizeof(err->what),
                      t->as_admin ? "run admin_key_command" : "run key_command");
        if (err->kind == ZM_ERR_CANCELLED)
            return false;
        return zm_error_hint(err, "see registration_test in the configuration");
    }
    zm_error_set(err, ZM_ERR_USAGE, where, t->what, "there is no key");
    return zm_error_hint(err, "%s",
                         t->as_admin ? "admin_key_command in registration_test, or "
                                       "ZMARTCTL_AUTH_ADMIN_KEY"
                                     : db_auth_missing(a));
}

/* An answer may have come too late: then nobody knows what was done. */
static enum db_auth_end end_of(enum zm_error_kind kind)
{
    switch (kind) {
    case ZM_ERR_TIMEOUT:
    case ZM_ERR_LOST:
    case ZM_ERR_CANCELLED:
    case ZM_ERR_DATA:
        return DB_AUTH_UNKNOWN;
    default:
        return DB_AUTH_FAILED;
    }
}

static enum db_auth_end ask(struct talk *t, const char *method, const char *path, const char *body,
                            struct zm_error *err)
{
    const struct db_auth_access *a = t->access;
    char key[DB_PASSWORD_MAX + 1] = "";
    struct db_http_request request = {
        .method = method, .body = body, .stopped = t->stopped, .context = t->context};
    struct zm_buf url = {.s = NULL};
    bool ok = take_key(t, key, err);

    if (!ok) { /* nothing was sent */
        explicit_bzero(key, sizeof(key));
        return DB_AUTH_FAILED;
    }
    if (a->url)
        zm_buf_add(&url, a->url, strlen(a->url) - (a->url[0] && a->url[strlen(a->url) - 1] == '/'));
    else
        zm_buf_printf(&url, "https://%s.supabase.co", zm_text(a->project));
    zm_buf_printf(&url, "/auth/v1/%s", path);
    request.url = url.s;
    request.api_key = key;
    /* A key of the older kind is a token itself; of a newer one the gateway makes a token. */
    request.bearer = t->as_admin && strncmp(key, "eyJ", 3) == 0 ? key : NULL;
    ok = db_http_ask(&request, &t->answer, err);
    explicit_bzero(key, sizeof(key));
    zm_buf_done(&url);
    return ok ? DB_AUTH_DONE : end_of(err->kind);
}

/* ---- what an answer means ---- */

static json_t *parse(const struct talk *t)
{
    return json_loadb(t->answer.body, t->answer.len, JSON_REJECT_DUPLICATES, NULL);
}

static const char *text_of(const json_t *object, const char *name)
{
    return zm_text(json_string_value(json_object_get(object, name)));
}

static bool say(struct zm_error *err, const char *what, const char *says, const char *hint)
{
    zm_error_set(err, ZM_ERR_REFUSED, where, what, "%s", says);
    return zm_error_hint(err, "%s", hint);
}

static void explain(const struct talk *t, struct zm_error *err)
{
    json_t *object = parse(t);
    const char *code = text_of(object, "error_code"), *said = text_of(object, "msg");
    long status = t->answer.status;
    char line[80];
    size_t i;

    if (!said[0])
        said = text_of(object, "message"); /* the gateway's word for it */
    snprintf(line, sizeof(line), "it failed (%ld)", status);
    if (status >= 500)
        say(err, t->what, line, "try again; the project's Auth log says more");
    else
        say(err, t->what, line, "is url of registration_test that of the project?");
    for (i = 0; i < ZM_COUNT(statuses); i++)
        if (statuses[i].status == status)
            say(err, t->what, statuses[i].says, statuses[i].hint);
    for (i = 0; i < ZM_COUNT(codes); i++)
        if (zm_streq(codes[i].code, code))
            say(err, t->what, codes[i].says, codes[i].hint);
    if (t->answer.retry_after_s > 0)
        zm_error_hint(err, "wait %d s; it asks for that", t->answer.retry_after_s);
    zm_error_copy(err->detail, sizeof(err->detail), said[0] ? said : code);
    json_decref(object);
}

/* DONE only with one of the statuses. */
static enum db_auth_end judge(const struct talk *t, enum db_auth_end end, struct zm_error *err)
{
    if (end != DB_AUTH_DONE)
        return end;
    if (t->answer.status >= 200 && t->answer.status < 300)
        return DB_AUTH_DONE;
    explain(t, err);
    return t->answer.status >= 500 ? DB_AUTH_UNKNOWN : DB_AUTH_REFUSED;
}

/* ---- the questions ---- */

/* 40 letters and digits, which no rule for passwords finds too weak. */
static bool make_password(char ret[41], struct zm_error *err)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    unsigned char bytes[38];
    size_t i;

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return zm_error_set(err, ZM_ERR_SYSTEM, "", "make a password", "no random bytes");
    memcpy(ret, "a7X-", 4); /* one of each kind that rules ask for */
    for (i = 0; i < 36; i++)
        ret[4 + i] = letters[bytes[i] % (sizeof(letters) - 1)];
    ret[40] = '\0';
    explicit_bzero(bytes, sizeof(bytes));
    return true;
}

static char *sign_up_body(const char *email, struct zm_error *err)
{
    char password[41], *text;
    json_t *object;

    if (!make_password(password, err))
        return NULL;
    object = json_pack("{s:s, s:s}", "email", email, "password", password);
    explicit_bzero(password, sizeof(password));
    text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (!text)
        zm_error_set(err, ZM_ERR_USAGE, where, "sign a user up", "'%.80s' is no address", email);
    return text;
}

/* The user himself, or a session with him in it. One who was there already is answered with an id
 * that nobody has and no identities, so that nobody learns who is there. */
static enum db_auth_end take_user(const struct talk *t, char ret_id[37], struct zm_error *err)
{
    json_t *object = parse(t), *user = json_object_get(object, "user"), *list;
    const char *id;
    enum db_auth_end end = DB_AUTH_DONE;

    if (!json_is_object(user))
        user = object;
    id = text_of(user, "id");
    list = json_object_get(user, "identities");
    if (strlen(id) != 36 || !zm_is_uuid(id)) {
        zm_error_set(err, ZM_ERR_DATA, where, t->what, "its answer is no user");
        zm_error_hint(err, "is url of registration_test that of the project?");
        end = DB_AUTH_UNKNOWN;
    } else if (json_is_array(list) && json_array_size(list) == 0) {
        say(err, t->what, "there is such a user already",
            "%s in registration_test.email makes each address new");
        end = DB_AUTH_REFUSED;
    } else {
        zm_copy(ret_id, 37, id);
    }
    json_decref(object);
    return end;
}

enum db_auth_end db_auth_sign_up(const struct db_auth_access *access, const char *email,
                                 bool (*stopped)(void *context), void *context, char ret_id[37],
                                 struct zm_error *err)
{
    struct talk t = {access, "sign a user up", false, stopped, context, {.status = 0}};
    char *body = sign_up_body(email, err);
    enum db_auth_end end;

    ret_id[0] = '\0';
    if (!body)
        return DB_AUTH_FAILED;
    end = judge(&t, ask(&t, "POST", "signup", body, err), err);
    explicit_bzero(body, strlen(body));
    free(body);
    if (end == DB_AUTH_DONE)
        end = take_user(&t, ret_id, err);
    db_http_answer_done(&t.answer);
    return end;
}

enum db_auth_end db_auth_remove(const struct db_auth_access *access, const char *id,
                                bool (*stopped)(void *context), void *context, struct zm_error *err)
{
    struct talk t = {access, "remove a user", true, stopped, context, {.status = 0}};
    char path[64];
    enum db_auth_end end;

    snprintf(path, sizeof(path), "admin/users/%.36s", id);
    end = ask(&t, "DELETE", path, "{\"should_soft_delete\":false}", err);
    end = judge(&t, end, err);
    if (end == DB_AUTH_REFUSED && t.answer.status == 404 && strstr(t.answer.body, "user_not_found"))
        end = DB_AUTH_DONE;
    db_http_answer_done(&t.answer);
    return end;
}

enum db_auth_end db_auth_look(const struct db_auth_access *access, bool (*stopped)(void *context),
                              void *context, struct zm_error *err)
{
    struct talk t = {access, "read its settings", false, stopped, context, {.status = 0}};
    enum db_auth_end end = judge(&t, ask(&t, "GET", "settings", NULL, err), err);
    json_t *object = end == DB_AUTH_DONE ? parse(&t) : NULL;

    if (end == DB_AUTH_DONE && !json_is_object(object)) {
        zm_error_set(err, ZM_ERR_DATA, where, t.what, "its answer is not JSON");
        zm_error_hint(err, "is url of registration_test that of the project?");
        end = DB_AUTH_UNKNOWN;
    } else if (json_is_true(json_object_get(object, "disable_signup"))) {
        say(err, t.what, "sign-ups are switched off in the project",
            "Authentication, Sign In / Providers: allow new users to sign up");
        end = DB_AUTH_REFUSED;
    }
    json_decref(object);
    db_http_answer_done(&t.answer);
    return end;
}
