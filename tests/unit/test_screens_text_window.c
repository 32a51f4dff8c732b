/*
 * The window over a long text: whatever was read, what is kept is one unbroken part of the whole,
 * of bounded size, and lines are where the pager was told that they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "screens/text_window.h"

#define PIECE 65536

/* The whole text at the server: numbered lines with two-byte characters. */
struct whole {
    struct zm_buf buf;
    int64_t chars;
};

static int make_whole(void **state)
{
    struct whole *whole = zm_calloc(1, sizeof(*whole));
    size_t i;

    for (i = 0; i < 60000; i++)
        zm_buf_printf(&whole->buf, "line %zu \xc3\xa9\xc3\xa8 of the text\n", i);
    for (i = 0; i < whole->buf.len; i++)
        whole->chars += ((unsigned char)whole->buf.s[i] & 0xc0) != 0x80;
    *state = whole;
    return 0;
}

static int drop_whole(void **state)
{
    struct whole *whole = *state;

    zm_buf_done(&whole->buf);
    free(whole);
    return 0;
}

static const char *skip_chars(const char *s, int64_t n)
{
    while (n-- > 0 && *s)
        for (s++; ((unsigned char)*s & 0xc0) == 0x80;)
            s++;
    return s;
}

/* What substr(text, offset + 1, 65536) gives. The caller frees. */
static char *piece_at(const struct whole *whole, int64_t offset)
{
    const char *from = skip_chars(whole->buf.s, offset), *to = skip_chars(from, PIECE);
    struct zm_buf buf = {0};

    zm_buf_add(&buf, from, (size_t)(to - from));
    return buf.s;
}

static long read_at(struct text_window *w, const struct whole *whole, int64_t offset)
{
    char *text = piece_at(whole, offset);
    long moved = text_window_put(w, offset, text, whole->chars);

    free(text);
    return moved;
}

static size_t lines_before(const char *from, const char *to)
{
    size_t n = 0;

    for (; from < to; from++)
        n += *from == '\n';
    return n;
}

static void the_window_slides_down_and_up(void **state)
{
    const struct whole *whole = *state;
    struct text_window w = {.size = -1};
    int64_t offset;
    long line = 0; /* of the whole, that the window begins with */
    size_t steps = 0, most = 0;

    while (text_window_after(&w, &offset)) {
        line -= read_at(&w, whole, offset);
        assert_non_null(strstr(whole->buf.s, w.buf.s));
        assert_int_equal(lines_before(whole->buf.s, strstr(whole->buf.s, w.buf.s)), line);
        most = w.buf.len > most ? w.buf.len : most;
        assert_true(++steps < 100);
    }
    assert_true(steps > TEXT_WINDOW_PIECES + 2);
    assert_string_equal(w.buf.s + w.buf.len, "");
    assert_memory_equal(w.buf.s, whole->buf.s + whole->buf.len - w.buf.len, w.buf.len);
    while (text_window_before(&w, &offset)) {
        line -= read_at(&w, whole, offset);
        assert_non_null(strstr(whole->buf.s, w.buf.s));
        assert_int_equal(lines_before(whole->buf.s, strstr(whole->buf.s, w.buf.s)), line);
        most = w.buf.len > most ? w.buf.len : most;
    }
    assert_int_equal(line, 0);
    assert_memory_equal(w.buf.s, whole->buf.s, w.buf.len);
    assert_true(most < (TEXT_WINDOW_PIECES + 1) * (size_t)PIECE * 2);
    text_window_done(&w);
}

static void a_piece_that_nobody_wants_changes_nothing(void **state)
{
    const struct whole *whole = *state;
    struct text_window w = {.size = -1};
    size_t len;

    read_at(&w, whole, 0);
    len = w.buf.len;
    assert_int_equal(read_at(&w, whole, 5 * PIECE), 0);
    assert_int_equal(read_at(&w, whole, 0), 0); /* a second answer to the same question */
    assert_int_equal(w.buf.len, len);
    text_window_done(&w);
}

static void a_short_text_is_whole_at_once(void **state)
{
    struct text_window w = {.size = -1};
    int64_t offset;

    (void)state;
    assert_true(text_window_after(&w, &offset));
    assert_int_equal(offset, 0);
    text_window_put(&w, 0, "{\n}", 3);
    assert_false(text_window_after(&w, &offset));
    assert_false(text_window_before(&w, &offset));
    text_window_done(&w);
    text_window_put(&w, 0, "", 0); /* NULL or nothing */
    assert_false(text_window_after(&w, &offset));
    text_window_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_slides_down_and_up),
        cmocka_unit_test(a_piece_that_nobody_wants_changes_nothing),
        cmocka_unit_test(a_short_text_is_whole_at_once),
    };

    return cmocka_run_group_tests(tests, make_whole, drop_whole);
}
