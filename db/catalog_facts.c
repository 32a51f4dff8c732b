/*
 * Turns the catalogue of a server into the facts that Health shows: through what we are connected,
 * which tables are hidden or may be written, which wanted indexes are there.
 */
#include "db/catalog_facts.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/catalog.h"
#include "db/catalog_data.h"
#include "db/index_match.h"
#include "db/link_io.h"
#include "zm/str.h"

/* The oldest libpq of each major version without the holes that were mended last. */
static const int mended_libpq[] = {150018, 160014, 170010};

static void append(char *dst, size_t size, const char *separator, const char *text)
{
    size_t n = strlen(dst);

    if (n < size - 1)
        snprintf(dst + n, size - n, "%s%s", n ? separator : "", text);
}

static bool ends_with(const char *text, const char *tail)
{
    size_t n = strlen(text), t = strlen(tail);

    return n >= t && strcmp(text + n - t, tail) == 0;
}

/* A pooler makes up the process id that it gives libpq. Supabase's own says by its port which kind
 * it is; of a stranger the less is assumed, which costs nothing: no session is relied upon
 * anywhere. */
static enum db_via find_via(const struct db_link *link, int64_t pid)
{
    const struct db_facts *facts = &link->facts;

    if (pid != PQbackendPID(link->conn)) {
        if (ends_with(facts->host, ".pooler.supabase.com") && zm_streq(facts->port, "5432"))
            return DB_VIA_SESSION_POOLER;
        return DB_VIA_TRANSACTION_POOLER;
    }
    return zm_streq(facts->tls, "unix socket") ? DB_VIA_SOCKET : DB_VIA_DIRECT;
}

static bool is_ours(const struct db_known_table *table, enum db_side side)
{
    return table->side == side;
}

static void tell_tables(struct db_facts *facts, const struct db_catalog *catalog)
{
    size_t i, known = 0, writable = 0;
    const struct db_known_table *table;

    for (i = 0; (table = db_known_table(i)); i++) {
        const struct db_table_row *row = db_catalog_table(catalog, table->name);

        if (is_ours(table, facts->side)) {
            known++;
            writable += row && row->writable;
            if (row && !row->sees_all)
                append(facts->hidden, sizeof(facts->hidden), ", ", table->name + strlen("public."));
        } else if (row && table->side != DB_SIDES) {
            facts->misplaced = true;
        }
    }
    snprintf(facts->writable, sizeof(facts->writable), "%zu of %zu tables", writable, known);
    facts->estimate = db_catalog_estimate(
        catalog, facts->side == DB_BRAIN ? "auth.users" : "public.user_trading_profiles");
}

static void warn(struct db_facts *facts)
{
    int libpq = PQlibVersion();
    char text[160];
    size_t i;

    for (i = 0; i < ZM_COUNT(mended_libpq); i++) {
        if (libpq / 10000 != mended_libpq[i] / 10000 || libpq >= mended_libpq[i])
            continue;
        snprintf(text, sizeof(text), "libpq %d.%d has known holes: update to %d.%d", libpq / 10000,
                 libpq % 10000, mended_libpq[i] / 10000, mended_libpq[i] % 10000);
        append(facts->warnings, sizeof(facts->warnings), "\n", text);
    }
    if (zm_streq(facts->role, "postgres") || zm_streq(facts->role, "service_role")) {
        snprintf(text, sizeof(text), "the shared role %s: the journal cannot tell who did what",
                 facts->role);
        append(facts->warnings, sizeof(facts->warnings), "\n", text);
    }
    if (facts->misplaced)
        append(facts->warnings, sizeof(facts->warnings), "\n",
               facts->side == DB_BRAIN ? "tables of ZmartBot are in this database too"
                                       : "tables of ZmartyBrain are in this database too");
}

void db_catalog_tell(struct db_link *link, const struct db_ask asks[DB_CATALOG_PARTS])
{
    const struct db_identity_row *id =
        DB_ROW(&asks[DB_CATALOG_IDENTITY].rows, struct db_identity_row, 0);
    const struct db_rows *system = &asks[DB_CATALOG_SYSTEM].rows;
    struct db_facts *facts = &link->facts;

    zm_copy(facts->role, sizeof(facts->role), id->role);
    zm_copy(facts->database_oid, sizeof(facts->database_oid), id->database_oid);
    if (system->n == 1)
        zm_copy(facts->system, sizeof(facts->system),
                DB_ROW(system, struct db_system_row, 0)->system);
    facts->standby = id->standby;
    facts->read_only = id->read_only;
    facts->logins = link->catalog->logins;
    facts->via = find_via(link, id->pid);
    facts->journal_unprotected =
        facts->side == DB_BRAIN && asks[DB_CATALOG_GUARD].rows.n == 1 &&
        DB_ROW(&asks[DB_CATALOG_GUARD].rows, struct db_guard_row, 0)->unprotected;
    facts->indexes = db_index_match(facts->side, &asks[DB_CATALOG_INDEXES].rows);
    tell_tables(facts, link->catalog);
    warn(facts);
}
