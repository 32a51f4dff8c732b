/*
 * Charts made of text. Eighths of a cell where the terminal shows Unicode, a ramp of ASCII
 * elsewhere.
 */
#include "tui/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/layout.h"
#include "zm/str.h"

static const char *const rising[] = {" ",      "\u2581", "\u2582", "\u2583", "\u2584",
                                     "\u2585", "\u2586", "\u2587", "\u2588"};
static const char *const rising_ascii[] = {" ", ".", ":", "-", "=", "+", "*", "#", "%"};
static const char *const growing[] = {"",       "\u258f", "\u258e", "\u258d", "\u258c",
                                      "\u258b", "\u258a", "\u2589", "\u2588"};

static double largest(const double *values, size_t n)
{
    double max = 0;
    size_t i;

    for (i = 0; i < n; i++)
        if (isfinite(values[i]) && values[i] > max)
            max = values[i];
    return max;
}

/* 0 to `steps`; anything above nothing shows at least one. */
static int level(double value, double max, int steps)
{
    int at;

    if (!isfinite(value) || value <= 0 || max <= 0)
        return 0;
    at = (int)(value / max * steps + 0.5);
    return at < 1 ? 1 : at > steps ? steps : at;
}

void tui_spark(struct tui *tui, struct tui_box box, int row, int col, int cells, unsigned style,
               const double *values, size_t n)
{
    const char *const *ramp = tui_has_blocks(tui) ? rising : rising_ascii;
    size_t from = cells > 0 && n > (size_t)cells ? n - (size_t)cells : 0, i;
    double max = largest(values + from, n - from);
    struct zm_buf text = {0};

    if (cells <= 0)
        return;
    for (i = from; i < n; i++)
        zm_buf_puts(&text, ramp[level(values[i], max, 8)]);
    if (text.s)
        tui_draw(tui, box, row, col, style, text.s);
    zm_buf_done(&text);
}

void tui_bar(struct tui *tui, struct tui_box box, int row, int col, int cells, unsigned style,
             double value, double max)
{
    bool ascii = !tui_has_blocks(tui);
    int eighths = level(value, max, cells * 8), i;
    struct zm_buf text = {0};

    if (cells <= 0)
        return;
    for (i = 0; i < eighths / 8; i++)
        zm_buf_puts(&text, ascii ? "#" : growing[8]);
    if (eighths % 8 > 0)
        zm_buf_puts(&text, !ascii ? growing[eighths % 8] : eighths / 8 == 0 ? "#" : "");
    tui_draw_field(tui, box, row, col, cells, TUI_LEFT, style, text.s ? text.s : "");
    zm_buf_done(&text);
}

/* "2,110"; what is no whole number stands as it is. */
static void draw_number(struct tui *tui, struct tui_box box, double value)
{
    char digits[32], text[48];
    int n = snprintf(digits, sizeof(digits), "%.10g", value), i, to = 0;
    bool whole = (int)strspn(digits, "0123456789") == n;

    for (i = 0; i < n && to < (int)sizeof(text) - 2; i++) {
        if (whole && i > 0 && (n - i) % 3 == 0)
            text[to++] = ',';
        text[to++] = digits[i];
    }
    text[to] = '\0';
    tui_draw(tui, box, 0, 0, TUI_DIM, text);
}

void tui_columns(struct tui *tui, struct tui_box box, unsigned style, const double *values,
                 size_t n)
{
    const char *const *ramp = tui_has_blocks(tui) ? rising : rising_ascii;
    size_t from = box.cols > 0 && n > (size_t)box.cols ? n - (size_t)box.cols : 0, i;
    double max = largest(values + from, n - from);
    int row;

    if (box.rows <= 0 || box.cols <= 0)
        return;
    if (box.rows > 3 && max > 0)
        draw_number(tui, tui_cut_top(&box, 1), max);
    for (row = 0; row < box.rows; row++) {
        struct zm_buf text = {0};
        int below = (box.rows - 1 - row) * 8;

        for (i = from; i < n; i++) {
            int height = level(values[i], max, box.rows * 8) - below;

            zm_buf_puts(&text, ramp[height <= 0 ? 0 : height > 8 ? 8 : height]);
        }
        if (text.s)
            tui_draw(tui, box, row, 0, style, text.s);
        zm_buf_done(&text);
    }
}
