/*
 * What is known of a user, value by value and of both halves: what the pane draws and what the text
 * says. Draws nothing.
 */
#include "screens/json_drift.h"
#include "screens/sync_state.h"
#include "tui/text.h"
#include "zm/str.h"

#define NO_ROW "-"

/* ---- what a value is ---- */

static const char *login_text(struct app *app, const struct db_both *both, int cells)
{
    char iso[40];
    const char *at;

    if (!both->login)
        return "none";
    if (!both->deleted)
        return "yes";
    at = app_time(app, json_drift_time(both->deleted_at, iso, sizeof(iso)), cells > 0);
    return app_line(app, zm_arena_printf(&app->frame, at[0] ? "deleted %s" : "deleted%s", at));
}

static const char *rows_text(struct app *app, int64_t n)
{
    return n == 0 ? "none"
                  : zm_arena_printf(&app->frame, "%s row%s", app_count(app, n, false),
                                    n == 1 ? "" : "s");
}

static const char *right(const struct db_both *both, db_maybe value)
{
    return !both->traders ? NO_ROW : value < 0 ? "?" : value ? "on" : "off";
}

static const char *subscription_text(struct app *app, const struct db_both *both)
{
    return !both->subscriptions_known ? "not known"
           : both->subscriptions      ? app_line(app, sync_text(app, both->subscription_tier))
                                      : "none active";
}

/* Where there is no room for the year it is said without, and without the hour as well. */
static const char *when(struct app *app, const char *text, int cells)
{
    char iso[40];
    const char *at, *utc = json_drift_time(text, iso, sizeof(iso));

    if (!text)
        return NO_ROW;
    at = app_line(app, app_time(app, utc, false));
    if (cells <= 0 || tui_text_cells(at, tui_is_ascii(app->tui)) <= cells)
        return at;
    at = app_line(app, app_time(app, utc, true));
    return tui_text_cells(at, tui_is_ascii(app->tui)) <= cells
               ? at
               : zm_arena_strndup(&app->frame, at, 5);
}

/* ---- both halves ---- */

static char sign_of(bool known, const char *a, const char *b)
{
    return !known ? '?' : zm_streq(a, b) ? '=' : '~';
}

static struct sync_pair tiers(struct app *app, const struct db_both *both)
{
    bool known = !(both->lacks & (DB_LACKS_TIER | DB_LACKS_BOT_TIER));

    return (struct sync_pair){
        "tier", both->profiles ? app_line(app, sync_tier(app, both, DB_BRAIN)) : NO_ROW,
        both->profiles && both->traders ? sign_of(known, both->tier, both->bot_tier) : ' ',
        both->traders ? app_line(app, sync_tier(app, both, DB_BOT)) : NO_ROW};
}

static struct sync_pair emails(struct app *app, const struct db_both *both)
{
    bool known = !(both->lacks & DB_LACKS_BOT_EMAIL);

    return (struct sync_pair){
        "e-mail", both->login ? app_line(app, sync_email(app, both, DB_BRAIN)) : NO_ROW,
        both->login && both->traders
            ? sign_of(known, zm_text(both->email), zm_text(both->bot_email))
            : ' ',
        both->traders ? app_line(app, sync_email(app, both, DB_BOT)) : NO_ROW};
}

void sync_pairs(struct app *app, const struct sync_user *user, int cells,
                struct sync_pair ret[SYNC_PAIRS])
{
    const struct db_both *both = &user->both;
    bool exceed = user->classes &
                  (DB_CLASS_BIT(DB_CLASS_FLAGS_EXCEED_TIER) | DB_CLASS_BIT(DB_CLASS_ORPHAN_IN_BOT) |
                   DB_CLASS_BIT(DB_CLASS_DELETED_IN_BRAIN));

    ret[0] = (struct sync_pair){"login", login_text(app, both, cells), ' ', NULL};
    ret[1] = (struct sync_pair){"profile", rows_text(app, both->profiles),
                                both->profiles == 1 && both->traders == 1 ? '=' : '~',
                                rows_text(app, both->traders)};
    ret[2] = tiers(app, both);
    ret[3] = emails(app, both);
    ret[4] = (struct sync_pair){"trading", "", exceed && both->trading_enabled == 1 ? '~' : ' ',
                                right(both, both->trading_enabled)};
    ret[5] = (struct sync_pair){"api", "", exceed && both->api_access == 1 ? '~' : ' ',
                                right(both, both->api_access)};
    ret[6] = (struct sync_pair){"subscr.", subscription_text(app, both), ' ', NULL};
    ret[7] = (struct sync_pair){"written", when(app, both->profile_updated_at, cells), ' ',
                                when(app, both->bot_updated_at, cells)};
}

int sync_half_cells(int cols)
{
    int cells = (cols - SYNC_LABEL - SYNC_SIGN - 1) / 2;

    return cells < 1 ? 1 : cells;
}

bool sync_pair_fits(struct app *app, const struct sync_pair *pair, int brain, int bot)
{
    bool ascii = tui_is_ascii(app->tui);

    return pair->bot && tui_text_cells(pair->brain, ascii) <= brain &&
           tui_text_cells(pair->bot, ascii) <= bot;
}

const char *sync_oldest_text(struct app *app, const struct db_both *both)
{
    if (both->profiles <= 1 && both->traders <= 1)
        return NULL;
    return zm_arena_printf(
        &app->frame,
        "%s several rows: these are the values of the oldest. Enter on the row shows all.",
        both->profiles <= 1  ? "Bot has"
        : both->traders <= 1 ? "Brain has"
                             : "Both have");
}
