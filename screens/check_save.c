/*
 * The key E of the Checklist screen: the report of the last look into a file, which must not be
 * there yet. The disk may let it wait, so a lane writes it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "screens/check_state.h"
#include "screens/export_job.h"
#include "tui/form.h"
#include "zm/str.h"

struct save {
    struct check *check;
    struct tui_form form;
    struct tui_field field;
    struct tui_form_line line;
};

struct save_job {
    struct check_job base; /* its task tells the screen which it is */
    char path[600];
    struct zm_buf text;
};

static bool run(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct save_job *j = (struct save_job *)job;
    FILE *file = export_file_create(j->path, err);
    bool ok;

    (void)session;
    if (!file)
        return false;
    ok = fwrite(j->text.s, 1, j->text.len, file) == j->text.len && fflush(file) == 0 &&
         fsync(fileno(file)) == 0;
    ok = fclose(file) == 0 && ok;
    if (ok)
        return true;
    zm_error_set(err, ZM_ERR_SYSTEM, "", "write the report", "%.180s: %s", j->path,
                 strerror(errno));
    unlink(j->path);
    return false;
}

static void drop(struct db_job *job)
{
    struct save_job *j = (struct save_job *)job;

    zm_buf_done(&j->text);
    free(j);
}

bool check_save_done(struct app *app, struct check_job *job)
{
    if (job->task != CHECK_SAVE)
        return false;
    if (job->base.ok)
        app_say(app, MESSAGE_INFO, "the report is in %s", ((struct save_job *)job)->path);
    else
        app_fail(app, &job->base.err);
    return true;
}

static void start(struct app *app, struct check *s, const char *name)
{
    struct save_job *j = zm_calloc(1, sizeof(*j));
    size_t n = strlen(name);
    bool json = n > 5 && zm_streq(name + n - 5, ".json");
    const struct zm_buf *text = json ? &s->found->json : &s->found->markdown;

    j->base.base.run = run;
    j->base.base.drop = drop;
    j->base.task = CHECK_SAVE;
    export_file_path(name, j->path, sizeof(j->path));
    zm_buf_add(&j->text, zm_text(text->s), text->len);
    app_submit(app, s, DB_LANE_SCAN, &j->base.base);
}

/* ---- the dialog ---- */

static void draw(struct app *app, void *state)
{
    struct save *ask = state;

    tui_form_draw(app->tui, &ask->form);
}

static bool event(struct app *app, void *state, const struct tui_event *event)
{
    struct save *ask = state;
    const char *name = ask->field.edit.text + strspn(ask->field.edit.text, " ");
    int answer;

    if (event->type == TUI_EVENT_PASTE)
        tui_form_paste(&ask->form, event->text, event->text_len);
    if (event->type != TUI_EVENT_KEY)
        return true;
    ask->form.said = NULL;
    if (event->key != TUI_KEY_ENTER)
        return tui_form_key(&ask->form, event->key, &answer) != TUI_FORM_CLOSED;
    if (!name[0]) {
        ask->form.said = "a file needs a name";
        return true;
    }
    start(app, ask->check, name);
    return false;
}

static void close_save(struct app *app, void *state)
{
    (void)app;
    free(state);
}

static const struct overlay overlay = {draw, event, close_save};

/* "checklist-20261123-0914.md" */
static void propose(struct tui_edit *edit)
{
    char name[80];
    time_t now = time(NULL);
    struct tm tm;

    if (!gmtime_r(&now, &tm) || !strftime(name, sizeof(name), "checklist-%Y%m%d-%H%M.md", &tm))
        name[0] = '\0';
    tui_edit_set(edit, name);
}

void check_save(struct app *app, struct check *s)
{
    struct save *ask = zm_calloc(1, sizeof(*ask));

    ask->check = s;
    ask->field = (struct tui_field){.kind = TUI_FIELD_TEXT, .label = "file"};
    propose(&ask->field.edit);
    ask->line = (struct tui_form_line){NULL,
                                       "Markdown; JSON where the name ends in .json. What the last "
                                       "look found; no file is overwritten.",
                                       TUI_DIM};
    ask->form = (struct tui_form){.title = "Report of the checklist",
                                  .badge = app->conf->label,
                                  .fields = &ask->field,
                                  .n_fields = 1,
                                  .lines = &ask->line,
                                  .n_lines = 1,
                                  .lines_before = 1,
                                  .question = "Enter writes the file   Esc cancels",
                                  .answers = "",
                                  .hint = ""};
    tui_form_start(&ask->form);
    app_overlay(app, &overlay, ask);
}
