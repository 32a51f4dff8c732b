/*
 * A full disk: of a server, one table after the other, and of this machine, where the spool is.
 * Nothing may be changed, and what is said names the side and why. It needs a small file
 * system of its own, which only root can mount; else the tests are skipped.
 */
#include "write_place.h"

#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "support/process.h"

static bool can_mount(void)
{
    char path[] = "/tmp/zmf.XXXXXX";
    bool ok;

    process_make_dir(path);
    ok = mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0;
    if (ok)
        umount2(path, MNT_DETACH);
    else
        printf("no tmpfs can be mounted here (%s): the tests of full disks are skipped\n",
               strerror(errno));
    rmdir(path);
    return ok;
}

/* ---- a server ---- */

struct full_table {
    enum db_side side;
    const char *name;
    const char *filler; /* a row, $ stands for its number */
};
static const struct full_table tables[] = {
    {DB_BRAIN, "user_profiles", "(user_id, tier) VALUES (NULL, 'free')"},
    {DB_BRAIN, "user_subscriptions", "(user_id, tier) VALUES (pid(1), 'old')"},
    {DB_BRAIN, "user_activity", "(user_id, action) VALUES (pid(1), 'login')"},
    {DB_BOT, "user_trading_profiles",
     "(user_id, email, tier) VALUES (pid((1000 + $)::int), 'f@example.com', 'free')"},
};

/* Rows until there is room for none, each by itself: what is refused leaves nothing behind. */
static void fill(const struct writer *w, const struct full_table *table)
{
    char sql[1024], row[160];
    const char *number = strchr(table->filler, '$');

    snprintf(row, sizeof(row), "%.*s%s%s",
             (int)(number ? number - table->filler : (long)strlen(table->filler)), table->filler,
             number ? "n" : "", number ? number + 1 : "");
    snprintf(sql, sizeof(sql),
             "SET synchronous_commit = off;"
             "CREATE OR REPLACE PROCEDURE public.test_fill() LANGUAGE plpgsql AS $f$"
             " DECLARE n bigint := 0; BEGIN LOOP"
             "   BEGIN INSERT INTO public.%s %s; EXCEPTION WHEN disk_full THEN EXIT; END;"
             "   n := n + 1; COMMIT;"
             "   IF n > 100000 THEN RAISE EXCEPTION 'the disk does not become full'; END IF;"
             " END LOOP; END $f$;",
             table->name, row);
    writer_sql(w, table->side, sql);
    writer_sql(w, table->side, "CALL public.test_fill()");
}

static void mount_for(const struct writer *w, const struct full_table *table, char path[80])
{
    char sql[320];
    struct stat owner;

    snprintf(path, 80, "%.60s/full", w->people.cluster[table->side].directory);
    assert_int_equal(stat(w->people.cluster[table->side].directory, &owner), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(mount("tmpfs", path, "tmpfs", 0, "size=256k"), 0);
    assert_int_equal(chown(path, owner.st_uid, owner.st_gid), 0);
    snprintf(sql, sizeof(sql), "CREATE TABLESPACE test_full LOCATION '%s'", path);
    writer_sql(w, table->side, sql);
    snprintf(sql, sizeof(sql), "VACUUM FULL public.%s", table->name); /* no room in its pages */
    writer_sql(w, table->side, sql);
    snprintf(sql, sizeof(sql),
             "ALTER TABLE public.%s SET (autovacuum_enabled = off), SET TABLESPACE test_full",
             table->name);
    writer_sql(w, table->side, sql);
}

static void unmount_for(const struct writer *w, const struct full_table *table, const char *path)
{
    char sql[320];

    /* what empties a table makes a new file first */
    assert_int_equal(mount("tmpfs", path, "tmpfs", MS_REMOUNT, "size=8m"), 0);
    snprintf(sql, sizeof(sql),
             "TRUNCATE public.%s; ALTER TABLE public.%s SET TABLESPACE pg_default", table->name,
             table->name);
    writer_sql(w, table->side, sql);
    writer_sql(w, table->side, "DROP TABLESPACE test_full");
    assert_int_equal(umount2(path, MNT_DETACH), 0);
    assert_int_equal(rmdir(path), 0);
}

static void full_table(struct write_place *place, const struct full_table *table)
{
    struct writer *w = &place->w;
    char path[80], before[512], after[512];
    struct ran ran;

    writer_fresh(w);
    mount_for(w, table, path);
    fill(w, table);
    writer_state(w, before, sizeof(before));
    ran = run(place, "$Z tier ana@example.com pro --reason r --yes");
    assert_ran(&ran, 5);
    assert_holds(ran.out, "nothing was changed");
    assert_holds(ran.out, "53100");
    assert_holds(ran.out, "No space left on device");
    assert_holds(ran.out, db_side_name(table->side));
    ran_done(&ran);
    assert_string_equal(writer_state(w, after, sizeof(after)), before);
    unmount_for(w, table, path);
}

static void servers_disk(void **state)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(tables); i++)
        full_table(*state, &tables[i]);
    writer_fresh(&((struct write_place *)*state)->w);
    run_says(*state, 0, "$Z tier ana@example.com pro --reason r --yes", "done", NULL);
}

/* ---- this machine ---- */

/* Everything that is left, to the last byte. */
static void fill_with_file(const char *directory)
{
    char path[160];
    FILE *file;

    snprintf(path, sizeof(path), "%s/filler", directory);
    file = fopen(path, "w");
    assert_non_null(file);
    setvbuf(file, NULL, _IONBF, 0);
    while (fputc('x', file) != EOF)
        continue;
    fclose(file);
}

static void spools_disk(void **state)
{
    struct write_place *place = *state;
    struct writer *w = &place->w;
    char path[96], option[160];

    writer_fresh(w);
    writer_sql(w, DB_BOT, "UPDATE public.user_trading_profiles SET trading_enabled = true");
    snprintf(path, sizeof(path), "%s/state", place->directory);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(mount("tmpfs", path, "tmpfs", 0, "size=64k,mode=0700"), 0);
    snprintf(option, sizeof(option), "state_directory = \"%s\";", path);
    write_conf(place, "unlock", option);
    run_says(place, 0, "$Z trading ana@example.com on --reason r --yes", "so already", NULL);

    cluster_halt(&w->people.cluster[DB_BRAIN]);
    fill_with_file(path);
    run_says(place, 5, "$Z trading " WRITER_PERSON " off --reason r --yes",
             "without a record on disk nothing may be changed", NULL);
    assert_string_equal(
        writer_value(w, DB_BOT, "SELECT trading_enabled FROM public.user_trading_profiles"), "t");

    /* room again: the same command is done, and its record is whole */
    run_says(place, 0, "rm $D/state/filler; $Z trading " WRITER_PERSON " off --reason r --yes",
             "waits in the spool", NULL);
    cluster_resume(&w->people.cluster[DB_BRAIN]);
    run_says(place, 0, "$Z tier ana@example.com free --reason r --yes", "so already",
             "1 audit record that waited here was written");
    assert_int_equal(count_in(place, DB_BRAIN,
                              "SELECT count(*) FROM public.user_activity"
                              " WHERE action = 'zmartctl.trading_toggle'"),
                     1);
    run_says(place, 1, "ls $D/state | grep bad", "", NULL);
    assert_int_equal(umount2(path, MNT_DETACH), 0);
    write_conf(place, "unlock", "");
}

int main(void)
{
    struct CMUnitTest tests[] = {
        cmocka_unit_test(servers_disk),
        cmocka_unit_test(spools_disk),
    };
    struct write_place *place;
    int failed;

    if (!can_mount())
        return 77;
    place = write_place_start("op_olga", false);
    tests[0].initial_state = tests[1].initial_state = place;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    write_place_done(place);
    return failed;
}
