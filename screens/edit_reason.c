/*
 * The reason that is asked after trading was stopped. Esc leaves it owed; the journal shows it
 * until somebody gives it.
 */
#include "screens/edit_state.h"

#include "screens/reason.h"
#include "tui/key.h"
#include "zm/str.h"

void edit_ask_reason(struct edit *e)
{
    e->stage = EDIT_REASON;
    e->form.n_fields = e->form.n_lines = 0;
    e->reason = EDIT_NO_FIELD;
    snprintf(e->title, sizeof(e->title), "Stopped  %s", e->who);
    edit_line(e, NULL, TUI_GOOD, zm_arena_strdup(&e->arena, e->written.message));
    edit_add_reason(e);
    e->form.lines_before = e->reason;
    e->form.said = NULL;
    e->form.hint = "";
    e->form.question = "Enter saves the reason   Esc leaves it owed";
    e->form.answers = "";
    e->form.blocked = NULL;
    tui_form_start(&e->form);
    e->app->overlay_ready_ms = 0; /* a text field may be typed into at once */
}

bool edit_reason_key(struct edit *e, int key)
{
    const char *reason = edit_text_of(e, e->reason);
    int answer;

    if (key == TUI_KEY_ENTER) {
        if (!reason_is_blank(reason))
            edit_submit_reason(e, reason);
        else
            e->form.said = "nothing was typed; Esc leaves it owed";
        return true;
    }
    if (key == TUI_KEY_TAB || key == TUI_KEY_BACKTAB || key == TUI_KEY_DOWN || key == TUI_KEY_UP)
        return true; /* there is nothing else */
    if (tui_form_key(&e->form, key, &answer) != TUI_FORM_CLOSED)
        return true;
    app_say(e->app, MESSAGE_WARN, "%s: trading is stopped; its reason is owed (see Audit)", e->who);
    return false;
}

void edit_reason_done(struct edit *e, struct edit_job *job)
{
    char line[700];

    if (job->base.ok)
        app_say(e->app, MESSAGE_INFO, "%s: trading is stopped; the reason is recorded", e->who);
    else
        app_say(e->app, MESSAGE_ERROR, "%s: trading is stopped, but its reason is still owed: %s",
                e->who, zm_error_line(&job->base.err, line, sizeof(line)));
    edit_close(e);
}
