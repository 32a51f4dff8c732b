/*
 * `f`: mends one user. How he differs is read from both primaries first; the change is an ordinary
 * edit with what was read as seen. What a person has to decide is said, and left alone.
 */
#include "screens/edit_state.h"

#include "db/compare.h"
#include "db/repair.h"
#include "zm/str.h"

/* ---- in the lane ---- */

static bool take(void *context, const struct db_drift *drift)
{
    struct edit_job *j = context;
    struct db_plan_row row = {.classes = drift->classified->classes, .seen = *drift->both};

    if (!j->drift.seen.id)
        db_plan_row_keep(&j->arena, &row, &j->drift);
    if (drift->mend == DB_MEND_HUMAN)
        j->drift.human |= DB_CLASS_BIT(drift->class);
    return true;
}

bool edit_repair_look(struct db_session *session, struct edit_job *j, struct zm_error *err)
{
    const struct db_compare compare = {.scan = session,
                                       .primary = session,
                                       .policy = j->terms.policy,
                                       .classes = DB_CLASS_ALL,
                                       .found = take,
                                       .context = j};
    struct db_compare_result result;
    const char *id = j->id;

    memset(&j->drift, 0, sizeof(j->drift));
    return db_compare_users(&compare, &id, 1, &result, err);
}

/* ---- the dialog ---- */

static void open(struct edit *e)
{
    edit_add_reason(e);
}

static void want(struct edit *e)
{
    char run[37];

    db_request_new(run);
    if (!db_repair_edit(&e->drift, run, NULL, &e->edit))
        zm_copy(e->edit.user_id, sizeof(e->edit.user_id), e->id);
}

unsigned edit_repair_classes(const struct edit *e)
{
    unsigned c, ret = 0;

    for (c = 0; c < DB_CLASSES; c++) {
        enum db_mend mend = db_class_row((enum db_class)c)->mend;

        if (c != DB_CLASS_ORPHAN_IN_BOT && (mend == DB_MEND_SAFE || mend == DB_MEND_OPT_IN))
            ret |= DB_CLASS_BIT(c);
    }
    return ret & e->drift.classes & ~e->drift.human;
}

const struct edit_kind edit_repair = {
    .title = "Mend",
    .guard = GUARD_WRITE,
    .question = "Mend it? y/N/d",
    .answers = "yd",
    .open = open,
    .want = want,
    .unchanged = "It is as it should be already.",
};

static const char *value(struct app *app, const char *text)
{
    return app_line(app, app_value(app, text));
}

/* Between what a person decides, and how he does. */
static const char *choice_of(const struct edit *e, unsigned class)
{
    const struct db_both *seen = &e->drift.seen;
    struct app *app = e->app;

    switch (class) {
    case DB_CLASS_INVALID_TIER:
        return zm_arena_printf(&app->frame, " Brain %.40s, Bot %.40s; t sets the tier in both.",
                               value(app, seen->tier), value(app, seen->bot_tier));
    case DB_CLASS_SUBSCRIPTION_DIFFERS:
        return zm_arena_printf(&app->frame,
                               " Tier %.40s, subscription %.40s; t sets the tier, and what he "
                               "subscribes to with it.",
                               value(app, seen->tier), value(app, seen->subscription_tier));
    case DB_CLASS_DUPLICATE_IN_BOT:
    case DB_CLASS_DUPLICATE_PROFILE:
        return zm_arena_printf(
            &app->frame, " %lld rows, which his screen shows; none is deleted from here.",
            (long long)(class == DB_CLASS_DUPLICATE_IN_BOT ? seen->traders : seen->profiles));
    default:
        return "";
    }
}

/* What stands in the way of mending by itself, a line each. */
static void tell_human(const struct edit *e, struct zm_buf *ret)
{
    unsigned c;

    for (c = 0; c < DB_CLASSES; c++) {
        const struct db_class_row *row = db_class_row((enum db_class)c);

        if (!(e->drift.human & DB_CLASS_BIT(c)))
            continue;
        if (c == DB_CLASS_TIER_DIFFERS)
            zm_buf_printf(ret,
                          "\n! Bot's row is newer and has more rights than Brain's. %s. t sets "
                          "the tier in both; i on Sync puts this row into a plan.",
                          app_newer_text(e->app));
        else
            zm_buf_printf(ret, "\n! %s: %s.%s", row->title, row->repair, choice_of(e, c));
    }
}

static void tell_classes(struct edit *e)
{
    size_t used = strlen(e->about);
    unsigned c;

    for (c = 0; c < DB_CLASSES && used < sizeof(e->about); c++) {
        const struct db_class_row *row = db_class_row((enum db_class)c);

        if (e->drift.classes & DB_CLASS_BIT(c))
            used +=
                (size_t)snprintf(e->about + used, sizeof(e->about) - used, "\n%c %s",
                                 e->drift.human & DB_CLASS_BIT(c) ? '!' : row->sign, row->title);
    }
}

/* The drift is the reason; whoever has another one types it. */
static void suggest(struct edit *e)
{
    unsigned c, mended = e->drift.classes & ~e->drift.human;
    bool typed = e->suggestion != NULL;

    for (c = 0; c < DB_CLASSES && !typed; c++)
        if ((mended ? mended : e->drift.classes) & DB_CLASS_BIT(c))
            e->suggestion =
                zm_arena_printf(&e->arena, "%s%s%s", e->suggestion ? e->suggestion : "drift: ",
                                e->suggestion ? ", " : "", db_class_row((enum db_class)c)->title);
}

void edit_repair_loaded(struct edit *e, struct edit_job *job)
{
    struct zm_buf human = {.s = NULL};
    struct db_edit probe;
    char text[700];

    if (!job->base.ok) {
        edit_notice(e, "Cannot look", zm_error_line(&job->base.err, text, sizeof(text)), false);
        return;
    }
    if (!job->drift.seen.id || job->page.n == 0) {
        edit_notice(e, "Nothing to mend", "= Both databases agree about this user.", false);
        return;
    }
    db_plan_row_keep(&e->arena, &job->drift, &e->drift);
    tell_human(e, &human);
    if (!db_repair_edit(&e->drift, e->id, NULL, &probe)) {
        zm_buf_printf(&human, "%s", human.len ? "" : "\nNothing in it can be mended.");
        edit_notice(e, "A person has to decide", human.s + 1, false);
    } else {
        tell_classes(e);
        suggest(e);
        edit_see(e, &job->page.users[0]);
        edit_ask(e);
    }
    zm_buf_done(&human);
}
