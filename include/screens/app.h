/*
 * The application: the open screens, the one loop, the title, the message line and the key bar. One
 * struct app lives on console_run's stack; everything reaches it by pointer.
 */
#ifndef SCREENS_APP_H
#define SCREENS_APP_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/facts.h"
#include "db/lane.h"
#include "db/operator.h"
#include "db/spool.h"
#include "screens/conf.h"
#include "screens/equal.h"
#include "screens/guard.h"
#include "screens/leftover.h"
#include "screens/messages.h"
#include "screens/options.h"
#include "screens/scans.h"
#include "screens/screen.h"
#include "screens/unfinished.h"
#include "tui/draw.h"
#include "tui/edit.h"
#include "tui/keymap.h"
#include "tui/loop.h"
#include "tui/term.h"
#include "zm/arena.h"

/* Actions of every screen (keymap_global). A screen's own begin at APP_ACTION_OWN. */
enum app_action {
    APP_NONE,
    APP_UP,
    APP_DOWN,
    APP_PAGE_UP,
    APP_PAGE_DOWN,
    APP_HALF_UP,
    APP_HALF_DOWN,
    APP_FIRST,
    APP_LAST,
    APP_LEFT,
    APP_RIGHT,
    APP_OPEN,   /* Enter */
    APP_ESCAPE, /* Esc: cancel, clear, back */
    APP_CLOSE,  /* q: close the view, quit at the top */
    APP_QUIT,   /* Q */
    APP_CANCEL, /* Ctrl-C: cancel what runs, then ask to quit */
    APP_REFRESH,
    APP_PAUSE, /* Z */
    APP_NEXT_PANE,
    APP_PREV_PANE,
    APP_NEXT_TAB,
    APP_PREV_TAB,
    APP_ZOOM,
    APP_FILTER, /* / */
    APP_FIND_NEXT,
    APP_FIND_PREV,
    APP_HELP,
    APP_PALETTE,
    APP_PREVIOUS_SCREEN,
    APP_REDRAW,
    APP_SUSPEND,
    APP_MOUSE,
    APP_COPY,       /* y: then i e r ... */
    APP_CONNECT,    /* :connect */
    APP_LOCAL_TIME, /* :time: UTC or local */
    APP_EXPORT,     /* E: what is shown into a file */
    APP_LOCK,       /* :ro */
    APP_EDIT_TIER,  /* t, e, X, u, f where a user is shown */
    APP_EDIT_PROFILE,
    APP_EDIT_STOP,
    APP_EDIT_UNDO,
    APP_EDIT_REPAIR,
    APP_SCREEN_1, /* the number keys: APP_SCREEN_1 + index in the registry */
    APP_SCREEN_9 = APP_SCREEN_1 + 8,
    APP_ACTION_OWN = 100,
};
extern const struct tui_keymap keymap_global;

/* Whose a job is that no screen has asked for; screens are counted from 1. */
enum app_owner {
    APP_OWNER_FIRST = INT_MAX - 100,
    APP_OWNER_SPOOL,
    APP_OWNER_EDIT,
    APP_OWNER_BULK,
    APP_OWNER_PLAN,
    APP_OWNER_EXPORT,
    APP_OWNER_UNFINISHED,
    APP_OWNER_UNFINISHED_LEG,
    APP_OWNER_LEFTOVER,
    APP_OWNER_CLEAN,
    APP_OWNER_EQUAL,
};

/* An open screen. */
struct view {
    const struct screen *screen;
    void *state;
    unsigned id;        /* jobs carry it as their owner */
    struct view *under; /* what Esc goes back to */
};

/* Something over the screen that takes all keys: a menu, a question, the palette. */
struct overlay {
    void (*draw)(struct app *app, void *state);
    /* False: it is finished and closed. It may set app->passed_on then: the event was not for it,
     * and goes to what lies below. */
    bool (*event)(struct app *app, void *state, const struct tui_event *event);
    void (*close)(struct app *app, void *state); /* frees state; may be NULL */
};

struct log_writer;

struct app_check { /* of the checklist, when last looked at */
    bool known;
    int n_signed;
};

struct app {
    const struct options *options;
    struct conf *conf;
    struct tui *tui;
    struct tui_loop *loop;
    struct tui_keys *keys;
    struct db_lanes *lanes; /* NULL until the first frame was drawn */
    struct db_job *parked;  /* what was submitted before that */
    struct db_status status[DB_SIDES];
    char who[100];           /* operator and host */
    struct db_operator self; /* the same for the journal */
    struct guard guard;
    struct db_spool spool; /* directory "": there is no place for it */
    size_t spooled;        /* records in it, when last counted */
    bool replaying;        /* they are being written to Brain */
    struct unfinished unfinished;
    struct leftover leftover;
    bool touched; /* a key came since the start */
    struct app_check check;
    int at_work; /* jobs of the Checklist that put back, or finish, what they began: waited for */
    struct scans scans;      /* comparisons on record */
    struct equal equal;      /* what row 2 says, where the newest of them is old */
    const char *scans_path;  /* NULL: there is no place for them */
    int64_t mended;          /* users mended here since the newest */
    struct bulk *bulk;       /* the dialog that changes many; likewise */
    struct plan *plan;       /* a repair plan; likewise */
    struct edit *edit;       /* the dialog that changes a user; owned by the overlay */
    int shown_rtt[DB_SIDES]; /* redrawn when it halves or doubles */
    int odd_rtts[DB_SIDES];  /* answers in a row that were far from it */
    struct messages messages;
    struct log_writer *log;   /* or NULL */
    struct db_job *exporting; /* the export under way, owned by its lane; NULL none */
    struct view *view;        /* the one that is shown */
    struct view *kept[9];     /* the numbered screens that were opened */
    const struct screen *previous;
    unsigned next_id;
    const struct overlay *overlay;
    void *overlay_state;
    int64_t overlay_ready_ms;   /* keys before it are dropped: typed ahead */
    bool passed_on;             /* by the overlay that has just closed */
    struct tui_history history; /* of the palette */
    int64_t frame_due_ms;       /* when the frame has to be drawn again by itself */
    struct zm_arena frame;      /* texts of this frame */
    bool paused;                /* Z: no live refresh */
    bool local_time;
    bool mouse;
    bool dirty; /* something changed: draw at the end of the turn */
    bool quitting;
    _Atomic(int64_t) leaves_ms; /* since when the end waits for a job; 0: it does not */
    int exit_code;
    struct zm_error fatal; /* printed after the terminal is restored */
};

/* The console. Returns the exit code; a signal's 128+n. */
int console_run(const struct options *options, struct conf *conf);

/* ---- for screens ---- */

/* Shows a numbered screen, or puts a new instance over the present view. arg goes to open. */
void app_show(struct app *app, const struct screen *screen, const char *arg);
void app_back(struct app *app);
/* Submits a job for the instance whose state this is (owner is filled in). */
void app_submit(struct app *app, const void *state, enum db_lane_id lane, struct db_job *job);
void app_overlay(struct app *app, const struct overlay *overlay, void *state);
/* One line for the person, also kept in Messages. */
__attribute__((format(printf, 3, 4))) void app_say(struct app *app, enum message_level level,
                                                   const char *format, ...);
/* What is not to be said in a line: with its detail. */
void app_tell(struct app *app, enum message_level level, const struct zm_error *err);
void app_fail(struct app *app, const struct zm_error *err);
/* Runs an action as its key would. */
void app_act(struct app *app, int action);
/* Whether a side answers now. */
bool app_is_up(const struct app *app, enum db_side side);
/* Which two databases a dialog is about: "PROD: ZmartyBrain xhsk..., ZmartBot asjt...". */
void app_about(const struct app *app, char *dst, size_t size);
/* Copies to the terminal's clipboard and shows the text for copying by hand. what: "id". */
void app_copy(struct app *app, const char *what, const char *text);
/* A timestamp of the server ("2026-11-22T09:14:02Z") as it is shown: UTC, or local time; "" for
 * NULL. brief: "11-22 09:14", else "2026-11-22 09:14:02". In the frame's arena. */
const char *app_time(struct app *app, const char *utc, bool brief);
/* A monotonic time of this machine, as app_time shows it briefly. */
const char *app_time_of(struct app *app, int64_t at_ms);
/* The text in one line, for what wraps it: a newline in a value must not begin a line of ours. In
 * the frame's arena. */
const char *app_line(struct app *app, const char *text);
/* "∅" or "-" for NULL, else the text itself. */
const char *app_value(const struct app *app, const char *text);
/* What is known of who wrote a Bot row that is newer than Brain's and has more rights: a sentence
 * without its dot. */
const char *app_newer_text(const struct app *app);
/* "enterprise" is known by its first three letters where there is little room; NULL stays NULL. */
const char *app_tier(const char *tier);
/* 12400 -> "12,400", estimated "~12,400"; in the frame's arena. */
const char *app_count(struct app *app, int64_t n, bool estimated);
/* "41s", "3m", "2h": how long ago a monotonic time was, in the frame's arena. */
const char *app_age(struct app *app, int64_t since_ms);

#endif
