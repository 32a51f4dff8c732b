/*
 * What stands around the users: palette, help, menus, Messages, Overview, Health, on two real
 * servers and a real terminal emulator, with outages and in every size.
 */
#include "console.h"

#include <sys/stat.h>

#include "zm/str.h"

/* A command, as typed behind the colon. */
static void command(struct vt *vt, const char *line)
{
    vt_type(vt, ":");
    vt_wait(vt, "Tab completes", VT_SOON_MS);
    vt_type(vt, line);
    vt_keys(vt, "Enter");
}

/* ---- palette ---- */

static void test_palette_runs_by_name(void **state)
{
    struct vt *vt = open_on_both(*state, 24, 80, NULL);

    command(vt, "overv"); /* the only name that begins so */
    vt_wait(vt, "Tiers", VT_SOON_MS);
    command(vt, "health");
    vt_wait(vt, "PostgreSQL", VT_SOON_MS);
    command(vt, "time local");
    vt_wait(vt, "times are local", VT_SOON_MS);
    command(vt, "filter tier:enterprise");
    vt_wait(vt, "Users /tier:enterprise", VT_SOON_MS);
    vt_wait(vt, "all searched", VT_SOON_MS);
    escape(vt, "/tier:enterprise");
    command(vt, "sort id");
    vt_wait(vt, "sorted by id", VT_SOON_MS);
    command(vt, "sort"); /* without a word: the menu of its key */
    vt_wait(vt, "Sort by", VT_SOON_MS);
    vt_keys(vt, "e");
    vt_wait(vt, "sorted by e-mail", VT_SOON_MS);
    command(vt, "quit");
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 0);
    vt_check_restored(vt);
    vt_done(vt);
}

/* The colour of the first cell of a text. */
static int colour_of(struct vt *vt, const char *text)
{
    int col, row = vt_find(vt, text, &col);

    assert_true(row >= 0);
    return vt_cell(vt, row, col).fg;
}

static bool lost_colour(struct vt *vt, void *context)
{
    (void)context;
    return colour_of(vt, "Brain up") == VT_DEFAULT_COLOUR;
}

static void test_themes_change_at_once(void **state)
{
    struct vt *vt = open_on_both(*state, 24, 80, NULL);

    assert_int_equal(colour_of(vt, "Brain up"), 2);
    vt_type(vt, ":theme ");
    vt_wait(vt, "light", VT_SOON_MS); /* what it can be */
    vt_type(vt, "mon");
    vt_keys(vt, "Tab Enter");
    vt_wait(vt, "theme mono", VT_SOON_MS);
    vt_wait_until(vt, lost_colour, NULL, "no colours", VT_SOON_MS);
    command(vt, "theme purple");
    vt_wait(vt, "'purple' is nothing that theme takes", VT_SOON_MS);
    escape(vt, "Tab completes");
    command(vt, "theme default");
    vt_wait(vt, "theme default", VT_SOON_MS);
    assert_int_equal(colour_of(vt, "Brain up"), 2);
    quit(vt);
}

/* ---- the key bar ---- */

/* The command line and help stay at its end; keys are shown where they do something. */
static void test_bar_shows_what_works(void **state)
{
    static const struct {
        const char *keys, *ready;
        bool opens, filters;
    } screens[] = {
        {"4", "PostgreSQL", false, false},
        {"6", "x exact", false, false},
        {"7", "TIME", true, true},
        {"1", "EMAIL", true, true},
    };
    static const int widths[] = {80, 40, 120};
    struct vt *vt = open_on_both(*state, 24, 80, NULL);
    size_t i, w;

    for (w = 0; w < ZM_COUNT(widths); w++) {
        vt_resize(vt, 24, widths[w]);
        for (i = 0; i < ZM_COUNT(screens); i++) {
            const char *bar;

            vt_keys(vt, screens[i].keys);
            vt_wait(vt, screens[i].ready, VT_SOON_MS);
            vt_settle(vt, 100, VT_SOON_MS);
            bar = vt_row(vt, 23);
            assert_string_equal(bar + strlen(bar) - strlen("  : cmd  ? help"), "  : cmd  ? help");
            assert_int_equal(strlen(bar), widths[w] - 1);
            assert_int_equal(strstr(bar, "Enter open") != NULL, screens[i].opens);
            assert_int_equal(strstr(bar, "/ filter") != NULL, screens[i].filters);
        }
    }
    quit(vt);
}

/* A slip is named with what was probably meant, and can be mended where it stands. */
static void test_palette_refuses(void **state)
{
    struct vt *vt = open_on_both(*state, 24, 80, NULL);

    command(vt, "helth");
    vt_wait(vt, "there is no command 'helth'; did you mean health?", VT_SOON_MS);
    vt_keys(vt, "Ctrl-U");
    vt_type(vt, "sort sideways");
    vt_keys(vt, "Enter");
    vt_wait(vt, "'sideways' is nothing that sort takes", VT_SOON_MS);
    vt_keys(vt, "Ctrl-W");
    vt_type(vt, "id");
    vt_keys(vt, "Enter");
    vt_wait(vt, "sorted by id", VT_SOON_MS);
    command(vt, "pa");
    vt_wait(vt, "'pa' may be", VT_SOON_MS);
    escape(vt, "Tab completes");
    quit(vt);
}

static void test_palette_completes(void **state)
{
    struct vt *vt = open_on_both(*state, 24, 80, NULL);

    vt_type(vt, ":mess");
    vt_keys(vt, "Tab");
    vt_wait(vt, ":messages", VT_SOON_MS);
    vt_keys(vt, "Ctrl-U");
    vt_type(vt, "filter ti");
    vt_keys(vt, "Tab");
    vt_wait(vt, ":filter tier:", VT_SOON_MS);
    vt_wait(vt, "tier:enterprise", VT_SOON_MS);
    vt_type(vt, "pr");
    vt_keys(vt, "Tab Enter");
    vt_wait(vt, "Users /tier:pro", VT_SOON_MS);
    quit(vt);
}

/* What was entered is there at the next start, in a file that nobody else reads. */
static void test_palette_remembers(void **state)
{
    const struct demo *demo = *state;
    struct stat st;
    struct vt *vt = open_on_both(demo, 24, 80, NULL);
    char path[200];

    command(vt, "time local");
    vt_wait(vt, "times are local", VT_SOON_MS);
    command(vt, "filter country:RO");
    vt_wait(vt, "Users /country:RO", VT_SOON_MS);
    quit(vt);
    snprintf(path, sizeof(path), "%.*s/state/history", (int)(strrchr(demo->conf, '/') - demo->conf),
             demo->conf);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    vt = open_on_both(demo, 24, 80, NULL);
    vt_type(vt, ":");
    vt_keys(vt, "Up");
    vt_wait(vt, ":filter country:RO", VT_SOON_MS);
    vt_keys(vt, "Up");
    vt_wait(vt, ":time local", VT_SOON_MS);
    vt_keys(vt, "Down");
    vt_wait(vt, ":filter country:RO", VT_SOON_MS);
    escape(vt, "Tab completes");
    quit(vt);
}

/* A paste is text for the field, whatever is in it. */
static void test_palette_paste_runs_nothing(void **state)
{
    struct vt *vt = open_on_both(*state, 24, 80, NULL);

    vt_type(vt, ":");
    vt_wait(vt, "Tab completes", VT_SOON_MS);
    vt_paste(vt, "quit\nquit\n");
    vt_wait(vt, ":quit", VT_SOON_MS);
    escape(vt, "Tab completes");
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    quit(vt);
}

static void test_user_is_looked_up(void **state)
{
    const struct demo *demo = *state;
    struct vt *vt = open_on_both(demo, 24, 80, NULL);
    char id[37], line[64], twin[128];

    command(vt, "user ana.pop@example.ro");
    vt_wait(vt, "Users > ana.pop@example.ro", VT_SOON_MS);
    escape(vt, "Users > ana");
    zm_copy(id, sizeof(id),
            demo_sql(demo, DB_BRAIN, "SELECT id FROM auth.users WHERE email='ana.pop@example.ro'"));
    snprintf(line, sizeof(line), "user %s", id);
    command(vt, line);
    vt_wait(vt, "Users > ana.pop@example.ro", VT_SOON_MS);
    escape(vt, "Users > ana");
    command(vt, "user nobody@has.this.example");
    vt_wait(vt, "no user has the id, e-mail or phone", VT_SOON_MS);
    zm_copy(twin, sizeof(twin),
            demo_sql(demo, DB_BRAIN,
                     "SELECT 'user ' || email FROM auth.users WHERE email IS NOT NULL "
                     "GROUP BY email HAVING count(*) = 2 ORDER BY email LIMIT 1"));
    assert_true(twin[0] != '\0');
    command(vt, twin);
    vt_wait(vt, "2 users are meant", VT_SOON_MS);
    vt_keys(vt, "Down Enter");
    vt_wait(vt, "Users > ", VT_SOON_MS);
    quit(vt);
}

/* ---- help ---- */

static void test_help_searches_and_runs(void **state)
{
    struct vt *vt = open_on_both(*state, 24, 80, NULL);

    vt_type(vt, "?");
    vt_wait(vt, "Users > Help", VT_SOON_MS);
    vt_wait(vt, "mark the row and go on", VT_SOON_MS);
    vt_type(vt, "live refr");
    vt_wait_gone(vt, "mark the row", VT_SOON_MS);
    vt_wait(vt, "pause and resume", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "live refresh paused", VT_SOON_MS);
    vt_wait_gone(vt, "> Help", VT_SOON_MS);
    vt_type(vt, "?xyzzy");
    vt_wait(vt, "no key does that", VT_SOON_MS);
    vt_keys(vt, "Esc"); /* clears the search */
    vt_wait_gone(vt, "xyzzy", VT_SOON_MS);
    vt_wait(vt, "> Help", VT_SOON_MS);
    escape(vt, "> Help");
    vt_type(vt, "6");
    vt_wait(vt, "Tiers", VT_SOON_MS);
    vt_type(vt, "?");
    vt_wait(vt, "Overview > Help", VT_SOON_MS);
    vt_wait(vt, "exact counts", VT_SOON_MS); /* the keys of the screen it was opened from */
    vt_type(vt, "q");
    vt_wait_gone(vt, "> Help", VT_SOON_MS);
    vt_wait(vt, "Tiers", VT_SOON_MS);
    quit(vt);
}

/* ---- messages ---- */

static void test_messages(void **state)
{
    struct vt *vt = open_on_both(*state, 24, 80, NULL);

    vt_paste(vt, "dropped");
    vt_wait(vt, "a paste outside of a field was dropped", VT_SOON_MS);
    vt_wait(vt, "7 Messages 1!", VT_SOON_MS);
    vt_type(vt, "ZZ");
    vt_type(vt, "7");
    vt_wait(vt, "LEVEL", VT_SOON_MS);
    vt_wait_gone(vt, "1!", VT_SOON_MS); /* has been read */
    vt_wait(vt, "live refresh on", VT_SOON_MS);
    vt_type(vt, "/warning");
    vt_wait_gone(vt, "live refresh", VT_SOON_MS);
    vt_keys(vt, "Enter Enter");
    vt_wait(vt, "message 1 of 1", VT_SOON_MS);
    escape(vt, "message 1 of 1");
    vt_keys(vt, "Esc"); /* the filter */
    vt_wait(vt, "live refresh on", VT_SOON_MS);
    quit(vt);
}

/* ---- looks ---- */

static void test_sizes(void **state)
{
    static const struct {
        int rows, cols;
    } sizes[] = {{10, 40}, {11, 63}, {20, 60}, {24, 80}, {18, 131}, {48, 160}, {70, 500}};
    static const struct {
        const char *key, *shows;
    } screens[] = {{"4", "state"}, {"6", "ZmartBot's tables"}, {"7", "TEXT"}};
    struct vt *vt = open_on_both(*state, 24, 80, NULL);
    size_t i, k;

    for (k = 0; k < ZM_COUNT(screens); k++) {
        vt_resize(vt, 24, 80);
        vt_type(vt, screens[k].key);
        for (i = 0; i < ZM_COUNT(sizes); i++) {
            vt_resize(vt, sizes[i].rows, sizes[i].cols);
            vt_wait(vt, screens[k].shows, VT_SOON_MS);
            vt_type(vt, "?");
            vt_wait(vt, "HELP", VT_SOON_MS);
            vt_wait(vt, "> ", VT_SOON_MS);
            escape(vt, "HELP");
            vt_type(vt, ":");
            vt_wait(vt, "Tab completes", VT_SOON_MS);
            vt_wait(vt, "filter", VT_SOON_MS);
            escape(vt, "Tab completes");
        }
    }
    quit(vt);
}

/* With --ascii not a byte above 0x7e is sent. */
static void test_ascii(void **state)
{
    const struct demo *demo = *state;
    const char *const argv[] = {ZM_BINARY, "-c", demo->conf, "--ascii", NULL};
    struct vt *vt = vt_start(argv, NULL, 48, 160);
    const char *log;
    size_t n, i;

    wait_for_both(vt);
    vt_type(vt, "6");
    vt_wait(vt, "####", VT_SOON_MS);
    vt_type(vt, "4");
    vt_wait(vt, "p95", VT_SOON_MS);
    vt_type(vt, "R");
    vt_type(vt, "?");
    vt_wait(vt, "ASCII", VT_SOON_MS);
    escape(vt, "HELP");
    vt_type(vt, ":");
    vt_wait(vt, "Tab completes", VT_SOON_MS);
    escape(vt, "Tab completes");
    log = vt_log(vt, &n);
    for (i = 0; i < n; i++)
        if ((unsigned char)log[i] > 0x7e)
            fail_msg("byte %zu of the output is 0x%02x", i, (unsigned char)log[i]);
    quit(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_palette_runs_by_name),
        cmocka_unit_test(test_themes_change_at_once),
        cmocka_unit_test(test_bar_shows_what_works),
        cmocka_unit_test(test_palette_refuses),
        cmocka_unit_test(test_palette_completes),
        cmocka_unit_test(test_palette_remembers),
        cmocka_unit_test(test_palette_paste_runs_nothing),
        cmocka_unit_test(test_user_is_looked_up),
        cmocka_unit_test(test_help_searches_and_runs),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_ascii),
    };

    return cmocka_run_group_tests(tests, demo_of_600, demo_end);
}
