/*
 * The state of the Audit screen, shared by its files: audit.c (list, keys), audit_load.c (pages of
 * the journal), audit_draw.c (cells, the record), audit_reason.c (a reason that was owed).
 */
#ifndef SCREENS_AUDIT_STATE_H
#define SCREENS_AUDIT_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "db/journal.h"
#include "screens/app.h"
#include "tui/edit.h"
#include "tui/table.h"

#define AUDIT_PAGE 100
#define AUDIT_PAGES 40 /* more are for `zmartctl export audit` */
#define AUDIT_OWED 50

struct audit {
    struct app *app;
    struct tui_table table;
    int page; /* rows of the body when last drawn */
    struct tui_edit filter;
    bool editing;
    bool whole;                               /* the record is shown below the list */
    int record_top, record_page, record_rows; /* its first row shown, rows of its box, its rows */
    char at[37];                              /* the request under the cursor; "": the first row */
    struct db_rows owed;                      /* on top: their reason is still to be given */
    struct db_rows pages[AUDIT_PAGES];
    size_t n_pages;
    const struct db_journal_row **list; /* what is shown: the owed ones, then the others */
    size_t n;
    bool at_end;         /* there are no older rows */
    bool asking;         /* a page is under way */
    bool again;          /* ... and is out of date already */
    unsigned generation; /* of the filter: answers to an older one are dropped */
    bool has_read;       /* something was read, if only that there is nothing */
    struct zm_error err; /* why not */
};

/* audit_load.c */
void audit_load(struct app *app, struct audit *a);      /* from the newest on */
void audit_load_more(struct app *app, struct audit *a); /* where the cursor comes near the end */
void audit_job_done(struct app *app, struct audit *a, struct db_job *job);
void audit_forget(struct audit *a);
/* Row i of the list, NULL after the last. */
const struct db_journal_row *audit_row(const struct audit *a, size_t i);

/* audit_draw.c */
extern const struct tui_column audit_columns[];
extern const size_t audit_n_columns;
void audit_cell(void *context, size_t row, int column, struct tui_cell *ret);
void audit_draw_record(struct audit *a, struct tui_box box);
/* Change and reason under the cursor, in full as far as they fit: where the list has no room for
 * them. */
#define AUDIT_WIDE 140
#define AUDIT_BELOW 2
void audit_draw_below(struct audit *a, struct tui_box box);
/* Down (or up) the record, as far as it goes. */
void audit_scroll_record(struct audit *a, int rows);
/* "tier_change" of "zmartctl.tier_change". */
const char *audit_action(const struct db_journal_row *row);
/* "bo@ops-1": what he said of himself; the role where he said nothing. */
const char *audit_who(struct app *app, const struct db_journal_row *row);
/* Given with the change, or later; NULL: none. */
const char *audit_reason(const struct db_journal_row *row);
bool audit_is_owed(const struct db_journal_row *row);

/* audit_reason.c */
/* Asks for the reason of a change, and writes it. */
void audit_give_reason(struct app *app, struct audit *a, const struct db_journal_row *row);
/* Takes a finished job of that; false: it is another. */
bool audit_reason_done(struct app *app, struct audit *a, struct db_job *job);

#endif
