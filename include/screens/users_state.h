/*
 * The state of the list of users, shared by its files: users.c (the screen), users_load.c (jobs),
 * users_find.c (filter and walk), users_marks.c, users_say.c, users_draw.c, users_preview.c and
 * users_menu.c.
 */
#ifndef SCREENS_USERS_STATE_H
#define SCREENS_USERS_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/filter.h"
#include "db/user.h"
#include "db/users.h"
#include "screens/app.h"
#include "screens/users_rows.h"
#include "tui/edit.h"
#include "tui/table.h"

#define USERS_PAGE 100       /* rows asked at once */
#define USERS_MARGIN 60      /* rows left below the cursor when the next page is asked for */
#define USERS_FOUND_MAX 1000 /* a found list is cut here, and says so */

enum users_action {
    USERS_WHY = APP_ACTION_OWN,
    USERS_MARK,
    USERS_MARK_RANGE,
    USERS_MARK_ALL,
    USERS_UNMARK,
    USERS_SORT,
    USERS_INVERT,
    USERS_COLUMNS,
};

/* Whose answer a finished job is. */
enum users_job { USERS_JOB_LOAD, USERS_JOB_FIND, USERS_JOB_PREVIEW };

/* Which databases answer for the list: decided when it is loaded. */
enum users_source { USERS_FROM_BOTH, USERS_FROM_BOT };

/* Everything about the filter and the walk through what no index serves. */
struct users_search {
    struct tui_edit edit;
    bool editing;
    char applied[TUI_EDIT_MAX + 1]; /* the text that filter was parsed from */
    struct db_filter filter;
    bool on;             /* the list shows what the filter found */
    struct zm_error err; /* the text does not parse: said beside it */
    bool finding;        /* the indexed look-up is under way */
    bool again;          /* the text changed meanwhile: look up again */
    bool stale;          /* the rows are those of the text before */
    int64_t stale_ms;    /* since when */
    bool open;           /* Enter before it answered: whoever is found alone is opened */
    struct db_walk walk;
    struct db_job *walking; /* the step under way, owned by its lane; NULL none */
    bool stopped;           /* by a key: n goes on */
    bool cut;               /* USERS_FOUND_MAX reached */
    bool failed;            /* err_walk says why the walk ended */
    struct zm_error err_walk;
};

/* The user under the cursor, read whole for the preview. */
struct users_preview {
    char id[37];
    bool has_brain, has_bot;
    struct db_user_brain brain;
    struct db_user_bot bot;
    int64_t due_ms; /* when the cursor has rested long enough; ZM_NEVER: nothing to read */
};

struct users {
    struct users_rows rows;
    struct users_marks marks;
    bool all; /* *: all that match all_filter are meant beside the marks */
    struct db_filter all_filter;
    char all_text[TUI_EDIT_MAX + 1];
    bool others; /* somebody was marked before that */
    struct tui_table table;
    int page; /* body rows when last drawn */
    enum db_sort sort;
    bool descending;
    enum users_source source;
    unsigned generation; /* of the list: results of an older one are dropped */
    bool loading_after, loading_before;
    bool at_start, at_end;
    bool to_last;            /* G: put the cursor on the last row when the page arrives */
    bool loaded;             /* something was shown once */
    struct zm_error err;     /* why the list could not be read; kind NONE: it could */
    struct zm_error bot_err; /* why Bot, which is up, did not say its half of it */
    int64_t refreshed_ms;
    bool refreshing;
    struct users_search search;
    struct users_preview preview;
    bool flip;        /* narrow: Bot's columns instead of Brain's */
    size_t mark_from; /* V: where the range began; SIZE_MAX none */
};

/* users_load.c */
enum users_source users_source_now(const struct app *app);
void users_reload(struct app *app, struct users *u);
void users_load_last(struct app *app, struct users *u);
void users_load_around(struct app *app,
                       struct users *u); /* more pages where the cursor comes near */
void users_reload_here(struct app *app, struct users *u); /* again, with the cursor where it is */
void users_refresh(struct app *app, struct users *u);     /* the rows on the screen, in place */
void users_refresh_all(struct app *app, struct users *u); /* all loaded rows, in place */
void users_side_lost(struct app *app, struct users *u, enum db_side side);
void users_ask_halves(struct app *app, struct users *u, struct users_chunk *chunk);
void users_job_done(struct app *app, struct users *u, struct db_job *job);
/* Bot's half of the user, all of it or what is new, is on its way. */
bool users_half_is_coming(const struct app *app, const struct users *u, const struct db_user *user);
/* Keeps the cursor on its user while the rows around it change. */
struct users_anchor {
    char id[37];
    size_t offset;
};
void users_hold(const struct users *u, struct users_anchor *ret);
void users_settle(struct users *u, const struct users_anchor *anchor);

/* users_find.c */
/* The rows have been stale for so long that it should be said: a look-up is mostly quicker than an
 * eye. */
bool users_search_is_slow(const struct users *u);
int64_t users_search_deadline(const struct users *u); /* when it will be; ZM_NEVER */
void users_search_changed(struct app *app, struct users *u);
void users_search_again(struct app *app, struct users *u);
void users_search_clear(struct app *app, struct users *u);
void users_walk_on(struct app *app, struct users *u);   /* begins or goes on */
void users_walk_stop(struct app *app, struct users *u); /* by a key */
void users_search_done(struct app *app, struct users *u, struct db_job *job);

/* users_marks.c */
unsigned users_row_state(void *context, size_t row);
void users_mark_toggle(struct app *app, struct users *u);
void users_mark_range(struct app *app, struct users *u);
void users_mark_all(struct app *app, struct users *u);

/* users_say.c */
void users_crumb(struct app *app, void *state, char *dst, size_t size);
void users_line(struct app *app, void *state, char *dst, size_t size);

/* users_draw.c */
extern const struct tui_column users_columns[];
extern const size_t users_n_columns;
void users_cell(void *context, size_t row, int column_id, struct tui_cell *ret);
void users_draw(struct app *app, struct users *u, struct tui_box body);
unsigned users_default_hidden(void);
/* The gates, each in its place. Returns the rows used. */
int users_draw_gates(struct app *app, struct tui_box box, const struct db_user *user);

/* What stands in the way, numbered; in the arena of the frame. */
const char *users_reasons(struct app *app, const struct db_user *user);

/* users_preview.c */
void users_preview_draw(struct app *app, struct users *u, struct tui_box box);
void users_preview_moved(struct users *u);
void users_preview_ask(struct app *app, struct users *u);
void users_preview_job_done(struct users *u, struct db_job *job);
void users_preview_done(struct users_preview *preview);

/* users_menu.c */
void users_menu_sort(struct app *app, struct users *u);
void users_menu_columns(struct app *app, struct users *u);
void users_menu_copy(struct app *app, struct users *u);

#endif
