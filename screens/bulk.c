/*
 * The bulk dialog as an overlay: its fields, its keys in each stage, and what follows when a job is
 * done.
 */
#include "screens/bulk_state.h"

#include <stdlib.h>

#include "screens/export.h"
#include "screens/plan.h"
#include "screens/spool.h"
#include "screens/users_state.h"
#include "tui/term.h"
#include "zm/clock.h"
#include "zm/str.h"

#define DEAD_MS 300 /* what comes so soon was typed for something else */

enum { DO_TIER, DO_STOP, DO_MEND, DO_EXPORT };
static const struct tui_choice deeds[] = {
    {'t', "tier"}, {'X', "STOP TRADING"}, {'f', "fix drift"}, {'E', "export"}};
static const struct tui_choice tiers[] = {{'f', "free"}, {'p', "pro"}, {'e', "enterprise"}};

void bulk_look(struct bulk *b)
{
    const struct bulk_work *w = b->work;
    struct bulk_view *v = &b->view;

    v->all = db_idset_count(w->set);
    v->settled = w->bulk.settled;
    v->searched = w->walk.searched;
    v->total = w->walk.total;
    v->plan = w->bulk.plan;
    v->counts = w->bulk.counts;
    v->state = w->bulk.state;
    v->err = w->bulk.err;
    memcpy(v->culprit, w->bulk.culprit, sizeof(v->culprit));
    memcpy(v->shown, w->shown, sizeof(v->shown));
    memcpy(v->named, w->named, sizeof(v->named));
    v->n_shown = w->n_shown;
    v->n_named = w->n_named;
}

/* ---- what is wanted ---- */

enum bulk_other bulk_other(const struct bulk *b)
{
    size_t deed = b->fields[BULK_DO].chosen;

    return deed == DO_MEND ? BULK_PLANS : deed == DO_EXPORT ? BULK_EXPORTS : BULK_EDITS;
}

bool bulk_wants(const struct bulk *b, struct db_edit *ret)
{
    const struct tui_field *tier = &b->fields[BULK_TIER];

    memset(ret, 0, sizeof(*ret));
    if (bulk_other(b))
        return false;
    if (b->fields[BULK_DO].chosen == DO_STOP) {
        ret->action = DB_ACTION_STOP;
        db_values_set_flag(&ret->want, DB_ITEM_TRADING, false);
        return true;
    }
    if (tier->chosen >= tier->n_choices)
        return false;
    ret->action = DB_ACTION_TIER;
    ret->create_trader = true;
    ret->keep_rights = b->fields[BULK_KEEP].on;
    db_values_set(&ret->want, DB_ITEM_TIER, tiers[tier->chosen].label);
    return true;
}

static int wanted(const struct bulk *b)
{
    return (int)(b->fields[BULK_DO].chosen * 100 + b->fields[BULK_TIER].chosen * 2) +
           b->fields[BULK_KEEP].on;
}

void bulk_count_again(struct bulk *b)
{
    struct db_edit edit;

    b->counted = false;
    b->top = 0;
    b->err.kind = ZM_ERR_NONE;
    tui_edit_set(&b->fields[BULK_COUNT].edit, "");
    b->again = b->job != NULL;
    b->wanted = wanted(b);
    if (b->job) /* its counts are for something else */
        db_lanes_cancel(b->app->lanes, &b->job->base, false);
    else if (bulk_wants(b, &edit) && db_idset_count(b->work->set) > 0) {
        bulk_begin(b, &edit);
        bulk_look(b);
        bulk_submit(b, BULK_ASKING);
    }
}

static enum guard_for guard_of(const struct bulk *b)
{
    return b->fields[BULK_DO].chosen == DO_STOP ? GUARD_STOP : GUARD_WRITE;
}

static void apply(struct bulk *b)
{
    struct bulk_work *w = b->work;

    if (!guard_allows(b->app, guard_of(b))) {
        b->form.said = "locked: nothing was written";
        return;
    }
    zm_copy(w->reason, sizeof(w->reason), b->fields[BULK_REASON].edit.text);
    w->n_named = 0;
    b->stage = BULK_RUNNING;
    b->began_ms = zm_now_ms();
    b->form.n_fields = b->form.lines_before = 0;
    b->form.answers = NULL;
    b->form.blocked = NULL;
    tui_form_ask(&b->form);
    b->form.top = 0;
    bulk_submit(b, BULK_RUNNING);
}

/* ---- when a job is done ---- */

static void refresh_list(struct app *app)
{
    struct view *list = app->kept[0];

    if (list)
        users_refresh_all(app, list->state);
}

static void end_run(struct bulk *b)
{
    char text[200];

    if (!b->paused)
        b->took_ms = zm_now_ms() - b->began_ms;
    b->stage = BULK_ENDED;
    app_say(b->app, b->view.state == DB_BULK_FINISHED ? MESSAGE_INFO : MESSAGE_WARN,
            "%zu users: %s", b->view.all, bulk_counts_text(&b->view.counts, text, sizeof(text)));
    spool_count(b->app);
    refresh_list(b->app);
}

/* A plan, for which it is read who differs, is shown before anything is written; a file is asked
 * for by its name. b is gone. */
static void hand_over(struct bulk *b)
{
    struct app *app = b->app;
    struct db_idset *set = b->work->set;
    char what[100];

    b->work->set = NULL;
    snprintf(what, sizeof(what), "%s %.80s", app_count(app, (int64_t)b->view.all, false), b->who);
    if (bulk_other(b) == BULK_PLANS)
        plan_make_of(app, set);
    else
        export_open_users(app, what, set);
}

static void ask(struct bulk *b)
{
    bulk_look(b);
    b->stage = BULK_ASKING;
    b->form.n_fields = BULK_FIELDS;
    b->form.lines_before = BULK_COUNT;
    snprintf(b->title, sizeof(b->title), "Bulk: %s %s",
             app_count(b->app, (int64_t)b->view.all, false), b->who);
    tui_form_start(&b->form);
    if (b->fields[BULK_DO].chosen == DO_TIER) /* what to do was said by the key */
        b->form.at = BULK_TIER;
    if (bulk_other(b) && b->view.all > 0)
        hand_over(b);
    else
        bulk_count_again(b);
}

static void batch_done(struct bulk *b, const struct db_job *job)
{
    struct db_bulk *run = &b->work->bulk;

    if (!job->ok) { /* neither database could be reached */
        run->state = DB_BULK_BROKEN;
        run->err = job->err;
        bulk_look(b);
    }
    if (run->state != DB_BULK_READY || b->stopping)
        end_run(b);
    else if (!b->paused)
        bulk_submit(b, BULK_RUNNING);
}

bool bulk_job_done(struct app *app, struct db_job *job)
{
    struct bulk *b = app->bulk;
    struct bulk_job *j = (struct bulk_job *)job;
    struct bulk_work *w;

    if (job->owner != APP_OWNER_BULK)
        return false;
    if (!b || b->job != j)
        return true; /* its dialog was closed; drop frees the work */
    w = j->work;
    j->work = NULL;
    b->job = NULL;
    app->dirty = true;
    bulk_look(b);
    if (w->stage == BULK_RUNNING) {
        batch_done(b, job);
    } else if (w->stage == BULK_COLLECTING) {
        b->err = job->err; /* of one that is well it is zeroed */
        if (job->ok && !w->walk.done)
            bulk_submit(b, BULK_COLLECTING);
        else if (job->ok)
            ask(b);
    } else if (b->again) {
        bulk_count_again(b);
    } else if (!job->ok) {
        b->err = job->err;
    } else if (w->bulk.plan.looked < db_idset_count(w->set)) {
        bulk_submit(b, BULK_ASKING);
    } else {
        b->counted = true;
    }
    return true;
}

/* ---- keys ---- */

/* Whoever goes on may not be who began. */
static void toggle_pause(struct bulk *b)
{
    if (b->paused && !guard_allows(b->app, guard_of(b)))
        return;
    b->paused = !b->paused;
    if (b->paused) {
        b->pause_ms = zm_now_ms();
        b->took_ms = b->pause_ms - b->began_ms;
        return;
    }
    b->began_ms += zm_now_ms() - b->pause_ms;
    if (!b->job)
        bulk_submit(b, BULK_RUNNING);
}

/* Esc lets the batch end; Ctrl-C takes it back where nothing of it is committed. */
static void running_key(struct bulk *b, int key)
{
    if (key == ' ' && !b->stopping) {
        toggle_pause(b);
    } else if (key == TUI_KEY_ESC || key == (TUI_KEY_CTRL | 'c')) {
        b->stopping = true;
        if (!b->job)
            end_run(b);
        else if (key != TUI_KEY_ESC)
            db_lanes_cancel(b->app->lanes, &b->job->base, true);
    }
}

/* The window of who would change; where the dialog itself has to be scrolled, that comes first. */
static bool page_shown(struct bulk *b, int key)
{
    size_t n = b->view.n_shown;

    if ((key != TUI_KEY_PGDN && key != TUI_KEY_PGUP) || b->form.rows > b->form.page ||
        n <= BULK_WINDOW)
        return false;
    if (key == TUI_KEY_PGUP)
        b->top -= b->top < BULK_WINDOW ? b->top : BULK_WINDOW;
    else if (b->top + BULK_WINDOW < n)
        b->top += BULK_WINDOW;
    return true;
}

/* False: the dialog is closed. */
static bool asking_key(struct bulk *b, int key)
{
    int answer = 0;

    bulk_show(b); /* several keys may come before it is drawn again */
    if (page_shown(b, key))
        return true;
    switch (tui_form_key(&b->form, key, &answer)) {
    case TUI_FORM_CHANGED:
        if (wanted(b) != b->wanted)
            bulk_count_again(b);
        return true;
    case TUI_FORM_ANSWERED:
        if (bulk_other(b))
            hand_over(b);
        else
            apply(b);
        return true;
    case TUI_FORM_CLOSED:
        return false;
    default:
        return true;
    }
}

static bool take_key(struct bulk *b, int key)
{
    struct app *app = b->app;

    if (b->stage == BULK_RUNNING) {
        running_key(b, key);
        return true;
    }
    if (key != TUI_KEY_ESC && zm_now_ms() < app->overlay_ready_ms) {
        b->form.said = "typed before the dialog was there: dropped";
        app->overlay_ready_ms = zm_now_ms() + DEAD_MS;
        return true;
    }
    if (b->stage == BULK_ASKING)
        return asking_key(b, key);
    if (b->stage == BULK_ENDED)
        return key != TUI_KEY_ESC && key != TUI_KEY_ENTER && key != 'q';
    return key != TUI_KEY_ESC && key != (TUI_KEY_CTRL | 'c');
}

static bool bulk_event(struct app *app, void *state, const struct tui_event *event)
{
    struct bulk *b = state;

    if (event->type == TUI_EVENT_PASTE &&
        (b->stage != BULK_ASKING || zm_now_ms() < app->overlay_ready_ms ||
         !tui_form_paste(&b->form, event->text, event->text_len))) {
        b->form.said = "a paste outside of a field was dropped";
        app_say(app, MESSAGE_WARN, "%s", b->form.said);
    }
    return event->type != TUI_EVENT_KEY || take_key(b, event->key);
}

/* ---- the overlay ---- */

static void bulk_draw(struct app *app, void *state)
{
    struct bulk *b = state;

    bulk_show(b);
    tui_form_draw(app->tui, &b->form);
}

static void bulk_free(struct app *app, void *state)
{
    struct bulk *b = state;

    app->bulk = NULL;
    if (!b->job)
        bulk_work_free(b->work);
    else if (!app->quitting) /* the lane still has it; drop frees it */
        db_lanes_cancel(app->lanes, &b->job->base, true);
    zm_arena_done(&b->texts);
    free(b);
}

static const struct overlay bulk_overlay = {bulk_draw, bulk_event, bulk_free};

static void make_fields(struct bulk *b, int action)
{
    struct tui_field *f = b->fields;

    f[BULK_DO] = (struct tui_field){.kind = TUI_FIELD_CHOICE,
                                    .label = "Do",
                                    .choices = deeds,
                                    .n_choices = ZM_COUNT(deeds),
                                    .chosen = action == APP_EDIT_STOP     ? DO_STOP
                                              : action == APP_EDIT_REPAIR ? DO_MEND
                                              : action == APP_EXPORT      ? DO_EXPORT
                                                                          : DO_TIER};
    f[BULK_TIER] = (struct tui_field){.kind = TUI_FIELD_CHOICE,
                                      .label = "Tier",
                                      .choices = tiers,
                                      .n_choices = ZM_COUNT(tiers),
                                      .chosen = ZM_COUNT(tiers)};
    f[BULK_KEEP] = (struct tui_field){.kind = TUI_FIELD_FLAG,
                                      .label = "Rights",
                                      .key = 'k',
                                      .text = "keep those that the new tier does not give"};
    f[BULK_REASON] = (struct tui_field){.kind = TUI_FIELD_TEXT, .label = "Reason", .text = "why"};
    f[BULK_COUNT] = (struct tui_field){
        .kind = TUI_FIELD_TEXT, .label = b->count_label, .text = "and Enter", .hidden = true};
}

static struct bulk *open_dialog(struct app *app, int action, const struct bulk_who *who)
{
    struct bulk *b = zm_calloc(1, sizeof(*b));

    b->app = app;
    b->work = bulk_work_new(app);
    if (who->filter)
        snprintf(b->who, sizeof(b->who), "users that match /%.80s%s", zm_text(who->text),
                 who->others ? " or are marked" : "");
    else
        snprintf(b->who, sizeof(b->who), "marked user%s", who->n == 1 ? "" : "s");
    snprintf(b->title, sizeof(b->title), "Bulk: %s", b->who);
    app_about(app, b->about, sizeof(b->about));
    b->form = (struct tui_form){.title = b->title,
                                .badge = app->conf->label,
                                .about = b->about,
                                .fields = b->fields,
                                .lines = b->lines};
    make_fields(b, action);
    app_overlay(app, &bulk_overlay, b);
    app->bulk = b;
    tui_flush_input(app->tui);
    app->overlay_ready_ms = zm_now_ms() + DEAD_MS;
    return b;
}

/* The marks are in the set at once; who matches a filter is looked for. */
static void collect(struct bulk *b, const struct bulk_who *who)
{
    size_t i;
    bool ok = true;

    for (i = 0; ok && i < who->n; i++)
        ok = db_idset_add(b->work->set, who->ids[i], &b->err);
    if (ok && who->filter) {
        b->work->filter = *who->filter;
        b->stage = BULK_COLLECTING;
        bulk_submit(b, BULK_COLLECTING);
        return;
    }
    ok = ok && db_idset_freeze(b->work->set, &b->err);
    if (ok)
        ask(b);
}

bool bulk_act(struct app *app, int action, const struct bulk_who *who)
{
    struct bulk *b;

    if ((action != APP_EDIT_TIER && action != APP_EDIT_STOP && action != APP_EDIT_REPAIR &&
         action != APP_EXPORT) ||
        (who->n == 0 && !who->filter))
        return false;
    if (action != APP_EXPORT &&
        !guard_allows(app, action == APP_EDIT_STOP ? GUARD_STOP : GUARD_WRITE))
        return true;
    b = open_dialog(app, action, who);
    collect(b, who);
    if (app->bulk == b && b->err.kind != ZM_ERR_NONE) {
        app_fail(app, &b->err);
        app_overlay(app, NULL, NULL);
    }
    return true;
}
