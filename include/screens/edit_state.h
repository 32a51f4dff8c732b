/*
 * The state of a dialog that changes a user, shared by its files: edit.c (the overlay), edit_make.c
 * (what stands in it), edit_plan.c
 * (what will be done, in lines), edit_job.c (what runs in a lane), edit_write.c (how it ended),
 * edit_conflict.c, edit_reason.c, edit_sql.c, and one file a kind: edit_tier.c, edit_profile.c,
 * edit_stop.c, edit_undo.c, edit_repair.c.
 */
#ifndef SCREENS_EDIT_STATE_H
#define SCREENS_EDIT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/decide.h"
#include "db/journal.h"
#include "db/lane.h"
#include "db/plan.h"
#include "db/user.h"
#include "db/write.h"
#include "screens/app.h"
#include "screens/edit.h"
#include "screens/guard.h"
#include "tui/form.h"
#include "zm/arena.h"

enum edit_stage {
    EDIT_LOADING,  /* undo: journal and user are being read */
    EDIT_ASKING,   /* fields, plan, question */
    EDIT_WRITING,  /* nothing else happens */
    EDIT_REASON,   /* stopped: the reason is asked afterwards */
    EDIT_PAYING,   /* ... and being written */
    EDIT_CONFLICT, /* saw, now, want */
    EDIT_HANDS,    /* stopping, ZmartBot away: the SQL for other hands */
    EDIT_NOTICE,   /* something to be read and closed */
};

struct edit;

/* A kind of dialog: one file each. */
struct edit_kind {
    const char *title; /* "Change tier" */
    enum guard_for guard;
    const char *question, *answers;
    /* Adds its fields. */
    void (*open)(struct edit *e);
    /* Fills e->edit from the fields: action, want, seen. */
    void (*want)(struct edit *e);
    /* An answer other than y and d; true: the edit is ready to be written. NULL: none. */
    bool (*answer)(struct edit *e, int key);
    bool piecemeal; /* each of its fields may be left as it is: nothing chosen is no refusal */
    const char *unchanged; /* said while nothing is to be done; NULL: the question says it */
    /* Adds lines below the plan: what else is to be known before yes; may change the question.
     * NULL: nothing. */
    void (*tell)(struct edit *e);
};
extern const struct edit_kind edit_tier, edit_profile, edit_stop, edit_undo, edit_finish,
    edit_reverse, edit_repair;

#define EDIT_FIELDS 10
#define EDIT_LINES 24
#define EDIT_NO_FIELD SIZE_MAX

struct edit {
    struct app *app;
    const struct edit_kind *kind;
    enum edit_stage stage;
    char id[37];
    char who[200];         /* e-mail, else id */
    struct zm_arena arena; /* texts of the record, of the journal row, of a conflict */
    struct zm_arena texts; /* of the lines; made anew with them */
    struct db_now now;     /* the record of the frame that the person saw */
    int64_t seen_ms;       /* when that was read */
    bool journal_known;
    struct db_rows journal; /* what operators did to him, newest first; owned */
    struct db_edit edit;
    struct db_decision decision;
    bool glass; /* Brain is away: rights can be taken away, the journal waits on disk */
    struct tui_form form;
    struct tui_field fields[EDIT_FIELDS];
    size_t reason, stop_word; /* fields; EDIT_NO_FIELD: not asked */
    const char *suggestion;   /* stands in the reason at first: it may be left so; NULL none */
    size_t asked_fields, asked_lines_before; /* of the form, while it shows something else */
    size_t own[6];                           /* the kind's own fields, by its own numbers */
    struct tui_form_line lines[EDIT_LINES];
    char title[256], about[400], blocked[448], question[160];
    char failed[700]; /* how the last try ended; "" none */
    bool showing_sql;
    char *sql; /* owned */
    size_t sql_top;
    struct db_job *job; /* under way; owned by its lane */
    int64_t began_ms;
    bool cancelling;
    struct db_written written; /* of the last write */
    struct db_job *counting;   /* stop: what it leaves alone is being read; nothing waits for it */
    struct db_still_on still;
    struct db_plan_row drift; /* repair: how the user differs; texts in arena */
    /* undo */
    struct db_values undo_to, undo_from; /* what the change set: before it, after it */
    char undo_of[37];                    /* asked for; "": the last one */
    const char *undo_at;                 /* when it was made */
    bool undo_stop;                      /* it was a stop: of strategies and keys, maybe */
    const char *undo_made;               /* what it created, and stays: "a profile in ..."; "" */
    char settles[37];                    /* finish, reverse: the unfinished request */
    bool creates;                        /* ... which was to create a trading profile */
};

/* edit.c */
/* Opens an empty dialog for a user; the kind's fields come with edit_ask. */
struct edit *edit_new(struct app *app, const struct edit_kind *kind, const char *id,
                      const char *who);
/* The record becomes what was seen; texts are copied. */
void edit_see(struct edit *e, const struct db_user *user);
/* Reads what the dialog begins with; until it has come there is nothing else in it. */
void edit_begin_load(struct edit *e);
/* Shows fields, plan and question. */
void edit_ask(struct edit *e);
/* For a moment keys are dropped: they were typed for what was there before. */
void edit_hold(struct edit *e);
/* Closes it; e is gone. */
void edit_close(struct edit *e);
/* A text to be read; alarm: in red. Lines are made of the paragraphs. */
void edit_notice(struct edit *e, const char *title, const char *text, bool alarm);
/* For a kind's open. Valid until the dialog is closed. */
struct tui_field *edit_field(struct edit *e, enum tui_field_kind kind, const char *label);
size_t edit_field_at(const struct edit *e, const struct tui_field *field);
void edit_add_reason(struct edit *e);
void edit_add_stop_word(struct edit *e);
/* The last line of the text fields; "" where there is none. */
const char *edit_text_of(const struct edit *e, size_t field);

/* edit_plan.c */
/* From the fields to the decision, the lines and whether the question may be asked. */
void edit_plan(struct edit *e);
/* A line of the dialog; texts must outlive the next edit_plan or lie in e->texts. */
void edit_line(struct edit *e, const char *label, unsigned style, const char *text);
/* A value of a column as it is shown: "on" and "off" for a right, "NULL", and between quotes where
 * its ends would not be seen. */
const char *edit_shown(struct zm_arena *arena, const char *column, const char *text);
/* The known ones of the record: what must still hold when it is written. */
void edit_seen(struct edit *e, enum db_item item);
void edit_want(struct edit *e, enum db_item item, const char *text);

/* edit_repair.c */
/* Those of the user's classes that are not his any more once he was mended. */
unsigned edit_repair_classes(const struct edit *e);

/* edit_conflict.c */
void edit_conflict(struct edit *e);
bool edit_conflict_answer(struct edit *e, int key); /* false: e is closed */

/* edit_stop.c */
/* ZmartBot cannot be written from here, and why: the SQL that stops him elsewhere. */
void edit_stop_by_hand(struct edit *e, const char *why);
bool edit_stop_by_hand_answer(struct edit *e, int key); /* false: e is closed */
void edit_stop_counted(struct edit *e, const struct db_still_on *still);

/* edit_reason.c */
void edit_ask_reason(struct edit *e);
bool edit_reason_key(struct edit *e, int key); /* false: e is closed */

/* edit_job.c */
enum edit_job_kind {
    EDIT_JOB_WRITE,
    EDIT_JOB_REASON,
    EDIT_JOB_LOAD,
    EDIT_JOB_SETTLE,
    EDIT_JOB_COUNT,
};
struct edit_job {
    struct db_job base;
    enum edit_job_kind kind;
    struct app *app;
    struct zm_arena arena;
    char id[37], request[37], reason[TUI_EDIT_MAX + 1];
    /* write */
    struct db_edit edit;
    struct db_terms terms;
    bool ran, taken;
    char settles[37]; /* an unfinished request that this one ends; "" none */
    enum db_result settled_as;
    struct db_written written;
    /* load: the change that was asked for (none: all), and today's record */
    struct db_rows journal;
    struct db_page page;
    /* undo, and a write that somebody got in the way of: his journal, newest first */
    bool history_known;
    struct db_rows history;
    /* repair: how the user differs, as read now; the id NULL: not at all */
    bool wants_drift;
    struct db_plan_row drift;
    /* count */
    struct db_still_on still;
};
void edit_submit_write(struct edit *e);
void edit_submit_reason(struct edit *e, const char *reason);
void edit_submit_load(struct edit *e);
void edit_submit_settle(struct edit *e);
void edit_submit_count(struct edit *e);
/* What a job read of his journal becomes the dialog's. */
void edit_take_history(struct edit *e, struct edit_job *job);

/* edit_write.c */
void edit_write_done(struct edit *e, struct edit_job *job);

/* edit_finish.c */
void edit_finish_loaded(struct edit *e, struct edit_job *job);
void edit_settled(struct edit *e, struct edit_job *job);

/* edit_repair.c */
/* In the lane: finds out how the user differs. */
bool edit_repair_look(struct db_session *session, struct edit_job *job, struct zm_error *err);
void edit_repair_loaded(struct edit *e, struct edit_job *job);

/* edit_undo.c */
void edit_undo_loaded(struct edit *e, struct edit_job *job);

/* edit_reason.c */
void edit_reason_done(struct edit *e, struct edit_job *job);

#endif
