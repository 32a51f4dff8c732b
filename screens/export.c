/*
 * The dialog of an export. Where the file comes to lie and how it is written is export_job.c.
 */
#include "screens/export.h"

#include <stdlib.h>
#include <time.h>

#include "screens/app.h"
#include "screens/export_job.h"
#include "tui/form.h"
#include "zm/str.h"

struct ask {
    struct export_order order;
    struct tui_form form;
    struct tui_field field;
    struct tui_form_line line;
    char title[120], text[200];
};

/* ---- a file name ---- */

/* "users-20261123-0914.csv" */
static void propose(const char *kind, struct tui_edit *edit)
{
    char name[80], stamp[24];
    time_t now = time(NULL);
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M", &tm);
    snprintf(name, sizeof(name), "%s-%s.csv", kind, stamp);
    tui_edit_set(edit, name);
}

static void ask_draw(struct app *app, void *state)
{
    struct ask *a = state;

    tui_form_draw(app->tui, &a->form);
}

static bool ask_event(struct app *app, void *state, const struct tui_event *event)
{
    struct ask *a = state;
    int answer;

    if (event->type == TUI_EVENT_PASTE)
        tui_form_paste(&a->form, event->text, event->text_len);
    if (event->type != TUI_EVENT_KEY)
        return true;
    a->form.said = NULL;
    if (event->key == TUI_KEY_ENTER) {
        const char *name = a->field.edit.text + strspn(a->field.edit.text, " ");

        if (!name[0]) {
            a->form.said = "a file needs a name";
            return true;
        }
        export_start(app, &a->order, name);
        return false;
    }
    if (event->key == TUI_KEY_TAB || event->key == TUI_KEY_BACKTAB || event->key == TUI_KEY_DOWN ||
        event->key == TUI_KEY_UP)
        return true; /* there is nothing else */
    return tui_form_key(&a->form, event->key, &answer) != TUI_FORM_CLOSED;
}

static void ask_close(struct app *app, void *state)
{
    struct ask *a = state;

    (void)app;
    db_idset_free(a->order.set);
    free(a);
}

static const struct overlay ask_overlay = {ask_draw, ask_event, ask_close};

static void open_ask(struct app *app, const char *kind, const char *what, const char *user,
                     const struct db_filter *filter, struct db_idset *set)
{
    struct ask *a = zm_calloc(1, sizeof(*a));

    a->order.kind = kind;
    zm_copy(a->order.what, sizeof(a->order.what), what);
    zm_copy(a->order.user, sizeof(a->order.user), user);
    if (filter)
        a->order.filter = *filter;
    a->order.set = set;
    snprintf(a->title, sizeof(a->title), "Export %s", a->order.what);
    a->field = (struct tui_field){.kind = TUI_FIELD_TEXT, .label = "file"};
    propose(kind, &a->field.edit);
    a->line = (struct tui_form_line){
        NULL,
        "CSV; JSON lines where the name ends in .json. Personal data: the file is yours alone "
        "(0600), and no file is overwritten.",
        TUI_DIM};
    a->form = (struct tui_form){.title = a->title,
                                .badge = app->conf->label,
                                .fields = &a->field,
                                .n_fields = 1,
                                .lines = &a->line,
                                .n_lines = 1,
                                .lines_before = 1,
                                .question = "Enter writes the file   Esc cancels",
                                .answers = "",
                                .hint = ""};
    tui_form_start(&a->form);
    app_overlay(app, &ask_overlay, a);
}

/* ---- one that is under way ---- */

static void stop_draw(struct app *app, void *state)
{
    struct ask *a = state;

    if (app->exporting)
        snprintf(a->text, sizeof(a->text), "%s rows so far",
                 app_count(app, export_rows(app->exporting), false));
    else
        zm_copy(a->text, sizeof(a->text), "it has ended");
    tui_form_draw(app->tui, &a->form);
}

static bool stop_event(struct app *app, void *state, const struct tui_event *event)
{
    (void)state;
    if (event->type != TUI_EVENT_KEY)
        return true;
    if (event->key == 's' && app->exporting)
        db_lanes_cancel(app->lanes, app->exporting, true);
    return event->key != 's' && event->key != TUI_KEY_ESC && event->key != TUI_KEY_ENTER &&
           event->key != 'q' && event->key != (TUI_KEY_CTRL | 'c');
}

static const struct overlay stop_overlay = {stop_draw, stop_event, ask_close};

static void open_stop(struct app *app)
{
    struct ask *a = zm_calloc(1, sizeof(*a));

    snprintf(a->title, sizeof(a->title), "Export of %s", export_what(app->exporting));
    a->line = (struct tui_form_line){NULL, a->text, TUI_TEXT};
    a->form = (struct tui_form){.title = a->title,
                                .badge = app->conf->label,
                                .lines = &a->line,
                                .n_lines = 1,
                                .question = "s stops it and removes the file   Esc lets it go on",
                                .answers = "",
                                .hint = ""};
    tui_form_start(&a->form);
    app_overlay(app, &stop_overlay, a);
}

void export_open(struct app *app, const char *kind, const char *what, const char *user,
                 const struct db_filter *filter)
{
    if (app->exporting)
        open_stop(app);
    else
        open_ask(app, kind, what, user, filter, NULL);
}

void export_open_users(struct app *app, const char *what, struct db_idset *set)
{
    if (!app->exporting) {
        open_ask(app, "users", what, "", NULL, set);
        return;
    }
    db_idset_free(set);
    open_stop(app);
}
