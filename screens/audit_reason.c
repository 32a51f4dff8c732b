/*
 * Gives the reason that was owed for a change: a line of text, written in the write lane.
 */
#include <stdlib.h>

#include "screens/audit_state.h"
#include "screens/guard.h"
#include "screens/reason.h"
#include "tui/form.h"
#include "zm/str.h"

#define TAG_REASON 1

struct asking {
    struct audit *audit;
    char request[37], subject[37], title[256], about[200];
    struct tui_form form;
    struct tui_field field;
};

struct reason_job {
    struct db_job base;
    const struct db_operator *who;
    char request[37], subject[37], reason[TUI_EDIT_MAX + 1];
};

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct reason_job *j = (struct reason_job *)job;
    struct db_link *brain = db_session_link(session, DB_BRAIN);

    if (!brain)
        return db_session_away(session, DB_BRAIN, "give the reason", err);
    return db_journal_give_reason(brain, j->who, j->request, j->subject, j->reason, err);
}

static void drop(struct db_job *job)
{
    free(job);
}

static void submit(struct app *app, const struct asking *ask)
{
    struct reason_job *j = zm_calloc(1, sizeof(*j));

    j->base.run = run;
    j->base.drop = drop;
    j->base.tag = TAG_REASON;
    j->who = &app->self;
    zm_copy(j->request, sizeof(j->request), ask->request);
    zm_copy(j->subject, sizeof(j->subject), ask->subject);
    zm_copy(j->reason, sizeof(j->reason), ask->field.edit.text);
    app_submit(app, ask->audit, DB_LANE_WRITE, &j->base);
}

bool audit_reason_done(struct app *app, struct audit *a, struct db_job *job)
{
    if (job->tag != TAG_REASON)
        return false;
    if (job->ok)
        app_say(app, MESSAGE_INFO, "the reason is in the journal");
    else
        app_fail(app, &job->err);
    audit_load(app, a);
    return true;
}

static void draw(struct app *app, void *state)
{
    struct asking *ask = state;

    tui_form_draw(app->tui, &ask->form);
}

static bool event(struct app *app, void *state, const struct tui_event *event)
{
    struct asking *ask = state;
    int answer;

    if (event->type == TUI_EVENT_PASTE)
        tui_form_paste(&ask->form, event->text, event->text_len);
    if (event->type != TUI_EVENT_KEY)
        return true;
    ask->form.said = NULL;
    if (event->key != TUI_KEY_ENTER)
        return tui_form_key(&ask->form, event->key, &answer) != TUI_FORM_CLOSED;
    if (reason_is_blank(ask->field.edit.text)) {
        ask->form.said = "nothing was typed; Esc leaves it owed";
        return true;
    }
    submit(app, ask);
    return false;
}

static void close_asking(struct app *app, void *state)
{
    (void)app;
    free(state);
}

static const struct overlay overlay = {draw, event, close_asking};

void audit_give_reason(struct app *app, struct audit *a, const struct db_journal_row *row)
{
    struct asking *ask;

    if (!audit_is_owed(row)) {
        app_say(app, MESSAGE_INFO, "its reason is there");
        return;
    }
    if (!guard_allows(app, GUARD_WRITE))
        return;
    ask = zm_calloc(1, sizeof(*ask));
    ask->audit = a;
    zm_copy(ask->request, sizeof(ask->request), row->id);
    zm_copy(ask->subject, sizeof(ask->subject), row->subject);
    snprintf(ask->title, sizeof(ask->title), "Reason for %s  %s", audit_action(row),
             row->email ? row->email : zm_text(row->subject));
    app_about(app, ask->about, sizeof(ask->about));
    ask->field = (struct tui_field){
        .kind = TUI_FIELD_TEXT, .label = "Reason", .text = "who asked for it, which ticket"};
    ask->form = (struct tui_form){.title = ask->title,
                                  .badge = app->conf->label,
                                  .about = ask->about,
                                  .fields = &ask->field,
                                  .n_fields = 1,
                                  .question = "Enter saves the reason   Esc leaves it owed",
                                  .answers = "",
                                  .hint = ""};
    tui_form_start(&ask->form);
    app_overlay(app, &overlay, ask);
}
