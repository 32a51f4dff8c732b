/*
 * The state of the screen of one user, shared by its files: user.c (the screen), user_keys.c,
 * user_load.c (jobs), user_layout.c (which pane stands where), user_panes.c (the table of panes and
 * how one is drawn), user_brain.c, user_bot.c, user_folio.c, user_compare.c (their content),
 * user_head.c (verdict, gates), user_text.c (texts), user_copy.c.
 */
#ifndef SCREENS_USER_STATE_H
#define SCREENS_USER_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/user.h"
#include "db/users.h"
#include "screens/app.h"
#include "screens/user_rows.h"
#include "tui/table.h"

enum user_action {
    USER_WHY = APP_ACTION_OWN,
    USER_NEXT,
    USER_PREVIOUS,
};

enum user_pane {
    USER_PROFILE,
    USER_SUBSCRIPTIONS,
    USER_ACTIVITY,
    USER_CHANGES, /* by operators: from Brain, about both */
    USER_TRADER,
    USER_FOLIO,
    USER_TRADES,
    USER_STRATEGIES,
    USER_KEYS,
    USER_COMPARE, /* both; never has the focus */
    USER_PANES,
};

/* What is known of one side of this user. */
struct user_side {
    bool known;          /* it answered once: its half is shown */
    bool loading;        /* a read is under way */
    int64_t asked_ms;    /* the last read began; 0: none yet */
    int64_t read_ms;     /* the half is of then */
    struct zm_error err; /* why the last read failed; kind NONE: it did not */
};

/* A pane in its place. The first of `panes` that was used last is the one that is shown. */
struct user_place {
    unsigned panes; /* bit set: the tabs of this place */
    enum user_pane pane;
    struct tui_box box; /* with its rule */
    int column;
};

#define USER_PLACES 10
struct user_layout {
    struct user_place place[USER_PLACES];
    size_t n;
    int vline[2];        /* columns of the body with a line; 0 none */
    bool narrow;         /* one side at a time */
    struct tui_box body; /* below the verdict */
};

#define USER_DECIMALS 4
#define USER_COLUMNS 8
struct user {
    struct app *app; /* for cells */
    char id[37];
    char email[200];     /* as the list knew it; "" unknown */
    unsigned generation; /* grows with every user: answers about another are dropped */
    struct user_side side[DB_SIDES];
    struct db_user_brain brain;
    struct db_user_bot bot;
    struct db_user record;   /* points into the halves */
    struct db_verdict early; /* of the list, shown until a side has answered */
    bool has_early;
    struct user_rows activity, trades;
    bool asking_more[DB_SIDES]; /* activity (Brain), trades (Bot) */
    struct zm_error more_err[DB_SIDES];
    int wanted;             /* an action that waits for both halves; 0: none */
    bool to_last[DB_SIDES]; /* G: goes on to the oldest row until the next key */
    struct tui_table table[USER_PANES];
    struct tui_column columns[USER_PANES][USER_COLUMNS]; /* as wide as what they hold */
    int page[USER_PANES];                                /* rows of the body when last drawn */
    int cols[USER_PANES];                                /* and the cells of one */
    int places[USER_PANES][USER_DECIMALS]; /* digits after the point, per column of decimals */
    unsigned used[USER_PANES]; /* when a pane had the focus: the greatest is the latest */
    unsigned uses;
    enum user_pane focus;
    bool zoom;
    struct user_layout layout;
};

/* A pane: what it is called, where its rows are, how a cell looks. */
struct user_pane_row {
    const char *title; /* "Subscriptions" */
    const char *tab;   /* "Subs" */
    enum db_side side;
    int part;                         /* of struct db_user_brain or _bot */
    const struct tui_column *columns; /* ends with a NULL title; NULL: label and value lines */
    tui_cell_fn cell;                 /* context: struct user */
    const char *empty;
    const char *const *json; /* values that Enter opens, NULL-terminated; NULL: the record itself */
    const char *name;        /* text member that names a row in titles: "exchange" */
};
extern const struct user_pane_row user_panes[USER_PANES];

/* user.c */
/* Shows another user in this place: what was read of the last one is dropped. */
void user_show(struct app *app, struct user *u, const char *id);

/* user_keys.c */
bool user_act(struct app *app, void *state, int action);
bool user_event(struct app *app, void *state, const struct tui_event *event);

/* user_load.c */
void user_load(struct app *app, struct user *u, enum db_side side);
void user_load_more(struct app *app, struct user *u); /* where a window comes near its edge */
void user_job_done(struct app *app, struct user *u, struct db_job *job);
void user_forget(struct user *u); /* frees what was read */
/* The list of a pane that is read in pages, NULL for the others. */
struct user_rows *user_long_list(struct user *u, enum user_pane pane);

/* user_layout.c */
/* Places the panes and moves the focus to one that is shown. */
void user_layout_make(struct user *u, struct tui_box body);
bool user_is_shown(const struct user *u, enum user_pane pane);
void user_focus(struct user *u, enum user_pane pane);
void user_focus_step(struct user *u, int direction); /* Tab */
void user_tab_step(struct user *u, int direction);   /* [ ] */
const struct user_place *user_place_at(const struct user *u, int row, int col);

/* user_panes.c */
const struct db_ask *user_part(const struct user *u, enum user_pane pane);
size_t user_pane_rows(const struct user *u, enum user_pane pane);
/* The struct of a row and its shape; NULL when there is none. */
const void *user_pane_item(const struct user *u, enum user_pane pane, size_t row,
                           const struct db_shape **ret_shape);
void user_pane_draw(struct app *app, struct user *u, const struct user_place *place);
/* A right-aligned column becomes wide enough for a text; columns only grow. */
void user_fit_column(struct user *u, enum user_pane pane, int column, const char *text);
/* Rows that the pane would fill, with its rule. */
int user_pane_want(const struct user *u, enum user_pane pane);
/* The data of this side is not of now: it is away, or could not be read again. */
bool user_is_old(const struct app *app, const struct user *u, enum db_side side);

/* user_brain.c: what an operator changed. "zmartctl.tier_change" is "tier", in the frame's arena; a
 * right that was switched reads on and OFF, as everywhere. */
const char *user_what_text(struct app *app, const char *action);
const char *user_change_text(const struct app *app, const char *value);

/* user_text.c */
/* Exact decimals made readable: thousands, no zeros that say nothing, aligned on the point. places:
 * the digits after the point of the column, which only grow. sign: with a plus. In the frame's
 * arena. */
const char *user_decimal(struct app *app, const char *number, int *places, bool sign);
/* The first cells of a raw text, and a '~' where something is missing; in the frame's arena. */
const char *user_cut(struct app *app, const char *text, int cells);
const char *user_short_id(struct app *app, const char *id);
/* "11-22 09:14", with the year instead of the time of day when it is not this year's; "2026-11-22".
 */
const char *user_when(struct app *app, const char *utc);
const char *user_day(struct app *app, const char *utc);
/* Flat JSON without its braces and quotes: via: web, country: RO. */
const char *user_flat_json(struct app *app, const char *json);

/* Label and value lines of a box, with scrolling. */
struct user_lines {
    struct app *app;
    struct tui_box box;
    size_t skip; /* lines above the box */
    size_t n;    /* lines so far */
};
struct user_line {
    const char *label, *value;
    unsigned style;              /* of the value */
    const char *label2, *value2; /* in the second half of the line; NULL none */
    unsigned style2;
    char sign; /* '=', '~' ... in brackets at the right; 0 none */
};
void user_line(struct user_lines *lines, const struct user_line *line);
/* What could not be read, as lines: unknown, not missing. */
void user_error_lines(struct user_lines *lines, const char *label, const struct zm_error *err);
/* A time as long as the box has room for. */
const char *user_moment(const struct user_lines *lines, const char *utc);
#define USER_WIDE 47 /* cells from which on ids and times are written out */
#define USER_SIGN 4  /* cells that a sign takes */

/* Columns of panes that are a list in time: the brief and the full form, of which one is shown. */
#define USER_COL_BRIEF 0
#define USER_COL_FULL 1

/* user_brain.c */
extern const struct tui_column user_subscription_columns[], user_activity_columns[],
    user_change_columns[];
void user_subscription_cell(void *context, size_t row, int column, struct tui_cell *ret);
void user_activity_cell(void *context, size_t row, int column, struct tui_cell *ret);
void user_change_cell(void *context, size_t row, int column, struct tui_cell *ret);
void user_profile_draw(const struct user *u, struct user_lines *lines);

/* user_bot.c */
extern const struct tui_column user_trade_columns[], user_strategy_columns[], user_key_columns[];
void user_trade_cell(void *context, size_t row, int column, struct tui_cell *ret);
void user_strategy_cell(void *context, size_t row, int column, struct tui_cell *ret);
void user_key_cell(void *context, size_t row, int column, struct tui_cell *ret);
void user_trader_draw(const struct user *u, struct user_lines *lines);

/* user_compare.c */
void user_compare_draw(const struct user *u, struct user_lines *lines);

/* user_folio.c */
extern const struct tui_column user_folio_columns[];
void user_folio_cell(void *context, size_t row, int column, struct tui_cell *ret);
/* Table, totals, shares. */
int user_folio_draw(struct app *app, struct user *u, struct tui_box box, bool focused);
/* "trades 41 (2 pending)  last 11-19" and the days as a sparkline, in one row. */
void user_days_draw(struct app *app, struct user *u, struct tui_box row);

/* user_head.c */
/* The verdict with every gate that does not hold. Rows it needs at most `max` (draw false: only
 * counts). */
int user_head_draw(struct app *app, const struct user *u, struct tui_box box, bool draw);
void user_gates_open(struct app *app, struct user *u);

/* user.c: what people call him: e-mail, phone, else the short id */
const char *user_called(struct app *app, const struct user *u);

/* user_copy.c */
void user_copy_menu(struct app *app, struct user *u);
/* A row as one line of JSON, by its shape. The caller frees. */
char *user_row_json(const struct db_shape *shape, const void *item);
/* The whole record as "name  value" lines, each value in one. The caller frees. */
char *user_row_text(const struct db_shape *shape, const void *item, bool ascii);

#endif
