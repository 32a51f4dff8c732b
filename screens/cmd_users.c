/*
 * `zmartctl users [FILTER]`: the list of the console as lines.
 */
#include <jansson.h>
#include <stdlib.h>

#include "screens/command_users.h"
#include "screens/commands.h"
#include "screens/json_user.h"
#include "zm/str.h"

/* clang-format off */
static const struct out_column table_columns[] = {
    {"email", false},
    {"tier", false},
    {"conf", false},
    {"s", false},
    {"bot", false},
    {"trd", false},
    {"api", false},
    {"keys", true},
    {"can trade?", false},
};
/* clang-format on */

static const char *tier_text(const char *tier)
{
    return zm_streq(tier, "enterprise") ? "ent" : tier;
}

static const char *unknown_or(bool known, const char *text)
{
    return known ? text : "?";
}

static const char *flag(db_maybe value, const char *yes, const char *no)
{
    return value < 0 ? NULL : value ? yes : no;
}

static const char *confirmed(const struct db_login *login)
{
    if (!login)
        return NULL;
    if (login->deleted_at)
        return "del";
    return login->banned ? "ban" : login->email_confirmed_at ? "yes" : "no";
}

/* What the list calls a user; in dst or in the record. */
static const char *name_of(const struct db_user *user, char *dst, size_t size)
{
    const char *email = json_user_email(user);

    if (!user->login && user->brain_known) {
        snprintf(dst, size, "(no login) %s", email ? email : user->id);
        return dst;
    }
    if (email)
        return email;
    if (user->login && user->login->phone && user->login->phone[0])
        snprintf(dst, size, "+%s", user->login->phone);
    else
        snprintf(dst, size, "(%s) %s",
                 user->login && user->login->is_anonymous ? "anonymous" : "no e-mail", user->id);
    return dst;
}

static void print_table(struct out *out, const struct db_user *user)
{
    const struct db_trader *trader = user->trader;
    char name[1200], keys[48], verdict[256], sign[2] = {db_sync_sign(user->sync), '\0'};
    const char *values[ZM_COUNT(table_columns)];
    bool bot = user->bot_known;

    db_verdict_text(&user->verdict, verdict, sizeof(verdict));
    snprintf(keys, sizeof(keys), "%lld/%lld", user->keys ? (long long)user->keys->active : 0LL,
             user->keys ? (long long)user->keys->total : 0LL);
    values[0] = name_of(user, name, sizeof(name));
    values[1] = unknown_or(user->brain_known && user->profile_known,
                           user->profile ? tier_text(user->profile->tier) : NULL);
    values[2] = unknown_or(user->brain_known, confirmed(user->login));
    values[3] = sign;
    values[4] = unknown_or(bot, trader ? tier_text(trader->tier) : NULL);
    values[5] = unknown_or(bot, trader ? flag(trader->trading_enabled, "on", "off") : NULL);
    values[6] = unknown_or(bot, trader ? flag(trader->api_access, "yes", "no") : NULL);
    values[7] = unknown_or(bot && user->keys_known, user->keys || trader ? keys : NULL);
    values[8] = verdict;
    out_row(out, values, NULL);
}

static bool take(struct command_users *users, const struct db_user *user)
{
    struct out *out = users->context;
    struct json_user_values values;

    if (out_format(out) == OUT_TABLE) {
        print_table(out, user);
    } else {
        json_user_values(user, &values);
        out_row(out, values.value, out_wants_json(out) ? json_user(user) : NULL);
    }
    return out_alive(out);
}

static void pulse(struct command_users *users)
{
    out_pulse(users->context);
}

/* The words of the command line are one line of the filter language. */
static bool parse_filter(const struct options *options, struct db_filter *ret, struct zm_error *err)
{
    struct zm_buf text = {.s = NULL};
    size_t i;
    bool ok;

    zm_buf_add(&text, "", 0);
    for (i = 0; i < options->n_args; i++)
        zm_buf_printf(&text, "%s%s", i ? " " : "", options->args[i]);
    ok = db_filter_parse(text.s, ret, err);
    zm_buf_done(&text);
    return ok;
}

int cmd_users(const struct options *options, struct conf *conf)
{
    enum out_format format = out_pick(options, OUT_TABLE);
    struct command_run run;
    struct command_users users = {
        .run = &run, .limit = options->limit, .take = take, .pulse = pulse};
    struct zm_error err;
    struct out *out;

    if (!parse_filter(options, &users.filter, &err)) {
        out_error(&err, options->ascii);
        return zm_error_exit_code(err.kind);
    }
    if (!command_begin(&run, options, conf))
        return run.exit_code;
    if (format == OUT_TABLE)
        out =
            out_new(NULL, format, options->raw, run.ascii, table_columns, ZM_COUNT(table_columns));
    else
        out = out_new(NULL, format, options->raw, run.ascii, json_user_columns, JSON_USER_COLUMNS);
    users.context = out;
    command_users_stream(&users);
    return command_end(&run, out);
}
