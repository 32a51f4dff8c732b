/*
 * What a row of a plan would do, in words, and its SQL. Pure: reads no file and no database.
 */
#include "screens/plan_state.h"

#include <stdlib.h>

#include "screens/json_drift.h"
#include "zm/str.h"

#define ARROW 4 /* " -> " */
#define KEPT 4  /* cells of what two values begin with, where the rest of that is cut */

enum column { COL_SIGN, COL_USER, COL_WHAT, COL_CHANGE, COL_LOSES };

// clang-format off
const struct tui_column plan_columns[] = {
    {"",        1, 0, 9, TUI_LEFT, COL_SIGN},
    {"USER",   24, 1, 8, TUI_LEFT, COL_USER},
    {"WHAT",   10, 0, 5, TUI_LEFT, COL_WHAT},
    {"CHANGE", 18, 2, 7, TUI_LEFT, COL_CHANGE},
    {"",       17, 0, 6, TUI_LEFT, COL_LOSES},
};
// clang-format on
const size_t plan_n_columns = ZM_COUNT(plan_columns);

static int rank(const char *tier)
{
    int i;

    for (i = 0; db_tiers[i]; i++)
        if (zm_streq(db_tiers[i], tier))
            return i;
    return -1;
}

static const char *shown(struct zm_arena *arena, const char *text)
{
    return text ? zm_quoted(arena, text) : "NULL";
}

/* To the tier that Brain has, or gets with its profile. */
static void tier_line(struct zm_arena *arena, const struct db_both *both, struct plan_line *ret)
{
    const char *tier = both->profiles ? both->tier : db_tiers[0];

    ret->what = "Bot.tier";
    ret->change =
        zm_arena_printf(arena, "%s -> %s", shown(arena, both->bot_tier), shown(arena, tier));
    if (rank(both->bot_tier) > rank(tier))
        ret->loses = zm_arena_printf(arena, "LOSES %.12s NOW", app_tier(both->bot_tier));
}

/* tier NULL: no tier gives any right. */
static void rights_line(const struct db_policy *policy, const struct db_both *both,
                        const char *tier, struct plan_line *ret)
{
    bool trading = both->trading_enabled == 1 && !db_policy_has(policy->trading_tiers, tier);
    bool api = both->api_access == 1 && !db_policy_has(policy->api_tiers, tier);

    ret->what = "Bot.rights";
    if (trading || api) {
        ret->change = trading && api ? "trading, api -> off"
                      : api          ? "api -> off"
                                     : "trading -> off";
        ret->loses = trading ? "STOPS TRADING NOW" : "LOSES api NOW";
    } else if (both->trading_enabled == 0 && both->api_access == 0) {
        ret->change = "none: nothing to do";
    } else { /* an older shape, or NULL */
        ret->change = "not known -> off";
    }
}

static void describe(struct zm_arena *arena, const struct db_policy *policy,
                     const struct db_both *both, enum db_class class, struct plan_line *ret)
{
    switch (class) {
    case DB_CLASS_TIER_DIFFERS:
        tier_line(arena, both, ret);
        break;
    case DB_CLASS_EMAIL_DIFFERS:
        ret->what = "Bot.email";
        ret->change = zm_arena_printf(arena, "%s -> %s", shown(arena, both->bot_email),
                                      shown(arena, both->email));
        break;
    case DB_CLASS_MISSING_IN_BOT:
        ret->what = "Bot";
        ret->change = zm_arena_printf(arena, "create, %s, rights off",
                                      both->profiles ? shown(arena, both->tier) : "free");
        break;
    case DB_CLASS_MISSING_PROFILE:
        ret->what = "Brain";
        ret->change = "create the profile, free";
        break;
    case DB_CLASS_FLAGS_EXCEED_TIER:
        rights_line(policy, both, both->profiles ? both->tier : "free", ret);
        break;
    default:
        rights_line(policy, both, NULL, ret);
        break;
    }
}

/* Bot takes the tier of a profile that is made (db/decide.c); whose profile is missing has no other
 * tier that differs, so that there is room for this line. */
static bool takes_made_tier(const struct db_policy *policy, const struct db_both *both)
{
    return both->traders == 1 && !(both->lacks & DB_LACKS_BOT_TIER) &&
           db_class_knows_tier(policy, both->bot_tier) && !zm_streq(both->bot_tier, db_tiers[0]);
}

size_t plan_lines_of(struct zm_arena *arena, const struct db_policy *policy,
                     const struct db_plan_row *row, struct plan_line ret[DB_CLASSES])
{
    size_t n = 0;
    unsigned c;

    for (c = 0; c < DB_CLASSES; c++) {
        const struct db_class_row *class = db_class_row((enum db_class)c);

        if (!(row->classes & ~row->human & DB_CLASS_BIT(c)) ||
            (class->mend != DB_MEND_SAFE && class->mend != DB_MEND_OPT_IN))
            continue;
        ret[n] = (struct plan_line){
            .sign = class->sign,
            .opt_in = class->mend == DB_MEND_OPT_IN,
            .who = json_drift_email(&row->seen) ? json_drift_email(&row->seen) : row->seen.id,
            .change = "",
            .loses = "",
            .row = *row};
        describe(arena, policy, &row->seen, (enum db_class)c, &ret[n++]);
        if (c == DB_CLASS_MISSING_PROFILE && takes_made_tier(policy, &row->seen)) {
            ret[n] = ret[n - 1];
            ret[n].sign = '~';
            tier_line(arena, &row->seen, &ret[n++]);
        }
    }
    return n;
}

void plan_sums_add(struct plan_sums *sums, const struct plan_line *lines, size_t n)
{
    bool opt_in = false, losing = false;
    size_t i;

    for (i = 0; i < n; i++) {
        const char *what = lines[i].what;

        if (lines[i].opt_in && !db_plan_row_disables(&lines[i].row))
            sums->rightless++;
        else if (lines[i].opt_in)
            sums->disable++;
        else if (lines[i].sign == '+')
            (*(zm_streq(what, "Brain") ? &sums->create_brain : &sums->create_bot))++;
        else
            (*(zm_streq(what, "Bot.tier")    ? &sums->tier
               : zm_streq(what, "Bot.email") ? &sums->email
                                             : &sums->rights))++;
        opt_in = opt_in || (lines[i].opt_in && db_plan_row_disables(&lines[i].row));
        losing = losing || lines[i].loses[0];
    }
    sums->opt_in += opt_in;
    sums->losing += losing;
}

/* ---- SQL ---- */

/* The row as the protocol would read it, if nothing changes until then. */
static void now_of(const struct db_both *both, struct db_now *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->brain_known = ret->bot_known = true;
    ret->has_login = both->login;
    ret->is_deleted = both->deleted;
    ret->email = both->email;
    ret->profiles = (long)both->profiles;
    ret->traders = (long)both->traders;
    ret->profile_id = both->profiles == 1 ? "(its id)" : NULL;
    ret->trader_id = both->traders == 1 ? "(its id)" : NULL;
    if (both->profiles)
        db_values_set(&ret->values, DB_ITEM_TIER, both->tier);
    if (!both->traders)
        return;
    db_values_set(&ret->values, DB_ITEM_BOT_TIER, both->bot_tier);
    db_values_set(&ret->values, DB_ITEM_BOT_EMAIL, both->bot_email);
    db_values_set_flag(&ret->values, DB_ITEM_TRADING, both->trading_enabled);
    db_values_set_flag(&ret->values, DB_ITEM_API, both->api_access);
}

char *plan_row_sql(const struct db_policy *policy, const struct db_plan_row *row)
{
    struct zm_buf sql = {.s = NULL};
    struct db_decision decision;
    struct db_edit edit;
    struct db_now now;

    memset(&edit, 0, sizeof(edit));
    if (!db_repair_edit(row, "00000000-0000-4000-8000-000000000000", "(the reason)", &edit))
        return zm_strdup("Nothing in this row can be mended by a statement: a person has to "
                         "decide.");
    now_of(&row->seen, &now);
    db_decide(policy, &edit, &now, &decision);
    if (decision.result != DB_RESULT_DONE)
        return zm_strdup(decision.message);
    db_plan_sql(&edit, &now, &decision, &sql);
    return sql.s ? sql.s : zm_strdup("");
}

/* ---- cells ---- */

static size_t alike(const char *a, const char *b)
{
    size_t n = 0;

    while (a[n] && a[n] == b[n])
        n++;
    return n;
}

/* From `skip` on, or from where all of the end can be seen. */
static const char *cut(struct zm_arena *arena, const char *text, size_t skip, size_t cells)
{
    size_t len = strlen(text), room;

    if (len <= cells)
        return text;
    if (skip > len - cells + 1)
        skip = len - cells + 1;
    room = cells - (skip > 0);
    return len - skip <= room
               ? zm_arena_printf(arena, "~%s", text + skip)
               : zm_arena_printf(arena, "%s%.*s~", skip > 0 ? "~" : "", (int)room - 1, text + skip);
}

/* Whether a byte of it is a cell. */
static bool is_ascii(const char *text)
{
    while (*text >= ' ' && *text <= '~')
        text++;
    return !*text;
}

const char *plan_change_text(struct zm_arena *arena, const struct plan_line *line, int cells)
{
    const char *from = shown(arena, line->row.seen.bot_email);
    const char *to = shown(arena, line->row.seen.email);
    size_t room = cells > ARROW ? (size_t)(cells - ARROW) : 0, old = strlen(from);
    size_t new = strlen(to), same = alike(from, to), half = room / 2;

    if (!zm_streq(line->what, "Bot.email") || old + new <= room || room < 2 * KEPT ||
        !is_ascii(line->change))
        return line->change;
    old = old <= half ? old : new <= room - half ? room - new : half;
    same =
        same + KEPT > half ? same - KEPT : 0; /* what is alike goes where more would not be seen */
    return zm_arena_printf(arena, "%s -> %s", cut(arena, from, same, old),
                           cut(arena, to, same, room - old));
}

void plan_share_columns(struct plan *p, struct tui_box box)
{
    int at, next;

    p->table.hidden = p->work->sums.losing > 0 ? 0 : 1u << COL_LOSES;
    at = tui_table_column_at(&p->table, box, COL_CHANGE);
    next = tui_table_column_at(&p->table, box, COL_LOSES);
    p->change_cells = (next < 0 ? box.cols : next - 1) - at;
    p->over_cells = box.cols - at;
}

void plan_cell(void *context, size_t i, int column, struct tui_cell *ret)
{
    static const char *const signs[] = {"~", "+", "-"};
    const struct plan *p = context;
    const struct plan_line *line = &p->work->lines[i];
    unsigned style = TUI_TEXT;
    size_t s;

    switch (column) {
    case COL_SIGN:
        ret->text = "?";
        for (s = 0; s < ZM_COUNT(signs); s++)
            if (signs[s][0] == line->sign)
                ret->text = signs[s];
        style = sync_sign_style(line->sign);
        break;
    case COL_USER:
        ret->text = line->who;
        ret->id = line->row.seen.id;
        break;
    case COL_WHAT:
        ret->text = line->what;
        style = TUI_DIM;
        break;
    case COL_CHANGE:
        ret->text = plan_change_text(&p->app->frame, line,
                                     line->loses[0] ? p->change_cells : p->over_cells);
        ret->over = true;
        style = TUI_STRONG;
        break;
    default:
        ret->text = line->loses;
        style = TUI_WARN;
        break;
    }
    ret->style = (enum tui_style)style;
}
