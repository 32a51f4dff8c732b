/*
 * The cells of the lists of classes and rows. Draws from state only.
 */
#include "screens/sync_state.h"

#include "screens/json_drift.h"
#include "zm/str.h"

#define ID_CELLS 36

enum class_column { CLASS_SIGN, CLASS_TITLE, CLASS_COUNT, CLASS_DOES, CLASS_RISK, CLASS_PLAN };
enum row_column { ROW_SIGN, ROW_IN, ROW_USER, ROW_BRAIN, ROW_BOT, ROW_WRITER };

// clang-format off
static const struct tui_column class_columns[SYNC_CLASS_COLUMNS] = {
    {"",           1, 0, 9, TUI_LEFT,  CLASS_SIGN},
    {"CLASS",     20, 1, 8, TUI_LEFT,  CLASS_TITLE},
    {"COUNT",      7, 0, 7, TUI_RIGHT, CLASS_COUNT},
    {"DIRECTION", 13, 0, 3, TUI_LEFT,  CLASS_DOES},
    {"RISK",       4, 0, 4, TUI_LEFT,  CLASS_RISK},
    {"PLAN",      10, 0, 6, TUI_LEFT,  CLASS_PLAN},
};
static const struct tui_column row_columns[SYNC_ROW_COLUMNS] = {
    {"",             1, 0, 9, TUI_LEFT, ROW_SIGN},
    {"",             1, 0, 8, TUI_LEFT, ROW_IN},
    {"USER",        22, 2, 7, TUI_LEFT, ROW_USER},
    {"BRAIN",        8, 1, 6, TUI_LEFT, ROW_BRAIN},
    {"BOT",          9, 1, 5, TUI_LEFT, ROW_BOT},
    {"LAST WRITER", 11, 0, 3, TUI_LEFT, ROW_WRITER},
};

/* What the plan does, in a word, and how bad it is while it stays. */
static const struct {
    const char *does;
    bool high;
    const char *brief; /* its title where there is little room; NULL: the same */
} words[DB_CLASSES] = {
    [DB_CLASS_TIER_DIFFERS]         = {"Brain -> Bot", false, NULL},
    [DB_CLASS_EMAIL_DIFFERS]        = {"Brain -> Bot", false, NULL},
    [DB_CLASS_MISSING_IN_BOT]       = {"create", false, NULL},
    [DB_CLASS_MISSING_PROFILE]      = {"create (free)", false, NULL},
    [DB_CLASS_FLAGS_EXCEED_TIER]    = {"right off", true, "rights > tier"},
    [DB_CLASS_DELETED_IN_BRAIN]     = {"disable, keep", true, "deleted, has rights"},
    [DB_CLASS_ORPHAN_IN_BOT]        = {"disable, keep", true, "orphan in Bot"},
    [DB_CLASS_DUPLICATE_IN_BOT]     = {"human decides", true, "duplicate in Bot"},
    [DB_CLASS_DUPLICATE_PROFILE]    = {"human decides", true, "duplicate profile"},
    [DB_CLASS_INVALID_TIER]         = {"human decides", true, "invalid tier"},
    [DB_CLASS_SUBSCRIPTION_DIFFERS] = {"human decides", false, "subscription <> tier"},
    [DB_CLASS_NO_EMAIL]             = {"-", false, "no e-mail"},
};
// clang-format on

/* ---- signs ---- */

char sync_sign(const struct sync_user *user, enum db_class class)
{
    return user->human & DB_CLASS_BIT(class) ? '!' : db_class_row(class)->sign;
}

unsigned sync_sign_style(char sign)
{
    return sign == '!'   ? TUI_BAD
           : sign == '-' ? TUI_WARN
           : sign == '+' ? TUI_GOOD
           : sign == '~' ? TUI_INFO
                         : TUI_DIM;
}

static const char *sign_text(char sign)
{
    static const char *const texts[] = {"~", "+", "-", "!", "="};
    size_t i;

    for (i = 0; i < ZM_COUNT(texts); i++)
        if (texts[i][0] == sign)
            return texts[i];
    return "?";
}

/* ---- classes ---- */

static const char *plan_of(const struct sync *s, enum db_class class, unsigned *style)
{
    enum db_mend mend = db_class_row(class)->mend;
    int64_t all = s->found->result.classes[class], in = sync_count_in(&s->choices, s->found, class);

    *style = TUI_DIM;
    if (mend == DB_MEND_INFO)
        return "-";
    if (mend == DB_MEND_HUMAN)
        return "never";
    if (in == 0 && mend == DB_MEND_OPT_IN)
        return "opt-in (i)";
    if (in == 0)
        return "left out";
    *style = mend == DB_MEND_OPT_IN ? TUI_WARN : TUI_GOOD;
    if (in == all)
        return "included";
    return zm_arena_printf(&s->app->frame, "%s of %s", app_count(s->app, in, false),
                           app_count(s->app, all, false));
}

/* Where the shapes cannot show all of them, what was found is the least. */
static const char *count_of(struct sync *s, enum db_class class, int64_t n)
{
    bool known = !(s->found->result.unknown & DB_CLASS_BIT(class));

    return known || n > 0 ? zm_arena_printf(&s->app->frame, "%s%s", app_count(s->app, n, false),
                                            known ? "" : "+")
                          : "?";
}

/* Where the whole title would be cut, the brief one: the pane of rows has it. */
static const char *title_of(const struct sync *s, enum db_class class)
{
    const char *title = db_class_row(class)->title;

    return (int)strlen(title) <= s->title_cells || !words[class].brief ? title : words[class].brief;
}

int sync_share_classes(struct sync *s)
{
    struct tui_column *plan = &s->class_columns[CLASS_PLAN];
    unsigned style;
    size_t i;

    memcpy(s->class_columns, class_columns, sizeof(class_columns));
    for (i = 0; i < s->n_shown; i++) {
        int cells = (int)strlen(plan_of(s, s->shown[i], &style));

        plan->min = cells > plan->min ? cells : plan->min;
    }
    return plan->min - class_columns[CLASS_PLAN].min;
}

void sync_measure_titles(struct sync *s, struct tui_box box)
{
    s->title_cells = tui_table_column_at(&s->classes, box, CLASS_COUNT) - 1 -
                     tui_table_column_at(&s->classes, box, CLASS_TITLE);
}

void sync_class_cell(void *context, size_t i, int column, struct tui_cell *ret)
{
    struct sync *s = context;
    enum db_class class = s->shown[i];
    const struct db_class_row *row = db_class_row(class);
    int64_t n = s->found->result.classes[class];
    unsigned style = n > 0 ? TUI_TEXT : TUI_DIM;

    switch (column) {
    case CLASS_SIGN:
        ret->text = sign_text(row->sign);
        style = n > 0 ? sync_sign_style(row->sign) : TUI_DIM;
        break;
    case CLASS_TITLE:
        ret->text = title_of(s, class);
        break;
    case CLASS_COUNT:
        ret->text = count_of(s, class, n);
        style = n > 0 && row->mend != DB_MEND_INFO ? TUI_STRONG : TUI_DIM;
        break;
    case CLASS_DOES:
        ret->text = n > 0 ? words[class].does : "-";
        style = TUI_DIM;
        break;
    case CLASS_RISK:
        ret->text = n == 0 || row->mend == DB_MEND_INFO ? "-" : words[class].high ? "HIGH" : "low";
        style = n > 0 && words[class].high ? TUI_BAD : TUI_DIM;
        break;
    default:
        ret->text = n > 0 ? plan_of(s, class, &style) : "-";
        break;
    }
    ret->style = (enum tui_style)style;
}

/* ---- rows ---- */

const char *sync_writer(struct app *app, const struct sync_user *user)
{
    const char *brain = user->both.profile_updated_at, *bot = user->both.bot_updated_at, *at;
    bool by_bot = bot && (!brain || db_time_is_later(bot, brain));
    char iso[40];

    at = app_time(app, json_drift_time(by_bot ? bot : brain, iso, sizeof(iso)), true);
    if (!at[0])
        return "-";
    return zm_arena_printf(&app->frame, "%s %.5s%s", by_bot ? "BOT" : "Brain", at,
                           user->bot_newer ? " !" : "");
}

static const char *count_text(struct sync *s, int64_t n, const char *what)
{
    return zm_arena_printf(&s->app->frame, "%s %s", app_count(s->app, n, false), what);
}

/* Who has no e-mail is told by an id: it is whole before tiers and rights get more than they need.
 */
void sync_share_rows(struct sync *s, int cols)
{
    struct tui_column *user = &s->row_columns[ROW_USER];
    int spare = cols - SYNC_ROW_COLUMNS - 1, longest = 0; /* margin, and blanks between */
    size_t i;

    memcpy(s->row_columns, row_columns, sizeof(row_columns));
    for (i = 0; i < SYNC_ROW_COLUMNS; i++)
        spare -= row_columns[i].min;
    for (i = 0; i < s->n_list && s->listed != DB_CLASS_EMAIL_DIFFERS; i++) {
        int cells = (int)strlen(sync_name(&s->list[i]->both));

        longest = cells > longest ? cells : longest;
    }
    longest = longest > ID_CELLS ? ID_CELLS : longest;
    if (spare > 0 && longest > user->min)
        user->min += spare < longest - user->min ? spare : longest - user->min;
}

const char *sync_text(struct app *app, const char *text)
{
    return app_value(app, zm_quoted(&app->frame, text));
}

const char *sync_email(struct app *app, const struct db_both *both, enum db_side side)
{
    if (side == DB_BOT && both->lacks & DB_LACKS_BOT_EMAIL)
        return "?";
    return sync_text(app, side == DB_BRAIN ? both->email : both->bot_email);
}

const char *sync_tier(struct app *app, const struct db_both *both, enum db_side side)
{
    const char *tier = side == DB_BRAIN ? both->tier : both->bot_tier;

    if (both->lacks & (side == DB_BRAIN ? DB_LACKS_TIER : DB_LACKS_BOT_TIER))
        return "?";
    return sync_text(app, tier);
}

/* What the class is about, of Brain's half. */
static const char *brain_cell(struct sync *s, const struct db_both *both, enum db_class class)
{
    switch (class) {
    case DB_CLASS_EMAIL_DIFFERS:
        return sync_email(s->app, both, DB_BRAIN);
    case DB_CLASS_DUPLICATE_PROFILE:
        return count_text(s, both->profiles, "rows");
    case DB_CLASS_SUBSCRIPTION_DIFFERS:
        return zm_arena_printf(
            &s->app->frame, "%.12s/%.12s",
            both->profiles ? app_tier(sync_tier(s->app, both, DB_BRAIN)) : "-",
            both->subscriptions ? app_tier(sync_text(s->app, both->subscription_tier)) : "none");
    case DB_CLASS_INVALID_TIER:
    case DB_CLASS_TIER_DIFFERS:
    case DB_CLASS_FLAGS_EXCEED_TIER:
        return both->profiles ? app_tier(sync_tier(s->app, both, DB_BRAIN)) : "no row";
    default:
        return !both->login     ? "no login"
               : both->deleted  ? "deleted"
               : both->profiles ? app_tier(sync_tier(s->app, both, DB_BRAIN))
                                : "no row";
    }
}

static const char *rights_text(const struct db_both *both)
{
    return both->trading_enabled < 0 && both->api_access < 0     ? "?"
           : both->trading_enabled == 1 && both->api_access == 1 ? "trd, api"
           : both->trading_enabled == 1                          ? "trading"
           : both->api_access == 1                               ? "api"
                                                                 : "none";
}

static const char *bot_cell(struct sync *s, const struct db_both *both, enum db_class class)
{
    switch (class) {
    case DB_CLASS_EMAIL_DIFFERS:
        return sync_email(s->app, both, DB_BOT);
    case DB_CLASS_DUPLICATE_IN_BOT:
        return count_text(s, both->traders, "rows");
    case DB_CLASS_FLAGS_EXCEED_TIER:
    case DB_CLASS_DELETED_IN_BRAIN:
    case DB_CLASS_ORPHAN_IN_BOT:
        return rights_text(both);
    default:
        return both->traders ? app_tier(sync_tier(s->app, both, DB_BOT)) : "-";
    }
}

void sync_row_cell(void *context, size_t i, int column, struct tui_cell *ret)
{
    struct sync *s = context;
    const struct sync_user *user = s->list[i];
    unsigned style = TUI_TEXT;
    bool in = sync_is_in(&s->choices, user, s->listed);
    char sign = sync_sign(user, s->listed);

    switch (column) {
    case ROW_SIGN:
        ret->text = sign_text(sign);
        style = sync_sign_style(sign);
        break;
    case ROW_IN:
        ret->text = in ? "*" : "";
        style = TUI_GOOD;
        break;
    case ROW_USER:
        ret->text = sync_name(&user->both);
        ret->id = json_drift_email(&user->both) ? user->both.id : NULL; /* else it is the text */
        style = in || db_class_row(s->listed)->mend == DB_MEND_HUMAN ? TUI_TEXT : TUI_DIM;
        break;
    case ROW_BRAIN:
        ret->text = brain_cell(s, &user->both, s->listed);
        break;
    case ROW_BOT:
        ret->text = bot_cell(s, &user->both, s->listed);
        break;
    default:
        ret->text = sync_writer(s->app, user);
        style = user->bot_newer ? TUI_BAD : TUI_DIM;
        break;
    }
    ret->style = (enum tui_style)style;
}
