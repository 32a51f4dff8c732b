/*
 * What stands in a dialog: its fields, the record it is about, the question, a notice. Knows no
 * key.
 */
#include "screens/edit_state.h"

#include "zm/clock.h"
#include "zm/str.h"

struct tui_field *edit_field(struct edit *e, enum tui_field_kind kind, const char *label)
{
    struct tui_field *field = &e->fields[e->form.n_fields++];

    memset(field, 0, sizeof(*field));
    field->kind = kind;
    field->label = label;
    return field;
}

size_t edit_field_at(const struct edit *e, const struct tui_field *field)
{
    return (size_t)(field - e->fields);
}

void edit_add_reason(struct edit *e)
{
    struct tui_field *field = edit_field(e, TUI_FIELD_TEXT, "Reason");

    field->text = "who asked for it, which ticket";
    field->suggested = e->suggestion != NULL;
    tui_edit_set(&field->edit, zm_text(e->suggestion));
    e->reason = edit_field_at(e, field);
}

void edit_add_stop_word(struct edit *e)
{
    struct tui_field *field = edit_field(e, TUI_FIELD_TEXT, "Type STOP");

    field->text = "goes on without ZmartyBrain";
    e->stop_word = edit_field_at(e, field);
}

const char *edit_text_of(const struct edit *e, size_t field)
{
    return field < e->form.n_fields ? e->fields[field].edit.text : "";
}

static void keep_values(struct edit *e, struct db_values *values)
{
    int i;

    for (i = 0; i < DB_ITEMS; i++)
        values->text[i] = zm_arena_strdup(&e->arena, values->text[i]);
}

void edit_see(struct edit *e, const struct db_user *user)
{
    struct db_now *now = &e->now;

    db_now_of_user(user, now);
    e->seen_ms = user->read_ms ? user->read_ms : zm_now_ms();
    now->email = zm_arena_strdup(&e->arena, now->email);
    now->profile_id = zm_arena_strdup(&e->arena, now->profile_id);
    now->trader_id = zm_arena_strdup(&e->arena, now->trader_id);
    keep_values(e, &now->values);
    e->glass = !app_is_up(e->app, DB_BRAIN);
    now->brain_known = now->brain_known && !e->glass;
    now->bot_known = now->bot_known && app_is_up(e->app, DB_BOT);
}

void edit_ask(struct edit *e)
{
    e->stage = EDIT_ASKING;
    e->form.n_fields = 0;
    e->form.question = e->kind->question;
    e->form.answers = e->kind->answers;
    e->kind->open(e);
    e->form.lines_before = e->reason < e->form.n_fields ? e->reason : e->form.n_fields;
    if (e->stop_word < e->form.lines_before)
        e->form.lines_before = e->stop_word;
    e->asked_fields = e->form.n_fields;
    e->asked_lines_before = e->form.lines_before;
    edit_plan(e);
    if (e->stage == EDIT_ASKING)
        tui_form_start(&e->form);
}

void edit_notice(struct edit *e, const char *title, const char *text, bool alarm)
{
    const char *line = zm_arena_strdup(&e->arena, text), *end;

    e->stage = EDIT_NOTICE;
    e->form.n_fields = e->form.n_lines = 0;
    e->form.lines_before = 0;
    e->form.alarm = alarm;
    e->form.said = NULL;
    e->form.question = "Enter or Esc closes";
    e->form.answers = "";
    e->form.blocked = NULL;
    snprintf(e->title, sizeof(e->title), "%s  %s", title, e->who);
    for (; *line; line = *end ? end + 1 : end) {
        end = line + strcspn(line, "\n");
        edit_line(e, NULL, alarm && e->form.n_lines == 0 ? TUI_BAD : TUI_TEXT,
                  zm_arena_strndup(&e->arena, line, (size_t)(end - line)));
    }
    tui_form_start(&e->form);
    edit_hold(e);
    e->app->dirty = true;
}
