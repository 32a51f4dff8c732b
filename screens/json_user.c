/*
 * One record over both databases as a program reads it. What is unknown because a side is away, and
 * what is not there, are both null; `sync` and `why` say which.
 */
#include "screens/json_user.h"

#include <jansson.h>

#include "screens/print_json.h"
#include "zm/str.h"

/* clang-format off */
const struct out_column json_user_columns[JSON_USER_COLUMNS] = {
    {"id", false},
    {"email", false},
    {"phone", true}, /* digits: a leading ' would be no protection but a wrong number */
    {"name", false},
    {"country", false},
    {"tier", false},
    {"bot_tier", false},
    {"trading_enabled", false},
    {"api_access", false},
    {"sync", false},
    {"can_trade", false},
    {"why", false},
};
/* clang-format on */

const char *json_user_email(const struct db_user *user)
{
    const char *email = user->login ? user->login->email : NULL;

    if (!user->login && user->trader)
        email = user->trader->email;
    return email && email[0] ? email : NULL;
}

const char *json_maybe_text(db_maybe value)
{
    return value < 0 ? NULL : value ? "true" : "false";
}

static const char *known_text(enum db_known known)
{
    return known == DB_UNKNOWN ? NULL : known == DB_HOLDS ? "true" : "false";
}

static json_t *known_value(enum db_known known)
{
    return known == DB_UNKNOWN ? json_null() : json_boolean(known == DB_HOLDS);
}

static json_t *maybe_value(db_maybe value)
{
    return value < 0 ? json_null() : json_boolean(value);
}

static json_t *why(const struct db_verdict *verdict)
{
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < verdict->n; i++) {
        const struct db_gate_result *g = &verdict->gate[i];
        json_t *gate = json_object();

        json_object_set_new(gate, "gate", json_string(db_gate_key(g->gate)));
        json_object_set_new(gate, "level", json_string(db_level_key(g->level)));
        json_object_set_new(gate, "ok", known_value(g->ok));
        json_object_set_new(gate, "detail", print_json_string(g->detail[0] ? g->detail : NULL));
        json_array_append_new(list, gate);
    }
    return list;
}

struct json_t *json_user(const struct db_user *user)
{
    const struct db_trader *trader = user->trader;
    struct json_user_values values;
    json_t *object = json_object();
    size_t i;

    json_user_values(user, &values);
    for (i = 0; i < 7; i++) /* id to bot_tier: texts */
        json_object_set_new(object, json_user_columns[i].name, print_json_string(values.value[i]));
    json_object_set_new(object, "trading_enabled",
                        maybe_value(trader ? trader->trading_enabled : -1));
    json_object_set_new(object, "api_access", maybe_value(trader ? trader->api_access : -1));
    json_object_set_new(object, "sync", json_string(db_sync_key(user->sync)));
    json_object_set_new(object, "can_trade", known_value(user->verdict.can_trade));
    json_object_set_new(object, "why", why(&user->verdict));
    return object;
}

void json_user_values(const struct db_user *user, struct json_user_values *ret)
{
    const struct db_profile *profile = user->profile;
    const struct db_trader *trader = user->trader;
    const char *values[JSON_USER_COLUMNS] = {
        user->id,
        json_user_email(user),
        user->login ? user->login->phone : NULL,
        profile ? profile->name : NULL,
        profile ? profile->country : NULL,
        profile ? profile->tier : NULL,
        trader ? trader->tier : NULL,
        trader ? json_maybe_text(trader->trading_enabled) : NULL,
        trader ? json_maybe_text(trader->api_access) : NULL,
        db_sync_key(user->sync),
        known_text(user->verdict.can_trade),
        ret->verdict,
    };

    db_verdict_text(&user->verdict, ret->verdict, sizeof(ret->verdict));
    memcpy(ret->value, values, sizeof(values));
}

/* ---- rows of a shape ---- */

static bool is_named(const char *names, const char *name)
{
    size_t n = strlen(name);

    for (; names && *names; names += strcspn(names, " "), names += strspn(names, " "))
        if (strncmp(names, name, n) == 0 && (names[n] == ' ' || names[n] == '\0'))
            return true;
    return false;
}

static json_t *value_of(const struct db_field *field, const void *row)
{
    const void *at = (const char *)row + field->offset;

    switch (field->kind) {
    case DB_KIND_TEXT:
        return print_json_string(*(const char *const *)at);
    case DB_KIND_INT:
        return json_integer(*(const int64_t *)at);
    case DB_KIND_FLAG:
        return json_boolean(*(const bool *)at);
    case DB_KIND_MAYBE:
        return maybe_value(*(const db_maybe *)at);
    case DB_KIND_REAL:
        return json_real(*(const double *)at);
    }
    return json_null();
}

struct json_t *json_row(const struct db_shape *shape, const void *row, const char *skip)
{
    json_t *object;
    size_t i;

    if (!row)
        return json_null();
    object = json_object();
    for (i = 0; i < shape->n_fields; i++)
        if (!is_named(skip, shape->fields[i].name))
            json_object_set_new(object, shape->fields[i].name, value_of(&shape->fields[i], row));
    return object;
}

struct json_t *json_row_null(const struct db_shape *shape, const char *skip)
{
    json_t *object = json_object();
    size_t i;

    for (i = 0; i < shape->n_fields; i++)
        if (!is_named(skip, shape->fields[i].name))
            json_object_set_new(object, shape->fields[i].name, json_null());
    return object;
}
