/*
 * The Overview: figures over all users that scan no large table unasked. They come from the
 * planner's statistics (marked estimated), from index-only ranges, or, asked for by a key, from
 * exact counts.
 */
#ifndef DB_OVERVIEW_H
#define DB_OVERVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "db/link.h"
#include "db/rows.h"

struct db_tier_count {
    const char *tier; /* NULL: no tier */
    int64_t users;
    bool estimated;
};
struct db_day_count {
    const char *day;
    int64_t n;
};
struct db_symbol_count {
    const char *symbol;
    int64_t trades;
    bool estimated;
};
struct db_table_state {
    const char *table_name; /* as written: Zmart Vaults */
    const char *kind;       /* table, view, partitioned, foreign, materialized */
    int64_t estimate;       /* -1: never analysed or a view */
    const char *freshest;   /* newest value of its time column, NULL unknown */
    const char *fresh_column;
    bool readable;
};
extern const struct db_shape db_shape_tier_count, db_shape_day_count, db_shape_symbol_count,
    db_shape_table_state;

enum db_overview_brain_part { DB_OB_TIERS, DB_OB_SIGN_UPS, DB_OB_PARTS };
enum db_overview_bot_part { DB_OT_TIERS, DB_OT_TRADES, DB_OT_SYMBOLS, DB_OT_TABLES, DB_OT_PARTS };

struct db_overview_brain {
    struct db_ask part[DB_OB_PARTS];
    int64_t users; /* estimate, -1 unknown */
};
struct db_overview_bot {
    struct db_ask part[DB_OT_PARTS];
    int64_t traders; /* estimate */
};

/* One round trip each. exact: counts instead of statistics (a walk that may take long,
 * cancellable). */
bool db_overview_read_brain(struct db_link *brain, bool exact, struct db_overview_brain *ret,
                            struct zm_error *err);
/* patterns: existing_tables of the profile ("cryptometer_*"), NULL-terminated. */
bool db_overview_read_bot(struct db_link *bot, bool exact, const char *const *patterns,
                          struct db_overview_bot *ret, struct zm_error *err);
void db_overview_brain_done(struct db_overview_brain *o);
void db_overview_bot_done(struct db_overview_bot *o);

#endif
