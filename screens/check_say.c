/*
 * The dialog of what people say: sign or un-sign an item, confirm or waive a step. A note, where it
 * is a waiver its last day, where the step wants it the profile's name; then the question.
 */
#include <stdlib.h>

#include "db/checklist_store.h"
#include "screens/check_rows.h"
#include "screens/check_state.h"
#include "screens/reason.h"
#include "tui/form.h"
#include "zm/str.h"

enum { FIELD_NOTE, FIELD_OTHER, FIELDS };

struct say {
    struct check *check;
    enum check_task task;
    char key[16], title[160], about[200], found[400], error[300];
    bool wants_name;
    struct tui_form form;
    struct tui_field fields[FIELDS];
    struct tui_form_line lines[2];
};

static const char *field_text(const struct say *ask, size_t i)
{
    const char *text = ask->fields[i].edit.text;

    return text + strspn(text, " ");
}

/* Whether the question may be asked, and if not, why and which field is wanted. */
static void judge(struct say *ask)
{
    struct zm_error err;

    ask->form.blocked = NULL;
    if (reason_is_blank(field_text(ask, FIELD_NOTE))) {
        ask->form.blocked = "a note is needed";
        ask->form.wanted = FIELD_NOTE;
    } else if (ask->task == CHECK_WAIVE &&
               !db_checklist_until(field_text(ask, FIELD_OTHER), &err)) {
        snprintf(ask->error, sizeof(ask->error), "%.200s", err.message);
        ask->form.blocked = ask->error;
        ask->form.wanted = FIELD_OTHER;
    } else if (ask->wants_name &&
               !zm_streq(field_text(ask, FIELD_OTHER), ask->check->app->conf->profile)) {
        snprintf(ask->error, sizeof(ask->error), "type the profile's name: %.100s",
                 ask->check->app->conf->profile);
        ask->form.blocked = ask->error;
        ask->form.wanted = FIELD_OTHER;
    }
}

static void draw(struct app *app, void *state)
{
    struct say *ask = state;

    tui_form_draw(app->tui, &ask->form);
}

static bool event(struct app *app, void *state, const struct tui_event *event)
{
    struct say *ask = state;
    enum tui_form_answer answer;
    int key;

    if (event->type == TUI_EVENT_PASTE)
        tui_form_paste(&ask->form, event->text, event->text_len);
    judge(ask);
    if (event->type != TUI_EVENT_KEY)
        return true;
    answer = tui_form_key(&ask->form, event->key, &key);
    judge(ask);
    if (answer != TUI_FORM_ANSWERED)
        return answer != TUI_FORM_CLOSED;
    if (ask->form.blocked)
        return true;
    check_submit(app, ask->check, ask->task, ask->key, false, NULL, field_text(ask, FIELD_NOTE),
                 ask->task == CHECK_WAIVE ? field_text(ask, FIELD_OTHER) : NULL,
                 ask->wants_name ? field_text(ask, FIELD_OTHER) : NULL);
    return false;
}

static void close_say(struct app *app, void *state)
{
    (void)app;
    free(state);
}

static const struct overlay overlay = {draw, event, close_say};

static void word(struct say *ask)
{
    static const char *const verbs[] = {[CHECK_LOOK] = "",
                                        [CHECK_RUN] = "",
                                        [CHECK_SIGN] = "Sign",
                                        [CHECK_UNSIGN] = "Take back",
                                        [CHECK_WAIVE] = "Waive"};
    static const char *const questions[] = {[CHECK_LOOK] = "",
                                            [CHECK_RUN] = "",
                                            [CHECK_SIGN] = "Sign it? y/N",
                                            [CHECK_UNSIGN] = "Take it back? y/N",
                                            [CHECK_WAIVE] = "Waive it? y/N"};
    const struct db_step *step = db_step_find(ask->key);
    bool confirms = step && ask->task == CHECK_SIGN;

    snprintf(ask->title, sizeof(ask->title), "%s %s  %.100s",
             confirms ? "Confirm" : verbs[ask->task], ask->key,
             step ? step->title : db_checklist_item_title(db_checklist_item_find(ask->key)));
    ask->form.title = ask->title;
    ask->form.question = confirms ? "Confirm it? y/N" : questions[ask->task];
}

static void add_lines(struct say *ask)
{
    struct check_found *found = ask->check->found;
    int item = db_checklist_item_find(ask->key);
    const struct db_step_result *step = item ? NULL : db_check_step(&found->result, ask->key);
    enum db_step_state state = DB_STEP_NOT_RUN;

    if (item) {
        const struct db_item_result *r = &found->result.items[item - 1];

        state = r->state;
        snprintf(ask->found, sizeof(ask->found), "%d of %d by zmartctl, %d of %d by people: %s",
                 r->machine_ok, r->machine, r->human_ok, r->human, check_state_word(state));
    } else if (step) {
        state = step->finding.state;
        zm_error_copy(ask->found, sizeof(ask->found), step->finding.found);
        ask->lines[ask->form.n_lines++] =
            (struct tui_form_line){"Wanted", step->finding.expected, TUI_TEXT};
    }
    ask->lines[ask->form.n_lines++] =
        (struct tui_form_line){"Found", ask->found, (unsigned)check_style(state)};
}

/* What a person says who only says yes: for a step who he is, for an item how it stands. */
static void suggest(struct app *app, struct say *ask)
{
    struct tui_field *note = &ask->fields[FIELD_NOTE];
    int item = db_checklist_item_find(ask->key);
    const struct db_item_result *r = item ? &ask->check->found->result.items[item - 1] : NULL;
    char text[120];

    if (ask->task != CHECK_SIGN)
        return;
    if (!r)
        snprintf(text, sizeof(text), "seen by %.90s", app->who);
    else if (r->waived > 0)
        snprintf(text, sizeof(text), "%d of %d steps ok, %d of them waived",
                 r->machine_ok + r->human_ok, r->machine + r->human, r->waived);
    else
        snprintf(text, sizeof(text), "%d of %d steps ok", r->machine_ok + r->human_ok,
                 r->machine + r->human);
    tui_edit_set(&note->edit, text);
    note->suggested = true;
}

void check_ask(struct app *app, struct check *s, enum check_task task, const char *key)
{
    struct say *ask = zm_calloc(1, sizeof(*ask));
    const struct db_step *step = db_step_find(key);

    ask->check = s;
    ask->task = task;
    zm_copy(ask->key, sizeof(ask->key), key);
    ask->wants_name = step && task == CHECK_SIGN && db_step_wants_name(step);
    ask->fields[FIELD_NOTE] = (struct tui_field){
        .kind = TUI_FIELD_TEXT, .label = "Note", .text = "what was seen, by whom, which ticket"};
    ask->fields[FIELD_OTHER] =
        (struct tui_field){.kind = TUI_FIELD_TEXT,
                           .label = task == CHECK_WAIVE ? "Until" : "Profile",
                           .text = task == CHECK_WAIVE ? "the last day: 2026-12-31" : "its name",
                           .hidden = task != CHECK_WAIVE && !ask->wants_name};
    ask->form = (struct tui_form){.badge = app->conf->label,
                                  .about = ask->about,
                                  .fields = ask->fields,
                                  .n_fields = FIELDS,
                                  .lines = ask->lines,
                                  .answers = "y"};
    app_about(app, ask->about, sizeof(ask->about));
    word(ask);
    add_lines(ask);
    suggest(app, ask);
    judge(ask);
    tui_form_start(&ask->form);
    app_overlay(app, &overlay, ask);
}
