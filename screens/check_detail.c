/*
 * All there is to say about the step under the cursor: what was expected and found, why it matters,
 * the SQL that mends it, and why this role cannot. In a pane, or as a text in the pager.
 */
#include "screens/check_rows.h"
#include "screens/check_state.h"
#include "screens/text.h"
#include "screens/wrap.h"
#include "zm/str.h"

#define LABEL 9

unsigned check_style(enum db_step_state state)
{
    static const enum tui_style styles[DB_STEP_STATES] = {
        [DB_STEP_OK] = TUI_GOOD,     [DB_STEP_FAIL] = TUI_BAD,     [DB_STEP_NOT_RUN] = TUI_DIM,
        [DB_STEP_BLOCKED] = TUI_DIM, [DB_STEP_WAITING] = TUI_INFO, [DB_STEP_STALE] = TUI_WARN,
        [DB_STEP_WAIVED] = TUI_WARN,
    };

    return styles[state];
}

/* One labelled paragraph; text may have lines. */
struct part {
    const char *label, *text;
    unsigned style;
};
#define PARTS 8

static const char *mend_note(const struct db_step *step)
{
    switch (step->kind) {
    case DB_STEP_SCHEMA:
        return "F runs exactly this SQL in one transaction, tried and rolled back first; it is "
               "looked at again afterwards.";
    case DB_STEP_CONCURRENT:
        return "F runs this SQL statement by statement outside a transaction, on a session of its "
               "own; it is not tried before.";
    case DB_STEP_TRIAL:
        return "F performs it in transactions that are always rolled back.";
    case DB_STEP_LIVE:
        return "F performs it; what it may leave behind carries a marker and is listed.";
    case DB_STEP_API:
        return step->run ? "F performs it over the project's API." : "";
    case DB_STEP_HUMAN:
        return "y confirms it with a note: nothing here can look at it.";
    case DB_STEP_FACT:
        break;
    }
    return "";
}

static size_t parts_of(const struct db_step_result *s, struct part ret[PARTS])
{
    const struct db_step_finding *f = &s->finding;
    const char *found = f->err.kind != ZM_ERR_NONE && !f->found[0] ? f->err.message : f->found;
    bool fine = f->state == DB_STEP_OK;
    size_t n = 0;

    ret[n++] = (struct part){"STATE", check_state_word(f->state), check_style(f->state)};
    ret[n++] = (struct part){"WANT", f->expected, TUI_TEXT};
    ret[n++] = (struct part){"FOUND", found, fine ? TUI_TEXT : TUI_STRONG};
    ret[n++] = (struct part){"WHY", s->step->why, TUI_TEXT};
    if (s->step->needs[0])
        ret[n++] = (struct part){"NEEDS", s->step->needs, TUI_TEXT};
    if (f->fix[0])
        ret[n++] = (struct part){"FIX", f->fix, TUI_INFO};
    if (s->cannot[0])
        ret[n++] = (struct part){"BUT", s->cannot, TUI_BAD};
    else if (!fine && mend_note(s->step)[0])
        ret[n++] = (struct part){"", mend_note(s->step), TUI_DIM};
    return n;
}

/* ---- in a pane ---- */

struct pane {
    struct check *s;
    struct tui_box box;
    int at; /* the row that is drawn next, from the first of the text */
};

static void row(struct pane *p, const char *label, unsigned style, const char *text, size_t len)
{
    int at = p->at++ - p->s->detail_top;

    if (at < 0 || at >= p->box.rows)
        return;
    tui_draw(p->s->app->tui, p->box, at, 0, TUI_DIM, label);
    tui_draw_span(p->s->app->tui, p->box, at, LABEL, style, text, len, 0);
}

static void draw_part(struct pane *p, const struct part *part)
{
    const char *label = part->label, *text = part->text, *next;
    int cells = p->box.cols - LABEL;

    while (*text) {
        char line[2048];
        const char *at = line;
        size_t n = strcspn(text, "\n");

        snprintf(line, sizeof(line), "%.*s", (int)n, text);
        do {
            size_t len = wrap_line(at, cells, tui_is_ascii(p->s->app->tui), &next);

            row(p, label, part->style, at, len);
            label = "";
            at = next;
        } while (*at);
        text += n + (text[n] == '\n');
    }
}

void check_draw_detail(struct check *s, struct tui_box box)
{
    const struct db_step_result *step = check_step_at(s);
    struct pane pane = {.s = s, .box = box};
    struct part parts[PARTS];
    size_t i, n = step ? parts_of(step, parts) : 0;

    for (i = 0; i < n; i++)
        draw_part(&pane, &parts[i]);
    s->detail_rows = pane.at;
    s->detail_page = box.rows;
}

/* ---- in the pager ---- */

/* Line by line as they are; the pager wraps what is too long. */
static void add_lines(const struct part *part, struct zm_buf *ret)
{
    const char *label = part->label, *line = part->text;

    while (*line) {
        size_t len = strcspn(line, "\n");

        zm_buf_printf(ret, "%-*s%.*s\n", LABEL, label, (int)len, line);
        label = "";
        line += len + (line[len] == '\n');
    }
}

void check_show_text(struct app *app, struct check *s)
{
    const struct db_step_result *step = check_step_at(s);
    struct zm_buf text = {.s = NULL};
    struct part parts[PARTS];
    size_t i, n = step ? parts_of(step, parts) : 0;

    if (!step)
        return;
    for (i = 0; i < n; i++) {
        add_lines(&parts[i], &text);
        zm_buf_puts(&text, "\n");
    }
    if (n > 0)
        zm_buf_puts(&text, "Esc goes back to the list, where F, y and w work.\n");
    text_show(app, zm_arena_printf(&app->frame, "%s %s", step->step->key, step->step->title),
              text.s, LABEL);
    zm_buf_done(&text);
}
