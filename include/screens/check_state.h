/*
 * The state of the Checklist screen, shared by its files: check.c (keys), check_job.c (the jobs
 * that look and write), check_draw.c and check_detail.c (how it looks), check_say.c and check_fix.c
 * (the dialogs), check_save.c (reports), check_clean.c (test
 * users).
 */
#ifndef SCREENS_CHECK_STATE_H
#define SCREENS_CHECK_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/checklist.h"
#include "db/checklist_run.h"
#include "screens/app.h"
#include "tui/edit.h"
#include "tui/table.h"
#include "zm/str.h"

/* What a look found; texts lie in the list's arena. */
struct check_found {
    struct db_checklist list; /* its session is gone */
    struct db_check_result result;
    struct zm_buf markdown, json; /* the report as of then */
    char at[24];                  /* "2026-11-22T12:00:41Z" */
};
void check_found_free(struct check_found *found); /* NULL is fine */

/* ---- jobs ---- */

enum check_task {
    CHECK_LOOK,
    CHECK_RUN,
    CHECK_SIGN,
    CHECK_UNSIGN,
    CHECK_WAIVE,
    CHECK_SAVE,
    CHECK_CLEAN
};

struct check_line { /* of a job's progress; freed with the job */
    struct check_line *next;
    char text[];
};

struct check_job {
    struct db_job base;
    enum check_task task;
    struct app *waiting;   /* which waits for it when it quits; NULL: nobody has to */
    atomic_bool abandoned; /* it was stopped, and nobody waits for what it removes */
    struct conf *conf;
    const struct db_operator *who;
    _Atomic(struct check_line *) line; /* the newest; written by the lane */
    char key[16], note[TUI_EDIT_MAX + 1], until[16], typed[TUI_EDIT_MAX + 1];
    char *agreed; /* owned: the SQL that was shown */
    /* results */
    struct check_found *found; /* CHECK_LOOK; moved out by the screen */
    struct db_step_run run;    /* CHECK_RUN */
    bool changed;
};

/* ---- the screen ---- */

enum check_pane { CHECK_ITEMS, CHECK_STEPS, CHECK_DETAIL, CHECK_PANES };

struct check_fix;
struct check {
    struct app *app;
    struct check_job *look, *write; /* under way, owned by their lanes; NULL none */
    int64_t began_ms, ticked_ms;
    struct check_found *found; /* of the last look; NULL none */
    struct zm_error err;       /* why the last one failed */
    bool again;                /* another look was wanted while one was under way */
    char verify[16];           /* the step that the next result is about; "" all */
    enum check_pane pane;
    struct tui_table items, steps;
    int items_page, steps_page;
    int item;         /* whose steps are listed */
    char step_at[16]; /* the step under the cursor */
    int detail_top, detail_rows, detail_page;
    struct check_fix *fix; /* the dialog, owned by the overlay; NULL none */
};

/* check.c */
struct db_item_result *check_item_at(const struct check *s);
struct db_step_result *check_step_at(const struct check *s); /* NULL: none */
/* Lists follow what was found and the cursor. */
void check_settle(struct check *s);
/* Puts the cursor on a step. */
void check_go_to(struct check *s, const char *key);

/* check_job.c */
void check_look(struct app *app, struct check *s, const char *verify);
/* One write at a time. agreed, note, until and typed may be NULL. */
void check_submit(struct app *app, struct check *s, enum check_task task, const char *key,
                  bool dry_run, const char *agreed, const char *note, const char *until,
                  const char *typed);
/* When the job is dropped. */
void check_lines_free(struct check_job *job);
/* On the lane: what the step is performed with, stopping and telling included. */
void check_job_terms(struct check_job *job, struct db_session *session, struct db_checklist *ret);
/* Stops what may be stopped; insisting, also a look that others are shown meanwhile, and what a
 * stopped test still removes. False: there is nothing. */
bool check_cancel(struct app *app, struct check *s, bool insists);
/* Whether the program waits for this job when it quits: app, or NULL for no. */
void check_wait_for(struct app *app, struct check_job *job);
void check_done(struct app *app, void *state, struct db_job *job);
/* The newest line of progress, "" before one. */
const char *check_progress(const struct check_job *job);

/* check_say.c: sign, un-sign, waive an item or a step, or confirm a step. */
void check_ask(struct app *app, struct check *s, enum check_task task, const char *key);

/* check_fix.c */
void check_fix_open(struct app *app, struct check *s, const struct db_step_result *step);
/* Its job is done. */
void check_fix_done(struct app *app, struct check *s, struct check_job *job);

/* check_save.c */
void check_save(struct app *app, struct check *s);
/* Takes its job, and says what became of it; false: it is another one. */
bool check_save_done(struct app *app, struct check_job *job);

/* check_clean.c */
void check_clean_open(struct app *app, struct check *s);
/* Takes its job, and says what became of it; false: it is another one. */
bool check_clean_done(struct app *app, struct check *s, struct check_job *job);

/* check_detail.c */
unsigned check_style(enum db_step_state state);
void check_draw_detail(struct check *s, struct tui_box box);
void check_show_text(struct app *app, struct check *s);

/* check_draw.c */
extern const struct tui_column check_item_columns[], check_step_columns[];
extern const size_t check_n_item_columns, check_n_step_columns;
void check_item_cell(void *context, size_t row, int column, struct tui_cell *ret);
void check_step_cell(void *context, size_t row, int column, struct tui_cell *ret);
void check_draw(struct app *app, void *state, struct tui_box body);
void check_line_text(struct app *app, void *state, char *dst, size_t size);
void check_crumb(struct app *app, void *state, char *dst, size_t size);

#endif
