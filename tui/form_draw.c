/*
 * How a form looks: a body of fields and lines that scrolls, and below it the question, which is
 * always in sight. Every part is laid out by the same code that draws it; what lies outside of the
 * body is not drawn.
 */
#include "tui/form.h"

#include <string.h>

#include "tui/layout.h"
#include "tui/pager.h"
#include "tui/text.h"
#include "zm/str.h"

#define WIDEST 76
#define LABEL_MOST 14
#define LABEL_LEAST 11 /* so that nothing jumps when lines come and go */
#define HINT " Tab moves  Enter goes on  Esc cancels "
#define HINT_BRIEF " Enter goes on  Esc cancels "
#define HINT_SUGGESTED " Tab edits %s  Enter is No  Esc cancels "
#define HINT_SUGGESTED_BRIEF " Tab edits %s  PgDn PgUp "

/* Where the body is being drawn; rows are counted from its first, scrolled away or not. */
struct canvas {
    struct tui *tui;
    struct tui_box box;
    int top, row; /* row: the next free one */
    int label;    /* cells of the labels */
    bool draws;   /* else it only counts */
};

static int put(struct canvas *c, int col, unsigned style, const char *text)
{
    if (!c->draws)
        return tui_text_cells(text, tui_is_ascii(c->tui));
    return tui_draw(c->tui, c->box, c->row - c->top, col, style, text);
}

/* Text wrapped into the columns from col on; the row after it is next. */
static void put_wrapped(struct canvas *c, int col, unsigned style, const char *text)
{
    struct tui_pager pager = {.wrap = true, .cols = c->box.cols - col};
    size_t i;

    if (pager.cols < 1)
        return;
    tui_pager_set(&pager, text, strlen(text));
    for (i = 0; i < pager.n_lines; i++) {
        size_t end = i + 1 < pager.n_lines ? pager.lines[i + 1] : pager.len;

        while (end > pager.lines[i] && strchr("\n ", text[end - 1]))
            end--;
        if (c->draws)
            tui_draw_span(c->tui, c->box, c->row - c->top, col, style, text + pager.lines[i],
                          end - pager.lines[i], 0);
        c->row++;
    }
    tui_pager_done(&pager);
}

static void put_label(struct canvas *c, const char *label, unsigned style)
{
    if (c->draws && label)
        tui_draw_field(c->tui, c->box, c->row - c->top, 2, c->label, TUI_LEFT, style, label);
}

/* ---- fields ---- */

static void put_choices(struct canvas *c, const struct tui_field *field, bool here)
{
    int from = c->label + 3, col = from;
    size_t i;

    for (i = 0; i < field->n_choices; i++) {
        const struct tui_choice *choice = &field->choices[i];
        bool on = i == field->chosen;
        const char letter[2] = {(char)choice->key, '\0'};
        int cells = 6 + tui_text_cells(choice->label, tui_is_ascii(c->tui));

        if (col > from && col + cells > c->box.cols) {
            c->row++;
            col = from;
        }
        put(c, col, on ? TUI_INFO : TUI_DIM, on ? "(*)" : "( )");
        put(c, col + 4, TUI_KEY, letter);
        put(c, col + 6, (on ? TUI_STRONG : TUI_TEXT) | (on && here ? (unsigned)TUI_SELECTED : 0u),
            choice->label);
        col += cells + 3;
    }
    c->row++;
}

static void put_flag(struct canvas *c, const struct tui_field *field, bool here)
{
    const char letter[2] = {(char)field->key, '\0'};
    int col = c->label + 3;

    put(c, col, (field->on ? TUI_INFO : TUI_TEXT) | (here ? (unsigned)TUI_SELECTED : 0u),
        field->on ? "[x]" : "[ ]");
    if (field->key) {
        put(c, col + 4, TUI_KEY, letter);
        col += 2;
    }
    put_wrapped(c, col + 4, TUI_TEXT, field->text && field->text[0] ? field->text : " ");
}

static void put_text(struct canvas *c, const struct tui_field *field, bool here)
{
    int col = c->label + 3, row = c->row - c->top, cells = c->box.cols - col;

    if (c->draws && row >= 0 && row < c->box.rows) {
        if (here)
            tui_edit_draw(c->tui, c->box, row, col, cells, &field->edit);
        else
            tui_draw_field(c->tui, c->box, row, col, cells, TUI_LEFT, TUI_TEXT, field->edit.text);
        if (field->edit.len == 0 && field->text)
            tui_draw(c->tui, c->box, row, col + (here ? 1 : 0), TUI_DIM, field->text);
    }
    c->row++;
}

static void put_field(struct canvas *c, const struct tui_field *field, bool here)
{
    if (field->hidden)
        return;
    if (here)
        put(c, 0, TUI_INFO, ">");
    put_label(c, field->label, here ? TUI_STRONG : TUI_TEXT);
    if (field->kind == TUI_FIELD_CHOICE)
        put_choices(c, field, here);
    else if (field->kind == TUI_FIELD_FLAG)
        put_flag(c, field, here);
    else
        put_text(c, field, here);
}

static void put_lines(struct canvas *c, const struct tui_form *form)
{
    size_t i;

    if (form->n_lines > 0 && form->n_fields > 0 && form->lines_before > 0)
        c->row++;
    for (i = 0; i < form->n_lines; i++) {
        const struct tui_form_line *line = &form->lines[i];

        put_label(c, line->label, TUI_DIM);
        put_wrapped(c, line->label ? c->label + 3 : 2, line->style,
                    line->text && line->text[0] ? line->text : " ");
    }
    if (form->n_lines > 0 && form->lines_before < form->n_fields)
        c->row++;
}

/* The whole body; ret_from and ret_to are the rows of the field with the cursor. */
static void put_body(struct canvas *c, const struct tui_form *form, int *ret_from, int *ret_to)
{
    size_t i;

    c->row = 0;
    *ret_from = *ret_to = -1;
    if (form->about)
        put_wrapped(c, 2, TUI_DIM, form->about);
    if (form->about)
        c->row++;
    for (i = 0; i <= form->n_fields; i++) {
        if (i == form->lines_before)
            put_lines(c, form);
        if (i == form->n_fields)
            break;
        if (i == form->at)
            *ret_from = c->row;
        put_field(c, &form->fields[i], i == form->at);
        if (i == form->at)
            *ret_to = c->row;
    }
}

/* ---- the whole ---- */

static int label_cells(const struct tui_form *form, bool ascii)
{
    int cells = 0;
    size_t i;

    for (i = 0; i < form->n_fields + form->n_lines; i++) {
        const char *label =
            i < form->n_fields ? form->fields[i].label : form->lines[i - form->n_fields].label;
        int mine = tui_text_cells(zm_text(label), ascii);

        if (i >= form->n_fields || !form->fields[i].hidden)
            cells = mine > cells ? mine : cells;
    }
    return cells > LABEL_MOST ? LABEL_MOST : cells;
}

static void draw_question(struct canvas *c, const struct tui_form *form)
{
    bool here = form->at >= form->n_fields && !form->blocked;

    if (here)
        put(c, 0, TUI_INFO, ">");
    put_wrapped(c, 2,
                form->blocked ? TUI_DIM
                : here        ? TUI_STRONG
                              : TUI_TEXT,
                form->blocked ? form->blocked : zm_text(form->question));
}

/* The cursor's field is kept in sight; where it is on the question the person scrolls. */
static void fit(struct tui_form *form, int from, int to, int page)
{
    int last = form->rows > page ? form->rows - page : 0;

    if (to >= 0 && to > form->top + page)
        form->top = to - page;
    if (from >= 0 && from < form->top)
        form->top = from;
    form->top = form->top > last ? last : form->top < 0 ? 0 : form->top;
    form->page = page;
}

/* At the question, with a text that was only suggested above it: a first letter may be an answer,
 * so that text is not typed over there. NULL: there is none. */
static const struct tui_field *suggested(const struct tui_form *form)
{
    size_t i;

    for (i = 0; form->at >= form->n_fields && i < form->n_fields; i++)
        if (form->fields[i].suggested && !form->fields[i].hidden)
            return &form->fields[i];
    return NULL;
}

static void draw_hints(struct tui *tui, struct tui_box frame, const struct tui_form *form)
{
    const char *hint = form->hint ? form->hint : frame.cols > 44 ? HINT : HINT_BRIEF;
    struct tui_box row = {frame.row + frame.rows - 1, frame.col + 2, 1, frame.cols - 4};

    if (form->said) {
        int cells = tui_text_cells(form->said, tui_is_ascii(tui));

        tui_draw_blank(tui, row, 0, 0, cells + 2, TUI_TEXT);
        tui_draw(tui, row, 0, 1, TUI_WARN, form->said);
    } else if (suggested(form)) {
        tui_drawf(tui, row, 0, 0, TUI_DIM,
                  form->rows > form->page ? HINT_SUGGESTED_BRIEF : HINT_SUGGESTED,
                  zm_text(suggested(form)->label));
    } else if (form->rows > form->page) {
        int below = form->rows - form->page - form->top;

        tui_drawf(tui, row, 0, 0, TUI_DIM, " PgUp PgDn: %d above, %d below ", form->top, below);
    } else if (form->n_fields > 0) {
        tui_draw(tui, row, 0, 0, TUI_DIM, hint);
    }
}

void tui_form_draw(struct tui *tui, struct tui_form *form)
{
    struct tui_box screen = tui_screen_box(tui), frame, box, below;
    bool ascii = tui_is_ascii(tui);
    int cols = screen.cols < WIDEST ? screen.cols : WIDEST, from, to, question;
    struct canvas c = {.tui = tui, .box = {0, 0, 1000, cols - 4}};
    bool roomy;

    c.label = label_cells(form, ascii);
    if (c.label < LABEL_LEAST && cols >= 64)
        c.label = LABEL_LEAST;
    draw_question(&c, form);
    question = c.row;
    put_body(&c, form, &from, &to);
    form->rows = c.row;
    roomy = form->rows + question + 3 <= screen.rows;
    frame = tui_centre(screen, form->rows + question + 2 + roomy, cols);
    box = tui_draw_frame(tui, frame, form->title, form->badge, form->alarm ? TUI_BAD : TUI_INFO);
    below = tui_cut_bottom(&box, question);
    if (roomy)
        (void)tui_cut_bottom(&box, 1);
    fit(form, from, to, box.rows);
    c = (struct canvas){.tui = tui, .box = box, .top = form->top, .label = c.label, .draws = true};
    put_body(&c, form, &from, &to);
    c = (struct canvas){.tui = tui, .box = below, .label = c.label, .draws = true};
    draw_question(&c, form);
    draw_hints(tui, frame, form);
    if (form->at >= form->n_fields)
        form->asked = !form->blocked;
}
