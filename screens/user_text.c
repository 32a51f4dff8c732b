/*
 * Texts of the screen of one user: wrapped lines, errors, decimals, label and value lines. Knows no
 * pane.
 */
#include "screens/user_state.h"

#include <ctype.h>
#include <stdlib.h>
#include <time.h>

#include "screens/wrap.h"
#include "tui/layout.h"
#include "tui/text.h"
#include "zm/str.h"

const char *user_short_id(struct app *app, const char *id)
{
    size_t n = strlen(id);

    if (n < 13)
        return id;
    return zm_arena_printf(&app->frame, "%.8s..%s", id, id + n - 4);
}

const char *user_cut(struct app *app, const char *text, int cells)
{
    size_t n = strlen(text), at = 0;
    struct tui_glyph glyph;
    int used = 0;

    while (tui_glyph_next(text + at, n - at, tui_is_ascii(app->tui), &glyph)) {
        if (used + glyph.cells > cells)
            return zm_arena_printf(&app->frame, "%.*s~", (int)at, text);
        used += glyph.cells;
        at += glyph.bytes;
    }
    return text;
}

const char *user_day(struct app *app, const char *utc)
{
    const char *text = app_time(app, utc, false);

    return strlen(text) == 19 ? zm_arena_strndup(&app->frame, text, 10) : text;
}

const char *user_when(struct app *app, const char *utc)
{
    const char *day = user_day(app, utc);
    time_t now = time(NULL);
    struct tm tm;

    gmtime_r(&now, &tm);
    if (strlen(day) == 10 && strtol(day, NULL, 10) != tm.tm_year + 1900)
        return day;
    return app_time(app, utc, true);
}

const char *user_moment(const struct user_lines *lines, const char *utc)
{
    if (!utc)
        return app_value(lines->app, NULL);
    return lines->box.cols < USER_WIDE ? user_when(lines->app, utc)
                                       : app_time(lines->app, utc, false);
}

const char *user_flat_json(struct app *app, const char *json)
{
    bool quoted = false;
    char *text, *to;

    if (!json)
        return "";
    to = text = zm_arena_alloc(&app->frame, strlen(json) + 1);
    for (; *json; json++) {
        if (quoted && *json == '\\' && json[1]) {
            *to++ = *json++;
            *to++ = *json;
        } else if (*json == '"') {
            quoted = !quoted;
        } else if (quoted || (*json != '{' && *json != '}')) {
            *to++ = *json;
        }
    }
    *to = '\0';
    return text;
}

/* Only [-]digits[.digits] is regrouped; NaN and what else a server may print stays as it is. */
static bool is_decimal(const char *s)
{
    s += *s == '-';
    if (!isdigit((unsigned char)*s))
        return false;
    s += strspn(s, "0123456789");
    if (*s == '.')
        s += 1 + strspn(s + 1, "0123456789");
    return *s == '\0';
}

/* Digits after the point without the zeros at the end. */
static size_t significant(const char *point)
{
    size_t n = strlen(point);

    while (n > 0 && point[n - 1] == '0')
        n--;
    return n;
}

const char *user_decimal(struct app *app, const char *number, int *places, bool sign)
{
    const char *digits, *point;
    char *text, *to;
    size_t whole, part, i;

    if (!number || !is_decimal(number)) /* stands where the whole digits do */
        return zm_arena_printf(&app->frame, "%s%*s", app_value(app, number),
                               *places > 0 ? *places + 1 : 0, "");
    digits = number + (*number == '-');
    whole = strspn(digits, "0123456789");
    point = digits[whole] == '.' ? digits + whole + 1 : "";
    part = significant(point);
    if ((int)part > *places)
        *places = (int)part;
    to = text = zm_arena_alloc(&app->frame, whole + whole / 3 + (size_t)*places + 8);
    if (*number == '-' || (sign && strspn(number, "0.") < strlen(number)))
        *to++ = *number == '-' ? '-' : '+';
    for (i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    if (*places > 0)
        *to++ = part ? '.' : ' ';
    for (i = 0; i < (size_t)*places; i++)
        *to++ = i < part ? point[i] : ' ';
    *to = '\0';
    return text;
}

/* ---- label and value lines ---- */

#define LABEL_CELLS 10
#define VALUE_MIN 10
#define SECOND_AT 24 /* cells after the label: seconds stand below each other where they can */

static unsigned sign_style(char sign)
{
    return sign == '=' ? TUI_DIM : sign == '!' || sign == '-' ? TUI_BAD : TUI_WARN;
}

/* Draws the second half, and cuts *row down to what is left for the first. One without a label is a
 * remark that must not be missed: it stays, and the first is cut; another gives way. */
static void draw_second(struct user_lines *lines, struct tui_box *row, const struct user_line *line)
{
    bool ascii = tui_is_ascii(lines->app->tui);
    int label = tui_text_cells(line->label2, ascii), first = tui_text_cells(line->value, ascii);
    int value = tui_text_cells(line->value2, ascii);
    int need = value + label + (value > 0 && label > 0);
    int at = first + 2 > SECOND_AT ? first + 2 : SECOND_AT;
    struct tui_box second;

    if (at + need > row->cols)
        at = first + 2;
    if (at + need > row->cols) {
        at = row->cols - need;
        if (label > 0 ? at < first + 1 : at < VALUE_MIN)
            return;
    }
    second = tui_cut_right(row, row->cols - at);
    (void)tui_cut_right(row, 1);
    if (label > 0) {
        tui_draw(lines->app->tui, second, 0, 0, TUI_DIM, line->label2);
        (void)tui_cut_left(&second, label + 1);
    }
    tui_draw(lines->app->tui, second, 0, 0, line->style2, line->value2);
}

void user_line(struct user_lines *lines, const struct user_line *line)
{
    struct tui_box row = lines->box, sign;
    size_t at = lines->n++;

    if (at < lines->skip || at - lines->skip >= (size_t)(row.rows > 0 ? row.rows : 0))
        return;
    row.row += (int)(at - lines->skip);
    row.rows = 1;
    (void)tui_cut_left(&row, 1);
    if (line->sign) {
        sign = tui_cut_right(&row, USER_SIGN);
        tui_drawf(lines->app->tui, sign, 0, 1, sign_style(line->sign), "[%c]", line->sign);
    }
    tui_draw(lines->app->tui, row, 0, 0, TUI_DIM, line->label);
    (void)tui_cut_left(&row, LABEL_CELLS);
    if (line->value2)
        draw_second(lines, &row, line);
    tui_draw(lines->app->tui, row, 0, 0, line->style, line->value);
}

static void wrapped_lines(struct user_lines *lines, const char *label, const char *text,
                          unsigned style, char sign)
{
    int cells = lines->box.cols - 1 - LABEL_CELLS - USER_SIGN;

    while (*text) {
        const char *next;
        size_t n = wrap_line(text, cells > VALUE_MIN ? cells : VALUE_MIN,
                             tui_is_ascii(lines->app->tui), &next);

        user_line(lines, &(struct user_line){.label = label,
                                             .value = zm_arena_strndup(&lines->app->frame, text, n),
                                             .style = style,
                                             .sign = sign});
        label = "";
        sign = '\0';
        text = next;
    }
}

void user_error_lines(struct user_lines *lines, const char *label, const struct zm_error *err)
{
    char text[700];

    wrapped_lines(lines, label, zm_error_line(err, text, sizeof(text)), TUI_WARN, '?');
    wrapped_lines(lines, "", err->hint, TUI_DIM, '\0');
}
