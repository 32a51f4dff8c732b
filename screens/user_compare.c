/*
 * Both halves of a user line by line on wide terminals: what is the same, what differs and how.
 */
#include "screens/user_state.h"

#include "zm/str.h"

/* "pro -> free" when they differ, else the one value. */
static void pair_line(struct user_lines *lines, const char *label, const char *brain,
                      const char *bot, bool known)
{
    struct app *app = lines->app;
    bool same = zm_streq(brain, bot);
    struct user_line line = {.label = label, .sign = !known ? '?' : same ? '=' : '~'};

    line.value = !known ? "unknown"
                 : same ? app_value(app, brain)
                        : zm_arena_printf(&app->frame, "%s -> %s", app_value(app, brain),
                                          app_value(app, bot));
    line.style = !known || same ? TUI_DIM : TUI_STRONG;
    user_line(lines, &line);
}

static void rows_line(const struct user *u, struct user_lines *lines)
{
    size_t brain = u->brain.part[DB_UB_PROFILES].rows.n, bot = u->bot.part[DB_UT_TRADERS].rows.n;
    bool known = u->side[DB_BRAIN].known && u->side[DB_BOT].known && u->record.profile_known &&
                 u->record.bot_known;
    char sign = !known ? '?' : brain > 1 || bot > 1 ? '!' : brain == bot ? '=' : '+';

    user_line(lines, &(struct user_line){.label = "profiles",
                                         .value = known ? zm_arena_printf(&lines->app->frame,
                                                                          "%zu : %zu", brain, bot)
                                                        : "unknown",
                                         .style = sign == '=' ? TUI_DIM : TUI_STRONG,
                                         .sign = sign});
}

static void subscription_line(const struct user *u, struct user_lines *lines)
{
    const struct db_user *r = &u->record;
    const char *tier = r->profile ? r->profile->tier : NULL;
    bool known = u->side[DB_BRAIN].known && r->active_known && r->profile_known, same;

    same = r->active ? zm_streq(r->active->tier, tier) : zm_streq(tier, "free");
    user_line(lines,
              &(struct user_line){.label = "subscr.",
                                  .value = !known      ? "unknown"
                                           : r->active ? app_value(lines->app, r->active->tier)
                                                       : "none active",
                                  .style = same ? TUI_DIM : TUI_STRONG,
                                  .sign = !known ? '?'
                                          : same ? '='
                                                 : '!'});
}

static void keys_line(const struct user *u, struct user_lines *lines)
{
    const struct db_keys *k = u->record.keys;

    if (!u->side[DB_BOT].known || !u->record.keys_known)
        return;
    user_line(lines, &(struct user_line){.label = "API keys",
                                         .value = zm_arena_printf(&lines->app->frame,
                                                                  "%lld of %lld active",
                                                                  k ? (long long)k->active : 0LL,
                                                                  k ? (long long)k->total : 0LL),
                                         .style = TUI_DIM});
}

void user_compare_draw(const struct user *u, struct user_lines *lines)
{
    const struct db_user *r = &u->record;
    bool known = u->side[DB_BRAIN].known && u->side[DB_BOT].known && r->brain_known && r->bot_known;

    user_line(lines, &(struct user_line){.label = "sync",
                                         .value = known ? db_sync_key(r->sync) : "unknown",
                                         .style = r->sync == DB_SYNC_SYNCED ? TUI_GOOD : TUI_WARN,
                                         .sign = known ? db_sync_sign(r->sync) : '?'});
    pair_line(lines, "email", r->login ? zm_text(r->login->email) : NULL,
              r->trader ? zm_text(r->trader->email) : NULL, known);
    pair_line(lines, "tier", r->profile ? r->profile->tier : NULL,
              r->trader ? r->trader->tier : NULL, known && r->profile_known);
    subscription_line(u, lines);
    rows_line(u, lines);
    keys_line(u, lines);
}
