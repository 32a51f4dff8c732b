/*
 * The file of known servers: met, met again, another one, and files that cannot be trusted or
 * written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/known.h"
#include "zm/str.h"

struct rig {
    char directory[64], state[96], file[128];
};

static int start_rig(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));

    zm_copy(rig->directory, sizeof(rig->directory), "/tmp/zmk.XXXXXX");
    assert_non_null(mkdtemp(rig->directory));
    snprintf(rig->state, sizeof(rig->state), "%s/state/production", rig->directory);
    snprintf(rig->file, sizeof(rig->file), "%s/known", rig->state);
    *state = rig;
    return 0;
}

static int stop_rig(void **state)
{
    struct rig *rig = *state;
    char parent[96];

    unlink(rig->file);
    snprintf(parent, sizeof(parent), "%s/state", rig->directory);
    rmdir(rig->state);
    rmdir(parent);
    assert_int_equal(rmdir(rig->directory), 0); /* nothing else was left there */
    free(rig);
    return 0;
}

static struct db_facts facts_of(enum db_side side, const char *system, const char *oid)
{
    struct db_facts facts = {.side = side};

    zm_copy(facts.system, sizeof(facts.system), system);
    zm_copy(facts.database_oid, sizeof(facts.database_oid), oid);
    zm_copy(facts.host, sizeof(facts.host), "db.example.com");
    return facts;
}

static enum db_known_server meet(const struct rig *rig, enum db_side side, const char *system,
                                 const char *oid)
{
    const struct db_facts facts = facts_of(side, system, oid);
    enum db_known_server known = DB_KNOWN_SAME;
    struct zm_error err;

    if (!db_known_meet(rig->file, &facts, &known, &err))
        fail_msg("%s", err.message);
    return known;
}

static void meetings(void **state)
{
    const struct rig *rig = *state;
    const struct db_facts other = facts_of(DB_BRAIN, "8", "5");
    struct zm_error err;
    struct stat info;

    assert_int_equal(meet(rig, DB_BRAIN, "7", "5"), DB_KNOWN_FIRST);
    assert_int_equal(meet(rig, DB_BOT, "9", "5"), DB_KNOWN_FIRST);
    assert_int_equal(meet(rig, DB_BRAIN, "7", "5"), DB_KNOWN_SAME);
    assert_int_equal(meet(rig, DB_BRAIN, "", "5"), DB_KNOWN_SAME); /* may not be read this time */
    assert_int_equal(meet(rig, DB_BRAIN, "8", "5"), DB_KNOWN_OTHER);
    assert_int_equal(meet(rig, DB_BRAIN, "7", "6"), DB_KNOWN_OTHER);
    assert_int_equal(meet(rig, DB_BRAIN, "8", "5"), DB_KNOWN_OTHER); /* it is not taken silently */
    assert_true(db_known_accept(rig->file, &other, &err));
    assert_int_equal(meet(rig, DB_BRAIN, "8", "5"), DB_KNOWN_SAME);
    assert_int_equal(meet(rig, DB_BOT, "9", "5"), DB_KNOWN_SAME);
    assert_int_equal(stat(rig->file, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(rig->state, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
}

static void write_text(const struct rig *rig, const char *text, mode_t mode)
{
    FILE *file;

    meet(rig, DB_BRAIN, "1", "1"); /* makes the directories */
    file = fopen(rig->file, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(rig->file, mode), 0);
}

static void odd_files(void **state)
{
    const struct rig *rig = *state;
    const struct db_facts facts = facts_of(DB_BRAIN, "7", "5");
    enum db_known_server known;
    struct zm_error err;

    write_text(rig, "\n\nnonsense\nbrain\nbrain 7 5 db.example.com", 0600);
    assert_int_equal(meet(rig, DB_BRAIN, "7", "5"), DB_KNOWN_SAME);
    assert_int_equal(meet(rig, DB_BOT, "7", "5"), DB_KNOWN_FIRST);
    write_text(rig, "brain 7 5 db.example.com\n", 0666);
    assert_false(db_known_meet(rig->file, &facts, &known, &err));
    assert_non_null(strstr(err.message, "only you can write"));
    assert_false(db_known_meet("/proc/nowhere/known", &facts, &known, &err));
    assert_non_null(strstr(err.message, "/proc/nowhere/known"));
}

/* Both lanes and other processes write at the same time; nobody's line is lost. */
struct writer {
    const struct rig *rig;
    enum db_side side;
};

static void *write_often(void *arg)
{
    const struct writer *writer = arg;
    struct zm_error err;
    char system[16];
    int i;

    for (i = 0; i < 50; i++) {
        struct db_facts facts;

        snprintf(system, sizeof(system), "%d", i);
        facts = facts_of(writer->side, system, "5");
        if (!db_known_accept(writer->rig->file, &facts, &err))
            return (void *)1;
    }
    return NULL;
}

static void at_once(void **state)
{
    struct writer writers[DB_SIDES] = {{*state, DB_BRAIN}, {*state, DB_BOT}};
    pthread_t threads[DB_SIDES];
    void *failed;
    int i;

    for (i = 0; i < DB_SIDES; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_often, &writers[i]), 0);
    for (i = 0; i < DB_SIDES; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(meet(*state, DB_BRAIN, "49", "5"), DB_KNOWN_SAME);
    assert_int_equal(meet(*state, DB_BOT, "49", "5"), DB_KNOWN_SAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(meetings, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(odd_files, start_rig, stop_rig),
        cmocka_unit_test_setup_teardown(at_once, start_rig, stop_rig),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
