/*
 * Judges which server is at the other end, by its shape, by its identifiers and by the file
 * `known`.
 */
#include "db/identity.h"

#include <stdio.h>
#include <string.h>

#include "db/catalog.h"
#include "db/known.h"
#include "db/link_io.h"
#include "db/session.h"
#include "zm/str.h"

static bool check_shape(const struct db_link *link, struct zm_error *err)
{
    bool brain = db_catalog_has(link->catalog, "public.user_profiles", NULL);
    bool bot = db_catalog_has(link->catalog, "public.user_trading_profiles", NULL);
    enum db_side side = link->target->side;

    if (side == DB_BRAIN ? brain || !bot : bot || !brain)
        return true;
    zm_error_set(err, ZM_ERR_IDENTITY, db_side_name(side), "connect",
                 "this is the other side's database: it has %s and no %s",
                 side == DB_BRAIN ? "user_trading_profiles" : "user_profiles",
                 side == DB_BRAIN ? "user_profiles" : "user_trading_profiles");
    return zm_error_hint(err, "are brain and bot swapped in the profile?");
}

static void warn(struct db_facts *facts, const struct zm_error *err)
{
    size_t n = strlen(facts->warnings);

    if (n < sizeof(facts->warnings) - 1)
        snprintf(facts->warnings + n, sizeof(facts->warnings) - n, "%scannot %s: %s", n ? "\n" : "",
                 err->what, err->message);
}

bool db_identity_check(struct db_link *link, struct zm_error *err)
{
    enum db_known_server known = DB_KNOWN_SAME;
    struct zm_error trouble;

    if (!check_shape(link, err))
        return false;
    if (link->target->known_file &&
        !db_known_meet(link->target->known_file, &link->facts, &known, &trouble))
        warn(&link->facts, &trouble);
    link->facts.first_contact = known == DB_KNOWN_FIRST;
    link->facts.changed_server = known == DB_KNOWN_OTHER;
    return true;
}

/* Where the system identifier may not be read, the address has to do; behind a pooler it is
 * everybody's. */
static bool same_address(const struct db_facts *a, const struct db_facts *b)
{
    bool direct = (a->via == DB_VIA_DIRECT || a->via == DB_VIA_SOCKET) && a->via == b->via;

    return direct && zm_streq(a->host, b->host) && zm_streq(a->port, b->port) &&
           zm_streq(a->dbname, b->dbname);
}

bool db_pair_check(const struct db_facts *brain, const struct db_facts *bot, struct zm_error *err)
{
    bool same = brain->system[0] && bot->system[0]
                    ? zm_streq(brain->system, bot->system) &&
                          zm_streq(brain->database_oid, bot->database_oid)
                    : same_address(brain, bot);

    if (!same)
        return true;
    zm_error_set(err, ZM_ERR_IDENTITY, "", "use the profile",
                 "brain and bot are the same database (system %s, database %s)",
                 brain->system[0] ? brain->system : "unknown", brain->database_oid);
    return zm_error_hint(err, "see host, port, user and dbname of both sides");
}
