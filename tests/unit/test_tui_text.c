/*
 * The boundary that makes text printable: what hostile bytes become, that cleaning twice changes
 * nothing, that nothing is read past the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "tui/text.h"

struct sample {
    const char *name, *raw, *clean, *ascii;
    int cells;
};

// clang-format off
static const struct sample samples[] = {
    {"plain", "ana.pop@example.ro", "ana.pop@example.ro", "ana.pop@example.ro", 18},
    {"empty", "", "", "", 0},
    {"csi", "\033[31mred", "^[[31mred", "^[[31mred", 9},
    {"osc 52", "\033]52;c;ZXZpbA==\007", "^[]52;c;ZXZpbA==^G", "^[]52;c;ZXZpbA==^G", 18},
    {"dcs", "\033Pq\033\\", "^[Pq^[\\", "^[Pq^[\\", 7},
    {"ris", "\033c", "^[c", "^[c", 3},
    {"bel bs cr vt", "\a\b\r\v", "^G^H^M^K", "^G^H^M^K", 8},
    {"del", "a\177b", "a^?b", "a^?b", 4},
    {"newline and tab", "a\nb\tc", "a\\nb\\tc", "a\\nb\\tc", 7},
    {"c1 in utf-8", "\302\23331m", "<9b>31m", "<9b>31m", 7},
    {"c1 raw", "\23331m", "<9b>31m", "<9b>31m", 7},
    {"bidi override", "a\342\200\256b", "a<202e>b", "a<202e>b", 8},
    {"bidi isolate", "\342\201\246x", "<2066>x", "<2066>x", 7},
    {"directional marks", "\342\200\216\342\200\217\330\234", "<200e><200f><061c>",
     "<200e><200f><061c>", 18},
    {"zero width", "a\342\200\213b\342\201\240c\357\273\277", "a<200b>b<2060>c<feff>",
     "a<200b>b<2060>c<feff>", 21},
    {"line separators", "\342\200\250\342\200\251", "<2028><2029>", "<2028><2029>", 12},
    {"tags", "\363\240\201\201", "<e0041>", "<e0041>", 7},
    {"variation selector", "\342\230\272\357\270\217", "\342\230\272<fe0f>", "?<fe0f>", 7},
    {"soft hyphen", "a\302\255b", "a<ad>b", "a<ad>b", 6},
    {"private use", "\356\200\200", "<e000>", "<e000>", 6},
    {"unassigned", "\315\270", "<0378>", "?", 6},
    {"non-character", "\357\277\277", "<ffff>", "?", 6},
    {"latin", "jos\303\251", "jos\303\251", "jos?", 4},
    {"wide", "\345\261\261\347\224\260", "\345\261\261\347\224\260", "??", 4},
    {"emoji zwj", "\360\237\221\251\342\200\215\360\237\222\273",
     "\360\237\221\251<200d>\360\237\222\273", "?<200d>?", 10},
    {"skin tone", "\360\237\221\215\360\237\217\275", "\360\237\221\215<1f3fd>", "?<1f3fd>", 9},
    {"two marks", "e\314\201\314\202", "e\314\201\314\202", "e??", 1},
    {"four marks", "e\314\201\314\202\314\203\314\204", "e\314\201\314\202<0303><0304>", "e????", 13},
    {"leading mark", "\314\201x", "<0301>x", "?x", 7},
    {"mark after escape", "\033\314\201", "^[<0301>", "^[?", 8},
    {"overlong", "\300\257", "<c0><af>", "<c0><af>", 8},
    {"overlong 3", "\340\200\257", "<e0><80><af>", "<e0><80><af>", 12},
    {"surrogate", "\355\240\200", "<ed><a0><80>", "<ed><a0><80>", 12},
    {"above unicode", "\364\220\200\200", "<f4><90><80><80>", "<f4><90><80><80>", 16},
    {"truncated", "a\342\200", "a<e2><80>", "a<e2><80>", 9},
    {"lone bytes", "\377\376", "<ff><fe>", "<ff><fe>", 8},
    {"hangul filler", "\343\205\244", "<3164>", "<3164>", 6},
};
// clang-format on

static void cleans(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(samples); i++) {
        const struct sample *s = &samples[i];
        struct zm_buf clean = {0}, ascii = {0}, again = {0};

        tui_text_clean(&clean, s->raw, false);
        tui_text_clean(&ascii, s->raw, true);
        tui_text_clean(&again, clean.s, false);
        if (strcmp(clean.s, s->clean) != 0 || strcmp(ascii.s, s->ascii) != 0)
            fail_msg("%s: '%s' and '%s'", s->name, clean.s, ascii.s);
        if (strcmp(again.s, clean.s) != 0)
            fail_msg("%s: cleaned twice '%s'", s->name, again.s);
        if (tui_text_cells(s->raw, false) != s->cells)
            fail_msg("%s: %d cells", s->name, tui_text_cells(s->raw, false));
        assert_int_equal(tui_text_cells(s->raw, true), (int)ascii.len);
        zm_buf_done(&clean);
        zm_buf_done(&ascii);
        zm_buf_done(&again);
    }
}

/* Each sample, cut after every byte, in memory that ends where the text ends. */
static void stays_inside(void **state)
{
    size_t i, n;

    (void)state;
    for (i = 0; i < ZM_COUNT(samples); i++)
        for (n = 0; n <= strlen(samples[i].raw); n++) {
            char *exact = malloc(n ? n : 1);
            size_t at = 0;
            struct tui_glyph g;

            memcpy(exact, samples[i].raw, n);
            while (tui_glyph_next(exact + at, n - at, false, &g)) {
                assert_in_range(g.bytes, 1, n - at);
                assert_in_range(g.cells, 1, 10);
                at += g.bytes;
            }
            assert_int_equal(at, n);
            free(exact);
        }
}

/* What comes out is allowed on a screen, whatever went in. */
static void assert_allowed(const char *s)
{
    size_t n = strlen(s);

    while (n > 0) {
        int32_t c;
        size_t took = tui_utf8_decode(s, n, &c);

        assert_true(c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0));
        assert_true(wcwidth((wchar_t)c) >= 0);
        assert_false(c >= 0x200b && c <= 0x200f);
        assert_false(c >= 0x202a && c <= 0x202e);
        assert_false(c >= 0x2060 && c <= 0x206f);
        s += took;
        n -= took;
    }
}

static void any_bytes(void **state)
{
    uint32_t seed = 20261122;
    int round;

    (void)state;
    for (round = 0; round < 20000; round++) {
        char raw[40];
        size_t n = 0, want;
        struct zm_buf once = {0}, twice = {0};

        seed = seed * 1664525u + 1013904223u;
        want = seed >> 16 & 31;
        while (n < want) {
            char bytes[5];
            size_t len = 1;

            seed = seed * 1664525u + 1013904223u;
            bytes[0] = (char)(seed >> 24 ? seed >> 24 : 1);
            if (seed & 0x1000) /* half of them whole characters, the dangerous blocks among them */
                len = tui_utf8_encode(
                    (int32_t)(seed >> 13) % (seed & 0x800 ? 0x2100 : 0x110000) + 1, bytes);
            if (n + len > 32)
                break;
            memcpy(raw + n, bytes, len);
            n += len;
        }
        raw[n] = '\0';
        tui_text_clean(&once, raw, false);
        tui_text_clean(&twice, once.s, false);
        assert_string_equal(once.s, twice.s);
        assert_allowed(once.s);
        assert_int_equal(tui_text_cells(raw, false), tui_text_cells(once.s, false));
        zm_buf_done(&once);
        zm_buf_done(&twice);
    }
}

static void utf8_round_trip(void **state)
{
    int32_t c;

    (void)state;
    for (c = 1; c < 0x110000; c++) {
        char bytes[5];
        size_t n = tui_utf8_encode(c, bytes), k;
        int32_t back;

        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        assert_int_equal(tui_utf8_decode(bytes, n, &back), n);
        assert_int_equal(back, c);
        for (k = 1; k < n; k++) { /* cut short it is an invalid byte, not another character */
            assert_int_equal(tui_utf8_decode(bytes, k, &back), 1);
            assert_true(back < 0);
        }
    }
}

static void nul_is_visible(void **state)
{
    struct tui_glyph g;

    (void)state;
    assert_true(tui_glyph_next("\0x", 2, false, &g));
    assert_string_equal(g.s, "^@");
    assert_true(g.foreign);
    assert_int_equal(g.bytes, 1);
}

/* Without a UTF-8 locale the C library knows no widths: characters are shown as their numbers. */
static void other_locale(void **state)
{
    struct zm_buf out = {0};

    (void)state;
    setlocale(LC_ALL, "C");
    tui_text_clean(&out, "jos\303\251", true);
    assert_string_equal(out.s, "jos?");
    setlocale(LC_ALL, "C.UTF-8");
    zm_buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cleans),         cmocka_unit_test(stays_inside),
        cmocka_unit_test(any_bytes),      cmocka_unit_test(utf8_round_trip),
        cmocka_unit_test(nul_is_visible), cmocka_unit_test(other_locale),
    };

    if (!setlocale(LC_ALL, "C.UTF-8"))
        return 99;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
