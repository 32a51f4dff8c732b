/*
 * What a write says about itself, and the shapes of the rows its statements return.
 */
#include <stdarg.h>
#include <stdio.h>

#include "db/holder.h"
#include "db/write_work.h"
#include "zm/str.h"

/* clang-format off */
static const struct db_field check_fields[] = {
    DB_FIELD(struct db_check_row, standby),
    DB_FIELD(struct db_check_row, read_only),
    DB_FIELD(struct db_check_row, system),
    DB_FIELD(struct db_check_row, database_oid),
};
static const struct db_field profile_fields[] = {
    DB_FIELD(struct db_profile_lock, id),
    DB_FIELD(struct db_profile_lock, tier),
    DB_FIELD(struct db_profile_lock, name),
    DB_FIELD(struct db_profile_lock, country),
    DB_FIELD(struct db_profile_lock, profile_completed),
};
static const struct db_field login_fields[] = {
    DB_FIELD(struct db_login_seen, email),
    DB_FIELD(struct db_login_seen, is_deleted),
};
static const struct db_field trader_fields[] = {
    DB_FIELD(struct db_trader_lock, id),
    DB_FIELD(struct db_trader_lock, email),
    DB_FIELD(struct db_trader_lock, tier),
    DB_FIELD(struct db_trader_lock, trading_enabled),
    DB_FIELD(struct db_trader_lock, api_access),
    DB_FIELD(struct db_trader_lock, token),
};
static const struct db_field stored_fields[] = {
    DB_FIELD(struct db_stored, id),
    DB_FIELD(struct db_stored, stored),
};
static const struct db_field token_fields[] = {
    DB_FIELD(struct db_stored_token, id),
    DB_FIELD(struct db_stored_token, stored),
    DB_FIELD(struct db_stored_token, token),
};
static const struct db_field request_fields[] = {
    DB_FIELD(struct db_request_row, id),
    DB_FIELD(struct db_request_row, action),
    DB_FIELD(struct db_request_row, user_id),
};
static const struct db_field written_fields[] = {
    DB_FIELD(struct db_token_row, id),
    DB_FIELD(struct db_token_row, was_written),
};

#define SHAPE(name, type, fields) {name, sizeof(type), fields, ZM_COUNT(fields)}
const struct db_shape db_shape_check_row    = SHAPE("check", struct db_check_row, check_fields);
const struct db_shape db_shape_profile_lock = SHAPE("profile lock", struct db_profile_lock, profile_fields);
const struct db_shape db_shape_login_seen   = SHAPE("login", struct db_login_seen, login_fields);
const struct db_shape db_shape_trader_lock  = SHAPE("trader lock", struct db_trader_lock, trader_fields);
const struct db_shape db_shape_stored       = SHAPE("stored", struct db_stored, stored_fields);
const struct db_shape db_shape_stored_token = SHAPE("stored token", struct db_stored_token, token_fields);
const struct db_shape db_shape_request_row  = SHAPE("request", struct db_request_row, request_fields);
const struct db_shape db_shape_token_row    = SHAPE("token", struct db_token_row, written_fields);
/* clang-format on */

void db_write_say(struct db_written *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(out->message, sizeof(out->message), format, args);
    va_end(args);
}

static const char *shown(enum db_item item, const char *text)
{
    if (!text)
        return "NULL";
    if (!db_item_row(item)->is_flag)
        return text;
    return zm_streq(text, "true") ? "on" : "off";
}

/* "tier free -> pro, trading on -> off (the new tier does not give it)" */
void db_write_say_done(struct db_one *one)
{
    const struct db_decision *d = &one->decision;
    struct zm_buf text = {.s = NULL};
    int i;

    for (i = 0; i < DB_ITEMS; i++) {
        enum db_item item = (enum db_item)i;

        if (d->set[i])
            zm_buf_printf(&text, "%s%s %.60s -> %.60s", text.len ? ", " : "",
                          db_item_row(item)->title, shown(item, one->now.values.text[i]),
                          shown(item, d->to[i]));
    }
    if (d->create_profile)
        zm_buf_printf(&text, "%sprofile created, free", text.len ? ", " : "");
    if (d->create_trader)
        zm_buf_printf(&text, "%strading profile created, rights off", text.len ? ", " : "");
    if (d->stop_rest)
        zm_buf_printf(&text, "%s%ld %s and %ld API key%s switched off", text.len ? ", " : "",
                      one->out->stopped_strategies,
                      one->out->stopped_strategies == 1 ? "strategy" : "strategies",
                      one->out->stopped_keys, one->out->stopped_keys == 1 ? "" : "s");
    if (d->message[0])
        zm_buf_printf(&text, " (%s)", d->message);
    if (one->out->in_spool)
        zm_buf_puts(&text, "; its journal row waits in the spool until ZmartyBrain is back");
    db_write_say(one->out, "done: %s", text.s ? text.s : "");
    zm_buf_done(&text);
}

/* Asks a side who holds the lock, on the same connection and at once. */
void db_write_name_holder(struct db_work *work, struct zm_error *err)
{
    bool in_brain = zm_streq(err->where, db_side_name(DB_BRAIN));
    struct db_link *link = db_write_link(work, in_brain ? DB_BRAIN : DB_BOT);
    const struct db_one *one = work->culprit < work->n ? &work->ones[work->culprit] : work->ones;
    struct db_ask ask = {.sql = in_brain ? DB_SQL_BRAIN_LOCK_HOLDER : DB_SQL_BOT_LOCK_HOLDER,
                         .params = {one->edit->user_id}};

    db_holder_say(link, &ask, err->detail, sizeof(err->detail));
}

static enum db_result result_of(enum zm_error_kind kind)
{
    switch (kind) {
    case ZM_ERR_READ_ONLY:
    case ZM_ERR_PRIVILEGE:
    case ZM_ERR_HIDDEN:
    case ZM_ERR_SHAPE:
    case ZM_ERR_REFUSED:
    case ZM_ERR_DATA:
    case ZM_ERR_IDENTITY:
        return DB_RESULT_REFUSED;
    default:
        return DB_RESULT_NOTHING_CHANGED;
    }
}

/* Nothing was committed: every edit that was not settled before says so. */
void db_write_fail(struct db_work *work, const struct zm_error *err)
{
    struct zm_error why = *err;
    char line[512];
    size_t i;

    if (why.kind == ZM_ERR_LOCKED)
        db_write_name_holder(work, &why);
    zm_error_line(&why, line, sizeof(line));
    for (i = 0; i < work->n; i++) {
        struct db_written *out = work->ones[i].out;

        out->result = result_of(why.kind);
        out->changed = false;
        out->err = why;
        if (why.kind == ZM_ERR_CANCELLED)
            db_write_say(out, "cancelled; nothing was changed");
        else
            db_write_say(out, "nothing was changed. %s%s%s%s%s", line, why.detail[0] ? "; " : "",
                         why.detail, why.hint[0] ? ". " : "", why.hint);
    }
}
