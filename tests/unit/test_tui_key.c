/*
 * Names of keys, and the bytes of terminals that become keys, pastes and clicks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "tui/decode.h"

static void names_round_trip(void **state)
{
    static const char *const names[] = {"j",          "G",
                                        "/",          "?",
                                        "%",          "*",
                                        "\303\251",   "Enter",
                                        "Esc",        "Tab",
                                        "S-Tab",      "Space",
                                        "Backspace",  "Delete",
                                        "Insert",     "Up",
                                        "Down",       "Left",
                                        "Right",      "Home",
                                        "End",        "PgUp",
                                        "PgDn",       "F1",
                                        "F5",         "F10",
                                        "F12",        "Ctrl-D",
                                        "Ctrl-Space", "Alt-x",
                                        "Alt-Ctrl-D", "Ctrl-Left",
                                        "Alt-Enter",  "Alt-Backspace"};
    char name[24];
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(names); i++) {
        int key = tui_key_parse(names[i], strlen(names[i]));

        if (key == TUI_KEY_NONE)
            fail_msg("'%s' is no key", names[i]);
        assert_string_equal(tui_key_name(key, name), names[i]);
    }
}

static void names_that_mean_the_same(void **state)
{
    static const char *const pairs[][2] = {
        {"ctrl-d", "Ctrl-D"},    {"Ctrl-i", "Tab"}, {"Ctrl-M", "Enter"},  {"Ctrl-[", "Esc"},
        {"Return", "Enter"},     {"escape", "Esc"}, {"PageDown", "PgDn"}, {"Shift-Tab", "S-Tab"},
        {"Ctrl-H", "Backspace"}, {"Alt-5", "F5"},   {"Alt-0", "F10"},     {"f7", "F7"}};
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(pairs); i++)
        assert_int_equal(tui_key_parse(pairs[i][0], strlen(pairs[i][0])),
                         tui_key_parse(pairs[i][1], strlen(pairs[i][1])));
}

static void names_that_are_none(void **state)
{
    static const char *const names[] = {"",      "jj",   "F0",           "F13",       "F01",
                                        "Ctrl-", "Alt-", "Ctrl-Esc",     "Alt-Alt-x", "Hyper-x",
                                        "\033",  "\303", "Ctrl-\303\251"};
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(names); i++)
        if (tui_key_parse(names[i], strlen(names[i])) != TUI_KEY_NONE)
            fail_msg("'%s' is a key", names[i]);
}

struct sequence {
    const char *bytes, *keys; /* names, separated by blanks */
};

// clang-format off
static const struct sequence sequences[] = {
    {"j", "j"}, {"G", "G"}, {" ", "Space"}, {"\303\251", "\303\251"}, {"\345\261\261", "\345\261\261"},
    {"\r", "Enter"}, {"\n", "Enter"}, {"\t", "Tab"}, {"\177", "Backspace"}, {"\b", "Backspace"},
    {"\004", "Ctrl-D"}, {"\003", "Ctrl-C"}, {"\032", "Ctrl-Z"}, {"\037", "Ctrl-_"},
    {"\033", "Esc"}, {"\033\033", "Esc Esc"}, {"\033x", "Alt-x"}, {"\0331", "F1"}, {"\0330", "F10"},
    {"\033[", "Alt-["}, {"\033O", "Alt-O"}, {"\033\177", "Alt-Backspace"}, {"\033\r", "Alt-Enter"},
    {"\033[A", "Up"}, {"\033OB", "Down"}, {"\033[C", "Right"}, {"\033OD", "Left"},
    {"\033[H", "Home"}, {"\033[F", "End"}, {"\033[1~", "Home"}, {"\033[4~", "End"},
    {"\033[7~", "Home"}, {"\033[8~", "End"}, {"\033[2~", "Insert"}, {"\033[3~", "Delete"},
    {"\033[5~", "PgUp"}, {"\033[6~", "PgDn"}, {"\033[Z", "S-Tab"}, {"\033OP", "F1"},
    {"\033[[C", "F3"}, {"\033[15~", "F5"}, {"\033[21~", "F10"}, {"\033[24~", "F12"}, {"\033OR", "F3"},
    {"\033[1;5D", "Ctrl-Left"}, {"\033[1;3C", "Alt-Right"}, {"\033[5;5~", "Ctrl-PgUp"},
    {"\033[1;2P", "F1"}, {"\033\033[A", "Alt-Up"}, {"\033OM", "Enter"}, {"\033Oq", "1"},
    {"\033[27;5;100~", "Ctrl-D"}, {"\033[100;5u", "Ctrl-D"}, {"\033[9;2u", "S-Tab"}, {"\033[27u", "Esc"},
    {"jk\033[Bq", "j k Down q"},
    /* what nobody pressed */
    {"\033[?62;22cj", "j"}, {"\033[>41;370;0cj", "j"}, {"\033[24;80Rj", "j"}, {"\033[0nj", "j"},
    {"\033[Ij", "j"}, {"\033[Oj", "j"}, {"\033]11;rgb:0/0/0\033\\j", "j"}, {"\033]52;c;eA==\007j", "j"},
    {"\033P1$r0m\033\\j", "j"}, {"\033_x\033\\j", "j"}, {"\033[999999999999;3~j", "j"},
    {"\033[1;\033[A", "Up"}, {"\033[M !!j", "j"}, {"\033[<0;5;7mj", "j"}, {"\033[<35;5;7Mj", "j"},
    {"\377\376j", "j"}, {"\303j", "j"}, {"\302\233j", "j"}, {"\355\240\200j", "j"}, {"\033[1;2;3;4;5;6Aj", "Up j"},
};
// clang-format on

/* All keys in what was fed, as text; anything that is not a key as '#'. */
static void keys_of(struct tui_decoder *d, bool late, char *dst, size_t size)
{
    struct tui_event event;
    char name[24];
    size_t n = strlen(dst);

    while (tui_decode_next(d, late, &event))
        n += (size_t)snprintf(dst + n, size - n, "%s%s", n ? " " : "",
                              event.type == TUI_EVENT_KEY ? tui_key_name(event.key, name) : "#");
}

static void decodes(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(sequences); i++) {
        struct tui_decoder d = {.n = 0};
        char keys[200] = "";

        tui_decode_feed(&d, sequences[i].bytes, strlen(sequences[i].bytes));
        keys_of(&d, false, keys, sizeof(keys));
        keys_of(&d, true, keys, sizeof(keys));
        if (strcmp(keys, sequences[i].keys) != 0)
            fail_msg("'%s' gave '%s', not '%s'", sequences[i].bytes + 1, keys, sequences[i].keys);
        assert_false(tui_decode_pending(&d));
        tui_decode_done(&d);
    }
}

/* Through a network a sequence arrives in pieces. */
static void decodes_byte_by_byte(void **state)
{
    size_t i, k;

    (void)state;
    for (i = 0; i < ZM_COUNT(sequences); i++) {
        struct tui_decoder d = {.n = 0};
        char keys[200] = "";

        for (k = 0; sequences[i].bytes[k]; k++) {
            tui_decode_feed(&d, sequences[i].bytes + k, 1);
            keys_of(&d, false, keys, sizeof(keys));
        }
        keys_of(&d, true, keys, sizeof(keys));
        if (strcmp(keys, sequences[i].keys) != 0)
            fail_msg("'%s' gave '%s', not '%s'", sequences[i].bytes + 1, keys, sequences[i].keys);
        tui_decode_done(&d);
    }
}

static void waits_for_the_rest(void **state)
{
    struct tui_decoder d = {.n = 0};
    struct tui_event event;

    (void)state;
    tui_decode_feed(&d, "\033", 1);
    assert_false(tui_decode_next(&d, false, &event));
    assert_true(tui_decode_pending(&d));
    assert_true(tui_decode_next(&d, true, &event));
    assert_int_equal(event.key, TUI_KEY_ESC);
    assert_false(tui_decode_pending(&d));
}

/* Feeds a long text as reads would bring it. */
static size_t feed_all(struct tui_decoder *d, const char *s, size_t n, struct tui_event *last)
{
    size_t events = 0;

    while (n > 0) {
        size_t part = tui_decode_room(d) < n ? tui_decode_room(d) : n;
        struct tui_event event;

        tui_decode_feed(d, s, part);
        s += part;
        n -= part;
        while (tui_decode_next(d, false, &event)) {
            *last = event;
            events++;
        }
    }
    return events;
}

static void paste_is_one_event(void **state)
{
    static const char bytes[] = "\033[200~X y\r\n\033[A\033[201~j";
    size_t cut;

    (void)state;
    for (cut = 1; cut < sizeof(bytes) - 1; cut++) {
        struct tui_decoder d = {.n = 0};
        struct tui_event event;
        bool got;

        tui_decode_feed(&d, bytes, cut);
        got = tui_decode_next(&d, false, &event);
        assert_int_equal(got, cut == sizeof(bytes) - 2); /* not before its end */
        if (!got) {
            tui_decode_feed(&d, bytes + cut, sizeof(bytes) - 1 - cut);
            assert_true(tui_decode_next(&d, false, &event));
        }
        assert_int_equal(event.type, TUI_EVENT_PASTE);
        assert_int_equal(event.text_len, 8);
        assert_memory_equal(event.text, "X y\n\n\033[A", 8);
        if (got)
            tui_decode_feed(&d, "j", 1);
        assert_true(tui_decode_next(&d, false, &event));
        assert_int_equal(event.key, 'j');
        tui_decode_done(&d);
    }
}

static void paste_flood_is_bounded(void **state)
{
    size_t n = 1 << 20;
    char *flood = zm_malloc(n);
    struct tui_decoder d = {.n = 0};
    struct tui_event event = {TUI_EVENT_NONE};

    (void)state;
    memset(flood, 'y', n);
    tui_decode_feed(&d, "\033[200~", 6);
    assert_int_equal(feed_all(&d, flood, n, &event), 0);
    assert_int_equal(feed_all(&d, "\033[201~", 6, &event), 1);
    assert_int_equal(event.type, TUI_EVENT_PASTE);
    assert_int_equal(event.text_len, TUI_PASTE_MAX);
    tui_decode_done(&d);
    free(flood);
}

static void flood_inside_a_string_is_dropped(void **state)
{
    size_t n = 100000;
    char *flood = zm_malloc(n);
    struct tui_decoder d = {.n = 0};
    struct tui_event event = {TUI_EVENT_NONE};

    (void)state;
    memset(flood, 'y', n);
    tui_decode_feed(&d, "\033]52;", 5);
    assert_int_equal(feed_all(&d, flood, n, &event), 0);
    assert_int_equal(feed_all(&d, "\007j", 2, &event), 1);
    assert_int_equal(event.key, 'j');
    tui_decode_done(&d);
    free(flood);
}

/* A sequence without an end is dropped whole: none of it becomes keys. */
static void endless_sequence_is_dropped(void **state)
{
    char flood[3000];
    struct tui_decoder d = {.n = 0};
    struct tui_event event = {TUI_EVENT_NONE};

    (void)state;
    memset(flood, '1', sizeof(flood));
    tui_decode_feed(&d, "\033[", 2);
    assert_int_equal(feed_all(&d, flood, sizeof(flood), &event), 0);
    assert_true(tui_decode_pending(&d));
    assert_false(tui_decode_next(&d, true, &event));
    assert_int_equal(feed_all(&d, "j", 1, &event), 1);
    assert_int_equal(event.key, 'j');
}

static void lines_at_once_are_a_paste_where_it_cannot_be_marked(void **state)
{
    static const char lines[] = "Xy\rdelete everything\rand confirm it\r";
    static const char held[] =
        "\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r";
    struct tui_decoder d = {.bursts = true};
    struct tui_event event = {TUI_EVENT_NONE};

    (void)state;
    assert_int_equal(feed_all(&d, lines, sizeof(lines) - 1, &event), 1);
    assert_int_equal(event.type, TUI_EVENT_PASTE);
    assert_int_equal(event.text_len, sizeof(lines) - 1);
    assert_int_equal(feed_all(&d, held, sizeof(held) - 1, &event), sizeof(held) - 1);
    assert_int_equal(event.key, TUI_KEY_ENTER);
    assert_int_equal(feed_all(&d, "/ana@\r", 6, &event), 6);
    tui_decode_done(&d);
}

static void mouse(void **state)
{
    struct tui_decoder d = {.n = 0};
    struct tui_event event;

    (void)state;
    tui_decode_feed(&d, "\033[<0;12;5M\033[<64;1;2M\033[<65;300;200M", 35);
    assert_true(tui_decode_next(&d, false, &event));
    assert_true(event.type == TUI_EVENT_MOUSE && event.col == 11 && event.row == 4 && !event.wheel);
    assert_true(tui_decode_next(&d, false, &event));
    assert_int_equal(event.wheel, -1);
    assert_true(tui_decode_next(&d, false, &event));
    assert_true(event.wheel == 1 && event.col == 299);
}

static void learns_foreign_keys(void **state)
{
    struct tui_decoder d = {.n = 0};
    char keys[64] = "";

    (void)state;
    tui_decode_learn(&d, "\033[A", TUI_KEY_UP); /* known: not stored */
    assert_int_equal(d.n_extra, 0);
    tui_decode_learn(&d, "\033A", TUI_KEY_UP); /* a VT52: would be Alt-A */
    tui_decode_learn(&d, "\033[224z", TUI_KEY_F1);
    assert_int_equal(d.n_extra, 2);
    tui_decode_feed(&d, "\033A\033[224zj", 9);
    keys_of(&d, false, keys, sizeof(keys));
    assert_string_equal(keys, "Up F1 j");
}

static void flush_forgets(void **state)
{
    struct tui_decoder d = {.n = 0};
    struct tui_event event;

    (void)state;
    tui_decode_feed(&d, "yyy\033[200~yy", 11);
    assert_true(tui_decode_next(&d, false, &event));
    tui_decode_flush(&d);
    assert_false(tui_decode_next(&d, true, &event));
    tui_decode_feed(&d, "\033[200~y\033[201~", 13);
    assert_true(tui_decode_next(&d, false, &event));
    assert_int_equal(event.type, TUI_EVENT_PASTE);
    tui_decode_done(&d);
}

/* Any bytes, in any pieces: no key outside what a key can be, no stall, no memory that grows. */
static void any_bytes(void **state)
{
    static const char likely[] = "\033\033[[O;0123456789~ABCDM<>?]P\\\007yX\r";
    struct tui_decoder d = {.n = 0};
    uint32_t seed = 4711;
    int round;

    (void)state;
    for (round = 0; round < 200000; round++) {
        char bytes[16];
        size_t n, i;
        struct tui_event event;

        seed = seed * 1664525u + 1013904223u;
        n = seed >> 28;
        for (i = 0; i < n; i++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[i] =
                seed & 0x10000 ? (char)(seed >> 24) : likely[(seed >> 17) % (sizeof(likely) - 1)];
        }
        tui_decode_feed(&d, bytes, n < tui_decode_room(&d) ? n : tui_decode_room(&d));
        while (tui_decode_next(&d, round % 3 == 0, &event)) {
            assert_in_range(event.type, TUI_EVENT_KEY, TUI_EVENT_MOUSE);
            assert_true(event.type != TUI_EVENT_PASTE || event.text_len <= TUI_PASTE_MAX);
            if (event.type == TUI_EVENT_KEY)
                assert_in_range(event.key & ~(TUI_KEY_CTRL | TUI_KEY_ALT), 1, TUI_KEY_F12);
        }
        if (round % 3 == 0 && !d.pasting)
            assert_int_equal(d.n, 0);
        if (round % 500 == 0)
            tui_decode_end_paste(&d);
    }
    tui_decode_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_round_trip),
        cmocka_unit_test(names_that_mean_the_same),
        cmocka_unit_test(names_that_are_none),
        cmocka_unit_test(decodes),
        cmocka_unit_test(decodes_byte_by_byte),
        cmocka_unit_test(waits_for_the_rest),
        cmocka_unit_test(paste_is_one_event),
        cmocka_unit_test(paste_flood_is_bounded),
        cmocka_unit_test(flood_inside_a_string_is_dropped),
        cmocka_unit_test(endless_sequence_is_dropped),
        cmocka_unit_test(lines_at_once_are_a_paste_where_it_cannot_be_marked),
        cmocka_unit_test(mouse),
        cmocka_unit_test(learns_foreign_keys),
        cmocka_unit_test(flush_forgets),
        cmocka_unit_test(any_bytes),
    };

    if (!setlocale(LC_ALL, "C.UTF-8"))
        return 99;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
