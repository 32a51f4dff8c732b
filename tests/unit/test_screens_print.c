/*
 * What subcommands print: aligned tables, CSV that no spreadsheet runs, JSON in one harmless line;
 * and the same on a terminal, where long values are cut and every character is cleaned.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "screens/print.h"
#include "screens/print_json.h"
#include "zm/error.h"
#include "zm/str.h"

/* clang-format off */
static const struct out_column columns[] = {{"email", false}, {"amount", true}, {"note", false}};
/* clang-format on */

/* A temporary file that is read back; the path is gone at once. */
static FILE *scratch(void)
{
    FILE *file = tmpfile();

    assert_non_null(file);
    return file;
}

static const char *content(FILE *file, char *dst, size_t size)
{
    size_t n;

    rewind(file);
    n = fread(dst, 1, size - 1, file);
    dst[n] = '\0';
    fclose(file);
    return dst;
}

static const char *print_rows(enum out_format format, bool raw, const char *const rows[][3],
                              size_t n, char *dst, size_t size)
{
    FILE *file = scratch();
    struct out *out = out_new(file, format, raw, false, columns, ZM_COUNT(columns));
    size_t i;

    for (i = 0; i < n; i++)
        out_row(out, rows[i], NULL);
    assert_true(out_done(out));
    return content(file, dst, size);
}

static void tables_are_aligned(void **state)
{
    const char *const rows[][3] = {{"a@example.com", "1.50", "short"},
                                   {"\xe4\xb8\xad\xe6\x96\x87@example.com", "1234.00", NULL}};
    char text[512];

    (void)state;
    assert_string_equal(print_rows(OUT_TABLE, false, rows, 2, text, sizeof(text)),
                        "EMAIL              AMOUNT  NOTE\n"
                        "a@example.com        1.50  short\n"
                        "\xe4\xb8\xad\xe6\x96\x87@example.com  1234.00  -\n");
    assert_string_equal(print_rows(OUT_TABLE, false, rows, 0, text, sizeof(text)), "");
}

/* Widths are settled early; what is wider later is never cut outside of a terminal. */
static void long_tables_stream_uncut(void **state)
{
    FILE *file = scratch();
    struct out *out = out_new(file, OUT_TABLE, false, false, columns, ZM_COUNT(columns));
    char text[65536], wide[301];
    const char *row[3] = {"a", "1", "b"};
    int i;

    (void)state;
    memset(wide, 'w', 300);
    wide[300] = '\0';
    for (i = 0; i < 1000; i++)
        out_row(out, row, NULL);
    row[0] = wide;
    out_row(out, row, NULL);
    assert_true(out_done(out));
    content(file, text, sizeof(text));
    assert_non_null(strstr(text, wide));
    for (i = 0, row[0] = text; (row[0] = strchr(row[0], '\n')); row[0]++)
        i++;
    assert_int_equal(i, 1002);
}

static void table_cells_cannot_break_the_table(void **state)
{
    const char *const rows[][3] = {{"a\nforged  line", "1", "\x1b]52;c;eA==\x07\xe2\x80\xae\xff"}};
    char text[512];

    (void)state;
    print_rows(OUT_TABLE, false, rows, 1, text, sizeof(text));
    assert_non_null(strstr(text, "a\\nforged  line"));
    assert_null(strchr(text, '\x1b'));
    assert_null(strstr(text, "\xe2\x80\xae"));
    assert_non_null(strstr(text, "<202e><ff>"));
}

static void csv_is_quoted_as_it_must_be(void **state)
{
    const char *const rows[][3] = {
        {"a,b", "1.5", "say \"x\""}, {"two\nlines", NULL, ""}, {" lead", "-3", "\xe2\x80\xae\x1b"}};
    char text[512];

    (void)state;
    assert_string_equal(print_rows(OUT_CSV, false, rows, 3, text, sizeof(text)),
                        "email,amount,note\n"
                        "\"a,b\",1.5,\"say \"\"x\"\"\"\n"
                        "\"two\nlines\",,\"\"\n"
                        "\" lead\",-3,\xe2\x80\xae\x1b\n");
    assert_string_equal(print_rows(OUT_CSV, false, rows, 0, text, sizeof(text)),
                        "email,amount,note\n");
}

/* A text that a spreadsheet would run gets a leading ' unless --raw; a number never. */
static void csv_holds_no_formula(void **state)
{
    static const char *const formulas[] = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"};
    char text[512], wanted[64];
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(formulas); i++) {
        const char *const rows[][3] = {{formulas[i], "-1", "x"}};
        bool quoted = strchr(formulas[i], '\r') != NULL;

        snprintf(wanted, sizeof(wanted),
                 quoted ? "email,amount,note\n\"'%s\",-1,x\n" : "email,amount,note\n'%s,-1,x\n",
                 formulas[i]);
        assert_string_equal(print_rows(OUT_CSV, false, rows, 1, text, sizeof(text)), wanted);
        snprintf(wanted, sizeof(wanted),
                 quoted ? "email,amount,note\n\"%s\",-1,x\n" : "email,amount,note\n%s,-1,x\n",
                 formulas[i]);
        assert_string_equal(print_rows(OUT_CSV, true, rows, 1, text, sizeof(text)), wanted);
    }
}

static const char *json_of(const char *value, bool ascii, char *dst, size_t size)
{
    json_t *object = json_object();
    struct zm_buf text = {.s = NULL};

    json_object_set_new(object, "v", print_json_string(value));
    print_json(&text, object, ascii);
    zm_copy(dst, size, text.s);
    zm_buf_done(&text);
    return dst;
}

static void json_is_one_harmless_line(void **state)
{
    char text[512];

    (void)state;
    assert_string_equal(json_of(NULL, false, text, sizeof(text)), "{\"v\":null}");
    assert_string_equal(json_of("J\xc3\xbcrgen \xe4\xb8\xad", false, text, sizeof(text)),
                        "{\"v\":\"J\xc3\xbcrgen \xe4\xb8\xad\"}");
    assert_string_equal(json_of("a\nb\x1b[31m\x7f", false, text, sizeof(text)),
                        "{\"v\":\"a\\nb\\u001B[31m\\u007F\"}");
    assert_string_equal(
        json_of("\xc2\x9b\xe2\x80\xae\xe2\x80\x8b\xef\xbb\xbf", false, text, sizeof(text)),
        "{\"v\":\"\\u009B\\u202E\\u200B\\uFEFF\"}");
    assert_string_equal(json_of("\xf3\xa0\x80\x81", false, text, sizeof(text)),
                        "{\"v\":\"\\uDB40\\uDC01\"}");
    assert_string_equal(json_of("\xff"
                                "a\xc3(\xed\xa0\x80",
                                false, text, sizeof(text)),
                        "{\"v\":\"\xef\xbf\xbd"
                        "a\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"}");
    assert_string_equal(json_of("J\xc3\xbc \\\"", true, text, sizeof(text)),
                        "{\"v\":\"J\\u00FC \\\\\\\"\"}");
}

/* What the server made keeps every digit and loses its layout only. */
static void json_of_the_server_keeps_its_numbers(void **state)
{
    static const char pretty[] =
        "{\n    \"a\": 12345678901234567890.10,\n    \"b c\": \"x  \\\"y\\\" "
        "\xe2\x80\xae\"\n}";
    struct zm_buf text = {.s = NULL};

    (void)state;
    print_json_text(&text, pretty, strlen(pretty), false);
    assert_string_equal(text.s, "{\"a\":12345678901234567890.10,\"b c\":\"x  \\\"y\\\" \\u202E\"}");
    zm_buf_done(&text);
}

/* ---- a terminal ---- */

struct terminal {
    int master;
    FILE *slave;
};

static struct terminal open_terminal(unsigned short cols)
{
    struct terminal t = {.master = posix_openpt(O_RDWR | O_NOCTTY)};
    struct winsize size = {.ws_row = 24, .ws_col = cols};

    assert_true(t.master >= 0);
    assert_int_equal(grantpt(t.master), 0);
    assert_int_equal(unlockpt(t.master), 0);
    t.slave = fopen(ptsname(t.master), "r+");
    assert_non_null(t.slave);
    assert_int_equal(ioctl(t.master, TIOCSWINSZ, &size), 0);
    return t;
}

/* All that was printed: it comes in as many pieces as the kernel likes, up to the EIO of a terminal
 * that nobody holds any more. */
static const char *close_terminal(struct terminal *t, char *dst, size_t size)
{
    size_t len = 0;
    ssize_t n;

    fclose(t->slave);
    while ((n = read(t->master, dst + len, size - 1 - len)) > 0)
        len += (size_t)n;
    dst[len] = '\0';
    close(t->master);
    return dst;
}

static void a_terminal_gets_what_fits_in_it(void **state)
{
    struct terminal t = open_terminal(30);
    struct out *out = out_new(t.slave, OUT_TABLE, false, false, columns, ZM_COUNT(columns));
    const char *row[3] = {"someone.with.a.long.name@example.com", "1234.00", "ok"};
    char text[512], *line;

    (void)state;
    out_row(out, row, NULL);
    assert_true(out_done(out));
    close_terminal(&t, text, sizeof(text));
    assert_non_null(strstr(text, "~ 1234.00 ok"));
    for (line = strtok(text, "\r\n"); line; line = strtok(NULL, "\r\n"))
        assert_true(strlen(line) <= 30);
}

/* Seconds, zeros and the year give way before any text is cut. */
static void what_can_be_spared_goes_first(void **state)
{
    static const struct out_column own[] = {{"at", false}, {"amount", true}, {"who", false}};
    struct terminal t = open_terminal(34);
    struct out *out = out_new(t.slave, OUT_TABLE, false, false, own, ZM_COUNT(own));
    const char *first[3] = {"2026-11-22T09:14:02Z", "900.00000000", "somebody@x.y"};
    const char *second[3] = {"2026-03-02T00:00:00Z", "0.41200000", "-"};
    char text[512];

    (void)state;
    out_row(out, first, NULL);
    out_row(out, second, NULL);
    assert_true(out_done(out));
    close_terminal(&t, text, sizeof(text));
    assert_non_null(strstr(text, "11-22 09:14 900.00000 somebody@x.y"));
    assert_non_null(strstr(text, "03-02 00:00   0.41200 -"));
}

static void a_terminal_gets_clean_csv(void **state)
{
    struct terminal t = open_terminal(80);
    struct out *out = out_new(t.slave, OUT_CSV, false, false, columns, ZM_COUNT(columns));
    const char *row[3] = {"\x1b[2J\xe2\x80\xae", "1", "x"};
    char text[512];

    (void)state;
    out_row(out, row, NULL);
    assert_true(out_done(out));
    close_terminal(&t, text, sizeof(text));
    assert_null(strchr(text, '\x1b'));
    assert_null(strstr(text, "\xe2\x80\xae"));
}

/* The format that is not asked for: a table for eyes, something else for a pipe where that is
 * wanted. */
static void the_format_follows_the_stream(void **state)
{
    struct options options = {.format = OUT_AUTO};
    int saved = dup(STDOUT_FILENO), null = open("/dev/null", O_WRONLY);

    (void)state;
    fflush(stdout);
    dup2(null, STDOUT_FILENO);
    assert_int_equal(out_pick(&options, OUT_CSV), OUT_CSV);
    assert_int_equal(out_pick(&options, OUT_TABLE), OUT_TABLE);
    options.format = OUT_JSON;
    assert_int_equal(out_pick(&options, OUT_CSV), OUT_JSON);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    close(null);
}

static void a_full_disk_is_noticed(void **state)
{
    FILE *full = fopen("/dev/full", "w");
    const char *row[3] = {"a", "1", "b"};
    struct out *out;

    (void)state;
    assert_non_null(full);
    out = out_new(full, OUT_CSV, false, false, columns, ZM_COUNT(columns));
    out_row(out, row, NULL);
    out_pulse(out);
    assert_false(out_alive(out));
    assert_false(out_done(out));
    assert_int_equal(errno, ENOSPC);
    fclose(full);
}

static int set_up(void **state)
{
    (void)state;
    return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_aligned),
        cmocka_unit_test(long_tables_stream_uncut),
        cmocka_unit_test(table_cells_cannot_break_the_table),
        cmocka_unit_test(csv_is_quoted_as_it_must_be),
        cmocka_unit_test(csv_holds_no_formula),
        cmocka_unit_test(json_is_one_harmless_line),
        cmocka_unit_test(json_of_the_server_keeps_its_numbers),
        cmocka_unit_test(a_terminal_gets_what_fits_in_it),
        cmocka_unit_test(what_can_be_spared_goes_first),
        cmocka_unit_test(a_terminal_gets_clean_csv),
        cmocka_unit_test(the_format_follows_the_stream),
        cmocka_unit_test(a_full_disk_is_noticed),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
