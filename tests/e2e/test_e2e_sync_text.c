/*
 * Both halves of a user: in the pane beside the rows, and with `d` as a text. They say the same, at
 * any width and whole, and no value of a database looks like a line of ours. The order matters:
 * later tests find what earlier ones left.
 */
#include "sync_console.h"

#define WIDE 48, 160
#define FIRST 1 /* the column where lines begin */

/* The cursor on the first of a class, so many below the first class. */
static void go_to(struct vt *vt, int class, const char *who)
{
    vt_keys(vt, "g");
    while (class -- > 0)
        vt_keys(vt, "j");
    vt_keys(vt, "Tab");
    vt_wait(vt, who, VT_SOON_MS);
}

static struct vt *open_at(const struct demo *demo, int class, const char *who)
{
    struct vt *vt = open_sync(demo, WIDE);

    go_to(vt, class, who);
    return vt;
}

static void show(struct vt *vt)
{
    vt_keys(vt, "d");
    vt_wait(vt, "In full", VT_SOON_MS);
}

static void close_text(struct vt *vt)
{
    vt_keys(vt, "q");
    vt_wait_gone(vt, "In full", VT_SOON_MS);
}

/* What stands behind a label, in the pane and in the text. */
static const char *value_of(struct vt *vt, const char *label)
{
    int col, row;

    vt_wait(vt, label, VT_SOON_MS);
    row = vt_find(vt, label, &col);
    return strstr(vt_row(vt, row), label) + strlen(label);
}

/* Every blank but the first of several, so that columns of other widths are the same text. */
static void squeeze(char *dst, const char *src)
{
    for (; *src; src++)
        if (*src != ' ' || src[1] != ' ')
            *dst++ = *src;
    *dst = '\0';
}

static void assert_value(struct vt *vt, const char *label, const char *value)
{
    char shown[700];

    squeeze(shown, value_of(vt, label));
    if (strcmp(shown + (*shown == ' '), value) == 0)
        return;
    vt_dump(vt);
    fail_msg("'%s' is '%s', not '%s'", label, shown, value);
}

/* As a line of ours would, and not under the values. */
static void assert_no_row_begins(struct vt *vt, const char *text)
{
    int row;

    for (row = 0; row < vt_rows(vt); row++) {
        const char *s = vt_row(vt, row);
        size_t blanks = strspn(s, " ");

        if (blanks <= FIRST && strncmp(s + blanks, text, strlen(text)) == 0) {
            vt_dump(vt);
            fail_msg("a row begins with '%s'", text);
        }
    }
}

static void set_bot_email(const struct demo *demo, const char *of, const char *value)
{
    char sql[400];

    snprintf(sql, sizeof(sql),
             "UPDATE public.user_trading_profiles SET email = %s WHERE user_id ="
             " (SELECT user_id FROM public.user_trading_profiles WHERE email = '%s')",
             value, of);
    demo_sql(demo, DB_BOT, sql);
}

/* A newline in it, and so many blanks that the next row begins as a line of ours would. */
static void test_a_value_begins_no_line(void **state)
{
    struct demo *demo = *state;
    struct vt *vt;

    set_bot_email(demo, "tatiana@old.example",
                  "E'x@y.z\\n\\n~ tier differs\\n\\u202e\\t' || repeat(' ', 33) ||"
                  " '~ rights exceed the tier'");
    vt = open_at(demo, 1, "tatiana@example.md");
    vt_resize(vt, 24, 80);
    vt_wait_gone(vt, "classes", VT_SOON_MS);
    show(vt);
    assert_value(vt, "e-mail ", "tatiana@example.md");
    assert_on_one_row(vt, "in Bot ~ ", "x@y.z\\n\\n~ tier differs\\n<202e>\\t");
    vt_wait(vt, "~ rights exceed the tier", VT_SOON_MS);
    vt_wait(vt, "~ e-mail differs", VT_SOON_MS);
    assert_no_row_begins(vt, "~ tier differs");
    assert_no_row_begins(vt, "~ rights exceed");
    vt_resize(vt, 40, 40);
    vt_wait_gone(vt, "mail about trades goes to an old address", VT_SOON_MS);
    assert_no_row_begins(vt, "~ tier differs");
    assert_no_row_begins(vt, "~ rights exceed");
    quit(vt);
}

/* The record of a row goes through the same pager. */
static void test_nor_does_one_of_a_record(void **state)
{
    struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_portfolios SET symbol = E'BTC\\npnl' || repeat(' ', 10) ||"
             " 'pnl  2.00' WHERE symbol = 'BTC' AND user_id = (SELECT user_id"
             " FROM public.user_trading_profiles WHERE email = 'ivana.r@example.com')");
    vt = open_user(demo, 24, 40, "ivana.r@example.com");
    vt_keys(vt, "Tab g");
    vt_wait(vt, "> BTC", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "In full", VT_SOON_MS);
    assert_on_one_row(vt, "symbol ", "BTC\\npnl");
    vt_wait(vt, "pnl  2.00", VT_SOON_MS);
    assert_no_row_begins(vt, "pnl  2.00");
    quit(vt);
}

static void assert_no_trading_profile(struct vt *vt)
{
    assert_value(vt, "profile ", "1 row ~ none");
    assert_value(vt, "tier ", "free -");
    assert_value(vt, "e-mail ", "diana.s@example.net -");
    assert_value(vt, "trading ", "-");
    assert_value(vt, "api ", "-");
}

/* ? is said only of what is not known. */
static void test_a_row_that_is_missing(void **state)
{
    struct vt *vt = open_at(*state, 2, "diff: diana.s@example.net");

    vt_wait(vt, "In the plan: create the trading", VT_SOON_MS);
    assert_on_one_row(vt, "profile ", "~ none");
    show(vt);
    assert_no_trading_profile(vt);
    assert_absent(vt, "NULL");
    close_text(vt);
    vt_keys(vt, "S-Tab");
    go_to(vt, 9, "diff: no.tier@example.com"); /* there is a row, without a tier */
    show(vt);
    assert_value(vt, "tier ", "\xe2\x88\x85 = \xe2\x88\x85");
    quit(vt);
}

static void test_says_who_wrote_and_why_it_is_left_out(void **state)
{
    struct vt *vt = open_at(*state, 0, "k.weber@example.de");

    vt_keys(vt, "j j");
    vt_wait(vt, "diff: k.weber", VT_SOON_MS);
    show(vt);
    assert_on_one_row(vt, "MORE rights than Brain", "who wrote it is not known");
    assert_on_one_row(vt, "plan ", "left out: a person has to decide");
    assert_on_one_row(vt, "writer ", "BOT ");
    assert_value(vt, "trading ", "~ on"); /* more than his tier gives */
    assert_value(vt, "api ", "off");
    close_text(vt);
    vt_keys(vt, "i");
    vt_wait(vt, "You included this row", VT_SOON_MS);
    show(vt);
    assert_on_one_row(vt, "plan ", "you included it");
    quit(vt);
}

static void test_says_whose_the_values_are(void **state)
{
    struct vt *vt = open_at(*state, 7, "diff: juana_m@example.mx");

    vt_wait(vt, "Bot has several rows", VT_SOON_MS);
    show(vt);
    assert_value(vt, "profile ", "1 row ~ 2 rows");
    assert_on_one_row(vt, "! Bot has several rows", "the values of the oldest");
    vt_wait(vt, "Enter on the row shows all", VT_SOON_MS);
    close_text(vt);
    vt_keys(vt, "Enter");
    vt_wait(vt, "#2 ", VT_SOON_MS);
    quit(vt);
}

static void test_says_that_he_is_deleted(void **state)
{
    struct vt *vt = open_at(*state, 5, "diff: ");

    assert_on_one_row(vt, "login ", "deleted ");
    show(vt);
    assert_on_one_row(vt, "login ", "deleted 20");
    quit(vt);
}

#define OTHER "tatiana.two@old.example"

/* An id is whole, and so are both halves: beside each other, or with a label each. */
static void test_reads_at_any_width(void **state)
{
    static const struct {
        int rows, cols;
        bool beside;
    } sizes[] = {{48, 160, true}, {24, 80, true}, {30, 60, true}, {30, 40, false}};
    const struct demo *demo = *state;
    const char *id;
    struct vt *vt;
    size_t i;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET email = '" OTHER "' WHERE email LIKE 'x@y%'");
    id = demo_sql(demo, DB_BRAIN, "SELECT id FROM auth.users WHERE email = 'tatiana@example.md'");
    vt = open_at(demo, 1, "diff: tatiana@example.md");
    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        vt_resize(vt, sizes[i].rows, sizes[i].cols);
        show(vt);
        vt_wait(vt, id, VT_SOON_MS);
        vt_wait(vt, "  risk ", VT_SOON_MS);
        assert_value(vt, "tier ", "pro = pro");
        assert_value(vt, "e-mail ",
                     sizes[i].beside ? "tatiana@example.md ~ " OTHER : "tatiana@example.md");
        if (!sizes[i].beside)
            assert_value(vt, "in Bot ", "~ " OTHER);
        close_text(vt);
    }
    vt_resize(vt, 10, 40);
    show(vt);
    vt_wait(vt, id, VT_SOON_MS);
    quit(vt);
}

/* What does not fit half of it stands below the other half, and is whole. */
static void test_the_pane_tells_halves_apart(void **state)
{
    struct demo *demo = *state;
    struct vt *vt;

    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'enterprise'"
             " WHERE email = 'k.weber@example.de'");
    demo_sql(demo, DB_BOT,
             "UPDATE public.user_trading_profiles SET tier = 'enterprise plus'"
             " WHERE email = 'old.premium@example.com'");
    vt = open_at(demo, 1, "diff: tatiana@example.md");
    assert_value(vt, "e-mail    ", "tatiana@example.md");
    assert_value(vt, "in Bot ", "~ " OTHER);
    vt_keys(vt, "S-Tab");
    go_to(vt, 0, "k.weber@example.de");
    vt_keys(vt, "j j");
    vt_wait(vt, "diff: k.weber", VT_SOON_MS);
    assert_value(vt, "tier   ", "free ~ enterprise");
    vt_keys(vt, "S-Tab");
    go_to(vt, 9, "old.premium@example.com");
    vt_keys(vt, "j");
    vt_wait(vt, "diff: old.premium", VT_SOON_MS);
    assert_value(vt, "tier   ", "pro");
    assert_value(vt, "in Bot ", "~ enterprise plus");
    quit(vt);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_value_begins_no_line),
        cmocka_unit_test(test_nor_does_one_of_a_record),
        cmocka_unit_test(test_a_row_that_is_missing),
        cmocka_unit_test(test_says_who_wrote_and_why_it_is_left_out),
        cmocka_unit_test(test_says_whose_the_values_are),
        cmocka_unit_test(test_says_that_he_is_deleted),
        cmocka_unit_test(test_reads_at_any_width),
        cmocka_unit_test(test_the_pane_tells_halves_apart),
    };

    return cmocka_run_group_tests(tests, demo_of_60, demo_end);
}
