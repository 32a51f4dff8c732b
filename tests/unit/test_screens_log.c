/*
 * The log of the console: every line in its order, nobody waits for the disk, and what was too much
 * is counted.
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

#include "screens/log_writer.h"
#include "zm/clock.h"

static void path_of(char path[64])
{
    int fd;

    snprintf(path, 64, "/tmp/zmlog.XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    unlink(path);
}

static void add(struct log_writer *writer, int i)
{
    struct zm_error err = {.kind = ZM_ERR_NONE};

    snprintf(err.message, sizeof(err.message), "line %d", i);
    log_writer_add(writer, MESSAGE_INFO, &err);
}

static void lines_come_in_their_order(void **state)
{
    struct log_writer *writer;
    char path[64], line[512];
    struct stat info;
    FILE *file;
    int i;

    (void)state;
    path_of(path);
    writer = log_writer_new(path);
    for (i = 0; i < 100; i++)
        add(writer, i);
    assert_true(log_writer_stop(writer, 10000));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    file = fopen(path, "r");
    assert_non_null(file);
    for (i = 0; fgets(line, sizeof(line), file); i++) {
        char wanted[40];

        snprintf(wanted, sizeof(wanted), "Z info line %d\n", i);
        assert_non_null(strstr(line, wanted));
    }
    assert_int_equal(i, 100);
    fclose(file);
    unlink(path);
}

/* More than may wait: what is not there is counted where it is missing. */
static void what_is_too_much_is_counted(void **state)
{
    struct log_writer *writer;
    char path[64], line[512];
    int i, expected = 0, dropped = 0;
    int64_t from = zm_now_ms();
    FILE *file;

    (void)state;
    path_of(path);
    writer = log_writer_new(path);
    for (i = 0; i < 100000; i++)
        add(writer, i);
    assert_true(zm_now_ms() - from < 20000);
    assert_true(log_writer_stop(writer, 30000));
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        const char *at = strstr(line, " line ");

        if (at && strncmp(at, " line ", 6) == 0 && strstr(line, "Z info")) {
            assert_int_equal(strtol(at + 6, NULL, 10), expected);
            expected++;
        } else {
            long n = strtol(strstr(line, "warning ") + 8, NULL, 10);

            assert_non_null(strstr(line, "came too fast"));
            assert_true(n > 0);
            expected += (int)n;
            dropped += (int)n;
        }
    }
    assert_int_equal(expected, 100000);
    assert_true(dropped > 0); /* nobody writes as fast as that */
    fclose(file);
    unlink(path);
}

static void nothing_is_needed(void **state)
{
    char path[64];

    (void)state;
    assert_null(log_writer_new(NULL));
    add(NULL, 1);
    assert_true(log_writer_stop(NULL, 0));
    path_of(path);
    assert_true(log_writer_stop(log_writer_new(path), 0)); /* without a line */
    assert_int_equal(access(path, F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_in_their_order),
        cmocka_unit_test(what_is_too_much_is_counted),
        cmocka_unit_test(nothing_is_needed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
