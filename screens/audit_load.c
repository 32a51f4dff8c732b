/*
 * Pages of the journal: the newest, those whose reason is owed, and older ones as one scrolls.
 * Nothing here waits.
 */
#include <stdlib.h>
#include <string.h>

#include "screens/audit_state.h"
#include "zm/arena.h"
#include "zm/str.h"

#define MARGIN 20 /* rows left below the cursor when the next page is asked for */

struct audit_job {
    struct db_job base;
    unsigned generation;
    bool first;
    char word[TUI_EDIT_MAX + 1];
    char at[64], id[37]; /* the last row that is there */
    struct db_rows rows, owed;
};

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct audit_job *j = (struct audit_job *)job;
    struct db_link *brain = session->link[DB_BRAIN];
    struct db_journal_filter filter = {.word = j->word[0] ? j->word : NULL};
    const struct db_journal_row before = {.at = j->at, .id = j->id};

    db_rows_done(&j->rows); /* of a run whose connection broke */
    db_rows_done(&j->owed);
    if (!db_journal_page(brain, &filter, j->first ? NULL : &before, AUDIT_PAGE, &j->rows, err))
        return false;
    filter.owed = true;
    return !j->first || db_journal_page(brain, &filter, NULL, AUDIT_OWED, &j->owed, err);
}

static void drop(struct db_job *job)
{
    struct audit_job *j = (struct audit_job *)job;

    db_rows_done(&j->rows);
    db_rows_done(&j->owed);
    free(j);
}

static void ask(struct app *app, struct audit *a, const struct db_journal_row *before)
{
    struct audit_job *j = zm_calloc(1, sizeof(*j));

    j->base.run = run;
    j->base.drop = drop;
    j->generation = a->generation;
    j->first = !before;
    zm_copy(j->word, sizeof(j->word), a->filter.text);
    if (before) {
        zm_copy(j->at, sizeof(j->at), before->at);
        zm_copy(j->id, sizeof(j->id), before->id);
    }
    a->asking = true;
    app_submit(app, a, DB_LANE_BRAIN, &j->base);
}

void audit_forget(struct audit *a)
{
    size_t i;

    db_rows_done(&a->owed);
    for (i = 0; i < a->n_pages; i++)
        db_rows_done(&a->pages[i]);
    free(a->list);
    a->list = NULL;
    a->n_pages = a->n = 0;
}

void audit_load(struct app *app, struct audit *a)
{
    a->generation++;
    if (a->asking)
        a->again = true;
    else
        ask(app, a, NULL);
}

static const struct db_journal_row *last_row(const struct audit *a)
{
    const struct db_rows *page = a->n_pages ? &a->pages[a->n_pages - 1] : NULL;

    return page && page->n ? DB_ROW(page, struct db_journal_row, page->n - 1) : NULL;
}

void audit_load_more(struct app *app, struct audit *a)
{
    const struct db_journal_row *last = last_row(a);

    if (!a->asking && !a->at_end && last && a->n_pages < AUDIT_PAGES &&
        a->table.cursor + MARGIN >= a->n && app_is_up(app, DB_BRAIN))
        ask(app, a, last);
}

static bool is_on_top(const struct audit *a, const struct db_journal_row *row)
{
    size_t i;

    for (i = 0; i < a->owed.n; i++)
        if (zm_streq(DB_ROW(&a->owed, struct db_journal_row, i)->id, row->id))
            return true;
    return false;
}

static void make_list(struct audit *a)
{
    size_t i, p, n = a->owed.n;

    for (p = 0; p < a->n_pages; p++)
        n += a->pages[p].n;
    free(a->list);
    a->list = zm_calloc(n + 1, sizeof(struct db_journal_row *));
    for (a->n = 0; a->n < a->owed.n; a->n++)
        a->list[a->n] = DB_ROW(&a->owed, struct db_journal_row, a->n);
    for (p = 0; p < a->n_pages; p++)
        for (i = 0; i < a->pages[p].n; i++) {
            const struct db_journal_row *row = DB_ROW(&a->pages[p], struct db_journal_row, i);

            if (!is_on_top(a, row))
                a->list[a->n++] = row;
        }
}

const struct db_journal_row *audit_row(const struct audit *a, size_t i)
{
    return i < a->n ? a->list[i] : NULL;
}

static void take(struct audit *a, struct audit_job *j)
{
    if (j->first) {
        audit_forget(a);
        a->owed = j->owed;
        memset(&j->owed, 0, sizeof(j->owed));
    }
    a->at_end = j->rows.n < AUDIT_PAGE;
    a->pages[a->n_pages++] = j->rows;
    memset(&j->rows, 0, sizeof(j->rows));
    make_list(a);
    a->has_read = true;
    memset(&a->err, 0, sizeof(a->err));
}

void audit_job_done(struct app *app, struct audit *a, struct db_job *job)
{
    struct audit_job *j = (struct audit_job *)job;

    a->asking = false;
    if (a->again) {
        a->again = false;
        ask(app, a, NULL);
    } else if (j->generation == a->generation && job->ok) {
        take(a, j);
    } else if (j->generation == a->generation) {
        a->err = job->err;
    }
    app->dirty = true;
}
