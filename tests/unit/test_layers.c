/*
 * The rules of the house, read from the sources: which layer may include what, what may not be
 * called, how long a file or a function gets. Every line of every file is held against a table of
 * patterns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>
#include <dirent.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "zm/str.h"

#define MAX_FILE 500
#define MAX_FUNCTION 60

struct rule {
    const char *where;  /* paths that it holds for */
    const char *line;   /* what must not be in one */
    const char *unless; /* but may where this matches; NULL: never */
    const char *why;
};

#define PRODUCT "^(tui|db|screens|include)/.*[.][ch]$"
#define SOURCES "^(tui|db|screens|include|tests)/.*[.][ch]$"
#define STATEMENTS "^db/sql/(brain|bot|either)/"
#define BEFORE "(^|[^a-zA-Z0-9_])"
#define CURSES "(n?curses|panel|term|menu|form)[.]h"

/* clang-format off */
static const struct rule rules[] = {
    {"^include/zm/", "^#include [<\"](tui|db|screens|ncurses|curses|libpq|libconfig|jansson|uuid|curl)", NULL,
     "the base knows libc only"},
    {"^(tui|include/tui)/", "^#include [<\"](db|screens|libpq|postgres|libconfig|jansson|curl)", NULL,
     "the toolkit knows no database and no screen"},
    {"^(db|include/db)/", "^#include [<\"](tui/|screens/|libconfig|" CURSES ")", NULL,
     "the database layer knows no terminal and no screen"},
    {"^(screens|include)/", "^#include [<\"](libpq|postgres|" CURSES ")", NULL,
     "libraries stay inside their layer"},
    {SOURCES, BEFORE "v?sprintf *[(]", NULL, "use snprintf"},
    {SOURCES, BEFORE "(strcpy|strcat|strncat|gets|atoi) *[(]", NULL, "use zm/str.h, strtol"},
    {SOURCES, BEFORE "(system|popen) *[(]", NULL, "no shell: posix_spawn"},
    {PRODUCT, "strtok *[(]", NULL, "strcspn and strspn keep no hidden state"},
    {PRODUCT, "PQexec *[(]", NULL, "db/link.h is the only way to run a statement"},
    {SOURCES, "PQescape|PQfn *[(]|" BEFORE "lo_[a-z]+ *[(]", NULL, "parameters, never pasted text"},
    {PRODUCT "|" STATEMENTS, "[Ss][Ee][Ll][Ee][Cc][Tt] +[*]", NULL, "name the columns"},
    {STATEMENTS, "_encrypted|encrypted_password|(^|[^t])_token|(^|[^o])t_token", "^INSERT INTO auth[.]users [(]",
     "secret columns are in no statement but the sign-up that is rolled back"},
    {"^(tui|db|screens)/", BEFORE "(malloc|calloc|realloc|strdup) *[(]", NULL, "use zm/arena.h"},
    {SOURCES, "^ *typedef +(struct|union)", NULL, "say struct where it is a struct"},
    {PRODUCT, "^ *static [^(=]*[;=]", "const|sig_atomic_t", "no mutable globals"},
    {PRODUCT, "^ *static const [^(=]*[*] *[a-z_]+(\\[[^]]*\\])* *[;=]", NULL, "a pointer that can change: no mutable globals"},
    {PRODUCT, "^(struct|enum|union|bool|char|int|long|unsigned|size_t|int64_t|double)[^(]*[]a-z_] *(=.*|;)$",
     "^(struct|enum|union) [a-z_]+;$|const", "no mutable globals"},
    {".", "[Ii]ssu" "e #?[0-9]|/wo" "rk/(main|shared)|(^|[^a-z])shar" "ed/[A-Za-z]", NULL,
     "the project speaks of itself only"},
    {".", "[a-zA-Z0-9_]@([a-z0-9-]+[.])*[a-z0-9-]+[.][a-z][a-z]+", "example[.]|[.]example", "e-mails are at example.*"},
};
/* clang-format on */

struct check {
    regex_t where[ZM_COUNT(rules)], line[ZM_COUNT(rules)], unless[ZM_COUNT(rules)];
    int files, found;
};

static void blame(struct check *c, const char *path, int number, const char *why, const char *line)
{
    c->found++;
    fprintf(stderr, "%s:%d: %s: %.*s\n", path, number, why, (int)strcspn(line, "\n"), line);
}

static bool matches(const regex_t *pattern, const char *text)
{
    return regexec(pattern, text, 0, NULL, 0) == 0;
}

/* Blanks out comments of C, also those that go on for several lines. */
static void strip_comments(char *line, bool *inside)
{
    char *s;

    for (s = line; *s; s++) {
        bool begins = !*inside && s[0] == '/' && s[1] == '*';
        bool ends = *inside && s[0] == '*' && s[1] == '/';

        *inside = (*inside || begins) && !ends;
        if (*inside || ends)
            *s = *s == '\n' ? '\n' : ' ';
        if (begins || ends)
            *++s = ' ';
    }
}

/* Of a function or table, from its brace in the first column to the other. */
static void measure(struct check *c, const char *path, int number, const char *line, int *began)
{
    if (line[0] == '{')
        *began = number;
    if (line[0] != '}' || *began == 0)
        return;
    if (number - *began - 1 > MAX_FUNCTION)
        blame(c, path, *began, "a function longer than a screen", "");
    *began = 0;
}

static void read_lines(struct check *c, const char *path, FILE *file)
{
    bool is_c = strstr(path, ".c") || strstr(path, ".h"), inside = false;
    char line[4096], code[4096];
    int number = 0, began = 0;
    size_t i;

    while (fgets(line, sizeof(line), file)) {
        number++;
        zm_copy(code, sizeof(code), line);
        code[strcspn(code, "\n")] = '\0';
        if (is_c)
            strip_comments(code, &inside);
        measure(c, path, number, code, &began);
        for (i = 0; i < ZM_COUNT(rules); i++) {
            const char *text = rules[i].where[0] == '.' ? line : code;

            if (matches(&c->where[i], path) && matches(&c->line[i], text) &&
                !(rules[i].unless && matches(&c->unless[i], text)))
                blame(c, path, number, rules[i].why, line);
        }
    }
    if (is_c && number > MAX_FILE)
        blame(c, path, number, "a file that is too long", "");
}

/* "include/tui/key.h" -> "TUI_KEY_H" */
static void guard_of(const char *path, char *dst, size_t size)
{
    char *s;

    zm_copy(dst, size, strncmp(path, "include/", 8) == 0 ? path + 8 : path);
    for (s = dst; *s; s++)
        *s = isalnum((unsigned char)*s) ? (char)toupper((unsigned char)*s) : '_';
}

static void read_opening(struct check *c, const char *path, FILE *file)
{
    char text[4096] = "", guard[128], wanted[300];

    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    rewind(file);
    if (strncmp(text, "/*", 2) != 0)
        blame(c, path, 1, "a file opens with what it does", text);
    if (strncmp(path, "include/", 8) != 0)
        return;
    guard_of(path, guard, sizeof(guard));
    snprintf(wanted, sizeof(wanted), "\n#ifndef %s\n#define %s\n", guard, guard);
    if (!strstr(text, wanted))
        blame(c, path, 1, "no include guard", guard);
}

static void read_file(struct check *c, const char *path)
{
    const char *suffix = strrchr(path, '.');
    char full[1024];
    FILE *file;

    snprintf(full, sizeof(full), "%s/%s", ZM_SOURCE_DIR, path);
    file = fopen(full, "r");
    assert_non_null(file);
    c->files++;
    if (suffix && (strcmp(suffix, ".c") == 0 || strcmp(suffix, ".h") == 0))
        read_opening(c, path, file);
    read_lines(c, path, file);
    fclose(file);
}

static void walk(struct check *c, const char *path)
{
    char full[1024], below[512];
    const struct dirent *entry;
    struct stat info;
    DIR *dir;

    snprintf(full, sizeof(full), "%s/%s", ZM_SOURCE_DIR, path);
    assert_int_equal(stat(full, &info), 0);
    if (!S_ISDIR(info.st_mode)) {
        const char *suffix = strrchr(path, '.');

        /* This file quotes all that is forbidden. */
        if (strcmp(path, "tests/unit/test_layers.c") != 0 &&
            !(suffix && strcmp(suffix, ".png") == 0))
            read_file(c, path);
        return;
    }
    dir = opendir(full);
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
        walk(c, below);
    }
    closedir(dir);
}

static void rules_are_kept(void **state)
{
    static const char *const roots[] = {"include",        "tui",       "db",   "screens",
                                        "tests",          "cmake",     "docs", "run",
                                        "CMakeLists.txt", "README.md", ".ci"};
    struct check *c = zm_calloc(1, sizeof(*c));
    int files, found;
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(rules); i++) {
        assert_int_equal(regcomp(&c->where[i], rules[i].where, REG_EXTENDED | REG_NOSUB), 0);
        assert_int_equal(regcomp(&c->line[i], rules[i].line, REG_EXTENDED | REG_NOSUB), 0);
        if (rules[i].unless)
            assert_int_equal(regcomp(&c->unless[i], rules[i].unless, REG_EXTENDED | REG_NOSUB), 0);
    }
    for (i = 0; i < ZM_COUNT(roots); i++)
        walk(c, roots[i]);
    for (i = 0; i < ZM_COUNT(rules); i++) {
        regfree(&c->where[i]);
        regfree(&c->line[i]);
        if (rules[i].unless)
            regfree(&c->unless[i]);
    }
    files = c->files;
    found = c->found;
    free(c);
    assert_true(files > 100);
    assert_int_equal(found, 0);
}

/* Each pattern must be able to find something. */
static void rules_can_fail(void **state)
{
    static const char *const bad[] = {
        "#include \"db/link.h\"",
        "#include <libpq-fe.h>",
        "#include <curses.h>",
        "#include \"screens/app.h\"",
        "    sprintf(a, b);",
        "    strcpy(a, b);",
        "    system(\"x\");",
        "    PQexec(conn, x);",
        "    PQescapeLiteral(c);",
        "SELECT * FROM x",
        "api_key_encrypted",
        "    p = malloc(4);",
        "typedef struct x y;",
        "static int count;",
        "static const char *names[] = {",
        "p = strtok(s, t);",
        "struct app app;",
        "see issu"
        "e #4",
        "a@gmail.com",
    };
    size_t i, j;

    (void)state;
    for (i = 0; i < ZM_COUNT(rules); i++) {
        bool found = false;
        regex_t line;

        assert_int_equal(regcomp(&line, rules[i].line, REG_EXTENDED | REG_NOSUB), 0);
        for (j = 0; j < ZM_COUNT(bad); j++)
            found = found || matches(&line, bad[j]);
        regfree(&line);
        if (!found)
            fail_msg("no sample breaks the rule '%s'", rules[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_can_fail),
        cmocka_unit_test(rules_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
