/*
 * The state of the Overview screen, shared by its files: overview.c (keys, what is due),
 * overview_load.c (jobs), overview_layout.c (which pane stands where, its rule), overview_tiers.c,
 * overview_days.c and overview_tables.c (what is in them).
 */
#ifndef SCREENS_OVERVIEW_STATE_H
#define SCREENS_OVERVIEW_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/overview.h"
#include "screens/app.h"
#include "tui/table.h"

#define OVERVIEW_DAYS 30

enum overview_pane {
    OVERVIEW_TIERS,
    OVERVIEW_SIGN_UPS,
    OVERVIEW_TRADES,
    OVERVIEW_SYMBOLS,
    OVERVIEW_TABLES,
    OVERVIEW_PANES,
};

/* What was read of one side, by statistics or counted. */
struct overview_read {
    bool known;
    int64_t read_ms;
    struct zm_error err;   /* why the last read failed; kind NONE: it did not */
    struct db_job *asking; /* under way, owned by its lane; NULL none */
    int64_t asked_ms;
};

struct overview {
    struct app *app; /* for cells */
    struct overview_read live[DB_SIDES], exact[DB_SIDES];
    struct db_overview_brain brain, brain_exact;
    struct db_overview_bot bot, bot_exact;
    enum overview_pane focus;
    int64_t ticked_ms;                              /* the seconds of a count were drawn then */
    bool zoom, alone;                               /* alone: there is room for one pane only */
    int top[OVERVIEW_PANES];                        /* first row shown, of panes without a cursor */
    int rows[OVERVIEW_PANES], page[OVERVIEW_PANES]; /* all, and shown when last drawn */
    struct tui_table tables;
    struct tui_box place[OVERVIEW_PANES]; /* empty: not shown */
};

/* overview_load.c */
void overview_ask(struct app *app, struct overview *o, enum db_side side, bool exact);
void overview_load(struct app *app, struct overview *o);    /* both sides, by statistics */
void overview_refresh(struct app *app, struct overview *o); /* and forgets what was counted */
void overview_count(struct app *app, struct overview *o);
void overview_stop(struct app *app, struct overview *o);
bool overview_is_counting(const struct overview *o);
void overview_take(struct app *app, struct overview *o, struct db_job *job);
/* The answer that a pane shows for a side: the exact one where there is one. NULL: none yet. */
const struct db_ask *overview_part(const struct overview *o, enum overview_pane pane,
                                   enum db_side side);
bool overview_is_exact(const struct overview *o, enum overview_pane pane, enum db_side side);
/* The data of this side is not of now: it is away. */
bool overview_is_old(const struct app *app, const struct overview *o, enum db_side side);

/* overview_layout.c */
void overview_draw_all(struct app *app, struct overview *o, struct tui_box body);
/* What a pane is called, and the side whose absence disables it (DB_SIDES: it needs both). */
struct overview_pane_row {
    const char *title;
    enum db_side side;
    /* Draws the body; sets o->rows. */
    void (*draw)(struct app *app, struct overview *o, struct tui_box box);
    /* Right end of the rule, in the frame's arena; "" for nothing. */
    const char *(*summary)(struct app *app, const struct overview *o);
};
extern const struct overview_pane_row overview_panes[OVERVIEW_PANES];
/* Says why a side has nothing to show there; false: it has. Uses one row or more. */
bool overview_draw_absent(struct app *app, const struct overview *o, enum overview_pane pane,
                          enum db_side side, struct tui_box box);

/* overview_tiers.c */
void overview_draw_tiers(struct app *app, struct overview *o, struct tui_box box);
const char *overview_tiers_summary(struct app *app, const struct overview *o);

/* overview_days.c */
void overview_draw_sign_ups(struct app *app, struct overview *o, struct tui_box box);
void overview_draw_trades(struct app *app, struct overview *o, struct tui_box box);
void overview_draw_symbols(struct app *app, struct overview *o, struct tui_box box);
const char *overview_sign_ups_summary(struct app *app, const struct overview *o);
const char *overview_trades_summary(struct app *app, const struct overview *o);
/* Days [0, OVERVIEW_DAYS) up to today (UTC), the last one today; days that are not told are 0. */
void overview_days(const struct db_ask *part, int64_t now, double ret[OVERVIEW_DAYS]);

/* overview_tables.c */
extern const struct tui_column overview_table_columns[];
extern const size_t overview_n_table_columns;
void overview_table_cell(void *context, size_t row, int column, struct tui_cell *ret);
void overview_draw_tables(struct app *app, struct overview *o, struct tui_box box);
const char *overview_tables_summary(struct app *app, const struct overview *o);

#endif
