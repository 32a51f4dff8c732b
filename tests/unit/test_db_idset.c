/*
 * The frozen set of users: order, repeats, more than one merge, notes, and what it takes in memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/idset.h"
#include "zm/str.h"

#define MANY 1000000u

/* Ids in the order of n; the first bytes are the same for all, or differ at once. */
static const char *id_of(unsigned n, bool skewed, char dst[37])
{
    if (skewed)
        snprintf(dst, 37, "00000000-0000-4000-8000-%012x", n);
    else
        snprintf(dst, 37, "%08x-0000-4000-8000-000000000000", n * 4000u);
    return dst;
}

static void must(bool ok, const struct zm_error *err)
{
    if (!ok)
        fail_msg("%s", err->message);
}

static void add(struct db_idset *set, const char *id)
{
    struct zm_error err;

    must(db_idset_add(set, id, &err), &err);
}

static void freeze(struct db_idset *set)
{
    struct zm_error err;

    must(db_idset_freeze(set, &err), &err);
}

static long resident_kb(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0, resident = 0;

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &pages, &resident), 2);
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void test_small_set_is_sorted_without_repeats(void **state)
{
    static const char *const given[] = {
        "B0000000-0000-4000-8000-000000000001", "0a000000-0000-4000-8000-0000000000ff",
        "b0000000-0000-4000-8000-000000000001", "0a000000-0000-4000-8000-0000000000fe",
        "ffffffff-ffff-4fff-bfff-ffffffffffff", "0A000000-0000-4000-8000-0000000000FE"};
    struct db_idset *set = db_idset_new();
    struct zm_error err;
    char ids[8][37];
    size_t i, n;

    (void)state;
    for (i = 0; i < ZM_COUNT(given); i++)
        add(set, given[i]);
    assert_int_equal(db_idset_count(set), ZM_COUNT(given));
    freeze(set);
    assert_int_equal(db_idset_count(set), 4);
    must(db_idset_read(set, 0, ids, 8, &n, &err), &err);
    assert_int_equal(n, 4);
    assert_string_equal(ids[0], "0a000000-0000-4000-8000-0000000000fe");
    assert_string_equal(ids[1], "0a000000-0000-4000-8000-0000000000ff");
    assert_string_equal(ids[2], "b0000000-0000-4000-8000-000000000001");
    assert_string_equal(ids[3], "ffffffff-ffff-4fff-bfff-ffffffffffff");
    must(db_idset_read(set, 3, ids, 8, &n, &err), &err);
    assert_int_equal(n, 1);
    assert_string_equal(ids[0], "ffffffff-ffff-4fff-bfff-ffffffffffff");
    must(db_idset_read(set, 4, ids, 8, &n, &err), &err);
    assert_int_equal(n, 0);
    db_idset_free(set);
}

static void test_empty_set(void **state)
{
    struct db_idset *set = db_idset_new();
    struct zm_error err;
    char ids[2][37];
    size_t n;

    (void)state;
    freeze(set);
    assert_int_equal(db_idset_count(set), 0);
    must(db_idset_read(set, 0, ids, 2, &n, &err), &err);
    assert_int_equal(n, 0);
    db_idset_free(set);
    db_idset_free(NULL);
}

static void test_what_is_no_id_and_what_comes_late_is_refused(void **state)
{
    static const char *const bad[] = {"", "ana@example.com", "0a000000-0000-4000-8000-0000000000f",
                                      "0a000000-0000-4000-8000-0000000000ffx",
                                      "0a000000x0000-4000-8000-0000000000ff"};
    struct db_idset *set = db_idset_new();
    struct zm_error err;
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(bad); i++) {
        assert_false(db_idset_add(set, bad[i], &err));
        assert_int_equal(err.kind, ZM_ERR_USAGE);
    }
    freeze(set);
    assert_false(db_idset_add(set, "0a000000-0000-4000-8000-0000000000ff", &err));
    assert_non_null(strstr(err.message, "frozen"));
    assert_int_equal(db_idset_count(set), 0);
    db_idset_free(set);
}

/* Every id twice, in an order that is far from sorted: 2 million additions. */
static void check_many(bool skewed)
{
    struct db_idset *set = db_idset_new();
    struct zm_error err;
    static char ids[500][37];
    char id[37], expected[37];
    long taken; /* of memory */
    size_t i, n, from;

    add(set, id_of(0, skewed, id));
    taken = resident_kb();
    for (i = 0; i < 2 * MANY; i++)
        add(set, id_of((unsigned)((uint64_t)i * 611953 % MANY), skewed, id));
    freeze(set);
    taken = resident_kb() - taken;
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed */
    if (taken > 4096)        /* their ids alone are 16 MB */
        fail_msg("%u users took %ld kB of memory", MANY, taken);
#endif
    assert_int_equal(db_idset_count(set), MANY);
    for (from = 0; from < MANY; from += n) {
        must(db_idset_read(set, from, ids, ZM_COUNT(ids), &n, &err), &err);
        assert_true(n > 0);
        for (i = 0; i < n; i++)
            if (strcmp(ids[i], id_of((unsigned)(from + i), skewed, expected)) != 0)
                fail_msg("at %zu: %s, not %s", from + i, ids[i], expected);
    }
    db_idset_free(set);
}

static void test_a_million_in_little_memory(void **state)
{
    (void)state;
    check_many(false);
}

static void test_ids_that_begin_alike(void **state)
{
    (void)state;
    check_many(true);
}

static void test_notes(void **state)
{
    struct db_idset *set = db_idset_new();
    uint64_t notes[3] = {7, 0, 9}, got[6];
    struct zm_error err;
    char id[37];
    unsigned i;

    (void)state;
    for (i = 0; i < 10; i++)
        add(set, id_of(i, false, id));
    freeze(set);
    must(db_idset_notes(set, 0, got, 6, &err), &err);
    assert_true(got[0] == 0 && got[5] == 0);
    must(db_idset_note(set, 4, notes, 3, &err), &err);
    must(db_idset_notes(set, 3, got, 6, &err), &err);
    assert_true(got[0] == 0 && got[1] == 7 && got[2] == 0 && got[3] == 9 && got[4] == 0);
    must(db_idset_notes(set, 8, got, 6, &err), &err); /* past the end: zeros */
    assert_true(got[0] == 0 && got[5] == 0);
    db_idset_free(set);
}

static void test_no_room_is_said(void **state)
{
    struct db_idset *set = db_idset_new();
    struct zm_error err = {.kind = ZM_ERR_NONE};
    char id[37];

    (void)state;
    setenv("TMPDIR", "/nowhere/at/all", 1);
    add(set, id_of(1, false, id)); /* in memory as yet */
    assert_false(db_idset_freeze(set, &err));
    unsetenv("TMPDIR");
    assert_int_equal(err.kind, ZM_ERR_SYSTEM);
    assert_non_null(strstr(err.hint, "TMPDIR"));
    freeze(set); /* again, with room */
    assert_int_equal(db_idset_count(set), 1);
    db_idset_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_set_is_sorted_without_repeats),
        cmocka_unit_test(test_empty_set),
        cmocka_unit_test(test_what_is_no_id_and_what_comes_late_is_refused),
        cmocka_unit_test(test_a_million_in_little_memory),
        cmocka_unit_test(test_ids_that_begin_alike),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_no_room_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
