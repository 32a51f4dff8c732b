/*
 * What is on the screen, by libvterm.
 */
#include "vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include <cmocka.h>

#include "vt_state.h"

static void put_utf8(char *dst, size_t size, uint32_t code)
{
    size_t n = strlen(dst);
    char bytes[5] = "";

    if (code < 0x80) {
        bytes[0] = (char)code;
    } else if (code < 0x800) {
        bytes[0] = (char)(0xc0 | code >> 6);
        bytes[1] = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        bytes[0] = (char)(0xe0 | code >> 12);
        bytes[1] = (char)(0x80 | (code >> 6 & 0x3f));
        bytes[2] = (char)(0x80 | (code & 0x3f));
    } else {
        bytes[0] = (char)(0xf0 | (code >> 18 & 7));
        bytes[1] = (char)(0x80 | (code >> 12 & 0x3f));
        bytes[2] = (char)(0x80 | (code >> 6 & 0x3f));
        bytes[3] = (char)(0x80 | (code & 0x3f));
    }
    zm_copy(dst + n, size - n, bytes);
}

static int colour_of(const VTermColor *colour, bool foreground)
{
    if (foreground ? VTERM_COLOR_IS_DEFAULT_FG(colour) : VTERM_COLOR_IS_DEFAULT_BG(colour))
        return VT_DEFAULT_COLOUR;
    return VTERM_COLOR_IS_INDEXED(colour) ? colour->indexed.idx : 256;
}

struct vt_cell vt_cell(const struct vt *vt, int row, int col)
{
    struct vt_cell ret = {.text = ""};
    VTermScreenCell cell;
    size_t i;

    if (!vterm_screen_get_cell(vt->screen, (VTermPos){.row = row, .col = col}, &cell))
        fail_msg("there is no cell %d,%d on a screen of %dx%d", row, col, vt->rows, vt->cols);
    for (i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
        put_utf8(ret.text, sizeof(ret.text), cell.chars[i]);
    ret.width = cell.width;
    ret.bold = cell.attrs.bold;
    ret.underline = cell.attrs.underline != 0;
    ret.reverse = cell.attrs.reverse;
    ret.fg = colour_of(&cell.fg, true);
    ret.bg = colour_of(&cell.bg, false);
    return ret;
}

const char *vt_row(const struct vt *vt, int row)
{
    struct vt *self = (struct vt *)(uintptr_t)vt; /* only the ring of texts changes */
    char *text = self->texts[self->n_texts++ % ZM_COUNT(self->texts)];
    VTermRect rect = {.start_row = row, .end_row = row + 1, .start_col = 0, .end_col = vt->cols};
    size_t n;

    assert_in_range(row, 0, vt->rows - 1);
    n = vterm_screen_get_text(vt->screen, text, sizeof(vt->texts[0]) - 1, rect);
    while (n > 0 && text[n - 1] == ' ')
        n--;
    text[n] = '\0';
    return text;
}

int vt_find(const struct vt *vt, const char *text, int *ret_col)
{
    int row, col;

    for (row = 0; row < vt->rows; row++) {
        const char *line = vt_row(vt, row), *at = strstr(line, text);
        long bytes = at ? (long)(at - line) : 0;

        if (!at)
            continue;
        for (col = 0; bytes > 0 && col < vt->cols; col++) {
            struct vt_cell cell = vt_cell(vt, row, col);

            bytes -= cell.text[0] ? (long)strlen(cell.text) : 1;
            col += cell.width - 1;
        }
        if (ret_col)
            *ret_col = col;
        return row;
    }
    return -1;
}

int vt_reverse_row(const struct vt *vt, int row)
{
    int col;

    for (; row < vt->rows; row++)
        for (col = 0; col < vt->cols; col++)
            if (vt_cell(vt, row, col).reverse)
                return row;
    return -1;
}

bool vt_cursor(const struct vt *vt, int *ret_row, int *ret_col)
{
    VTermPos at;

    vterm_state_get_cursorpos(vterm_obtain_state(vt->vterm), &at);
    *ret_row = at.row;
    *ret_col = at.col;
    return !(vt->stream.modes & VT_MODE_HIDDEN_CURSOR);
}

void vt_dump(const struct vt *vt)
{
    int row;

    fprintf(stderr, "+-- screen %dx%d, %lld bytes\n", vt->rows, vt->cols, vt->stream.bytes);
    for (row = 0; row < vt->rows; row++)
        fprintf(stderr, "|%s\n", vt_row(vt, row));
    fputs("+--\n", stderr);
}

void vt_resize(struct vt *vt, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    assert_in_range(cols, 1, VT_MAX_COLS);
    vt_pump(vt);
    vt->rows = rows;
    vt->cols = cols;
    vterm_set_size(vt->vterm, rows, cols);
    assert_int_equal(ioctl(vt->master, TIOCSWINSZ, &size), 0);
}

int vt_rows(const struct vt *vt)
{
    return vt->rows;
}

int vt_cols(const struct vt *vt)
{
    return vt->cols;
}
