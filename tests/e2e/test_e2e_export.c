/*
 * The key E on two real servers: what the screen shows is in the file, the file is private and
 * never an old one, and a hung server holds nobody up.
 */
#include "edit_console.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zm/arena.h"
#include "zm/str.h"

/* E and this name instead of the one that is proposed. */
static void export_to(struct vt *vt, const char *title, const char *proposed, const char *path)
{
    vt_type(vt, "E");
    vt_wait(vt, title, VT_SOON_MS);
    vt_wait(vt, proposed, VT_SOON_MS);
    vt_keys(vt, "Ctrl-U");
    vt_type(vt, path);
    vt_keys(vt, "Enter");
}

static long lines_of(const char *path, char *first, size_t size)
{
    FILE *file = fopen(path, "r");
    char line[8192];
    long n = 0;

    assert_non_null(file);
    for (; fgets(line, sizeof(line), file); n++)
        if (n == 0)
            zm_copy(first, size, line);
    fclose(file);
    return n;
}

static long number(const struct demo *demo, enum db_side side, const char *sql)
{
    return strtol(demo_sql(demo, side, sql), NULL, 10);
}

static void what_the_filter_finds(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 30, 100, NULL);
    char path[200], first[600], wanted[100];
    struct stat info;
    long n;

    snprintf(path, sizeof(path), "%s/ent.csv", vt_home(vt));
    vt_type(vt, "/tier:enterprise");
    vt_keys(vt, "Enter");
    vt_wait(vt, "all searched", VT_SOON_MS);
    export_to(vt, "Export users /tier:enterprise", "users-20", path);
    vt_wait(vt, "rows written to", VT_SOON_MS);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    n = lines_of(path, first, sizeof(first)) - 1;
    assert_int_equal(strncmp(first, "id,email,phone,name,", 20), 0);
    snprintf(wanted, sizeof(wanted), "%ld rows written", n);
    vt_wait(vt, wanted, VT_SOON_MS);
    snprintf(wanted, sizeof(wanted), "%ld of ~", n); /* as many as the list has */
    vt_wait(vt, wanted, VT_SOON_MS);
    assert_true(n >= number(demo, DB_BRAIN,
                            "SELECT count(*) FROM user_profiles WHERE tier = 'enterprise'"));
    export_to(vt, "Export users", "users-20", path); /* a second time */
    vt_wait(vt, "the file is there already; nothing was written", VT_SOON_MS);
    assert_int_equal(lines_of(path, first, sizeof(first)), n + 1);
    export_to(vt, "Export users", "users-20", "/nonexistent/users.csv");
    vt_wait(vt, "No such file or directory", VT_SOON_MS);
    vt_type(vt, "E");
    vt_wait(vt, "Enter writes the file", VT_SOON_MS);
    escape(vt, "Enter writes the file");
    quit(vt);
}

/* Whether each of the ids is in the file, and nobody else. */
static void assert_ids(const char *path, const char *const *ids, size_t n)
{
    char line[8192];
    size_t found = 0, i;
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    while (fgets(line, sizeof(line), file))
        for (i = 0; i < n; i++)
            found += strncmp(line, ids[i], 36) == 0;
    fclose(file);
    assert_int_equal(found, n);
    assert_int_equal(lines_of(path, line, sizeof(line)), n + 1);
}

static void mark(struct vt *vt, const char *filter, const char *email, const char *marked)
{
    find_one(vt, filter, email);
    vt_type(vt, " ");
    vt_wait(vt, marked, VT_SOON_MS);
}

/* Marks are what E means, also of whom only ZmartBot knows, and where nothing may be written; in
 * the dialog of `t` it is one of the deeds. */
static void marked_users(void **state)
{
    const struct demo *demo = *state;
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, "--read-only", NULL};
    struct vt *vt = vt_start(argv, NULL, 30, 100);
    char path[200], ids[2][37];
    const char *const wanted[] = {ids[0], ids[1]};

    zm_copy(ids[0], 37,
            demo_sql(demo, DB_BOT,
                     "SELECT user_id FROM user_trading_profiles WHERE email = 'hana@example.io'"));
    zm_copy(
        ids[1], 37,
        demo_sql(demo, DB_BRAIN, "SELECT id FROM auth.users WHERE email = 'ivana.r@example.com'"));
    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_wait(vt, "[ok]", VT_SOON_MS);
    snprintf(path, sizeof(path), "%s/marked.csv", vt_home(vt));
    mark(vt, "hana sync:orphan", "hana@example.io", "1 marked");
    mark(vt, "ivana.r@", "ivana.r@example.com", "2 marked");
    export_to(vt, "Export 2 marked users", "users-20", path);
    vt_wait(vt, "2 rows written to", VT_SOON_MS);
    assert_ids(path, wanted, 2);
    quit(vt);
}

static void all_that_match(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 30, 100, NULL);
    char path[200], first[600];
    long n =
        number(demo, DB_BOT, "SELECT count(*) FROM user_trading_profiles WHERE trading_enabled");

    snprintf(path, sizeof(path), "%s/all.csv", vt_home(vt));
    vt_type(vt, "/trading:on");
    vt_keys(vt, "Enter");
    vt_wait(vt, "all searched", VT_SOON_MS);
    vt_type(vt, "*t");
    vt_wait(vt, "Bulk:", VT_SOON_MS);
    look(vt);
    vt_type(vt, "E");
    vt_wait(vt, "Export them? y/N", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Export them? y/N", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "users that match /trading:on", VT_SOON_MS);
    vt_wait(vt, "> file", VT_SOON_MS);
    vt_keys(vt, "Ctrl-U");
    vt_type(vt, path);
    vt_keys(vt, "Enter");
    vt_wait(vt, "rows written to", VT_SOON_MS);
    assert_true(n > 50);
    assert_in_range(lines_of(path, first, sizeof(first)) - 1, n - 5, n); /* duplicates are one */
    quit(vt);
}

static void the_trades_of_a_user(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 30, 100, NULL);
    char path[200], first[600];

    snprintf(path, sizeof(path), "%s/trades.json", vt_home(vt));
    vt_type(vt, ":user whale@example.com");
    vt_keys(vt, "Enter");
    vt_wait(vt, "Subscriptions", VT_SOON_MS);
    vt_wait(vt, "Moby Whale", VT_SOON_MS);
    export_to(vt, "Export trades of whale@example.com", "trades-20", path);
    vt_wait(vt, "rows written to", VT_SOON_MS);
    assert_int_equal(lines_of(path, first, sizeof(first)),
                     number(demo, DB_BOT,
                            "SELECT max(n) FROM (SELECT count(*) AS n FROM user_trades GROUP BY "
                            "user_id) t"));
    assert_int_equal(strncmp(first, "{\"id\":", 6), 0);
    quit(vt);
}

/* A server that hangs: keys work on, and the export can be stopped, which leaves no file. */
static void an_export_that_hangs(void **state)
{
    struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 30, 100, NULL);
    char path[200];

    snprintf(path, sizeof(path), "%s/all.csv", vt_home(vt));
    vt_type(vt, "Z");
    vt_wait(vt, "paused", VT_SOON_MS);
    demo_signal(demo, DB_BOT, SIGSTOP);
    export_to(vt, "Export all users", "users-20", path);
    vt_wait(vt, "E says how far it is", VT_SOON_MS);
    vt_type(vt, "4");
    vt_wait(vt, "PostgreSQL", VT_SOON_MS);
    vt_type(vt, "1");
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    vt_type(vt, "E");
    vt_wait(vt, "rows so far", VT_SOON_MS);
    vt_type(vt, "s");
    demo_signal(demo, DB_BOT, SIGCONT);
    vt_wait(vt, "was stopped; its file was removed", VT_SOON_MS);
    assert_int_equal(access(path, F_OK), -1);
    quit(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_filter_finds), cmocka_unit_test(marked_users),
        cmocka_unit_test(all_that_match),        cmocka_unit_test(the_trades_of_a_user),
        cmocka_unit_test(an_export_that_hangs),
    };

    return cmocka_run_group_tests(tests, demo_of_600, demo_end);
}
