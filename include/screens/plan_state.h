/*
 * The state of a plan that is shown or applied, shared by its files: plan.c (the overlay and its
 * keys), plan_make.c (from findings to a file, and from a file to lines), plan_lines.c (what a row
 * would do), plan_draw.c (as a frame, and its parts), plan_pane.c (as a part of the Sync screen),
 * plan_ask.c (how much agreement it takes), plan_apply.c (batch by batch).
 */
#ifndef SCREENS_PLAN_STATE_H
#define SCREENS_PLAN_STATE_H

#include "db/idset.h"
#include "db/lane.h"
#include "db/plan.h"
#include "db/repair.h"
#include "screens/app.h"
#include "screens/plan.h"
#include "screens/sync_state.h"
#include "tui/form.h"
#include "tui/table.h"
#include "zm/arena.h"

#define PLAN_LINES_MAX 2000 /* that are listed; the file has all */
#define PLAN_NAMED_MAX 200  /* users of whom it is said why not */
#define PLAN_RECENT 60      /* users of whom it is said what became of them */
#define PLAN_SAID 640
#define PLAN_MASS_PERCENT 20

enum plan_stage {
    PLAN_MAKING,  /* from findings to a file, and read through */
    PLAN_FAILED,  /* why not, to be read */
    PLAN_SHOWN,   /* frozen */
    PLAN_ASKING,  /* reason, counts, question */
    PLAN_RUNNING, /* batch by batch */
    PLAN_ENDED,   /* how it ended, to be read */
};

/* What would be done to a user for one class. */
struct plan_line {
    char sign;
    bool opt_in;
    const char *who, *what, *change, *loses; /* loses: "" nothing */
    struct db_plan_row row;                  /* its user; texts lie in the arena of the work */
};

/* Of all rows, beyond those that are listed. */
struct plan_sums {
    int64_t create_bot, create_brain, tier, email, rights, disable, losing;
    int64_t opt_in;    /* users who lose their rights by an opt-in class */
    int64_t rightless; /* users of such a class who have none */
};

/* What a lane works on. It belongs to the lane while a job is under way, else to the dialog. */
struct plan_work {
    struct app *app; /* its configuration, and what is said when the program ends */
    struct db_terms terms;
    /* making */
    char findings[700];   /* of a scan; "": none */
    struct db_idset *set; /* or of these users; NULL: none, the plan is there already */
    char directory[600];
    struct db_plan_head head;
    struct sync_choices choices;
    struct db_filter filter;
    /* the plan */
    char path[700];
    bool mine; /* made now: it goes with the dialog unless it is kept */
    bool kept;
    struct db_plan *plan;
    struct zm_arena arena;
    /* Once the plan is there these stay as they are: drawn while a lane applies it, too. */
    struct plan_line *lines; /* owned */
    size_t n_lines;
    int64_t all_lines;
    struct plan_sums sums;
    const char *slow;       /* the index without which it takes long; NULL: none */
    struct zm_error cannot; /* why nothing of it can be written; ZM_ERR_NONE: it can */
    /* applying */
    struct db_repair repair;
    char reason[TUI_EDIT_MAX + 1];
    bool begun, resumed; /* resumed: it rested, and is judged anew before the next batch */
    int64_t mended;      /* users of whom nothing differs any more */
    char named[PLAN_NAMED_MAX][PLAN_SAID];
    size_t n_named;
    char recent[PLAN_RECENT][PLAN_SAID]; /* newest last */
    size_t n_recent;
};

struct plan_job {
    struct db_job base;
    enum plan_stage stage;
    struct plan_work *work; /* NULL: the dialog has it back */
};

/* What the dialog shows of a run: a copy, made whenever a job comes back. */
struct plan_view {
    struct db_repair_counts counts;
    enum db_repair_state state;
    struct zm_error err;
    char culprit[37];
    char named[PLAN_NAMED_MAX][PLAN_SAID], recent[PLAN_RECENT][PLAN_SAID];
    size_t n_named, n_recent;
};

enum { PLAN_REASON, PLAN_COUNT, PLAN_DISABLE, PLAN_FIELDS };
#define PLAN_FORM_LINES 12

struct plan {
    struct app *app;
    enum plan_stage stage;
    struct plan_work *work;
    struct plan_job *job; /* under way, with the work; NULL none */
    struct zm_error err;  /* PLAN_FAILED */
    bool opened;          /* a file that was there already */
    bool apply;           /* go on to the question when it is there */
    bool save;
    char left_out[200];
    struct db_plan_head head; /* a copy, for while the lane has the work */
    struct tui_table table;
    int page, change_cells, over_cells; /* as drawn: over, where nothing is lost */
    struct plan_view view;
    size_t top, last_top; /* of what is said at the end, and where it would end at the last row */
    int said_page;
    bool paused, stopping;
    int64_t began_ms, pause_ms, took_ms, asked_ms;
    struct tui_form form;
    struct tui_field fields[PLAN_FIELDS];
    struct tui_form_line lines[PLAN_FORM_LINES];
    char title[160], about[200], question[160], count_label[40], disable_label[40];
    char suggestion[40];
    bool showing_sql;
    char *sql; /* owned */
    size_t sql_top;
    struct zm_arena texts; /* of the form's lines */
};

/* plan.c */
/* The view becomes what the work is now, which no lane has. */
void plan_look(struct plan *p);

/* plan_make.c */
struct plan_work *plan_work_new(struct app *app);
void plan_work_free(struct plan_work *work); /* NULL is fine */
/* In the lane. False: *err. */
bool plan_work_make(struct plan_work *work, struct db_session *session, struct db_job *job,
                    struct zm_error *err);
/* Whether it may be applied: see db_plan_check. Both sides have to be there. */
bool plan_work_check(const struct plan_work *work, const struct db_session *session, int hours,
                     struct zm_error *err);

/* plan_lines.c */
/* What the row would do for each of its classes; texts go into the arena. Returns how many. */
size_t plan_lines_of(struct zm_arena *arena, const struct db_policy *policy,
                     const struct db_plan_row *row, struct plan_line ret[DB_CLASSES]);
void plan_sums_add(struct plan_sums *sums, const struct plan_line *lines, size_t n);
/* The SQL of one row; the caller frees. */
char *plan_row_sql(const struct db_policy *policy, const struct db_plan_row *row);
extern const struct tui_column plan_columns[];
extern const size_t plan_n_columns;
/* Gives the columns the room that there is in so wide a box, and takes it from one that would be
 * empty. */
void plan_share_columns(struct plan *p, struct tui_box box);
/* The change of a line in so many cells. Of two e-mails that are too long for that enough of both;
 * in the arena. */
const char *plan_change_text(struct zm_arena *arena, const struct plan_line *line, int cells);
void plan_cell(void *context, size_t row, int column, struct tui_cell *ret);

/* plan_draw.c */
void plan_draw(struct app *app, void *state);
/* Of title and keys: texts in the frame's arena. */
const char *plan_title(struct plan *p);
const char *plan_apply_title(struct plan *p);
const char *plan_rows_text(struct plan *p);
const char *plan_keys_text(const struct plan *p);
void plan_draw_keys(struct plan *p, struct tui_box row, const char *text);
/* Takes its rows off the box; each: what is updated in a row of its own. */
void plan_draw_sums(struct plan *p, struct tui_box *box, bool each);
void plan_draw_lines(struct plan *p, struct tui_box box, bool focused);
/* The line under the cursor, whole. */
void plan_draw_line(struct plan *p, struct tui_box box);
void plan_draw_making(struct plan *p, struct tui_box box);
void plan_draw_running(struct plan *p, struct tui_box box);
void plan_draw_ended(struct plan *p, struct tui_box box);

/* plan_ask.c */
/* By rows and users; where it is not known how many there are, the number is typed. */
enum db_plan_size plan_size_of(const struct db_plan_head *head);
void plan_ask(struct plan *p);
/* Lines, question, and whether it may be asked, from the state. */
void plan_ask_show(struct plan *p);

/* plan_apply.c */
void plan_submit(struct plan *p, enum plan_stage stage);
/* "6 done, 1 changed since (skipped)": what is 0 is left out, but for the first. */
const char *plan_counts_text(const struct db_repair_counts *counts, char *dst, size_t size);

#endif
