/*
 * The Management API of the tests. See support/mail_api.h.
 */
#include "support/mail_api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db/mail_template.h"

static bool is_set(const struct http_reply *reply)
{
    return reply->status || reply->body || reply->huge || reply->how != HTTP_WHOLE;
}

static bool is_path(const struct mail_api *api, const char *path)
{
    char wanted[128];

    snprintf(wanted, sizeof(wanted), "/v1/projects/%s/config/auth", zm_text(api->project));
    return api->project ? strcmp(path, wanted) == 0 : strstr(path, "/config/auth") != NULL;
}

static void answer(void *context, const struct http_asked *asked, struct http_reply *ret)
{
    struct mail_api *api = context;
    bool patch = strcmp(asked->method, "PATCH") == 0;
    const struct http_reply *instead = patch ? &api->on_patch : &api->on_get;
    char bearer[128];

    http_asked_header(asked, "Authorization", bearer, sizeof(bearer));
    if (strcmp(bearer, "Bearer " MAIL_API_TOKEN) != 0) {
        *ret = (struct http_reply){.status = 401, .body = "{\"message\":\"Unauthorized\"}"};
        return;
    }
    if (!is_path(api, asked->path)) {
        *ret = (struct http_reply){.status = 404, .body = "{\"message\":\"Project not found\"}"};
        return;
    }
    if (patch && !api->deaf && (!is_set(instead) || instead->how == HTTP_DROP)) {
        json_t *change = json_loads(asked->body, 0, NULL);

        json_object_update(api->settings, change);
        json_decref(change);
    }
    if (patch && api->dies)
        api->on_get = api->on_patch = (struct http_reply){.status = 500, .body = "{}"};
    if (is_set(instead)) {
        *ret = *instead;
        return;
    }
    free(api->text);
    api->text = json_dumps(api->settings, 0);
    ret->body = api->text;
}

void mail_api_put(struct mail_api *api, const char *key, const char *value)
{
    json_object_set_new(api->settings, key, value ? json_string(value) : json_null());
}

void mail_api_start(struct mail_api *api, bool ours)
{
    struct zm_arena arena = {.head = NULL};
    struct db_mail_text text;
    struct zm_error err;
    const char *file;
    char key[80];
    int i;

    memset(api, 0, sizeof(*api));
    api->settings =
        json_pack("{s:s, s:i, s:s, s:s}", "site_url", "https://app.example.com",
                  "rate_limit_email_sent", 2, "smtp_pass", "masked", "uri_allow_list", "");
    for (i = 0; i < DB_MAILS; i++) {
        assert_true(db_mail_read(NULL, (enum db_mail)i, &arena, &text, &file, &err));
        snprintf(key, sizeof(key), "mailer_subjects_%s", db_mail_key((enum db_mail)i));
        mail_api_put(api, key, ours ? text.subject : NULL);
        snprintf(key, sizeof(key), "mailer_templates_%s_content", db_mail_key((enum db_mail)i));
        mail_api_put(api, key, ours ? zm_arena_printf(&arena, "%s\r\n", text.content) : NULL);
    }
    zm_arena_done(&arena);
    api->server = http_server_start();
    http_server_handle(api->server, answer, api);
}

void mail_api_stop(struct mail_api *api)
{
    http_server_stop(api->server);
    json_decref(api->settings);
    free(api->text);
}

size_t mail_api_count(struct mail_api *api, const char *method)
{
    size_t i, n = 0;

    for (i = 0; i < http_server_count(api->server); i++)
        n += strcmp(http_server_asked(api->server, i)->method, method) == 0;
    return n;
}

void mail_api_write_conf(const struct mail_api *api, const char *conf, const char *path)
{
    static const char before[] = "existing_tables";
    FILE *from = fopen(conf, "r"), *to = fopen(path, "w");
    bool done = false;
    char line[1024];

    assert_non_null(from);
    assert_non_null(to);
    while (fgets(line, sizeof(line), from)) {
        if (strstr(line, before) && !done) {
            fprintf(to, "    email_templates: { url = \"%s/\"; };\n", http_server_url(api->server));
            done = true;
        }
        fputs(line, to);
    }
    assert_true(done);
    assert_int_equal(fchmod(fileno(to), 0600), 0);
    fclose(from);
    fclose(to);
}
