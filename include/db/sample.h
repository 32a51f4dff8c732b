/*
 * The demo's databases: roles and schemas as Supabase has them, the source document's tables as
 * written, sample people.
 */
#ifndef DB_SAMPLE_H
#define DB_SAMPLE_H

#include <stdbool.h>

#include "db/servers.h"
#include "zm/error.h"

struct db_sample_options {
    long users;      /* of the crowd; the hand-made people come on top */
    bool as_written; /* without the indexes of checklist item 6 */
};

/* Loads both databases, at the same time. Blocks: seconds for the default 600, about a minute for a
 * million. */
bool db_sample_load(const struct db_servers *servers, const struct db_sample_options *options,
                    struct zm_error *err);

#endif
