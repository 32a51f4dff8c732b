/*
 * How much agreement a plan takes: a reason always; y for few rows, the number typed for many, and
 * another one for those whose rights go off for good. More than a fifth of the users is refused
 * here.
 */
#include "screens/plan_state.h"

#include "screens/reason.h"
#include "screens/users_state.h"
#include "tui/term.h"
#include "zm/str.h"

static void line(struct plan *p, const char *label, unsigned style, const char *text)
{
    if (p->form.n_lines < PLAN_FORM_LINES)
        p->lines[p->form.n_lines++] = (struct tui_form_line){label, text, style};
}

static const char *number(struct plan *p, int64_t n)
{
    return zm_arena_strdup(&p->texts, app_count(p->app, n, false));
}

static void sum_line(struct plan *p, const char *label, int64_t n, const char *what)
{
    if (n > 0)
        line(p, label, TUI_TEXT, zm_arena_printf(&p->texts, "%6s  %s", number(p, n), what));
}

static void make_lines(struct plan *p)
{
    const struct plan_sums *sums = &p->work->sums;

    p->form.n_lines = 0;
    sum_line(p, "+ create", sums->create_bot, "ZmartBot.user_trading_profiles, rights off");
    sum_line(p, "+ create", sums->create_brain, "ZmartyBrain.user_profiles, free");
    sum_line(p, "~ update", sums->tier, "tier in ZmartBot");
    sum_line(p, "~ update", sums->email, "e-mail in ZmartBot");
    sum_line(p, "~ update", sums->rights, "rights off in ZmartBot: they exceed the tier");
    sum_line(p, "- disable", sums->disable, "rights off in ZmartBot: no user stands behind them");
    sum_line(p, "= same", sums->rightless, "no user stands behind them, no rights: nothing to do");
    if (sums->losing > 0)
        line(p, "", TUI_WARN,
             zm_arena_printf(&p->texts,
                             "%s of them LOSE%s a tier or a right the moment it is "
                             "applied.",
                             number(p, sums->losing), sums->losing == 1 ? "S" : ""));
    if (p->work->slow)
        line(p, "", TUI_WARN,
             zm_arena_printf(&p->texts,
                             "It takes long: no index %s, so each user costs a read of the table. "
                             "Check (3), item 6, creates it.",
                             p->work->slow));
    line(p, "", TUI_DIM,
         zm_arena_printf(&p->texts,
                         "Each row is read again under locks before it is written; who changed "
                         "since is skipped. Batches of up to %d; it stops at %d errors.",
                         DB_WRITE_BATCH, p->app->conf->stop_errors));
}

static void block(struct plan *p, size_t wanted, const char *why)
{
    p->form.blocked = why;
    p->form.wanted = wanted;
}

static bool is_typed(const struct plan *p, size_t field, int64_t n)
{
    char typed[24];

    snprintf(typed, sizeof(typed), "%lld", (long long)n);
    return p->fields[field].hidden || zm_streq(p->fields[field].edit.text, typed);
}

enum db_plan_size plan_size_of(const struct db_plan_head *head)
{
    if (head->rows > 0 && head->brain_users < 0)
        return DB_PLAN_LARGE;
    return db_plan_size(head->rows, head->brain_users);
}

static void judge(struct plan *p)
{
    const struct db_plan_head *head = &p->head;
    enum db_plan_size size = plan_size_of(head);
    bool is_refused = size == DB_PLAN_MASS || p->work->cannot.kind != ZM_ERR_NONE;

    p->form.blocked = NULL;
    p->form.hint = is_refused ? " Esc goes back to the plan " : NULL;
    p->fields[PLAN_REASON].hidden = is_refused;
    p->fields[PLAN_COUNT].hidden = is_refused || size != DB_PLAN_LARGE;
    p->fields[PLAN_DISABLE].hidden = is_refused || p->work->sums.opt_in == 0;
    if (size == DB_PLAN_EMPTY)
        block(p, PLAN_FIELDS, "There is nothing in this plan");
    else if (p->work->cannot.kind != ZM_ERR_NONE)
        block(p, PLAN_FIELDS, "Nothing of it can be written");
    else if (size == DB_PLAN_MASS)
        block(p, PLAN_FIELDS, "Refused: it would change too many users");
    else if (reason_is_blank(p->fields[PLAN_REASON].edit.text))
        block(p, PLAN_REASON, "A reason is needed");
    else if (!is_typed(p, PLAN_COUNT, head->rows))
        block(p, PLAN_COUNT,
              zm_arena_printf(&p->texts, "Type %lld to apply", (long long)head->rows));
    else if (!is_typed(p, PLAN_DISABLE, p->work->sums.opt_in))
        block(p, PLAN_DISABLE,
              zm_arena_printf(&p->texts, "Type %lld: so many users lose all their rights",
                              (long long)p->work->sums.opt_in));
    if (p->work->cannot.kind != ZM_ERR_NONE)
        line(p, "REFUSED", TUI_BAD,
             zm_arena_printf(&p->texts, "%s: %s. %s", p->work->cannot.where,
                             p->work->cannot.message, p->work->cannot.hint));
    if (size == DB_PLAN_MASS)
        line(p, "REFUSED", TUI_BAD,
             zm_arena_printf(&p->texts,
                             "%s of %s users are more than %d %%: a half-restored database must "
                             "not flatten the other one. If it is meant, save the plan (W) and run "
                             "zmartctl repair --plan FILE --allow-mass.",
                             number(p, head->rows), number(p, head->brain_users),
                             PLAN_MASS_PERCENT));
}

void plan_ask_show(struct plan *p)
{
    zm_arena_reset(&p->texts);
    make_lines(p);
    judge(p);
    snprintf(p->question, sizeof(p->question), "Apply %s row%s? y/N/d",
             app_count(p->app, p->head.rows, false), p->head.rows == 1 ? "" : "s");
    p->form.question = p->question;
    p->form.answers = "yd";
}

void plan_ask(struct plan *p)
{
    struct app *app = p->app;

    p->stage = PLAN_ASKING;
    snprintf(p->title, sizeof(p->title), "Apply plan %.8s: %s row%s%s", p->head.id,
             app_count(app, p->head.rows, false), p->head.rows == 1 ? "" : "s",
             p->work->all_lines == p->head.rows
                 ? ""
                 : zm_arena_printf(&app->frame, ", %s changes",
                                   app_count(app, p->work->all_lines, false)));
    app_about(app, p->about, sizeof(p->about));
    snprintf(p->count_label, sizeof(p->count_label), "Type %lld", (long long)p->head.rows);
    snprintf(p->disable_label, sizeof(p->disable_label), "Type %lld",
             (long long)p->work->sums.opt_in);
    p->fields[PLAN_REASON] = (struct tui_field){
        .kind = TUI_FIELD_TEXT, .label = "Reason", .text = "who asked for it, which ticket"};
    if (plan_size_of(&p->head) == DB_PLAN_SMALL && p->work->sums.opt_in == 0) {
        snprintf(p->suggestion, sizeof(p->suggestion), "drift, plan %.8s", p->head.id);
        p->fields[PLAN_REASON].suggested = true;
        tui_edit_set(&p->fields[PLAN_REASON].edit, p->suggestion);
    }
    p->fields[PLAN_COUNT] = (struct tui_field){
        .kind = TUI_FIELD_TEXT, .label = p->count_label, .text = "so many users are changed"};
    p->fields[PLAN_DISABLE] = (struct tui_field){
        .kind = TUI_FIELD_TEXT, .label = p->disable_label, .text = "so many lose all their rights"};
    p->form = (struct tui_form){.title = p->title,
                                .badge = app->conf->label,
                                .about = p->about,
                                .fields = p->fields,
                                .n_fields = PLAN_FIELDS,
                                .lines = p->lines};
    plan_ask_show(p);
    tui_form_start(&p->form);
    tui_flush_input(app->tui);
}
