/*
 * E-mail templates: what a file is, which variables a message has and needs, and how two texts
 * differ.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/mail_template.h"
#include "db/text_diff.h"

/* Checks a file's text; the error as one line with its hint, "" when it is fine. */
static const char *verdict(enum db_mail mail, const char *file, char ret[900])
{
    struct zm_arena arena = {.head = NULL};
    struct db_mail_text text;
    struct zm_error err;
    char line[600];

    ret[0] = '\0';
    if (!db_mail_parse(mail, file, strlen(file), &arena, &text, &err) ||
        !db_mail_check(mail, &text, &err)) {
        assert_int_equal(err.kind, ZM_ERR_CONFIG);
        zm_error_line(&err, line, sizeof(line));
        snprintf(ret, 900, "%s%s%s", line, err.hint[0] ? "; " : "", err.hint);
    }
    zm_arena_done(&arena);
    return ret;
}

static void what_comes_with_the_program_is_fine(void **state)
{
    struct zm_arena arena = {.head = NULL};
    struct db_mail_text text;
    struct zm_error err;
    const char *file;
    int i;

    (void)state;
    for (i = 0; i < DB_MAILS; i++) {
        char line[600];

        if (!db_mail_read(NULL, (enum db_mail)i, &arena, &text, &file, &err) ||
            !db_mail_check((enum db_mail)i, &text, &err))
            fail_msg("%s", zm_error_line(&err, line, sizeof(line)));
        assert_int_equal(text.line, 3);
    }
    /* The registration is confirmed by a code alone. */
    assert_true(db_mail_read(NULL, DB_MAIL_CONFIRMATION, &arena, &text, &file, &err));
    assert_non_null(strstr(text.content, "{{ .Token }}"));
    assert_null(strstr(text.content, "ConfirmationURL"));
    zm_arena_done(&arena);
}

static void good_ones_are_taken(void **state)
{
    /* clang-format off */
    static const struct { enum db_mail mail; const char *file; } cases[] = {
        {DB_MAIL_CONFIRMATION, "Subject: Hi\n\n{{ .Token }}"},
        {DB_MAIL_CONFIRMATION, "Subject: Hi\r\n\r\n{{.Token}}\r\n"},
        {DB_MAIL_CONFIRMATION, "\xef\xbb\xbfSubject: {{ .Email }}\n{{- .TokenHash -}}"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n{{ if .Data.name }}{{ .Data.name }}{{ else }}you{{ end }} {{ .ConfirmationURL }}"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n{{ with .Data }}{{ .anything }}{{ end }}{{ .Token }}"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n{{/* {{ .Nothing }} */}}{{ .Token }} { } }} {"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n{{ $d := .Data }}{{ $d.name }}{{ $.Token }}"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n{{ if eq .Data.n 1.5 \".Nothing }}\" }}{{ end }}{{ .Token | html }}"},
        {DB_MAIL_EMAIL_CHANGE, "Subject: Hi\n\n{{ .NewEmail }} {{ .SendingTo }} {{ .ConfirmationURL }} {{ .RedirectTo }}"},
        {DB_MAIL_REAUTHENTICATION, "Subject: Hi\n\n{{ .Token }} {{ .SiteURL }} {{ .Email }} {{ .Data }}"},
    };
    /* clang-format on */
    char said[900];
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++)
        assert_string_equal(verdict(cases[i].mail, cases[i].file, said), "");
}

static void bad_ones_are_named_with_their_line(void **state)
{
    /* clang-format off */
    static const struct { enum db_mail mail; const char *file, *says; } cases[] = {
        {DB_MAIL_CONFIRMATION, "Subject: Hi\n\n<p>\n{{ .Tokn }}",
         "confirmation.html:4: cannot use the template: {{ .Tokn }} is no variable; {{ .Token }}?"},
        {DB_MAIL_CONFIRMATION, "Subject: Hi\n\n{{ .token }}",
         "confirmation.html:3: cannot use the template: {{ .token }} is no variable; {{ .Token }}?"},
        {DB_MAIL_CONFIRMATION, "Subject: {{ .Who }}\n\n{{ .Token }}",
         "confirmation.html:1: cannot use the template: {{ .Who }} is no variable"},
        {DB_MAIL_CONFIRMATION, "Subject: Hi\n\n{{ .Token }}\n{{ .NewEmail }}",
         "confirmation.html:4: cannot use the template: this message has no {{ .NewEmail }}"},
        {DB_MAIL_CONFIRMATION, "Subject: Hi\n\nno way to confirm",
         "confirmation.html:3: cannot use the template: there is no {{ .Token }}, {{ .ConfirmationURL }} or {{ .TokenHash }} in it; nobody could confirm anything with this message"},
        {DB_MAIL_RECOVERY, "Subject: {{ .Token }}\n\nonly in the subject",
         "recovery.html:3: cannot use the template: there is no {{ .ConfirmationURL }}, {{ .Token }} or {{ .TokenHash }} in it; nobody could confirm anything with this message"},
        {DB_MAIL_REAUTHENTICATION, "Subject: Hi\n\n{{ .Token }} {{ .ConfirmationURL }}",
         "reauthentication.html:3: cannot use the template: this message has no {{ .ConfirmationURL }}"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n{{ ConfirmationURL }}",
         "invite.html:3: cannot use the template: 'ConfirmationURL' is no word of a template; {{ .ConfirmationURL }}, with a dot?"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n\n{{ .Token ",
         "invite.html:4: cannot use the template: {{ without }}"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n{{ .Token }}\n{{ if .Data.x }}\n<p>",
         "invite.html:4: cannot use the template: a block without its {{ end }}"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n{{ .Token }}\n{{ end }}",
         "invite.html:4: cannot use the template: {{ end }} without a beginning"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n{{ .Token }}{{ \"no end }}",
         "invite.html:3: cannot use the template: a quotation that does not end"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n{{ .Token }}{{/* no end }}",
         "invite.html:3: cannot use the template: a comment that does not end"},
        {DB_MAIL_INVITE, "<h1>Hi</h1>\n{{ .Token }}",
         "invite.html:1: cannot read the template: its first line is not the subject; Subject: ..., an empty line, and the content"},
        {DB_MAIL_INVITE, "", "invite.html:1: cannot read the template: its first line is not the subject; Subject: ..., an empty line, and the content"},
        {DB_MAIL_INVITE, "Subject:\n\n{{ .Token }}", "invite.html:1: cannot read the template: it has no subject"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n \n", "invite.html:1: cannot read the template: it has no content"},
        {DB_MAIL_INVITE, "Subject: Hi\n\n\xff{{ .Token }}", "invite.html:1: cannot read the template: it is not a text in UTF-8"},
    };
    /* clang-format on */
    char said[900];
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++)
        assert_string_equal(verdict(cases[i].mail, cases[i].file, said), cases[i].says);
}

static void many_blocks_and_long_names_are_survived(void **state)
{
    struct zm_buf file = {.s = NULL};
    char said[900];
    int i;

    (void)state;
    zm_buf_puts(&file, "Subject: Hi\n\n{{ .Token }}");
    for (i = 0; i < 40; i++)
        zm_buf_puts(&file, "{{ if true }}");
    verdict(DB_MAIL_INVITE, file.s, said);
    assert_non_null(strstr(said, "more than 32 blocks"));
    zm_buf_done(&file);
    zm_buf_puts(&file, "Subject: Hi\n\n{{ .");
    for (i = 0; i < 500; i++)
        zm_buf_puts(&file, "Token");
    zm_buf_puts(&file, " }}");
    verdict(DB_MAIL_INVITE, file.s, said);
    assert_non_null(strstr(said, "is no variable"));
    zm_buf_done(&file);
}

static void write_file(const char *directory, const char *name, const char *text, size_t n)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void files_are_read_from_a_directory(void **state)
{
    char directory[] = "/tmp/zm-mail.XXXXXX", path[128], *big = zm_calloc(1, DB_MAIL_MAX + 2);
    static const char *const names[] = {"invite.html", "recovery.html", "magic_link.html"};
    struct zm_arena arena = {.head = NULL};
    struct db_mail_text text;
    struct zm_error err;
    const char *file;
    size_t i;

    (void)state;
    assert_non_null(mkdtemp(directory));
    write_file(directory, "invite.html", "Subject: Hi\n\n\nA\r\nB  \n\n", 21);
    memset(big, 'a', DB_MAIL_MAX + 1);
    write_file(directory, "recovery.html", big, DB_MAIL_MAX + 1);
    write_file(directory, "magic_link.html", "Subject: a\0b\n\nx", 15);

    assert_true(db_mail_read(directory, DB_MAIL_INVITE, &arena, &text, &file, &err));
    assert_string_equal(text.subject, "Hi");
    assert_string_equal(text.content, "A\nB");
    assert_int_equal(text.line, 4);
    snprintf(path, sizeof(path), "%s/invite.html", directory);
    assert_string_equal(file, path);

    assert_false(db_mail_read(directory, DB_MAIL_RECOVERY, &arena, &text, &file, &err));
    assert_string_equal(err.message, "it is longer than 256 KiB");
    assert_false(db_mail_read(directory, DB_MAIL_MAGIC_LINK, &arena, &text, &file, &err));
    assert_string_equal(err.message, "it is not a text in UTF-8");
    assert_false(db_mail_read(directory, DB_MAIL_EMAIL_CHANGE, &arena, &text, &file, &err));
    snprintf(path, sizeof(path), "there is no file %s/email_change.html", directory);
    assert_string_equal(err.message, path);
    for (i = 0; i < ZM_COUNT(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(directory), 0);
    zm_arena_done(&arena);
    free(big);
}

static void differences_are_shown_as_diff_shows_them(void **state)
{
    /* clang-format off */
    static const struct { const char *before, *after, *diff; } cases[] = {
        {"a\nb\nc\n", "a\nb\nc\n", ""},
        {"a\nb\nc\n", "a\nX\nc\n", "--- live\n+++ ours\n@@ -1,3 +1,3 @@\n a\n-b\n+X\n c\n"},
        {"", "a\n", "--- live\n+++ ours\n@@ -0,0 +1,1 @@\n+a\n"},
        {"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n6\n7\n8\n9\nx\n",
         "--- live\n+++ ours\n@@ -3,7 +3,7 @@\n 3\n 4\n-5\n 6\n 7\n 8\n 9\n+x\n"},
        {"0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n1\n2\n3\n4\n5\n6\n7\n8\ny\n",
         "--- live\n+++ ours\n@@ -1,3 +1,3 @@\n-0\n+x\n 1\n 2\n@@ -8,3 +8,3 @@\n 7\n 8\n-9\n+y\n"},
    };
    /* clang-format on */
    const char *before, *after;
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        struct zm_buf text = {.s = NULL};

        db_text_diff("live", cases[i].before, "ours", cases[i].after, &text);
        assert_string_equal(zm_text(text.s), cases[i].diff);
        zm_buf_done(&text);
    }
    assert_int_equal(db_text_first_difference("a\nbc\n", "a\nbd\n", &before, &after), 2);
    assert_string_equal(before, "bc\n");
    assert_string_equal(after, "bd\n");
    assert_int_equal(db_text_first_difference("a\n", "a\n", &before, &after), 0);
    assert_int_equal(db_text_first_difference("a", "a\nb", &before, &after), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_with_the_program_is_fine),
        cmocka_unit_test(good_ones_are_taken),
        cmocka_unit_test(bad_ones_are_named_with_their_line),
        cmocka_unit_test(many_blocks_and_long_names_are_survived),
        cmocka_unit_test(files_are_read_from_a_directory),
        cmocka_unit_test(differences_are_shown_as_diff_shows_them),
    };

    return cmocka_run_group_tests_name("db_mail", tests, NULL, NULL);
}
