/*
 * The state of the Sync screen, shared by its files: sync.c (keys), sync_move.c, sync_scan.c (the
 * job that compares), sync_found.c (what it found), sync_filter.c (`/`), sync_choice.c (what goes
 * into a plan), sync_draw.c, sync_cells.c, sync_pairs.c, sync_diff.c, sync_full.c and sync_line.c
 * (how it looks).
 */
#ifndef SCREENS_SYNC_STATE_H
#define SCREENS_SYNC_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/classes.h"
#include "db/compare.h"
#include "db/filter.h"
#include "db/plan.h"
#include "screens/app.h"
#include "tui/edit.h"
#include "tui/table.h"
#include "zm/arena.h"

#define SYNC_ROWS_MAX 2000 /* of a class that the list holds; a longer one says that it is cut */

/* ---- what a scan found ---- */

/* A user who differs, as confirmed. Texts lie in the arena of the finding. */
struct sync_user {
    struct db_both both;
    unsigned classes; /* DB_CLASS_BIT of all that apply */
    unsigned human;   /* those of them that a person has to decide */
    bool case_only, bot_newer;
};

/* How many users have exactly these classes: few, whatever the number of users. */
struct sync_kind {
    unsigned classes, human;
    int64_t n;
};

struct sync_found {
    struct zm_arena arena;
    struct sync_user **rows[DB_CLASSES]; /* at most SYNC_ROWS_MAX each; owned */
    size_t n_rows[DB_CLASSES];
    struct sync_kind *kinds; /* owned */
    size_t n_kinds;
    struct sync_user *last; /* the user whose classes are being reported */
    char last_id[37];
    struct db_compare_result result;
    /* All rows, however many: a plan is made of them. Goes with the finding. */
    struct db_plan_writer *writer; /* while the scan runs */
    char path[700];                /* "": there is none, path_err says why */
    struct zm_error path_err;
    char at[24];      /* "2026-11-22T12:00:41Z" */
    int64_t ended_ms; /* monotonic */
};

/* ---- the job ---- */

#define SYNC_OPENING (-1) /* a phase before those of a comparison: connections, and replicas */

/* Written by the lane, read by the screen while it draws. */
struct sync_progress {
    atomic_int phase;                             /* enum db_compare_phase, or SYNC_OPENING */
    atomic_llong done[DB_SIDES], total[DB_SIDES]; /* -1 unknown */
    atomic_llong found, left_ms;                  /* left: -1 unknown */
};

struct sync_job {
    struct db_job base;
    struct conf *conf;
    struct db_session scan; /* replicas' links where the profile names them; else the lane's */
    struct sync_progress progress;
    char directory[600];      /* of the findings; "": there is no place for them */
    const char *scans_path;   /* of comparisons on record; NULL none */
    struct sync_found *found; /* moved out by the screen */
};

/* ---- what goes into a plan ---- */

/* A row that is in or out against its class. */
struct sync_choice {
    char id[37];
    unsigned in, out;        /* DB_CLASS_BIT */
    unsigned classes, human; /* of that user, as last found */
};

struct sync_choices {
    bool class_in[DB_CLASSES];
    struct sync_choice *choice; /* owned */
    size_t n;
};

/* ---- the screen ---- */

#define SYNC_CLASS_COLUMNS 6
#define SYNC_ROW_COLUMNS 6

enum sync_pane { SYNC_CLASSES, SYNC_ROWS, SYNC_DIFF, SYNC_PANES };

struct sync {
    struct app *app;
    struct sync_job *job; /* under way, owned by its lane; NULL none */
    int64_t began_ms, ticked_ms;
    bool cancelling;
    bool plan_wanted;         /* p was pressed while it was still looking */
    bool again;               /* something was changed while it was: once more after it */
    bool due;                 /* or while a side was away: as soon as both are there */
    bool applied;             /* a plan was, since what was found */
    struct sync_found *found; /* of the last scan that was whole; NULL none */
    struct zm_error err;      /* why the last one was not */
    struct sync_choices choices;
    enum sync_pane pane;
    struct tui_table classes, rows;
    struct tui_column class_columns[SYNC_CLASS_COLUMNS], row_columns[SYNC_ROW_COLUMNS];
    struct tui_box place[SYNC_PANES]; /* without their titles; empty where one is not drawn */
    int title_cells;                  /* of a class, as drawn */
    int classes_page, rows_page;
    enum db_class shown[DB_CLASSES]; /* those of the list, in its order */
    size_t n_shown;
    struct sync_user **list; /* the rows of the class under the cursor that match; owned */
    size_t n_list;
    enum db_class listed; /* whose rows these are; DB_CLASSES: none */
    bool relist;          /* what they are chosen by has changed */
    char row_at[37];      /* the user under the cursor */
    struct tui_edit filter;
    struct db_filter matched;   /* what its text means, or meant while it could be read */
    struct zm_error filter_err; /* why it cannot; only while it is edited */
    bool editing;
    int diff_top, diff_rows, diff_page;
};

/* sync_scan.c */
void sync_scan(struct app *app, struct sync *s);
void sync_scan_cancel(struct app *app, struct sync *s);
void sync_scan_done(struct app *app, struct sync *s, struct db_job *job);
/* The screen's state; NULL: it was not opened yet. */
struct sync *sync_of(const struct app *app);
/* A plan was applied: what was found is looked for again. Where there was no scan yet, only "are
 * they equal?" is asked. */
void sync_changed(struct app *app);
/* A plan of what was found mended so many: they are not among those who differ. */
void sync_applied(struct app *app, int64_t users);
/* One user was mended by hand: these classes of his (DB_CLASS_BIT) leave what was found; had: all
 * that he had. */
void sync_mended(struct app *app, const char *id, unsigned classes, unsigned had);

/* sync_found.c */
struct sync_found *sync_found_new(void);
void sync_found_free(struct sync_found *found); /* NULL is fine */
void sync_found_add(struct sync_found *found, const struct db_drift *drift);
/* The row of a plan for all classes of the user. Texts stay the comparison's. */
void sync_row_of(const struct db_drift *drift, struct db_plan_row *ret);
/* Keeps all rows in a file of that directory from now on. */
void sync_found_keep(struct sync_found *found, const char *directory);
/* It is whole. */
void sync_found_end(struct sync_found *found);
/* Takes classes of a user out of it. True: he was in it, and nothing of his differs any more. */
bool sync_found_mended(struct sync_found *found, const char *id, unsigned classes);
/* An orphan lost his rights, and stays one. NULL: he is none. */
struct sync_user *sync_found_disabled(struct sync_found *found, const char *id);
/* The user's e-mail, else the id. */
const char *sync_name(const struct db_both *both);

/* sync_filter.c */
/* Whether he matches all of it; only conditions that sync_filter_changed let through. */
bool sync_matches(const struct sync_user *user, const struct db_filter *filter);
/* Reads the text of the filter. Of one that cannot be read the error is kept, and the filter stays
 * what it was. */
void sync_filter_changed(struct sync *s);

/* sync_choice.c */
void sync_choices_start(struct sync_choices *choices);
void sync_choices_done(struct sync_choices *choices);
void sync_choices_copy(struct sync_choices *dst, const struct sync_choices *src);
/* Who does not differ any more is forgotten. */
void sync_choices_prune(struct sync_choices *choices, const struct sync_found *found);
/* These classes of a user go into no plan of what was found: they are mended. */
void sync_choices_mended(struct sync_choices *choices, const char *id, unsigned classes);
/* Whether that class of that user is mended by a plan that is made now. */
bool sync_is_in(const struct sync_choices *choices, const struct sync_user *user,
                enum db_class class);
/* Those of a user's classes that would be mended. */
unsigned sync_classes_in(const struct sync_choices *choices, const struct sync_user *user);
/* Puts a row in or out, or a whole class. False: a person has to decide that one; why is said. */
bool sync_choose_row(struct app *app, struct sync_choices *choices, const struct sync_user *user,
                     enum db_class class, bool in);
bool sync_choose_class(struct app *app, struct sync_choices *choices, enum db_class class, bool in);
/* Rows of a class that are in. */
int64_t sync_count_in(const struct sync_choices *choices, const struct sync_found *found,
                      enum db_class class);
/* Why rows are left out, counted: "1 newer in Bot, 2 opt-in". */
void sync_left_out(const struct sync *s, char *dst, size_t size);
/* Users with anything in. */
int64_t sync_users_in(const struct sync_choices *choices, const struct sync_found *found);

/* sync_cells.c */
/* Gives the columns what the texts in them need. Returns the cells that those of the classes need
 * beyond what they have otherwise. */
int sync_share_classes(struct sync *s);
void sync_share_rows(struct sync *s, int cols);
/* How much of a title can be seen in a box so wide. */
void sync_measure_titles(struct sync *s, struct tui_box box);
void sync_class_cell(void *context, size_t row, int column, struct tui_cell *ret);
void sync_row_cell(void *context, size_t row, int column, struct tui_cell *ret);
/* A value as it stands in a table: a blank at an end, and nothing at all, are seen. */
const char *sync_text(struct app *app, const char *text);
/* Tier and e-mail of a half; "?" where its table has none. */
const char *sync_tier(struct app *app, const struct db_both *both, enum db_side side);
const char *sync_email(struct app *app, const struct db_both *both, enum db_side side);
/* '!' where a person has to decide this one, else the sign of the class. */
char sync_sign(const struct sync_user *user, enum db_class class);
unsigned sync_sign_style(char sign);
/* "Brain 11-20", "BOT 11-21": who wrote last. */
const char *sync_writer(struct app *app, const struct sync_user *user);

/* sync_pairs.c */
#define SYNC_LABEL 11 /* cells before a value, in the pane and in the text */
#define SYNC_SIGN 2   /* between the halves, or before the value that stands below the other */
#define SYNC_IN_BOT "  in Bot"
#define SYNC_NEWER "Bot is NEWER and has MORE rights than Brain."
#define SYNC_PAIRS 8
/* A value of both halves. The texts are lines: no value begins one of its own. */
struct sync_pair {
    const char *label, *brain;
    char sign;       /* ' ': the two are not to be equal */
    const char *bot; /* NULL: it is of Brain alone */
};
/* cells: of a half; a time that is longer is said without its year, or its hour. 0: it is not. */
void sync_pairs(struct app *app, const struct sync_user *user, int cells,
                struct sync_pair ret[SYNC_PAIRS]);
/* Cells of a half where both stand beside each other in so many. */
int sync_half_cells(int cols);
/* Whether both halves are whole in so many cells each; never of one that is of Brain alone. */
bool sync_pair_fits(struct app *app, const struct sync_pair *pair, int brain, int bot);
/* Whose the values are where a half has several rows, a sentence; NULL: neither has. */
const char *sync_oldest_text(struct app *app, const struct db_both *both);

/* sync_diff.c */
void sync_draw_diff(struct sync *s, struct tui_box box);

/* sync_full.c */
/* All that is known of the row under the cursor, in a pager. */
void sync_show_text(struct app *app, struct sync *s);

/* sync_draw.c */
/* Whether the open plan is a part of this screen now, and not a frame over it. */
bool sync_holds_plan(const struct app *app);
void sync_draw(struct app *app, void *state, struct tui_box body);

/* sync_line.c */
/* The row above the panes: when was looked, at how many, at whom. */
void sync_draw_head(struct sync *s, struct tui_box row);
void sync_line(struct app *app, void *state, char *dst, size_t size);
void sync_crumb(struct app *app, void *state, char *dst, size_t size);

/* sync_move.c */
/* By an action of moving, in the pane that has the keys. True. */
bool sync_move(struct sync *s, int action);
bool sync_mouse(struct sync *s, const struct tui_event *event);

/* sync.c */
/* The row under the cursor is the one that it stays on. */
void sync_hold_row(struct sync *s);
/* Class and user under the cursors; DB_CLASSES, NULL: none. */
enum db_class sync_class(const struct sync *s);
struct sync_user *sync_user_at(const struct sync *s);
/* Lists follow what was found, the filter and the cursor. */
void sync_settle(struct sync *s);

#endif
