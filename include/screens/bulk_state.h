/*
 * The state of the bulk dialog, shared by its files: bulk.c (the overlay and its keys), bulk_job.c
 * (what runs in a lane), bulk_lines.c (what is shown).
 */
#ifndef SCREENS_BULK_STATE_H
#define SCREENS_BULK_STATE_H

#include "db/bulk.h"
#include "db/lane.h"
#include "screens/app.h"
#include "screens/bulk.h"
#include "tui/form.h"
#include "zm/arena.h"

enum bulk_stage {
    BULK_COLLECTING, /* the filter is walked, who matches goes into the set */
    BULK_ASKING,     /* fields; what would be done is counted meanwhile */
    BULK_RUNNING,    /* batch by batch */
    BULK_ENDED,      /* how it ended, to be read */
};

#define BULK_SHOWN 100 /* users of whom the change is shown */
#define BULK_NAMED 5   /* users of whom it is said why not */
#define BULK_SAID 220  /* bytes of such a line */

/* What a lane works on. It belongs to the lane while a job is under way, else to the dialog. */
struct bulk_work {
    enum bulk_stage stage; /* what the job does */
    struct app *app;       /* only for what is said when the program ends */
    struct db_idset *set;
    struct db_filter filter;
    struct db_walk walk;
    struct db_terms terms;
    struct db_bulk bulk;
    char reason[TUI_EDIT_MAX + 1];
    char shown[BULK_SHOWN][BULK_SAID], named[BULK_NAMED][BULK_SAID];
    size_t n_shown, n_named;
};

/* One slice of work, or one batch. */
struct bulk_job {
    struct db_job base;
    struct bulk_work *work; /* NULL: the dialog has it back */
};

/* What the dialog shows of it: a copy, made whenever a job comes back. */
struct bulk_view {
    size_t all, settled; /* users */
    int64_t searched, total;
    struct db_bulk_plan plan;
    struct db_bulk_counts counts;
    enum db_bulk_state state;
    struct zm_error err;
    char culprit[37];
    char shown[BULK_SHOWN][BULK_SAID], named[BULK_NAMED][BULK_SAID];
    size_t n_shown, n_named;
};

enum { BULK_DO, BULK_TIER, BULK_KEEP, BULK_REASON, BULK_COUNT, BULK_FIELDS };
#define BULK_LINES 24
#define BULK_WINDOW 6 /* of the shown at once */

struct bulk {
    struct app *app;
    enum bulk_stage stage;
    struct bulk_work *work;
    struct bulk_job *job; /* under way, with the work; NULL none */
    struct bulk_view view;
    char who[160];
    size_t top;                 /* of the shown: the first in the window */
    int wanted;                 /* what is being counted, as a number */
    bool counted, again;        /* again: a field changed while it was counted */
    bool paused, stopping;      /* running */
    struct zm_error err;        /* collecting or counting failed */
    int64_t began_ms, pause_ms; /* of the run; when the pause began */
    int64_t took_ms;            /* when it has ended, or is paused */
    int64_t asked_ms;           /* the job under way */
    struct tui_form form;
    struct tui_field fields[BULK_FIELDS];
    struct tui_form_line lines[BULK_LINES];
    char title[220], about[200], count_label[40], question[160];
    struct zm_arena texts; /* of the lines */
};

/* bulk.c */
/* The view becomes what the work is now, which no lane has. */
void bulk_look(struct bulk *b);
/* Whether the fields say what is to be done; fills the edit. */
bool bulk_wants(const struct bulk *b, struct db_edit *ret);
/* What is wanted is no edit: a plan that makes them agree, or a file. Another dialog asks for it.
 */
enum bulk_other { BULK_EDITS, BULK_PLANS, BULK_EXPORTS };
enum bulk_other bulk_other(const struct bulk *b);
void bulk_count_again(struct bulk *b);

/* bulk_job.c */
struct bulk_work *bulk_work_new(struct app *app);
void bulk_work_free(struct bulk_work *work);
void bulk_submit(struct bulk *b, enum bulk_stage stage);
void bulk_begin(struct bulk *b, const struct db_edit *edit);

/* bulk_lines.c */
/* Lines, question and whether it may be asked, from the state. */
void bulk_show(struct bulk *b);
/* "19 changed, 3 already so, 2 not tried"; what is 0 is left out. */
const char *bulk_counts_text(const struct db_bulk_counts *counts, char *dst, size_t size);

#endif
