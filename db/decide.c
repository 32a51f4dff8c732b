/*
 * The rules of a write: what an edit may do to a user as he is. Pure; knows no connection. That a
 * tier change never gives a right and takes those away that the new tier does not give is design
 * section 4.
 */
#include "db/decide.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "db/classes.h"
#include "zm/str.h"

const char *const db_tiers[] = {"free", "pro", "enterprise", NULL};

struct judge {
    const struct db_policy *policy;
    const struct db_edit *edit;
    const struct db_now *now;
    struct db_decision *ret;
};

bool db_tier_is_known(const char *tier)
{
    return db_policy_has(db_tiers, tier);
}

static bool wants(const struct db_edit *edit, enum db_item item)
{
    return edit->want.known[item];
}

static bool wants_on(const struct db_edit *edit, enum db_item item)
{
    return db_values_is_on(&edit->want, item);
}

bool db_edit_needs_bot(const struct db_edit *edit)
{
    int item;

    if (edit->brain_alone)
        return false;
    for (item = 0; item < DB_ITEMS; item++)
        if (edit->want.known[item] && db_item_row((enum db_item)item)->side == DB_BOT)
            return true;
    return wants(edit, DB_ITEM_TIER) || edit->stop_rest || edit->create_trader ||
           edit->trim_rights || edit->create_profile; /* whose tier Bot takes */
}

bool db_edit_only_disables(const struct db_edit *edit)
{
    int item;

    if (edit->drift) /* what Brain says is part of it */
        return false;
    for (item = 0; item < DB_ITEMS; item++) {
        if (!edit->want.known[item])
            continue;
        if ((item != DB_ITEM_TRADING && item != DB_ITEM_API) || wants_on(edit, (enum db_item)item))
            return false;
    }
    return wants(edit, DB_ITEM_TRADING) || wants(edit, DB_ITEM_API);
}

__attribute__((format(printf, 2, 3))) static bool refuse(const struct judge *j, const char *format,
                                                         ...)
{
    va_list args;

    j->ret->result = DB_RESULT_REFUSED;
    va_start(args, format);
    vsnprintf(j->ret->message, sizeof(j->ret->message), format, args);
    va_end(args);
    return false;
}

static bool needs_profile(const struct db_edit *edit)
{
    return wants(edit, DB_ITEM_TIER) || wants(edit, DB_ITEM_NAME) || wants(edit, DB_ITEM_COUNTRY) ||
           wants(edit, DB_ITEM_COMPLETED) || wants(edit, DB_ITEM_BOT_TIER);
}

static bool check_brain(const struct judge *j)
{
    if (!j->now->brain_known)
        return (db_edit_only_disables(j->edit)) ||
               refuse(j, "ZmartyBrain is away: only rights can be taken away without it");
    if (!needs_profile(j->edit))
        return true;
    if (j->now->profiles > 1)
        return refuse(j, "he has %ld profiles in ZmartyBrain: a human must decide which one counts",
                      j->now->profiles);
    if (j->now->profiles == 0 && !j->now->has_login)
        return refuse(j, "he has no login in ZmartyBrain (an orphan of ZmartBot): only his rights "
                         "can be taken away");
    return j->now->profiles == 1 ||
           refuse(j, "he has no profile in ZmartyBrain, or row security hides it from this role");
}

/* The tier that counts for rights once the edit is done; free where there is no profile. */
static const char *tier_then(const struct judge *j)
{
    if (j->edit->drift && j->now->profiles == 0)
        return db_tiers[0];
    return wants(j->edit, DB_ITEM_TIER) ? j->edit->want.text[DB_ITEM_TIER]
                                        : j->now->values.text[DB_ITEM_TIER];
}

static bool check_entitled(const struct judge *j, enum db_item item, const char *const *tiers)
{
    const char *tier = tier_then(j);

    if (!wants_on(j->edit, item) || db_values_is_on(&j->now->values, item))
        return true;
    if (!j->now->brain_known)
        return refuse(j, "ZmartyBrain is away: a right cannot be given without it");
    if (!j->now->has_login)
        return refuse(j, "he has no login in ZmartyBrain: rights cannot be given to an orphan");
    if (j->now->is_deleted)
        return refuse(j, "his login is deleted: rights cannot be given");
    if (j->now->profiles != 1)
        return refuse(j, "he has %ld profiles in ZmartyBrain: his tier is not known",
                      j->now->profiles);
    return db_policy_has(tiers, tier) ||
           refuse(j, "tier %.40s is not entitled to %s by the policy of this profile",
                  tier ? tier : "NULL", db_item_row(item)->title);
}

static bool check_rights(const struct judge *j)
{
    return check_entitled(j, DB_ITEM_TRADING, j->policy->trading_tiers) &&
           check_entitled(j, DB_ITEM_API, j->policy->api_tiers);
}

static bool wants_a_right(const struct db_edit *edit)
{
    return wants_on(edit, DB_ITEM_TRADING) || wants_on(edit, DB_ITEM_API);
}

static bool can_create_trader(const struct db_policy *policy, const struct db_now *now)
{
    const struct db_edit create = {.action = DB_ACTION_REPAIR, .create_trader = true};
    struct db_decision decision;

    db_decide(policy, &create, now, &decision);
    return decision.create_trader;
}

static bool check_bot(const struct judge *j)
{
    if (!db_edit_needs_bot(j->edit))
        return true;
    if (!j->now->bot_known)
        return refuse(j, "ZmartBot is away");
    if (j->now->traders > 1)
        return refuse(j,
                      "he has %ld trading profiles in ZmartBot: a human must decide which one "
                      "counts",
                      j->now->traders);
    if (j->now->traders > 0 || !(wants(j->edit, DB_ITEM_TRADING) || wants(j->edit, DB_ITEM_API)))
        return true;
    if (!check_rights(j)) /* creating it would not help him */
        return false;
    j->ret->needs_trader = wants_a_right(j->edit) && can_create_trader(j->policy, j->now);
    return refuse(j,
                  "he has no trading profile in ZmartBot; a tier change or a repair creates one, "
                  "rights off");
}

/* What was seen, and is known now, must be the same. A row that is gone has no values any more. */
static bool check_seen(const struct judge *j)
{
    int i;

    for (i = 0; i < DB_ITEMS; i++) {
        enum db_item item = (enum db_item)i;
        enum db_side side = db_item_row(item)->side;
        bool read = side == DB_BRAIN ? j->now->brain_known : j->now->bot_known;

        if (!j->edit->seen.known[i] || !read ||
            zm_streq(j->edit->seen.text[i], j->now->values.text[i]))
            continue;
        j->ret->result = DB_RESULT_STALE;
        j->ret->stale = item;
        snprintf(j->ret->message, sizeof(j->ret->message),
                 "%s was %.80s when it was shown and is %.80s now", db_item_row(item)->title,
                 j->edit->seen.text[i] ? j->edit->seen.text[i] : "NULL",
                 j->now->values.text[i] ? j->now->values.text[i] : "NULL");
        return false;
    }
    return true;
}

__attribute__((format(printf, 2, 3))) static bool stale(const struct judge *j, const char *format,
                                                        ...)
{
    va_list args;

    j->ret->result = DB_RESULT_STALE;
    va_start(args, format);
    vsnprintf(j->ret->message, sizeof(j->ret->message), format, args);
    va_end(args);
    return false;
}

static bool check_rows(const struct judge *j)
{
    const struct db_both *seen = j->edit->drift;
    const struct db_now *now = j->now;

    if (seen->login != now->has_login)
        return stale(j, now->has_login ? "he has a login now" : "his login is gone");
    if (seen->deleted != now->is_deleted)
        return stale(j, now->is_deleted ? "his login is deleted now"
                                        : "his login is not deleted any more");
    if (!zm_streq(zm_text(seen->email), zm_text(now->email)))
        return stale(j, "his e-mail was %.80s and is %.80s now", zm_text(seen->email),
                     zm_text(now->email));
    if (seen->profiles != now->profiles)
        return stale(j, "profiles of his: %lld then, %ld now", (long long)seen->profiles,
                     now->profiles);
    if (now->bot_known && seen->traders != now->traders)
        return stale(j, "trading profiles of his: %lld then, %ld now", (long long)seen->traders,
                     now->traders);
    return true;
}

void db_values_of_both(const struct db_both *seen, struct db_values *ret)
{
    memset(ret, 0, sizeof(*ret));
    if (seen->profiles == 1)
        db_values_set(ret, DB_ITEM_TIER, seen->tier);
    if (seen->traders != 1)
        return;
    db_values_set(ret, DB_ITEM_BOT_TIER, seen->bot_tier);
    db_values_set(ret, DB_ITEM_BOT_EMAIL, seen->bot_email);
    db_values_set_flag(ret, DB_ITEM_TRADING, seen->trading_enabled);
    db_values_set_flag(ret, DB_ITEM_API, seen->api_access);
}

/* Who wrote a tier of Bot's last is what tells a mistake from abuse: with another writer it is
 * compared again. */
static bool was_written(const struct judge *j)
{
    const char *then = j->edit->drift->bot_updated_at, *now = j->now->bot_updated_at;

    return wants(j->edit, DB_ITEM_BOT_TIER) && j->now->bot_known && then && now &&
           !zm_streq(then, now);
}

static bool is_as_wanted(const struct judge *j, enum db_item item, const char *to)
{
    return !wants(j->edit, item) || zm_streq(j->now->values.text[item], to);
}

static bool exceeds(const struct judge *j, enum db_item item, const char *const *tiers)
{
    return db_values_is_on(&j->now->values, item) && !db_policy_has(tiers, tier_then(j));
}

/* Everything that the plan wanted of him is so already: it was applied before, or somebody else did
 * the same. */
static bool is_mended_already(const struct judge *j)
{
    const struct db_now *now = j->now;
    const char *tier = now->values.text[DB_ITEM_TIER];
    bool trim = j->edit->trim_rights, profile = j->edit->create_profile;
    bool trader = j->edit->create_trader;
    bool alone = profile && !trader && now->traders == 0; /* nothing in Bot */
    const char *bot_tier = now->values.text[DB_ITEM_BOT_TIER];
    bool same = zm_streq(bot_tier, tier) || !(profile || trader) || alone ||
                (profile && !db_class_knows_tier(j->policy, bot_tier)); /* left to a person */

    return now->brain_known && now->bot_known && (now->traders == 1 || alone) &&
           (!profile || now->profiles == 1) && same &&
           (!trader || zm_streq(now->values.text[DB_ITEM_BOT_EMAIL], zm_text(now->email))) &&
           is_as_wanted(j, DB_ITEM_BOT_TIER, tier) &&
           is_as_wanted(j, DB_ITEM_BOT_EMAIL, zm_text(now->email)) &&
           is_as_wanted(j, DB_ITEM_TRADING, "false") && is_as_wanted(j, DB_ITEM_API, "false") &&
           !(trim && exceeds(j, DB_ITEM_TRADING, j->policy->trading_tiers)) &&
           !(trim && exceeds(j, DB_ITEM_API, j->policy->api_tiers));
}

/* What the comparison saw, and is known now, must be the same: a list of drift is never written
 * from as it was. */
static bool check_drift_seen(const struct judge *j)
{
    struct db_values values;
    int i;

    if (!check_rows(j))
        return false;
    if (was_written(j))
        return stale(j, "his trading profile was written since they were compared");
    db_values_of_both(j->edit->drift, &values);
    for (i = 0; i < DB_ITEMS; i++) {
        if (db_item_row((enum db_item)i)->side == DB_BOT && !j->now->bot_known)
            continue;
        if (!values.known[i] || zm_streq(values.text[i], j->now->values.text[i]))
            continue;
        j->ret->stale = (enum db_item)i;
        return stale(j, "%s was %.80s when they were compared and is %.80s now",
                     db_item_row((enum db_item)i)->title, values.text[i] ? values.text[i] : "NULL",
                     j->now->values.text[i] ? j->now->values.text[i] : "NULL");
    }
    return true;
}

/* False: it is settled, by a conflict or because there is nothing left to do. */
static bool check_drift(const struct judge *j)
{
    if (!j->edit->drift || check_drift_seen(j))
        return true;
    if (is_mended_already(j)) {
        j->ret->result = DB_RESULT_DONE;
        snprintf(j->ret->message, sizeof(j->ret->message), "it is so already");
    }
    return false;
}

static void set(const struct judge *j, enum db_item item, const char *to)
{
    if (j->now->values.known[item] && zm_streq(j->now->values.text[item], to))
        return;
    j->ret->set[item] = true;
    j->ret->to[item] = to;
}

static void drop_right(const struct judge *j, enum db_item item, const char *const *tiers)
{
    if (!j->edit->keep_rights && exceeds(j, item, tiers))
        set(j, item, "false");
}

static bool decide_tier(const struct judge *j)
{
    const char *to = j->edit->want.text[DB_ITEM_TIER];

    if (!wants(j->edit, DB_ITEM_TIER))
        return true;
    if (!db_tier_is_known(to))
        return refuse(j, "there is no tier '%.40s': free, pro or enterprise", zm_text(to));
    set(j, DB_ITEM_TIER, to);
    if (!j->ret->set[DB_ITEM_TIER]) /* not an edit; where Bot differs that is a repair's */
        return true;
    if (j->edit->brain_alone)
        return true;
    if (j->now->traders == 1) {
        set(j, DB_ITEM_BOT_TIER, to);
        drop_right(j, DB_ITEM_TRADING, j->policy->trading_tiers);
        drop_right(j, DB_ITEM_API, j->policy->api_tiers);
    } else if (!zm_text(j->now->email)[0]) {
        snprintf(j->ret->message, sizeof(j->ret->message),
                 "he has no e-mail and so no row in ZmartBot: ZmartyBrain only");
    } else if (j->edit->create_trader) {
        j->ret->create_trader = true;
    } else {
        return refuse(j, "he has no trading profile in ZmartBot");
    }
    return true;
}

static bool decide_rights(const struct judge *j)
{
    if (!check_rights(j))
        return false;
    if (wants(j->edit, DB_ITEM_TRADING))
        set(j, DB_ITEM_TRADING, j->edit->want.text[DB_ITEM_TRADING]);
    if (wants(j->edit, DB_ITEM_API))
        set(j, DB_ITEM_API, j->edit->want.text[DB_ITEM_API]);
    j->ret->stop_rest = j->edit->stop_rest;
    j->ret->touch_bot = j->edit->stop_rest;
    return true;
}

static void decide_profile(const struct judge *j)
{
    static const enum db_item items[] = {DB_ITEM_NAME, DB_ITEM_COUNTRY, DB_ITEM_COMPLETED};
    size_t i;

    for (i = 0; i < ZM_COUNT(items); i++)
        if (wants(j->edit, items[i]))
            set(j, items[i], j->edit->want.text[items[i]]);
}

/* The profile that is made is free, and Bot takes that as it takes every tier of Brain's: else he
 * would differ as soon as he has it. A tier that does not exist is for a person. */
static void decide_made_tier(const struct judge *j)
{
    const struct db_now *now = j->now;

    if (j->edit->create_profile && now->profiles == 0 && now->traders == 1 &&
        now->values.known[DB_ITEM_BOT_TIER] &&
        db_class_knows_tier(j->policy, now->values.text[DB_ITEM_BOT_TIER]))
        set(j, DB_ITEM_BOT_TIER, db_tiers[0]);
}

/* Bot takes what Brain says, whatever the edit believes that to be. */
static bool decide_repair(const struct judge *j)
{
    const char *tier = j->now->values.text[DB_ITEM_TIER];

    if (wants(j->edit, DB_ITEM_BOT_TIER)) {
        if (!db_tier_is_known(tier))
            return refuse(j, "Brain's tier %.40s is not one of free, pro, enterprise",
                          tier ? tier : "NULL");
        if (j->now->traders == 1)
            set(j, DB_ITEM_BOT_TIER, tier);
    }
    if (wants(j->edit, DB_ITEM_BOT_EMAIL)) {
        if (!zm_text(j->now->email)[0] && !j->edit->drift)
            return refuse(j, "he has no e-mail in ZmartyBrain");
        if (j->now->traders == 1)
            set(j, DB_ITEM_BOT_EMAIL, zm_text(j->now->email));
    }
    decide_made_tier(j);
    if (j->edit->trim_rights && j->now->traders == 1) {
        drop_right(j, DB_ITEM_TRADING, j->policy->trading_tiers);
        drop_right(j, DB_ITEM_API, j->policy->api_tiers);
    }
    return true;
}

/* Rows that are missing. */
static bool decide_missing(const struct judge *j)
{
    const char *tier = tier_then(j);

    if (j->edit->create_profile && j->now->profiles == 0) {
        if (!j->now->has_login || j->now->is_deleted)
            return refuse(j, "he has no login that is not deleted");
        j->ret->create_profile = j->ret->write_brain = true;
    }
    if (j->edit->create_trader && !wants(j->edit, DB_ITEM_TIER) && j->now->traders == 0) {
        if (!j->edit->drift && (!j->now->has_login || j->now->is_deleted))
            return refuse(j, "he has no login that is not deleted: no trading profile for him");
        if (!j->edit->drift && j->now->profiles != 1)
            return refuse(j, "he has %ld profiles in ZmartyBrain: his tier is not known",
                          j->now->profiles);
        if (!zm_text(j->now->email)[0])
            return refuse(j, "he has no e-mail, which a trading profile needs");
        if (!db_tier_is_known(tier))
            return refuse(j, "Brain's tier %.40s is not one of free, pro, enterprise",
                          tier ? tier : "NULL");
        j->ret->create_trader = true;
    }
    return true;
}

void db_decide(const struct db_policy *policy, const struct db_edit *edit, const struct db_now *now,
               struct db_decision *ret)
{
    struct judge j = {policy, edit, now, ret};
    int item;

    memset(ret, 0, sizeof(*ret));
    ret->result = DB_RESULT_DONE;
    if ((now->brain_known && !check_drift(&j)) || !check_brain(&j) || !check_bot(&j) ||
        !check_seen(&j) || !decide_tier(&j) || !decide_rights(&j) || !decide_repair(&j) ||
        !decide_missing(&j))
        return;
    decide_profile(&j);
    for (item = 0; item < DB_ITEMS; item++)
        if (ret->set[item])
            *(db_item_row((enum db_item)item)->side == DB_BRAIN ? &ret->write_brain
                                                                : &ret->write_bot) = true;
    ret->write_bot = ret->write_bot || ret->create_trader || ret->touch_bot;
}

void db_now_of_user(const struct db_user *user, struct db_now *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->brain_known = user->brain_known && user->profile_known;
    ret->bot_known = user->bot_known;
    ret->has_login = user->login != NULL;
    ret->is_deleted = user->login && user->login->deleted_at;
    ret->email = user->login ? user->login->email : NULL;
    if (ret->brain_known && user->profile) {
        ret->profiles = (long)user->profile->rows;
        ret->profile_id = user->profile->id;
        db_values_set(&ret->values, DB_ITEM_TIER, user->profile->tier);
        db_values_set(&ret->values, DB_ITEM_NAME, user->profile->name);
        db_values_set(&ret->values, DB_ITEM_COUNTRY, user->profile->country);
        db_values_set_flag(&ret->values, DB_ITEM_COMPLETED, user->profile->profile_completed);
    }
    if (ret->bot_known && user->trader) {
        ret->traders = (long)user->trader->rows;
        ret->trader_id = user->trader->id;
        db_values_set(&ret->values, DB_ITEM_BOT_TIER, user->trader->tier);
        db_values_set(&ret->values, DB_ITEM_BOT_EMAIL, user->trader->email);
        db_values_set_flag(&ret->values, DB_ITEM_TRADING, user->trader->trading_enabled);
        db_values_set_flag(&ret->values, DB_ITEM_API, user->trader->api_access);
    }
}
