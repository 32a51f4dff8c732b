/*
 * What the catalogue means for people: the facts of a link. For db/catalog*.c only.
 */
#ifndef DB_CATALOG_FACTS_H
#define DB_CATALOG_FACTS_H

#include "db/link.h"

enum db_catalog_part {
    DB_CATALOG_IDENTITY, /* struct db_identity_row, one */
    DB_CATALOG_SYSTEM,   /* struct db_system_row, none where it may not be read */
    DB_CATALOG_COLUMNS,
    DB_CATALOG_TABLES,
    DB_CATALOG_INDEXES, /* struct db_index_found */
    DB_CATALOG_CHECKS,
    DB_CATALOG_GUARD, /* struct db_guard_row, one */
    DB_CATALOG_PARTS,
};

/* Fills link->facts from the answers and from link->catalog. */
void db_catalog_tell(struct db_link *link, const struct db_ask asks[DB_CATALOG_PARTS]);

#endif
