/*
 * The configuration: what is not understood whole is refused, with its line, its name and the
 * nearest valid one; so is a file that somebody else could have written or read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf_place.h"
#include "screens/conf.h"
#include "zm/clock.h"
#include "zm/str.h"

static void names_are_checked_with_line_and_suggestion(void **state)
{
    const struct place *place = *state;
    struct zm_error err;
    char line[256];
    const char *text;

    text = refusal(place, FILE_WITH("host = \"/b\";\nsslmod = \"disable\";"), &err);
    snprintf(line, sizeof(line),
             "%s:5: unknown option 'sslmod' in profiles.a.brain, did you mean 'sslmode'?",
             place->path);
    assert_string_equal(text, line);
    assert_has(refusal(place, "gard = \"open\";", &err), ":1: unknown option 'gard' in the file");
    assert_has(refusal(place, "profiles: { a: { " BOTH " host = \"x\"; }; };", &err),
               "unknown option 'host' in profiles.a");
    assert_has(
        refusal(place, "profiles: { a: { " BOTH "\n }; b: { brain: { nots = 1; }; }; };", &err),
        ":2: unknown option 'nots' in profiles.b.brain");
    text = refusal(place, "ui: {\n mouse = true;\n mouse = false;\n};", &err);
    assert_has(text, ":3:");
    assert_has(text, "given twice: 'mouse'");
}

/* clang-format off */
static const struct { const char *text, *says; } wrong[] = {
    {"ui: { mouse = 1; };",                          "ui.mouse must be true or false, not a number"},
    {"ui: { mouse = \"yes\"; };",                    "ui.mouse must be true or false, not a text"},
    {"ui: { theme = \"defualt\"; };",                "did you mean 'default'?"},
    {"ui: { theme = 1; };",                          "ui.theme must be a text"},
    {"ui: { refresh_seconds = \"5\"; };",            "ui.refresh_seconds must be a number, not a text"},
    {"ui: { refresh_seconds = 5.5; };",              "ui.refresh_seconds must be a number, not a fraction"},
    {"ui: { refresh_seconds = -1; };",               "ui.refresh_seconds = -1 is out of range (0 to 3600)"},
    {"ui: { refresh_seconds = 4294967297; };",       "the number 4294967297 is too large"},
    {"ui: { refresh_seconds = 0x1ffffffff; };",      "the number 0x1ffffffff is too large"},
    {"ui: { refresh_seconds = 99999999999999999999; };", "is too large"},
    {"ui: 5;",                                       "ui must be a group { }, not a number"},
    {"ui: { keys: { users: { filter = 5; }; }; };",  "ui.keys.users.filter must be a text"},
    {"default_profile = \"\";",                      "default_profile is empty"},
    {"default_profile = \"a\\x1b[2Jb\";",            "holds a control character"},
    {"default_profile = \"a\nb\";",                  "holds a control character"},
    {"default_profile = \"a\xff\";",                 "is not UTF-8"},
    {"profiles: { a: { connect_seconds = 0; }; };",  "connect_seconds = 0 is out of range (1 to 120)"},
    {"profiles: { a: { label = \"seventeen letters\"; }; };", "must have 1 to 16 bytes"},
    {"profiles: { a: { existing_tables = \"x\"; }; };", "must be a list of texts"},
    {"profiles: { a: { policy: { api_tiers = [1]; }; }; };", "api_tiers must be a text"},
    {"profiles: { a*b: { }; };",                     "is not a good name"},
    {FILE_WITH("host = \"/b\"; port = -1;"),         "port = -1 is out of range (1 to 65535)"},
    {FILE_WITH("host = \"/b\"; port = \"5432 host=evil\";"), "port must be a number"},
    {FILE_WITH("host = \"/b\"; sslmode = \"verify\";"), "is not one of: disable"},
    {FILE_WITH("host = \"\";"),                      "profiles.a.brain.host is empty"},
    {FILE_WITH("port = 5432;"),                      "profiles.a.brain names no server"},
    {FILE_WITH("host = \"/b\"; password = \"x\"; password_command = \"y\";"), "one of them is enough"},
    {FILE_WITH("host = \"/b\"; password_command = \"pass x | head -1\";"), "only a shell understands"},
    {FILE_WITH("host = \"/b\"; password_command = \"pass 'x\";"), "a quote that is not closed"},
    {FILE_WITH("host = \"/b\"; password_command = \"  \";"), "the command is empty"},
    {"@include \"/etc/passwd\"\n",                   "@include is not supported"},
    {"ui: { mouse = true; };\n  @include \"x\"\n",   ":2: @include is not supported"},
    {"\n\nui: { theme = \"default; };\n\n",      ":3: a text or remark begins and does not end"},
    {"\n/* ui: { };\n\n",                          ":2: a text or remark begins and does not end"},
    {"ui: { mouse = ; };",                           ":1: "},
    {"",                                             "has no profiles"},
    {"profiles: { };",                               "has no profiles"},
    {"profiles: { a: { " BOTH " }; b: { " BOTH " }; };", "several profiles and no default: a, b"},
    {"default_profile = \"c\"; profiles: { a: { " BOTH " }; };", "has no profile 'c'; there is: a"},
};
/* clang-format on */

static void values_are_checked(void **state)
{
    const struct place *place = *state;
    struct zm_error err;
    size_t i;

    for (i = 0; i < ZM_COUNT(wrong); i++)
        assert_has(refusal(place, wrong[i].text, &err), wrong[i].says);
}

/* A text may hold what would be trouble outside of one. */
static void texts_and_comments_hold_anything(void **state)
{
    const struct place *place = *state;
    struct zm_error err;
    struct conf conf;

    write_text(place, "# @include \"x\" 99999999999 {{{{{{{{{{{{{{{{{\n"
                      "// it's \"quoted\n/* { @include\n */\n"
                      "profiles: { a: { label = \"@include \\\\\"; " BOTH " }; }; # \"\n");
    assert_true(conf_load(place->path, NULL, &conf, &err));
    assert_string_equal(conf.label, "@include \\");
    conf_done(&conf);
}

static void nothing_foreign_is_shown(void **state)
{
    const struct place *place = *state;
    struct zm_error err;

    refusal(place, "@include \"/etc/passwd\"\n", &err);
    assert_null(strstr(err.message, "root:"));
    refusal(place, FILE_WITH("password = \"hunter2\"; pasword = \"hunter2\";"), &err);
    assert_null(strstr(err.message, "hunter2"));
    refusal(place, FILE_WITH("password = \"hunter2\"; password = \"hunter2\";"), &err);
    assert_null(strstr(err.message, "hunter2"));
}

static void size_nul_and_depth_are_refused_at_once(void **state)
{
    const struct place *place = *state;
    char *text = zm_malloc(400001);
    int64_t since = zm_now_ms();
    struct zm_error err;
    struct conf conf;

    memset(text, ' ', 70000);
    write_bytes(place, text, 70000, 0600);
    assert_false(conf_load(place->path, NULL, &conf, &err));
    assert_has(err.message, "is larger than 64 KiB");
    write_bytes(place, "ui: { };\0x", 10, 0600);
    assert_false(conf_load(place->path, NULL, &conf, &err));
    assert_has(err.message, "holds a NUL byte");
    memset(text, '(', 60000);
    memcpy(text, "a = ", 4);
    write_bytes(place, text, 60000, 0600);
    assert_false(conf_load(place->path, NULL, &conf, &err));
    assert_has(err.message, "nested too deeply");
    assert_true(zm_now_ms() - since < 3000);
    free(text);
}

static void modes_and_owners_are_checked(void **state)
{
    const struct place *place = *state;
    const char *open_file = "profiles: { a: { " BOTH " }; };";
    const char *with_password = FILE_WITH("host = \"/b\"; password = \"x\";");
    struct zm_error err;
    struct conf conf;

    write_bytes(place, open_file, strlen(open_file), 0644);
    assert_true(conf_load(place->path, NULL, &conf, &err));
    conf_done(&conf);
    write_bytes(place, with_password, strlen(with_password), 0640);
    assert_false(conf_load(place->path, NULL, &conf, &err));
    assert_has(err.message, "others can read");
    assert_has(err.hint, "chmod 600");
    write_bytes(place, open_file, strlen(open_file), 0620);
    assert_false(conf_load(place->path, NULL, &conf, &err));
    assert_has(err.message, "others may write");
    assert_has(err.message, "mode 0620");
    chmod(place->path, 0600);
    assert_int_equal(chmod(place->directory, 0770), 0);
    assert_false(conf_load(place->path, NULL, &conf, &err));
    assert_has(err.message, "others may write the directory");
    assert_int_equal(chmod(place->directory, 0700), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(place->path, 12345, (gid_t)-1), 0);
        assert_false(conf_load(place->path, NULL, &conf, &err));
        assert_has(err.message, "another account (uid 12345)");
    }
}

static void what_is_no_file_is_refused_without_waiting(void **state)
{
    const struct place *place = *state;
    int64_t since = zm_now_ms();
    struct zm_error err;
    struct conf conf;

    assert_false(conf_load(place->path, NULL, &conf, &err));
    assert_has(err.message, "No such file");
    assert_int_equal(mkfifo(place->path, 0600), 0);
    assert_false(conf_load(place->path, NULL, &conf, &err));
    assert_has(err.message, "is not a plain file");
    unlink(place->path);
    assert_int_equal(symlink(place->path, place->path), 0);
    assert_false(conf_load(place->path, NULL, &conf, &err));
    assert_has(err.message, "symbolic links");
    unlink(place->path);
    assert_false(conf_load(place->directory, NULL, &conf, &err));
    assert_has(err.message, "is a directory");
    assert_false(conf_load("/dev/null", NULL, &conf, &err));
    assert_false(conf_load("/", NULL, &conf, &err));
    assert_true(zm_now_ms() - since < 2000);
    assert_false(conf_load(NULL, NULL, &conf, &err)); /* HOME holds none */
    assert_has(err.message, "there is no configuration");
    assert_has(err.hint, "zmartctl init");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(names_are_checked_with_line_and_suggestion), CASE(values_are_checked),
        CASE(texts_and_comments_hold_anything),           CASE(nothing_foreign_is_shown),
        CASE(size_nul_and_depth_are_refused_at_once),     CASE(modes_and_owners_are_checked),
        CASE(what_is_no_file_is_refused_without_waiting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
