/*
 * Rows of a comparison for programs. Field names are the column names of the databases.
 */
#include "screens/json_drift.h"

#include <jansson.h>
#include <string.h>

#include "screens/json_user.h"
#include "screens/print_json.h"
#include "zm/str.h"

/* clang-format off */
const struct out_column json_drift_columns[JSON_DRIFT_COLUMNS] = {
    {"class", false}, {"user_id", false}, {"email", false},
    {"brain_email", false}, {"brain_tier", false}, {"brain_subscription", false},
    {"brain_updated_at", false}, {"brain_deleted", false},
    {"bot_email", false}, {"bot_tier", false}, {"trading_enabled", false}, {"api_access", false},
    {"bot_updated_at", false},
    {"case_only", false}, {"lane", false},
};
/* clang-format on */

const char *json_drift_email(const struct db_both *both)
{
    const char *email = zm_text(both->email)[0] ? both->email : both->bot_email;

    return zm_text(email)[0] ? email : NULL;
}

const char *json_drift_time(const char *text, char *dst, size_t size)
{
    size_t n = text ? strspn(text, "0123456789- :") : 0;

    if (!text || n < 19 || text[10] != ' ' || strchr(text, 'B'))
        return text;
    snprintf(dst, size, "%.10sT%.8sZ", text, text + 11);
    return dst;
}

static void set(json_t *object, const char *name, const char *text)
{
    json_object_set_new(object, name, print_json_string(text));
}

static void set_flag(json_t *object, const char *name, db_maybe value)
{
    json_object_set_new(object, name, value < 0 ? json_null() : json_boolean(value));
}

static json_t *brain_half(const struct db_both *both)
{
    char at[40];
    json_t *object;

    if (!both->login && !both->profiles)
        return json_null();
    object = json_object();
    set(object, "email", both->email);
    set(object, "tier", both->tier);
    if (both->subscriptions_known)
        set(object, "subscription", both->subscription_tier);
    else
        json_object_set_new(object, "subscription", json_null());
    set(object, "updated_at", json_drift_time(both->profile_updated_at, at, sizeof(at)));
    set(object, "deleted_at", json_drift_time(both->deleted_at, at, sizeof(at)));
    json_object_set_new(object, "rows", json_integer(both->profiles));
    return object;
}

static json_t *bot_half(const struct db_both *both)
{
    char at[40];
    json_t *object;

    if (!both->traders)
        return json_null();
    object = json_object();
    set(object, "email", both->bot_email);
    set(object, "tier", both->bot_tier);
    set_flag(object, "trading_enabled", both->trading_enabled);
    set_flag(object, "api_access", both->api_access);
    set(object, "updated_at", json_drift_time(both->bot_updated_at, at, sizeof(at)));
    json_object_set_new(object, "rows", json_integer(both->traders));
    return object;
}

struct json_t *json_drift(const struct db_drift *drift)
{
    json_t *object = json_object();

    set(object, "class", db_class_row(drift->class)->key);
    set(object, "user_id", drift->both->id);
    set(object, "email", json_drift_email(drift->both));
    json_object_set_new(object, "brain", brain_half(drift->both));
    json_object_set_new(object, "bot", bot_half(drift->both));
    set(object, "lane", db_mend_key(drift->mend));
    if (drift->class == DB_CLASS_EMAIL_DIFFERS)
        json_object_set_new(object, "case_only", json_boolean(drift->classified->case_only));
    return object;
}

struct json_t *json_drift_seconds(double value)
{
    return json_real((double)(long)(value * 1000 + 0.5) / 1000);
}

struct json_t *json_drift_summary(const struct db_compare_result *result, unsigned wanted)
{
    json_t *object = json_object(), *classes = json_object();
    unsigned c;

    for (c = 0; c < DB_CLASSES; c++) {
        bool known = result && !(result->unknown & DB_CLASS_BIT(c));

        if (wanted & DB_CLASS_BIT(c))
            json_object_set_new(classes, db_class_row((enum db_class)c)->key,
                                known ? json_integer(result->classes[c]) : json_null());
    }
    json_object_set_new(object, "summary", json_true());
    json_object_set_new(object, "brain_users",
                        result ? json_integer(result->brain_users) : json_null());
    json_object_set_new(object, "bot_profiles",
                        result ? json_integer(result->bot_profiles) : json_null());
    json_object_set_new(object, "classes", classes);
    json_object_set_new(object, "seconds",
                        result ? json_drift_seconds(result->seconds) : json_null());
    json_object_set_new(object, "confirm_seconds",
                        result ? json_drift_seconds(result->confirm_seconds) : json_null());
    return object;
}

static json_t *estimate(int64_t n)
{
    return n < 0 ? json_null() : json_integer(n);
}

struct json_t *json_drift_progress(const struct db_compare_progress *progress)
{
    json_t *object = json_object();

    set(object, "progress", db_compare_phase_key(progress->phase));
    json_object_set_new(object, "brain_done", json_integer(progress->done[DB_BRAIN]));
    json_object_set_new(object, "brain_total", estimate(progress->total[DB_BRAIN]));
    json_object_set_new(object, "bot_done", json_integer(progress->done[DB_BOT]));
    json_object_set_new(object, "bot_total", estimate(progress->total[DB_BOT]));
    json_object_set_new(object, "found", json_integer(progress->found));
    json_object_set_new(object, "seconds", json_drift_seconds(progress->seconds));
    json_object_set_new(object, "seconds_left",
                        progress->seconds_left < 0 ? json_null()
                                                   : json_drift_seconds(progress->seconds_left));
    return object;
}

void json_drift_values(const struct db_drift *drift, struct json_drift_values *ret)
{
    const struct db_both *both = drift->both;
    size_t i = 0;

    ret->value[i++] = db_class_row(drift->class)->key;
    ret->value[i++] = both->id;
    ret->value[i++] = json_drift_email(both);
    ret->value[i++] = both->email;
    ret->value[i++] = both->tier;
    ret->value[i++] = both->subscription_tier;
    ret->value[i++] = json_drift_time(both->profile_updated_at, ret->updated_at[DB_BRAIN],
                                      sizeof(ret->updated_at[DB_BRAIN]));
    ret->value[i++] = both->login ? json_maybe_text(both->deleted) : NULL;
    ret->value[i++] = both->bot_email;
    ret->value[i++] = both->bot_tier;
    ret->value[i++] = json_maybe_text(both->trading_enabled);
    ret->value[i++] = json_maybe_text(both->api_access);
    ret->value[i++] = json_drift_time(both->bot_updated_at, ret->updated_at[DB_BOT],
                                      sizeof(ret->updated_at[DB_BOT]));
    ret->value[i++] = drift->class == DB_CLASS_EMAIL_DIFFERS
                          ? json_maybe_text(drift->classified->case_only)
                          : NULL;
    ret->value[i++] = db_mend_key(drift->mend);
}
