/*
 * One user as one line of JSON, written as it is read: 200,000 trades pass through page by page.
 * JSON columns are copied as the server prints them, so that no number loses a digit.
 */
#include <jansson.h>
#include <stdlib.h>

#include "db/export.h"
#include "screens/command_user.h"
#include "screens/json_user.h"
#include "screens/print_json.h"
#include "zm/str.h"

#define SHORT_JSON 400          /* characters that a list brings of a JSON column (db/user.h) */
#define LONGEST_JSON (16 << 20) /* bytes of one that is read whole */
#define FLUSH_BYTES (64 * 1024)
#define ACTIVITY_FIRST 50 /* rows that the first answer brings (db/user.h) */
#define TRADES_FIRST 100

struct document {
    struct command_run *run;
    const struct command_user *one;
    struct out *out;
    bool all;
    struct zm_buf text;
};

/* A JSON column of a row. */
struct raw {
    const char *name;
    size_t offset; /* of its first characters in the row */
};

static void flush(struct document *d, bool anyway)
{
    if (d->text.len == 0 || (!anyway && d->text.len < FLUSH_BYTES))
        return;
    out_json_text(d->out, d->text.s);
    d->text.len = 0;
    d->text.s[0] = '\0';
}

static void add(struct document *d, const char *text)
{
    zm_buf_puts(&d->text, text);
}

static void add_name(struct document *d, const char *name)
{
    zm_buf_printf(&d->text, ",\"%s\":", name);
}

/* Adds an object and leaves it open for more fields. */
static void add_open(struct document *d, json_t *object)
{
    print_json(&d->text, object, d->run->ascii);
    d->text.s[--d->text.len] = '\0';
}

/* ---- JSON columns ---- */

static size_t count_characters(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

/* The whole value, piece by piece. */
static bool read_whole(struct document *d, enum db_side side, const char *what, const char *row_id,
                       struct zm_buf *ret)
{
    struct db_link *link = command_link(d->run, side);
    int64_t offset = 0, size = 1;
    struct zm_error err;

    while (link && offset < size && ret->len < LONGEST_JSON) {
        const struct db_json_piece *piece = NULL;
        struct db_ask ask = {.ok = false};

        if (!db_user_json(link, what, row_id, offset, &ask, &err)) {
            db_asks_done(&ask, 1);
            return command_fail(d->run, &err);
        }
        if (ask.ok && ask.rows.n == 1)
            piece = DB_ROW(&ask.rows, struct db_json_piece, 0);
        size = piece ? piece->size : 0;
        if (piece && piece->text && piece->text[0]) {
            zm_buf_puts(ret, piece->text);
            offset += (int64_t)count_characters(piece->text);
        } else {
            size = 0; /* it is gone, or shorter than it was */
        }
        if (!ask.ok)
            command_fail(d->run, &ask.err);
        db_asks_done(&ask, 1);
    }
    return size > 0 && offset >= size;
}

static void add_raw(struct document *d, enum db_side side, const char *what, const char *row_id,
                    const char *text)
{
    struct zm_buf whole = {.s = NULL};

    add_name(d, what);
    if (!text)
        add(d, "null");
    else if (count_characters(text) < SHORT_JSON)
        print_json_text(&d->text, text, strlen(text), d->run->ascii);
    else if (read_whole(d, side, what, row_id, &whole))
        print_json_text(&d->text, whole.s, whole.len, d->run->ascii);
    else
        add(d, "null");
    zm_buf_done(&whole);
}

/* ---- lists ---- */

struct list {
    const char *name;
    enum db_side side;
    const struct db_shape *shape;
    const char *skip; /* raw columns among them */
    struct raw raw[2];
};

/* Every shape has its id first. */
static const char *id_of(const void *row)
{
    return *(const char *const *)row;
}

static void add_row(struct document *d, const struct list *list, const void *row)
{
    size_t i;

    add_open(d, json_row(list->shape, row, list->skip));
    for (i = 0; i < ZM_COUNT(list->raw) && list->raw[i].name; i++)
        add_raw(d, list->side, list->raw[i].name, id_of(row),
                *(const char *const *)((const char *)row + list->raw[i].offset));
    add(d, "}");
    flush(d, false);
}

static void add_rows(struct document *d, const struct list *list, const struct db_rows *rows,
                     bool first)
{
    size_t i;

    for (i = 0; i < rows->n; i++) {
        if (i > 0 || !first)
            add(d, ",");
        add_row(d, list, (const char *)rows->items + i * list->shape->size);
    }
}

/* A list that was not read is null, not empty. */
static void add_list(struct document *d, const struct list *list, const struct db_ask *ask)
{
    add_name(d, list->name);
    if (!ask->ok) {
        add(d, "null");
        return;
    }
    add(d, "[");
    add_rows(d, list, &ask->rows, true);
    add(d, "]");
}

/* The next rows after the last of *rows; false at the end. */
static bool read_more(struct document *d, const struct db_rows *rows, struct db_ask *more)
{
    const struct db_activity *last = DB_ROW(rows, struct db_activity, rows->n - 1);
    struct db_link *brain = command_link(d->run, DB_BRAIN);
    struct db_ask next = {.ok = false};
    char time[64], id[37];
    struct zm_error err;

    if (!brain || !out_alive(d->out))
        return false;
    zm_copy(time, sizeof(time), last->created_at);
    zm_copy(id, sizeof(id), last->id);
    if (!db_user_more_activity(brain, d->one->id, last->created_at ? time : NULL, id, &next, &err))
        command_fail(d->run, &err);
    else
        command_check_asks(d->run, &next, 1);
    db_asks_done(more, 1);
    *more = next;
    return more->ok && more->rows.n > 0;
}

static void add_activity(struct document *d, const struct list *list)
{
    const struct db_ask *ask = &d->one->brain.part[DB_UB_ACTIVITY];
    const struct db_rows *rows = &ask->rows;
    struct db_ask more = {.ok = false};

    add_name(d, list->name);
    add(d, ask->ok ? "[" : "null");
    if (!ask->ok)
        return;
    add_rows(d, list, rows, true);
    while (d->all && rows->n >= ACTIVITY_FIRST && read_more(d, rows, &more)) {
        rows = &more.rows;
        add_rows(d, list, rows, false);
    }
    db_asks_done(&more, 1);
    add(d, "]");
}

static void add_trades(struct document *d, const struct list *newest)
{
    static const struct list exported = {
        "trades", DB_BOT, &db_shape_export_trade, "user_id place", {{NULL, 0}}};
    const struct db_ask *ask = &d->one->bot.part[DB_UT_TRADES];
    struct db_export at = {.user = d->one->id};
    struct db_link *bot;
    bool first = true;

    if (!ask->ok || !d->all || ask->rows.n < TRADES_FIRST) {
        add_list(d, newest, ask);
        return;
    }
    add_name(d, newest->name);
    add(d, "[");
    while (!at.done && out_alive(d->out) && (bot = command_link(d->run, DB_BOT))) {
        struct zm_error err;
        struct db_ask page;
        bool ok = db_export_trades(bot, &at, &page, &err);

        if (ok)
            add_rows(d, &exported, &page.rows, first);
        db_asks_done(&page, 1);
        first = false;
        if (!ok) {
            command_fail(d->run, &err);
            break;
        }
    }
    add(d, "]");
}

/* ---- halves ---- */

/* clang-format off */
static const struct list subscriptions = {"subscriptions", DB_BRAIN, &db_shape_subscription, "", {{NULL, 0}}};
static const struct list activity = {"activity", DB_BRAIN, &db_shape_activity, "metadata metadata_size",
    {{"metadata", offsetof(struct db_activity, metadata)}}};
static const struct list portfolios = {"portfolios", DB_BOT, &db_shape_portfolio, "", {{NULL, 0}}};
static const struct list strategies = {"strategies", DB_BOT, &db_shape_strategy, "strategy_config performance_metrics config_size",
    {{"strategy_config", offsetof(struct db_strategy, strategy_config)},
     {"performance_metrics", offsetof(struct db_strategy, performance_metrics)}}};
static const struct list trades = {"trades", DB_BOT, &db_shape_trade, "", {{NULL, 0}}};
static const struct list api_keys = {"api_keys", DB_BOT, &db_shape_api_key, "permissions",
    {{"permissions", offsetof(struct db_api_key, permissions)}}};
/* clang-format on */

static json_t *oldest(const struct db_shape *shape, const struct db_rows *rows)
{
    return rows->n ? json_row(shape, rows->items, "rows") : json_row_null(shape, "rows");
}

static void add_brain(struct document *d)
{
    const struct command_user *one = d->one;

    add_name(d, "brain");
    if (!one->has[DB_BRAIN]) {
        add(d, "null");
        return;
    }
    add_open(d, oldest(&db_shape_profile, command_user_brain_rows(one, DB_UB_PROFILES)));
    add_name(d, "login");
    print_json(&d->text, json_row(&db_shape_login, one->user.login, ""), d->run->ascii);
    add_list(d, &subscriptions, &one->brain.part[DB_UB_SUBSCRIPTIONS]);
    add_activity(d, &activity);
    add(d, "}");
}

static void add_bot(struct document *d)
{
    const struct command_user *one = d->one;

    add_name(d, "bot");
    if (!one->has[DB_BOT]) {
        add(d, "null");
        return;
    }
    add_open(d, oldest(&db_shape_trader, command_user_bot_rows(one, DB_UT_TRADERS)));
    add_list(d, &portfolios, &one->bot.part[DB_UT_PORTFOLIO]);
    add_list(d, &strategies, &one->bot.part[DB_UT_STRATEGIES]);
    add_trades(d, &trades);
    add_list(d, &api_keys, &one->bot.part[DB_UT_API_KEYS]);
    add(d, "}");
}

/* Where a half has several rows, all of them, oldest first. */
static void add_duplicates(struct document *d, const char *name, const struct db_shape *shape,
                           const struct db_rows *rows)
{
    json_t *list;
    size_t i;

    if (rows->n < 2)
        return;
    list = json_array();
    for (i = 0; i < rows->n; i++)
        json_array_append_new(list,
                              json_row(shape, (const char *)rows->items + i * shape->size, "rows"));
    add_name(d, name);
    print_json(&d->text, list, d->run->ascii);
}

void command_user_print_json(struct command_run *run, const struct command_user *one, bool all,
                             struct out *out)
{
    struct document d = {.run = run, .one = one, .out = out, .all = all};

    add_open(&d, json_user(&one->user));
    add_brain(&d);
    add_bot(&d);
    add_duplicates(&d, "brain_rows", &db_shape_profile,
                   command_user_brain_rows(one, DB_UB_PROFILES));
    add_duplicates(&d, "bot_rows", &db_shape_trader, command_user_bot_rows(one, DB_UT_TRADERS));
    add(&d, "}\n");
    flush(&d, true);
    zm_buf_done(&d.text);
}
