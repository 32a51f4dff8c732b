/*
 * Figures over all users. Unasked, nothing here reads a large table whole: counts come from a
 * sample, days from an index, and a figure that would need a scan says so instead.
 */
#include "db/overview.h"

#include <string.h>

#include "db/catalog.h"
#include "db/conditions.h"
#include "db/indexes.h"
#include "zm/str.h"

#define SMALL 100000 /* rows that are read without an index */

/* clang-format off */
static const struct db_field tier_fields[] = {
    DB_FIELD(struct db_tier_count, tier),
    DB_FIELD(struct db_tier_count, users),
    DB_FIELD(struct db_tier_count, estimated),
};
static const struct db_field day_fields[] = {
    DB_FIELD(struct db_day_count, day),
    DB_FIELD(struct db_day_count, n),
};
static const struct db_field symbol_fields[] = {
    DB_FIELD(struct db_symbol_count, symbol),
    DB_FIELD(struct db_symbol_count, trades),
    DB_FIELD(struct db_symbol_count, estimated),
};
static const struct db_field table_fields[] = {
    DB_FIELD(struct db_table_state, table_name),
    DB_FIELD(struct db_table_state, kind),
    DB_FIELD(struct db_table_state, estimate),
    DB_FIELD(struct db_table_state, freshest),
    DB_FIELD(struct db_table_state, fresh_column),
    DB_FIELD(struct db_table_state, readable),
};
const struct db_shape db_shape_tier_count = {
    "tier count", sizeof(struct db_tier_count), tier_fields, ZM_COUNT(tier_fields)};
const struct db_shape db_shape_day_count = {
    "day count", sizeof(struct db_day_count), day_fields, ZM_COUNT(day_fields)};
const struct db_shape db_shape_symbol_count = {
    "symbol count", sizeof(struct db_symbol_count), symbol_fields, ZM_COUNT(symbol_fields)};
const struct db_shape db_shape_table_state = {
    "table state", sizeof(struct db_table_state), table_fields, ZM_COUNT(table_fields)};

/* A figure: its statement, the one that counts, and the index without which it scans a table. */
struct part_row {
    enum db_sql sql, exact;
    int index; /* enum db_index, -1: it needs none */
};

static const struct part_row brain_parts[DB_OB_PARTS] = {
    [DB_OB_TIERS]    = {DB_SQL_BRAIN_OVERVIEW_TIERS, DB_SQL_BRAIN_OVERVIEW_TIERS_EXACT, -1},
    [DB_OB_SIGN_UPS] = {DB_SQL_BRAIN_OVERVIEW_SIGN_UPS, DB_SQL_BRAIN_OVERVIEW_SIGN_UPS,
                        DB_INDEX_PROFILES_CREATED},
};
static const struct part_row bot_parts[DB_OT_PARTS] = {
    [DB_OT_TIERS]   = {DB_SQL_BOT_OVERVIEW_TIERS, DB_SQL_BOT_OVERVIEW_TIERS_EXACT, -1},
    [DB_OT_TRADES]  = {DB_SQL_BOT_OVERVIEW_TRADES, DB_SQL_BOT_OVERVIEW_TRADES,
                       DB_INDEX_TRADES_CREATED},
    [DB_OT_SYMBOLS] = {DB_SQL_BOT_OVERVIEW_SYMBOLS, DB_SQL_BOT_OVERVIEW_SYMBOLS_EXACT, -1},
    [DB_OT_TABLES]  = {DB_SQL_BOT_OVERVIEW_TABLES, DB_SQL_BOT_OVERVIEW_TABLES, -1},
};
/* clang-format on */

/* Whether it may run unasked; when not, *err says what is missing. */
static bool is_cheap(const struct db_link *link, const struct part_row *part, struct zm_error *err)
{
    const struct db_facts *facts = db_link_facts(link);
    const struct db_index_row *index;

    if (part->index < 0 || (facts->indexes >> part->index & 1))
        return true;
    index = db_index_row((enum db_index)part->index);
    if (db_catalog_estimate(db_link_catalog(link), index->table) < SMALL)
        return true;
    zm_error_set(err, ZM_ERR_SHAPE, db_side_name(facts->side), "overview",
                 "%s is large and has no index on %s", index->table, index->columns);
    return zm_error_hint(err, "x counts all the same; checklist item 6 creates %s", index->name);
}

static bool read_parts(struct db_link *link, const struct part_row *rows, size_t n, bool exact,
                       const char *patterns, struct db_ask *parts, struct zm_error *err)
{
    struct db_ask asks[DB_OT_PARTS];
    size_t place[DB_OT_PARTS], i, sent = 0;
    struct zm_error why[DB_OT_PARTS];

    memset(asks, 0, sizeof(asks));
    memset(why, 0, sizeof(why));
    for (i = 0; i < n; i++) {
        place[i] = n;
        if (!exact && !is_cheap(link, &rows[i], &why[i]))
            continue;
        asks[sent].sql = exact ? rows[i].exact : rows[i].sql;
        asks[sent].params[0] = patterns;
        asks[sent].params[1] = exact ? "t" : "f";
        place[i] = sent++;
    }
    if (!db_link_read(link, asks, sent, err))
        return false;
    memset(parts, 0, n * sizeof(*parts));
    for (i = 0; i < n; i++) {
        if (place[i] < n)
            parts[i] = asks[place[i]];
        else
            parts[i].err = why[i];
        memset(parts[i].params, 0, sizeof(parts[i].params)); /* they end with this call */
    }
    return true;
}

bool db_overview_read_brain(struct db_link *brain, bool exact, struct db_overview_brain *ret,
                            struct zm_error *err)
{
    if (!read_parts(brain, brain_parts, DB_OB_PARTS, exact, NULL, ret->part, err))
        return false;
    ret->users = db_link_facts(brain)->estimate;
    return true;
}

/* "cryptometer_*" of the configuration as the server's pattern. */
static void add_pattern(struct zm_buf *array, const char *glob)
{
    struct zm_buf like = {.s = NULL};

    for (; *glob; glob++) {
        char one[2] = {*glob, '\0'};

        if (*glob == '*')
            zm_buf_puts(&like, "%");
        else
            db_like_add(&like, one);
    }
    db_array_add(array, like.s ? like.s : "");
    zm_buf_done(&like);
}

bool db_overview_read_bot(struct db_link *bot, bool exact, const char *const *patterns,
                          struct db_overview_bot *ret, struct zm_error *err)
{
    struct zm_buf array = {.s = NULL};
    bool ok;

    for (; patterns && *patterns; patterns++)
        add_pattern(&array, *patterns);
    db_array_close(&array);
    ok = read_parts(bot, bot_parts, DB_OT_PARTS, exact, array.s, ret->part, err);
    if (ok)
        ret->traders = db_link_facts(bot)->estimate;
    zm_buf_done(&array);
    return ok;
}

void db_overview_brain_done(struct db_overview_brain *o)
{
    db_asks_done(o->part, DB_OB_PARTS);
}

void db_overview_bot_done(struct db_overview_bot *o)
{
    db_asks_done(o->part, DB_OT_PARTS);
}
