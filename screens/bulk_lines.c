/*
 * What the bulk dialog says: who would change and who not, how far it is, how it ended.
 */
#include "screens/bulk_state.h"

#include "screens/reason.h"
#include "tui/text.h"
#include "zm/clock.h"
#include "zm/str.h"

#define BAR 40

static void line(struct bulk *b, const char *label, unsigned style, const char *text)
{
    if (b->form.n_lines < BULK_LINES)
        b->lines[b->form.n_lines++] = (struct tui_form_line){label, text, style};
}

static const char *number(struct bulk *b, size_t n)
{
    return zm_arena_strdup(&b->texts, app_count(b->app, (int64_t)n, false));
}

const char *bulk_counts_text(const struct db_bulk_counts *c, char *dst, size_t size)
{
    const struct {
        size_t n;
        const char *what;
    } rows[] = {{c->done, "changed"},        {c->unchanged, "already so"},
                {c->stale, "changed since"}, {c->refused, "refused"},
                {c->failed, "failed"},       {c->unknown, "not known"},
                {c->not_tried, "not tried"}};
    size_t i, n = 0;

    dst[0] = '\0';
    for (i = 0; i < ZM_COUNT(rows) && n < size; i++)
        if (rows[i].n > 0 || i == 0)
            n += (size_t)snprintf(dst + n, size - n, "%s%zu %s", i ? ", " : "", rows[i].n,
                                  rows[i].what);
    return dst;
}

static void name_lines(struct bulk *b, const char *label, unsigned style)
{
    const struct bulk_view *w = &b->view;
    size_t i;

    for (i = 0; i < w->n_named; i++)
        line(b, i ? "" : label, style, zm_arena_strdup(&b->texts, w->named[i]));
}

/* ---- asking ---- */

/* What the window does not show, and the keys that move it. */
static const char *more_text(struct bulk *b, size_t all)
{
    size_t shown = b->view.n_shown,
           below = all - (b->top + BULK_WINDOW < all ? b->top + BULK_WINDOW : all);

    if (b->top + BULK_WINDOW < shown)
        return zm_arena_printf(&b->texts, "%sPgDn, %s more", b->top ? "PgUp  " : "",
                               number(b, below));
    return below ? zm_arena_printf(&b->texts, "PgUp  and %s more", number(b, below)) : "PgUp";
}

static void plan_lines(struct bulk *b)
{
    const struct bulk_view *w = &b->view;
    const struct db_bulk_plan *p = &w->plan;
    size_t i;

    if (!app_is_up(b->app, DB_BRAIN))
        line(b, NULL, TUI_BAD,
             "ZmartyBrain is away. Rights can be taken away all the same: the audit records are "
             "kept "
             "on this machine and follow when ZmartyBrain is back.");
    line(b, "Will change", p->change ? TUI_STRONG : TUI_TEXT,
         zm_arena_printf(&b->texts, "%s   already so %s   refused %s", number(b, p->change),
                         number(b, p->unchanged), number(b, p->refused)));
    for (i = b->top; i < w->n_shown && i < b->top + BULK_WINDOW; i++)
        line(b, "", TUI_TEXT, zm_arena_strdup(&b->texts, w->shown[i]));
    if (p->change > BULK_WINDOW)
        line(b, "", TUI_DIM, more_text(b, p->change));
    name_lines(b, "Refused", TUI_WARN);
    line(b, "", TUI_DIM,
         zm_arena_printf(&b->texts,
                         "The set is frozen: a refresh adds and removes nobody. Batches of %d; it "
                         "stops at %d errors.",
                         DB_WRITE_BATCH, b->app->conf->stop_errors));
}

static void block(struct bulk *b, size_t wanted, const char *why)
{
    b->form.blocked = why;
    b->form.wanted = wanted;
}

static void judge(struct bulk *b, bool wants)
{
    const struct db_bulk_plan *p = &b->view.plan;
    char typed[24];

    b->form.blocked = NULL;
    snprintf(typed, sizeof(typed), "%zu", p->change);
    if (b->view.all == 0)
        block(b, BULK_FIELDS, "Nobody is meant");
    else if (bulk_other(b) && b->job)
        block(b, BULK_FIELDS, "They are still being counted");
    else if (bulk_other(b))
        return;
    else if (!wants)
        block(b, BULK_TIER, "Choose a tier");
    else if (b->err.kind != ZM_ERR_NONE)
        block(b, BULK_FIELDS, "It could not be counted");
    else if (!b->counted)
        block(b, BULK_REASON, "They are still being counted");
    else if (p->change == 0)
        block(b, BULK_FIELDS, "Nobody would change");
    else if (reason_is_blank(b->fields[BULK_REASON].edit.text))
        block(b, BULK_REASON, "A reason is needed");
    else if (!zm_streq(b->fields[BULK_COUNT].edit.text, typed))
        block(b, BULK_COUNT, zm_arena_printf(&b->texts, "Type %s to apply", typed));
}

static void show_question(struct bulk *b)
{
    const struct db_bulk_plan *p = &b->view.plan;
    struct db_edit edit;
    enum bulk_other other = bulk_other(b);
    bool wants = bulk_wants(b, &edit);
    char line_text[700];

    b->fields[BULK_TIER].hidden = b->fields[BULK_KEEP].hidden = b->fields[BULK_DO].chosen != 0;
    b->fields[BULK_REASON].hidden = other != BULK_EDITS;
    if (b->err.kind != ZM_ERR_NONE)
        line(b, "Failed", TUI_BAD,
             zm_arena_strdup(&b->texts, zm_error_line(&b->err, line_text, sizeof(line_text))));
    else if (wants && !b->counted)
        line(b, "Counting", TUI_DIM,
             zm_arena_printf(&b->texts, "%s of %s", number(b, p->looked), number(b, b->view.all)));
    else if (wants)
        plan_lines(b);
    else if (other == BULK_EXPORTS)
        line(b, NULL, TUI_TEXT, "They are written to a file, whose name is asked for.");
    else if (other == BULK_PLANS)
        line(b, NULL, TUI_TEXT,
             "How they differ is read now. The plan is shown before anything is written, and asked "
             "for by itself.");
    b->fields[BULK_COUNT].hidden = !b->counted || p->change == 0 || b->err.kind != ZM_ERR_NONE;
    snprintf(b->count_label, sizeof(b->count_label), "Type %zu", p->change);
    judge(b, wants);
    if (other)
        snprintf(b->question, sizeof(b->question),
                 other == BULK_PLANS ? "Make the plan? y/N" : "Export them? y/N");
    else
        snprintf(b->question, sizeof(b->question), "Apply to %zu users? y/N", p->change);
    b->form.question = b->question;
    b->form.answers = "y";
}

/* ---- running, and the end ---- */

static const char *bar(struct bulk *b, size_t n, size_t all)
{
    size_t filled = all ? n * BAR / all : BAR, i;
    char text[BAR + 1];

    for (i = 0; i < BAR; i++)
        text[i] = i < filled ? '#' : '.';
    text[BAR] = '\0';
    return zm_arena_printf(&b->texts, "%s  %zu %%", text, all ? n * 100 / all : 100);
}

static const char *span(struct bulk *b, size_t seconds)
{
    if (seconds < 120)
        return zm_arena_printf(&b->texts, "%zu s", seconds);
    return seconds < 7200
               ? zm_arena_printf(&b->texts, "%zu min", seconds / 60)
               : zm_arena_printf(&b->texts, "%zu h %zu min", seconds / 3600, seconds / 60 % 60);
}

static size_t rate(const struct bulk *b)
{
    int64_t took = b->stage == BULK_RUNNING && !b->paused ? zm_now_ms() - b->began_ms : b->took_ms;

    return took > 0 ? b->view.settled * 1000 / (size_t)took : 0;
}

static void progress_lines(struct bulk *b)
{
    const struct bulk_view *run = &b->view;
    size_t all = run->all, per_second = rate(b);
    char text[200];

    line(b, "Done", TUI_STRONG,
         zm_arena_printf(&b->texts, "%s of %s", number(b, run->settled), number(b, all)));
    line(b, "", TUI_INFO, bar(b, run->settled, all));
    line(b, "Rate", TUI_TEXT,
         per_second && b->stage == BULK_RUNNING
             ? zm_arena_printf(&b->texts, "%s/s, %s left", number(b, per_second),
                               span(b, (all - run->settled) / per_second))
             : zm_arena_printf(&b->texts, "%s/s", number(b, per_second)));
    line(b, "", TUI_TEXT,
         zm_arena_strdup(&b->texts, bulk_counts_text(&run->counts, text, sizeof(text))));
    name_lines(b, "Not done", TUI_WARN);
}

static void show_running(struct bulk *b)
{
    progress_lines(b);
    b->form.question = b->stopping           ? "stopping after this batch ..."
                       : b->paused && b->job ? "pausing after this batch ...   Space goes on"
                       : b->paused           ? "PAUSED   Space goes on   Esc ends it here"
                                             : "Space pauses   Esc stops after this batch";
}

static void show_end(struct bulk *b)
{
    const struct bulk_view *run = &b->view;
    char text[700];

    line(b, NULL, run->state == DB_BULK_FINISHED ? TUI_GOOD : TUI_BAD,
         run->state == DB_BULK_FINISHED ? "All were tried."
         : run->state == DB_BULK_ERRORS
             ? "It stopped because too many of them failed (stop_errors)."
         : run->state == DB_BULK_BROKEN ? "It stopped: the others would have failed as well."
                                        : "It was stopped.");
    if (run->err.kind != ZM_ERR_NONE && run->state != DB_BULK_CANCELLED)
        line(b, "Why", TUI_BAD,
             zm_arena_strdup(&b->texts, zm_error_line(&run->err, text, sizeof(text))));
    if (run->culprit[0])
        line(b, "At user", TUI_TEXT, zm_arena_strdup(&b->texts, run->culprit));
    progress_lines(b);
    if (run->counts.not_tried > 0)
        line(b, "", TUI_TEXT,
             "The marks are kept: the same change again does the rest, and leaves alone what is "
             "done.");
    b->form.question = "Enter closes";
}

void bulk_show(struct bulk *b)
{
    char text[700];

    zm_arena_reset(&b->texts);
    b->form.n_lines = 0;
    switch (b->stage) {
    case BULK_COLLECTING:
        line(b, "Searching", TUI_DIM,
             zm_arena_printf(&b->texts, "found %s, searched %s of %s", number(b, b->view.all),
                             number(b, (size_t)b->view.searched),
                             b->view.total < 0 ? "?" : number(b, (size_t)b->view.total)));
        if (b->err.kind != ZM_ERR_NONE)
            line(b, "Failed", TUI_BAD,
                 zm_arena_strdup(&b->texts, zm_error_line(&b->err, text, sizeof(text))));
        b->form.question = b->job ? "finding all that match ...   Esc cancels" : "Esc closes";
        break;
    case BULK_ASKING:
        show_question(b);
        break;
    case BULK_RUNNING:
        show_running(b);
        break;
    case BULK_ENDED:
        show_end(b);
        break;
    }
}
