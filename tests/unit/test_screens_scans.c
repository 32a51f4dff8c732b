/*
 * The state file of comparisons: what is added is read again, the newest last; what is torn,
 * foreign or of a newer version costs no other line.
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
#include <time.h>
#include <unistd.h>

#include "screens/scans.h"

static char directory[] = "/tmp/zmscans.XXXXXX", path[64];

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void added_and_read(void **state)
{
    struct db_compare_result result = {.users = 14, .brain_users = 12408};
    const struct scan_line *last;
    struct scans scans;
    struct stat st;

    (void)state;
    unlink(path);
    scans_load(path, &scans);
    assert_null(scans_last(&scans));
    result.classes[DB_CLASS_TIER_DIFFERS] = 5;
    scans_add(path, &result);
    result.users = 0;
    result.classes[DB_CLASS_TIER_DIFFERS] = 0;
    scans_add(path, &result);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    scans_load(path, &scans);
    assert_int_equal(scans.n, 2);
    assert_int_equal(scans.line[0].users, 14);
    assert_int_equal(scans.line[0].brain_users, 12408);
    assert_int_equal(scans.line[0].classes[DB_CLASS_TIER_DIFFERS], 5);
    last = scans_last(&scans);
    assert_int_equal(last->users, 0);
    assert_true(time(NULL) - last->at_s < 60);
}

/* What a comparison may expect is what the last one was. */
static void expects_the_last(void **state)
{
    struct db_compare_result result = {.users = 14, .brain_users = 12408, .seconds = 2.5};
    struct db_compare compare = {.expected = 7};

    (void)state;
    unlink(path);
    scans_expect(path, &compare);
    assert_int_equal(compare.expected, 0);
    scans_add(path, &result);
    scans_expect(path, &compare);
    assert_int_equal(compare.expected, 14);
    assert_int_equal(compare.expected_ms, 2500);
}

/* Watching for months makes no large file, and keeps the trend. */
static void does_not_grow(void **state)
{
    struct db_compare_result result = {.brain_users = 12408};
    struct scans scans;
    struct stat st;

    (void)state;
    unlink(path);
    for (result.users = 0; result.users < 8000; result.users++)
        scans_add(path, &result);
    assert_int_equal(stat(path, &st), 0);
    assert_in_range(st.st_size, 16000, 300000);
    assert_int_equal(st.st_mode & 0777, 0600);
    scans_load(path, &scans);
    assert_int_equal(scans.n, SCANS_KEPT);
    assert_int_equal(scans.line[SCANS_KEPT - 1].users, 7999);
    assert_int_equal(scans.line[0].users, 8000 - SCANS_KEPT);
}

static void torn_and_foreign(void **state)
{
    struct scans scans;

    (void)state;
    write_file("hello\n"
               "v9 2026-11-22T12:00:41Z users=3\n"
               "v1 2026-11-22T12:00:41Z users=7 brain_users=10 later_class=2\n"
               "v1 2026-11-22T12:00:41Z brain_users=10\n"
               "v1 yesterday users=1\n"
               "v1 2026-11-22T12:00:41Z users=-1\n"
               "v1 2026-11-22T12:00:41Z users=x\n"
               "v1 2026-11-23T12:00:41Z users=4 tier_differs=4\n"
               "v1 2026-11-24T12:00:41Z us");
    scans_load(path, &scans);
    assert_int_equal(scans.n, 2);
    assert_int_equal(scans.line[0].users, 7);
    assert_int_equal(scans.line[1].users, 4);
    assert_int_equal(scans.line[1].at_s - scans.line[0].at_s, 86400);
}

/* Only the end of a long file is read, and the newest lines of it are kept. */
static void long_file(void **state)
{
    FILE *file = fopen(path, "w");
    struct scans scans;
    int i;

    (void)state;
    assert_non_null(file);
    for (i = 0; i < 5000; i++)
        fprintf(file, "v1 2026-11-22T12:00:41Z users=%d brain_users=9\n", i);
    assert_int_equal(fclose(file), 0);
    scans_load(path, &scans);
    assert_int_equal(scans.n, SCANS_KEPT);
    assert_int_equal(scans_last(&scans)->users, 4999);
    assert_int_equal(scans.line[0].users, 5000 - SCANS_KEPT);
}

static void no_place(void **state)
{
    struct db_compare_result result = {.users = 1};
    struct scans scans;

    (void)state;
    scans_add(NULL, &result);
    scans_add("/nonexistent/scans", &result);
    scans_load(NULL, &scans);
    assert_int_equal(scans.n, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(added_and_read), cmocka_unit_test(expects_the_last),
        cmocka_unit_test(does_not_grow),  cmocka_unit_test(torn_and_foreign),
        cmocka_unit_test(long_file),      cmocka_unit_test(no_place),
    };
    int failed;

    if (!mkdtemp(directory))
        return 1;
    snprintf(path, sizeof(path), "%s/scans", directory);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    rmdir(directory);
    return failed;
}
