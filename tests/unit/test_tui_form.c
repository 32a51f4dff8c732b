/*
 * Forms: which keys do what, what Enter never does, and how they look on a real ncurses screen.
 */
#include "tui_screen.h"

#include "tui/form.h"
#include "tui/key.h"
#include "zm/str.h"

static const struct tui_choice tiers[] = {{'f', "free"}, {'p', "pro"}, {'e', "enterprise"}};
static const struct tui_form_line plan[] = {
    {"ZmartyBrain", "tier  free -> pro", TUI_TEXT},
    {"", "user_subscriptions  end the active one, start the new one", TUI_TEXT},
    {"ZmartBot", "tier  free -> pro", TUI_TEXT},
};

/* A choice, a flag and a text, as in the dialog that changes a tier. */
enum { TIER, KEEP, REASON, FIELDS };

static void make(struct tui_form *form, struct tui_field fields[FIELDS])
{
    memset(fields, 0, FIELDS * sizeof(fields[0]));
    fields[TIER] = (struct tui_field){
        .kind = TUI_FIELD_CHOICE, .label = "Tier", .choices = tiers, .n_choices = 3, .chosen = 0};
    fields[KEEP] = (struct tui_field){
        .kind = TUI_FIELD_FLAG, .label = "Rights", .text = "keep them", .key = 'k'};
    fields[REASON] = (struct tui_field){.kind = TUI_FIELD_TEXT, .label = "Reason"};
    *form = (struct tui_form){.title = "Change tier  ana@example.com",
                              .badge = "PROD",
                              .fields = fields,
                              .n_fields = FIELDS,
                              .lines = plan,
                              .n_lines = ZM_COUNT(plan),
                              .lines_before = REASON,
                              .question = "Apply? y/N/d",
                              .answers = "yd"};
    tui_form_start(form);
}

static enum tui_form_answer press(struct tui_form *form, const char *keys, int *ret)
{
    enum tui_form_answer answer = TUI_FORM_OPEN;
    int none;

    while (*(keys += strspn(keys, " "))) {
        size_t len = strcspn(keys, " ");

        answer = tui_form_key(form, tui_key_parse(keys, len), ret ? ret : &none);
        keys += len;
    }
    return answer;
}

static void letters_choose_outside_of_texts(void **state)
{
    struct tui_field fields[FIELDS];
    struct tui_form form;

    (void)state;
    make(&form, fields);
    assert_int_equal(press(&form, "k", NULL), TUI_FORM_CHANGED);
    assert_true(fields[KEEP].on);
    assert_int_equal(press(&form, "p", NULL), TUI_FORM_CHANGED);
    assert_int_equal(fields[TIER].chosen, 1);
    assert_int_equal(form.at, REASON); /* on to the text */
    press(&form, "Tab", NULL);         /* which it has done: what is typed now must not choose */
    assert_int_equal(form.at, REASON);
    press(&form, "k e f T - 1", NULL);
    assert_string_equal(fields[REASON].edit.text, "kefT-1");
    assert_int_equal(fields[TIER].chosen, 1);
    assert_true(fields[KEEP].on);
    press(&form, "Up Up Right", NULL);
    assert_int_equal(form.at, TIER);
    assert_int_equal(fields[TIER].chosen, 2);
    press(&form, "Right", NULL); /* round */
    assert_int_equal(fields[TIER].chosen, 0);
    press(&form, "Left Down Space", NULL);
    assert_int_equal(fields[TIER].chosen, 2);
    assert_false(fields[KEEP].on);
}

static void moves_through_fields(void **state)
{
    struct tui_field fields[FIELDS];
    struct tui_form form;

    (void)state;
    make(&form, fields);
    press(&form, "Tab Tab Tab", NULL);
    assert_int_equal(form.at, FIELDS);
    press(&form, "Tab", NULL);
    assert_int_equal(form.at, TIER);
    press(&form, "S-Tab", NULL);
    assert_int_equal(form.at, FIELDS);
    fields[KEEP].hidden = true;
    press(&form, "Up Up", NULL);
    assert_int_equal(form.at, TIER);
    form.blocked = "a reason is needed"; /* the question is passed over */
    press(&form, "Up", NULL);
    assert_int_equal(form.at, REASON);
    press(&form, "Down", NULL);
    assert_int_equal(form.at, TIER);
}

/* Enter goes on to the question, or to what it waits for; at the question it is No. */
static void enter_is_never_yes(void **state)
{
    struct tui_field fields[FIELDS];
    struct test_screen s;
    struct tui_form form;
    int answer = 0;

    (void)state;
    test_screen(&s, 24, 80, "xterm-256color", NULL);
    make(&form, fields);
    form.blocked = "a reason is needed";
    form.wanted = REASON;
    assert_int_equal(press(&form, "Enter", NULL), TUI_FORM_OPEN);
    assert_int_equal(form.at, REASON);
    assert_string_equal(form.said, "a reason is needed");
    assert_int_equal(press(&form, "Enter", NULL), TUI_FORM_OPEN);
    assert_int_equal(form.at, REASON);
    form.blocked = NULL;
    assert_int_equal(press(&form, "Enter", NULL), TUI_FORM_OPEN);
    assert_int_equal(form.at, FIELDS);
    tui_frame_begin(s.tui);
    tui_form_draw(s.tui, &form);
    tui_frame_end(s.tui);
    assert_int_equal(press(&form, "x p e Space", &answer), TUI_FORM_OPEN); /* no answers */
    assert_int_equal(fields[TIER].chosen, 0);
    assert_int_equal(press(&form, "Enter", &answer), TUI_FORM_CLOSED);
    assert_int_equal(press(&form, "n", &answer), TUI_FORM_CLOSED);
    assert_int_equal(press(&form, "Esc", &answer), TUI_FORM_CLOSED);
    assert_int_equal(press(&form, "Ctrl-C", &answer), TUI_FORM_CLOSED);
    assert_int_equal(answer, 0);
    assert_int_equal(press(&form, "y", &answer), TUI_FORM_ANSWERED);
    assert_int_equal(answer, 'y');
    test_pty_done(&s);
}

/* An answer that came before the question had been drawn with the cursor on it is none. */
static void answers_only_what_was_seen(void **state)
{
    struct tui_field fields[FIELDS];
    struct test_screen s;
    struct tui_form form;
    int answer = 0;

    (void)state;
    test_screen(&s, 24, 80, "xterm-256color", NULL);
    make(&form, fields);
    tui_frame_begin(s.tui);
    tui_form_draw(s.tui, &form); /* the question is there, the cursor is not */
    tui_frame_end(s.tui);
    assert_int_equal(press(&form, "Enter y", &answer), TUI_FORM_OPEN);
    assert_non_null(form.said);
    tui_frame_begin(s.tui);
    tui_form_draw(s.tui, &form);
    tui_frame_end(s.tui);
    press(&form, "Tab S-Tab", &answer); /* away and back */
    assert_int_equal(press(&form, "y", &answer), TUI_FORM_OPEN);
    tui_frame_begin(s.tui);
    tui_form_draw(s.tui, &form);
    tui_frame_end(s.tui);
    assert_int_equal(press(&form, "d", &answer), TUI_FORM_ANSWERED);
    assert_int_equal(answer, 'd');
    form.blocked = "locked";
    answer = 0;
    assert_int_equal(press(&form, "y", &answer), TUI_FORM_OPEN);
    assert_int_equal(answer, 0);
    test_pty_done(&s);
}

static void pastes_into_texts_only(void **state)
{
    struct tui_field fields[FIELDS];
    struct tui_form form;

    (void)state;
    make(&form, fields);
    assert_false(tui_form_paste(&form, "p", 1));
    assert_int_equal(fields[TIER].chosen, 0);
    press(&form, "p", NULL);
    assert_true(tui_form_paste(&form, "T-1\ny", 5)); /* its first line */
    assert_string_equal(fields[REASON].edit.text, "T-1");
    press(&form, "Enter", NULL);
    assert_false(tui_form_paste(&form, "y", 1));
}

/* It begins at the question; no key there is its text, and the first one in it replaces it. */
static void what_is_suggested_is_replaced(void **state)
{
    struct tui_field fields[FIELDS];
    struct tui_form form;

    (void)state;
    make(&form, fields);
    fields[TIER].hidden = fields[KEEP].hidden = true;
    fields[REASON].suggested = true;
    tui_edit_set(&fields[REASON].edit, "drift");
    tui_form_start(&form);
    assert_int_equal(form.at, FIELDS);
    press(&form, "T x", NULL);
    assert_int_equal(form.at, FIELDS);
    assert_string_equal(fields[REASON].edit.text, "drift");
    assert_non_null(strstr(form.said, "Tab"));
    press(&form, "Tab T - 1", NULL);
    assert_string_equal(fields[REASON].edit.text, "T-1");
    tui_edit_set(&fields[REASON].edit, "drift");
    fields[REASON].suggested = true;
    press(&form, "Left x", NULL); /* who moves in it changes it */
    assert_string_equal(fields[REASON].edit.text, "drifxt");
}

static bool on_screen(int rows, int cols, const char *text)
{
    char got[1024];
    int row;

    for (row = 0; row < rows; row++)
        if (strstr(test_cells(row, 0, cols, got, sizeof(got)), text))
            return true;
    return false;
}

static void looks_right(void **state)
{
    static const char *const shown[] = {"Change tier  ana@example.com",
                                        "PROD",
                                        "(*) f free",
                                        "( ) e enterprise",
                                        "[ ] k keep them",
                                        "ZmartyBrain tier  free -> pro",
                                        "end the active one",
                                        "Reason",
                                        "Apply? y/N/d"};
    struct tui_field fields[FIELDS];
    struct test_screen s;
    struct tui_form form;
    size_t i;

    (void)state;
    test_screen(&s, 24, 80, "xterm-256color", NULL);
    make(&form, fields);
    tui_frame_begin(s.tui);
    tui_form_draw(s.tui, &form);
    tui_frame_end(s.tui);
    for (i = 0; i < ZM_COUNT(shown); i++)
        if (!on_screen(24, 80, shown[i])) {
            test_pty_done(&s);
            fail_msg("'%s' is not on the screen", shown[i]);
        }
    assert_int_equal(form.rows, form.page); /* all of it is in sight */
    test_pty_done(&s);
}

/* Where it does not fit the field with the cursor and the question are in sight all the same. */
static void scrolls_where_it_is_small(void **state)
{
    struct tui_field fields[FIELDS];
    struct test_screen s;
    struct tui_form form;
    size_t i;

    (void)state;
    test_screen(&s, 8, 40, "xterm-256color", NULL);
    make(&form, fields);
    for (i = 0; i <= FIELDS; i++) {
        tui_frame_begin(s.tui);
        tui_form_draw(s.tui, &form);
        tui_frame_end(s.tui);
        assert_true(form.rows > form.page);
        assert_true(on_screen(8, 40, "Apply? y/N/d"));
        assert_true(on_screen(8, 40, i < FIELDS ? fields[i].label : "> Apply?"));
        press(&form, "Tab", NULL);
    }
    press(&form, "S-Tab PgUp PgUp PgUp", NULL);
    assert_int_equal(form.top, 0);
    press(&form, "PgDn PgDn PgDn PgDn PgDn PgDn", NULL);
    assert_int_equal(form.top, form.rows - form.page);
    test_pty_done(&s);
}

/* No size makes it draw outside of its box, or not come to an end. */
static void any_size_is_safe(void **state)
{
    static const int sizes[][2] = {{1, 1}, {2, 3}, {3, 8}, {5, 20}, {10, 40}, {60, 300}};
    static const char hostile[] = "\033[31m\xe2\x80\xae long enough to be cut somewhere";
    struct tui_field fields[FIELDS];
    struct test_screen s;
    struct tui_form form;
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(sizes); i++) {
        test_screen(&s, sizes[i][0], sizes[i][1], "xterm-256color", NULL);
        make(&form, fields);
        press(&form, "p", NULL);
        tui_form_paste(&form, hostile, strlen(hostile));
        tui_frame_begin(s.tui);
        tui_form_draw(s.tui, &form);
        tui_frame_end(s.tui);
        test_pty_done(&s);
        assert_true(form.page <= sizes[i][0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_choose_outside_of_texts),
        cmocka_unit_test(moves_through_fields),
        cmocka_unit_test(enter_is_never_yes),
        cmocka_unit_test(answers_only_what_was_seen),
        cmocka_unit_test(pastes_into_texts_only),
        cmocka_unit_test(what_is_suggested_is_replaced),
        cmocka_unit_test(looks_right),
        cmocka_unit_test(scrolls_where_it_is_small),
        cmocka_unit_test(any_size_is_safe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
