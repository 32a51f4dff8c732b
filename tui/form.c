/*
 * The keys of a form. A letter is a field's only while the cursor is in no text, and an answer only
 * after the question was seen: what was typed or pasted before it stood there is no answer.
 */
#include "tui/form.h"

#include <string.h>

#include "tui/key.h"

#define END 100000 /* more rows than any form has */

static bool at_question(const struct tui_form *form)
{
    return form->at >= form->n_fields;
}

static struct tui_field *current(struct tui_form *form)
{
    return at_question(form) ? NULL : &form->fields[form->at];
}

static void go(struct tui_form *form, size_t at)
{
    if (at != form->at)
        form->asked = false;
    form->at = at;
}

/* The next field that is there, or the question; round and round. */
static void step(struct tui_form *form, int direction)
{
    size_t n = form->n_fields + 1, at = form->at, i;

    for (i = 0; i < n; i++) {
        at = (at + n + (direction > 0 ? 1 : n - 1)) % n;
        if (at == form->n_fields ? !form->blocked : !form->fields[at].hidden)
            break;
    }
    if (i < n)
        go(form, at);
}

void tui_form_ask(struct tui_form *form)
{
    form->at = form->n_fields;
    form->asked = false;
    form->top = END; /* drawing knows how much there is */
}

static bool is_passed(const struct tui_field *field)
{
    return field->hidden || (field->suggested && field->edit.len > 0);
}

void tui_form_start(struct tui_form *form)
{
    form->top = 0;
    form->asked = false;
    for (form->at = 0; form->at < form->n_fields && is_passed(&form->fields[form->at]);)
        form->at++;
    if (at_question(form))
        tui_form_ask(form);
}

/* Enter: to the question; where it cannot be asked, to what it waits for. */
static enum tui_form_answer go_on(struct tui_form *form)
{
    if (!form->blocked) {
        tui_form_ask(form);
        return TUI_FORM_OPEN;
    }
    if (form->n_fields == 0)
        return TUI_FORM_CLOSED;
    form->said = form->blocked;
    if (form->wanted < form->n_fields && form->wanted != form->at)
        go(form, form->wanted);
    return TUI_FORM_OPEN;
}

/* ---- fields ---- */

static enum tui_form_answer choose(struct tui_form *form, struct tui_field *field, size_t i)
{
    size_t at;

    field->chosen = i;
    for (at = (size_t)(field - form->fields) + 1; at < form->n_fields; at++)
        if (form->fields[at].kind == TUI_FIELD_TEXT && !form->fields[at].hidden) {
            go(form, at);
            form->moved = true;
            break;
        }
    return TUI_FORM_CHANGED;
}

static bool take_letter_of(struct tui_form *form, struct tui_field *field, int key,
                           enum tui_form_answer *ret)
{
    size_t i;

    if (field->hidden)
        return false;
    if (field->kind == TUI_FIELD_FLAG && field->key == key && key) {
        field->on = !field->on;
        *ret = TUI_FORM_CHANGED;
        return true;
    }
    if (field->kind != TUI_FIELD_CHOICE || at_question(form))
        return false;
    for (i = 0; i < field->n_choices; i++)
        if (field->choices[i].key == key) {
            *ret = choose(form, field, i);
            return true;
        }
    return false;
}

/* The letters of choices and flags, wherever the cursor is but in a text; where two fields have the
 * same one, the cursor's is meant. */
static bool take_letter(struct tui_form *form, int key, enum tui_form_answer *ret)
{
    size_t i;

    if (!at_question(form) && take_letter_of(form, current(form), key, ret))
        return true;
    for (i = 0; i < form->n_fields; i++)
        if (take_letter_of(form, &form->fields[i], key, ret))
            return true;
    return false;
}

static enum tui_form_answer turn(struct tui_field *field, int direction)
{
    size_t n = field->n_choices;

    if (field->kind == TUI_FIELD_FLAG) {
        field->on = !field->on;
        return TUI_FORM_CHANGED;
    }
    if (field->kind != TUI_FIELD_CHOICE || n == 0)
        return TUI_FORM_OPEN;
    if (field->chosen >= n)
        field->chosen = direction > 0 ? 0 : n - 1;
    else
        field->chosen = (field->chosen + n + (direction > 0 ? 1 : n - 1)) % n;
    return TUI_FORM_CHANGED;
}

/* ---- keys ---- */

static bool scroll(struct tui_form *form, int key)
{
    int last = form->rows > form->page ? form->rows - form->page : 0;
    int by = form->page > 1 ? form->page - 1 : 1;

    if (key != TUI_KEY_PGDN && key != TUI_KEY_PGUP)
        return false;
    form->top += key == TUI_KEY_PGDN ? by : -by;
    form->top = form->top > last ? last : form->top < 0 ? 0 : form->top;
    return true;
}

static enum tui_form_answer question_key(struct tui_form *form, int key, int *ret_answer)
{
    bool is_answer = key > 0 && key < 0x80 && form->answers && strchr(form->answers, key);
    enum tui_form_answer answer = TUI_FORM_OPEN;

    if (is_answer && !form->asked) {
        form->said = "typed before the question was there: look, and answer again";
        return TUI_FORM_OPEN;
    }
    if (is_answer && !form->blocked) {
        *ret_answer = key;
        return TUI_FORM_ANSWERED;
    }
    if (key == TUI_KEY_ENTER || key == 'n' || key == 'N')
        return TUI_FORM_CLOSED;
    if (!take_letter(form, key, &answer) && form->n_fields > 0 && key > ' ' && key < 0x7f)
        form->said = "that key is no answer; Tab goes to the fields";
    return answer;
}

/* The first character takes the place of what was suggested. */
static bool type(struct tui_field *field, int key)
{
    struct tui_edit typed = {.len = 0};
    bool replaces = field->suggested && tui_edit_key(&typed, key) && typed.len > 0;

    if (replaces)
        field->edit = typed;
    else if (!tui_edit_key(&field->edit, key))
        return false;
    field->suggested = false;
    return true;
}

static enum tui_form_answer field_key(struct tui_form *form, struct tui_field *field, int key)
{
    enum tui_form_answer answer;

    if (key == TUI_KEY_ENTER)
        return go_on(form);
    if (field->kind == TUI_FIELD_TEXT)
        return type(field, key) ? TUI_FORM_CHANGED : TUI_FORM_OPEN;
    if (key == TUI_KEY_LEFT || key == TUI_KEY_RIGHT || key == ' ')
        return turn(field, key == TUI_KEY_LEFT ? -1 : 1);
    if (take_letter(form, key, &answer))
        return answer;
    if (key > ' ' && key < 0x7f)
        form->said = "that key does nothing here; Tab goes on to the next field";
    return TUI_FORM_OPEN;
}

enum tui_form_answer tui_form_key(struct tui_form *form, int key, int *ret_answer)
{
    bool moved = form->moved;

    form->said = NULL;
    form->moved = false;
    if (key == TUI_KEY_ESC || key == (TUI_KEY_CTRL | 'c'))
        return TUI_FORM_CLOSED;
    if (scroll(form, key) || (moved && key == TUI_KEY_TAB))
        return TUI_FORM_OPEN;
    if (form->n_fields > 0 && (key == TUI_KEY_TAB || key == TUI_KEY_DOWN)) {
        step(form, 1);
        return TUI_FORM_OPEN;
    }
    if (form->n_fields > 0 && (key == TUI_KEY_BACKTAB || key == TUI_KEY_UP)) {
        step(form, -1);
        return TUI_FORM_OPEN;
    }
    if (at_question(form))
        return question_key(form, key, ret_answer);
    return field_key(form, current(form), key);
}

bool tui_form_paste(struct tui_form *form, const char *text, size_t len)
{
    struct tui_field *field = current(form);

    form->said = NULL;
    if (!field || field->kind != TUI_FIELD_TEXT)
        return false;
    if (field->suggested)
        tui_edit_set(&field->edit, "");
    field->suggested = false;
    tui_edit_paste(&field->edit, text, len);
    return true;
}
