/*
 * The file of the spool: what is whole is counted and taken apart, what is not is told from it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/spool_file.h"

static const struct db_spool_field fields[] = {
    {"request", "0b6c2f7e-0000-4000-8000-000000000001"},
    {"action", "zmartctl.trading_toggle"},
    {"subject", "0b6c2f7e-0000-4000-8000-000000000002"},
    {"reason", "100% = \"sure\"\nT-1 \xc3\xa9"},
    {"ssh", NULL},
};

static int start(void **state)
{
    struct db_spool *spool = calloc(1, sizeof(*spool));

    snprintf(spool->directory, sizeof(spool->directory), "/tmp/zmq.XXXXXX");
    assert_non_null(mkdtemp(spool->directory));
    *state = spool;
    return 0;
}

static void path_of(const struct db_spool *spool, char path[600])
{
    snprintf(path, 600, "%s/spool", spool->directory);
}

static int stop(void **state)
{
    struct db_spool *spool = *state;
    char path[600];

    path_of(spool, path);
    unlink(path);
    assert_int_equal(rmdir(spool->directory), 0);
    free(spool);
    return 0;
}

static void read_spool(const struct db_spool *spool, char text[4096])
{
    char path[600];
    FILE *file;
    size_t n;

    path_of(spool, path);
    file = fopen(path, "r");
    assert_non_null(file);
    n = fread(text, 1, 4095, file);
    text[n] = '\0';
    fclose(file);
}

static void whole_lines(void **state)
{
    const struct db_spool *spool = *state;
    struct db_spool_record record;
    struct zm_error err;
    struct stat st;
    char path[600], text[4096];

    assert_int_equal(db_spool_count(spool), 0);
    assert_true(db_spool_append(spool, fields, ZM_COUNT(fields), &err));
    assert_int_equal(db_spool_count(spool), 1);
    path_of(spool, path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    read_spool(spool, text);
    text[strcspn(text, "\n")] = '\0';
    assert_true(db_spool_parse(text, &record));
    assert_string_equal(db_spool_field(&record, "reason"), fields[3].value);
    assert_null(db_spool_field(&record, "ssh"));
    free(record.line);
}

/* Every way to cut a line, and every byte changed. */
static void broken_lines(void **state)
{
    const struct db_spool *spool = *state;
    struct db_spool_record record;
    char text[4096], broken[4096];
    size_t i, n;

    db_spool_append(spool, fields, ZM_COUNT(fields), NULL);
    read_spool(spool, text);
    n = strcspn(text, "\n");
    text[n] = '\0';
    for (i = 0; i < n; i++) {
        memcpy(broken, text, n + 1);
        broken[i] = '\0';
        assert_false(db_spool_parse(broken, &record));
        free(record.line);
        memcpy(broken, text, n + 1);
        broken[i] = (char)(broken[i] == 'x' ? 'y' : 'x');
        assert_false(db_spool_parse(broken, &record));
        free(record.line);
    }
}

/* A line that was torn, by a machine that died, spoils no other. */
static void torn_line(void **state)
{
    const struct db_spool *spool = *state;
    struct db_spool_record record;
    char path[600], text[4096], *second;
    FILE *file;

    path_of(spool, path);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("v1 request=1234", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
    assert_true(db_spool_append(spool, fields, ZM_COUNT(fields), NULL));
    read_spool(spool, text);
    second = strchr(text, '\n');
    assert_non_null(second);
    second[1 + strcspn(second + 1, "\n")] = '\0';
    assert_true(db_spool_parse(second + 1, &record));
    free(record.line);
}

static void unwritable(void **state)
{
    struct db_spool away = {.directory = "/nonexistent/spool"};
    struct zm_error err;

    (void)state;
    assert_false(db_spool_append(&away, fields, ZM_COUNT(fields), &err));
    assert_non_null(strstr(err.hint, "nothing may be changed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whole_lines, start, stop),
        cmocka_unit_test_setup_teardown(broken_lines, start, stop),
        cmocka_unit_test_setup_teardown(torn_line, start, stop),
        cmocka_unit_test(unwritable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
