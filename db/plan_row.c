/*
 * A user of a plan as a JSON object and back, by one table of fields. Knows no file.
 */
#include "db/plan_row.h"

#include <string.h>
#include <time.h>
#include <uuid/uuid.h>

#include "zm/str.h"

enum kind { TEXT, FLAG, MAYBE, NUMBER };

struct field {
    const char *half; /* "brain", "bot" */
    const char *key;
    enum kind kind;
    size_t at; /* in struct db_both */
};

#define AT(member) offsetof(struct db_both, member)

/* clang-format off */
static const struct field fields[] = {
    {"brain", "login",                FLAG,   AT(login)},
    {"brain", "deleted",              FLAG,   AT(deleted)},
    {"brain", "email",                TEXT,   AT(email)},
    {"brain", "deleted_at",           TEXT,   AT(deleted_at)},
    {"brain", "profiles",             NUMBER, AT(profiles)},
    {"brain", "tier",                 TEXT,   AT(tier)},
    {"brain", "updated_at",           TEXT,   AT(profile_updated_at)},
    {"brain", "subscriptions_known",  FLAG,   AT(subscriptions_known)},
    {"brain", "subscriptions",        NUMBER, AT(subscriptions)},
    {"brain", "subscription_tier",    TEXT,   AT(subscription_tier)},
    {"bot",   "rows",                 NUMBER, AT(traders)},
    {"bot",   "email",                TEXT,   AT(bot_email)},
    {"bot",   "tier",                 TEXT,   AT(bot_tier)},
    {"bot",   "updated_at",           TEXT,   AT(bot_updated_at)},
    {"bot",   "trading_enabled",      MAYBE,  AT(trading_enabled)},
    {"bot",   "api_access",           MAYBE,  AT(api_access)},
    {"bot",   "rights",               FLAG,   AT(rights)},
    {"bot",   "ours",                 FLAG,   AT(ours)},
};
/* clang-format on */

/* ---- writing ---- */

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *value_of(const struct field *field, const void *at)
{
    const db_maybe *maybe = at;

    switch (field->kind) {
    case TEXT:
        return text_or_null(*(const char *const *)at);
    case FLAG:
        return json_boolean(*(const bool *)at);
    case MAYBE:
        return *maybe < 0 ? json_null() : json_boolean(*maybe);
    case NUMBER:
        return json_integer(*(const int64_t *)at);
    }
    return NULL;
}

static json_t *class_list(unsigned classes)
{
    json_t *list = json_array();
    int c;

    for (c = 0; c < DB_CLASSES; c++)
        if (classes & DB_CLASS_BIT(c))
            json_array_append_new(list, json_string(db_class_row((enum db_class)c)->key));
    return list;
}

json_t *db_plan_row_json(const struct db_plan_row *row)
{
    json_t *json = json_object(), *half[] = {json_object(), json_object()};
    bool ok = json_object_set_new(json, "user_id", json_string(row->seen.id)) == 0;
    size_t i;

    json_object_set_new(json, "classes", class_list(row->classes));
    json_object_set_new(json, "human", class_list(row->human));
    for (i = 0; i < ZM_COUNT(fields); i++)
        ok = json_object_set_new(half[zm_streq(fields[i].half, "bot")], fields[i].key,
                                 value_of(&fields[i], (const char *)&row->seen + fields[i].at)) ==
                 0 &&
             ok;
    json_object_set_new(json, "brain", half[0]);
    json_object_set_new(json, "bot", half[1]);
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}

json_t *db_plan_head_json(const struct db_plan_head *head)
{
    json_t *json =
        json_pack("{s:i, s:s, s:s, s:s, s:s}", "zmartctl_plan", DB_PLAN_VERSION, "id", head->id,
                  "made_at", head->made_at, "by", head->by, "label", head->label);
    int i;

    for (i = 0; json && i < DB_SIDES; i++) {
        const struct db_plan_side *side = &head->side[i];

        json_object_set_new(json, db_side_key((enum db_side)i),
                            json_pack("{s:s, s:s, s:s, s:s, s:s}", "system", side->system,
                                      "database", side->database_oid, "project", side->project,
                                      "dbname", side->dbname, "host", side->host));
    }
    return json;
}

json_t *db_plan_counts_json(const struct db_plan_head *head)
{
    json_t *json = json_object(), *classes = json_object();
    int c;

    json_object_set_new(json, "rows", json_integer(head->rows));
    json_object_set_new(json, "brain_users", json_integer(head->brain_users));
    json_object_set_new(json, "bot_profiles", json_integer(head->bot_profiles));
    for (c = 0; c < DB_CLASSES; c++)
        if (head->classes[c])
            json_object_set_new(classes, db_class_row((enum db_class)c)->key,
                                json_integer(head->classes[c]));
    json_object_set_new(json, "classes", classes);
    return json;
}

/* ---- reading ---- */

static bool take_value(const struct field *field, const json_t *value, void *at)
{
    bool is_null = json_is_null(value);

    switch (field->kind) {
    case TEXT:
        *(const char **)at = json_string_value(value);
        return is_null || json_is_string(value);
    case FLAG:
        *(bool *)at = json_is_true(value);
        return json_is_boolean(value);
    case MAYBE:
        *(db_maybe *)at = (db_maybe)(is_null ? -1 : json_is_true(value));
        return is_null || json_is_boolean(value);
    case NUMBER:
        *(int64_t *)at = json_integer_value(value);
        return json_is_integer(value) && json_integer_value(value) >= 0;
    }
    return false;
}

static bool take_classes(const json_t *list, unsigned *ret)
{
    const json_t *name;
    size_t i;

    *ret = 0;
    json_array_foreach(list, i, name)
    {
        enum db_class class = db_class_find(zm_text(json_string_value(name)));

        if (class == DB_CLASSES)
            return false;
        *ret |= DB_CLASS_BIT(class);
    }
    return json_is_array(list);
}

static bool is_no(const char **ret_why, const char *why)
{
    *ret_why = why;
    return false;
}

bool db_plan_row_parse(json_t *json, struct db_plan_row *ret, const char **ret_why)
{
    size_t i;

    memset(ret, 0, sizeof(*ret));
    ret->seen.id = json_string_value(json_object_get(json, "user_id"));
    if (!ret->seen.id || !zm_is_uuid(ret->seen.id))
        return is_no(ret_why, "user_id is no id");
    if (!take_classes(json_object_get(json, "classes"), &ret->classes) ||
        !take_classes(json_object_get(json, "human"), &ret->human))
        return is_no(ret_why, "a class that does not exist");
    for (i = 0; i < ZM_COUNT(fields); i++) {
        const json_t *half = json_object_get(json, fields[i].half);

        if (!take_value(&fields[i], json_object_get(half, fields[i].key),
                        (char *)&ret->seen + fields[i].at))
            return is_no(ret_why, fields[i].key);
    }
    return true;
}

static bool take_text(const json_t *json, const char *key, char *dst, size_t size)
{
    const char *text = json_string_value(json_object_get(json, key));

    return text && zm_copy(dst, size, text);
}

static bool take_side(const json_t *json, struct db_plan_side *ret)
{
    return take_text(json, "system", ret->system, sizeof(ret->system)) &&
           take_text(json, "database", ret->database_oid, sizeof(ret->database_oid)) &&
           take_text(json, "project", ret->project, sizeof(ret->project)) &&
           take_text(json, "dbname", ret->dbname, sizeof(ret->dbname)) &&
           take_text(json, "host", ret->host, sizeof(ret->host));
}

bool db_plan_head_parse(json_t *json, struct db_plan_head *ret, const char **ret_why)
{
    const json_t *version = json_object_get(json, "zmartctl_plan");
    struct tm tm;
    const char *end;
    int i;

    memset(ret, 0, sizeof(*ret));
    if (!json_is_integer(version))
        return is_no(ret_why, "it is no plan of zmartctl");
    if (json_integer_value(version) != DB_PLAN_VERSION)
        return is_no(ret_why, "a plan of another version of zmartctl");
    if (!take_text(json, "id", ret->id, sizeof(ret->id)) || !zm_is_uuid(ret->id) ||
        !take_text(json, "made_at", ret->made_at, sizeof(ret->made_at)) ||
        !take_text(json, "by", ret->by, sizeof(ret->by)) ||
        !take_text(json, "label", ret->label, sizeof(ret->label)))
        return is_no(ret_why, "id, made_at, by or label");
    for (i = 0; i < DB_SIDES; i++)
        if (!take_side(json_object_get(json, db_side_key((enum db_side)i)), &ret->side[i]))
            return is_no(ret_why, "the databases it was made for");
    memset(&tm, 0, sizeof(tm));
    end = strptime(ret->made_at, "%Y-%m-%dT%H:%M:%SZ", &tm);
    if (!end || *end)
        return is_no(ret_why, "made_at is no time");
    ret->made_unix = (int64_t)timegm(&tm);
    return true;
}

bool db_plan_counts_parse(json_t *json, struct db_plan_head *ret, const char **ret_why)
{
    const json_t *rows = json_object_get(json, "rows"), *classes = json_object_get(json, "classes");
    int c;

    if (!json_is_integer(rows) || !json_is_object(classes))
        return is_no(ret_why, "the counts at the end");
    ret->rows = json_integer_value(rows);
    ret->brain_users = json_integer_value(json_object_get(json, "brain_users"));
    ret->bot_profiles = json_integer_value(json_object_get(json, "bot_profiles"));
    for (c = 0; c < DB_CLASSES; c++)
        ret->classes[c] =
            json_integer_value(json_object_get(classes, db_class_row((enum db_class)c)->key));
    return true;
}

/* ---- the seal ---- */

void db_plan_seal_add(struct db_plan_seal *seal, const char *line, size_t n)
{
    uuid_t before;

    uuid_copy(before, seal->hash);
    uuid_generate_sha1(seal->hash, before, line, n);
}

void db_plan_seal_text(const struct db_plan_seal *seal, char ret[37])
{
    uuid_unparse_lower(seal->hash, ret);
}
