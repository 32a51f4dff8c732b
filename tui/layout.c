/*
 * Boxes cut from boxes and widths shared among columns. Pure arithmetic.
 */
#include "tui/layout.h"

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* What can be cut from `have`: not less than nothing, not more than all. */
static int share_of(int n, int have)
{
    return n < 0 ? 0 : n > have ? (have < 0 ? 0 : have) : n;
}

struct tui_box tui_cut_top(struct tui_box *box, int n)
{
    struct tui_box cut = *box;

    cut.rows = share_of(n, box->rows);
    box->row += cut.rows;
    box->rows -= cut.rows;
    return cut;
}

struct tui_box tui_cut_bottom(struct tui_box *box, int n)
{
    struct tui_box cut = *box;

    cut.rows = share_of(n, box->rows);
    box->rows -= cut.rows;
    cut.row = box->row + box->rows;
    return cut;
}

struct tui_box tui_cut_left(struct tui_box *box, int n)
{
    struct tui_box cut = *box;

    cut.cols = share_of(n, box->cols);
    box->col += cut.cols;
    box->cols -= cut.cols;
    return cut;
}

struct tui_box tui_cut_right(struct tui_box *box, int n)
{
    struct tui_box cut = *box;

    cut.cols = share_of(n, box->cols);
    box->cols -= cut.cols;
    cut.col = box->col + box->cols;
    return cut;
}

struct tui_box tui_centre(struct tui_box box, int rows, int cols)
{
    struct tui_box inner;

    inner.rows = least(rows < 0 ? 0 : rows, box.rows);
    inner.cols = least(cols < 0 ? 0 : cols, box.cols);
    inner.row = box.row + (box.rows - inner.rows) / 2;
    inner.col = box.col + (box.cols - inner.cols) / 2;
    return inner;
}

struct tui_box tui_inset(struct tui_box box, int rows, int cols)
{
    tui_cut_top(&box, rows);
    tui_cut_bottom(&box, rows);
    tui_cut_left(&box, cols);
    tui_cut_right(&box, cols);
    return box;
}

bool tui_box_empty(struct tui_box box)
{
    return box.rows <= 0 || box.cols <= 0;
}

bool tui_box_has(struct tui_box box, int row, int col)
{
    return row >= box.row && row < box.row + box.rows && col >= box.col && col < box.col + box.cols;
}

/* What the parts with a share need at least, with the blanks between them; *parts: how many. */
static int needed(int n, const int min[], const int ret[], int *parts)
{
    int sum = 0, i;

    *parts = 0;
    for (i = 0; i < n; i++)
        if (ret[i] > 0) {
            sum += min[i];
            (*parts)++;
        }
    return sum + (*parts > 0 ? *parts - 1 : 0);
}

/* The part that goes first: the lowest priority, of equal ones the last. */
static int weakest(int n, const int priority[], const int ret[])
{
    int found = -1, i;

    for (i = 0; i < n; i++)
        if (ret[i] > 0 && (found < 0 || priority[i] <= priority[found]))
            found = i;
    return found;
}

void tui_share(int total, int n, const int min[], const int grow[], const int priority[], int ret[])
{
    int parts, left, grows = 0, i;

    for (i = 0; i < n; i++)
        ret[i] = min[i];
    while ((left = total - needed(n, min, ret, &parts)) < 0 && parts > 1)
        ret[weakest(n, priority, ret)] = 0;
    for (i = 0; i < n; i++) {
        if (ret[i] > 0 && left < 0) /* the only one: all there is */
            ret[i] = total > 0 ? total : 0;
        else if (ret[i] > 0)
            grows += grow[i];
    }
    for (i = 0; i < n && left > 0 && grows > 0; i++) {
        int more = ret[i] > 0 ? left * grow[i] / grows : 0;

        if (ret[i] > 0)
            grows -= grow[i];
        ret[i] += more;
        left -= more;
    }
}
