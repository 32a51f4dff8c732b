/*
 * The end of item 6: what is looked at before production is signed for, and what only a person can
 * say. Changes nothing.
 */
#include "db/checklist_work.h"
#include "db/link.h"
#include "db/steps.h"

/* The facts of a side; NULL: it is away, and the finding says so. */
static const struct db_facts *facts_of(struct db_checklist *list, enum db_side side,
                                       struct db_step_finding *ret)
{
    struct db_link *link = db_session_link(list->session, side);

    if (link)
        return db_link_facts(link);
    ret->state = DB_STEP_NOT_RUN;
    ret->found = zm_arena_printf(&list->arena, "%s is away", db_side_name(side));
    db_session_away(list->session, side, "look at it", &ret->err);
    return NULL;
}

static void check_tls(struct db_checklist *list, const struct db_step *step,
                      struct db_step_finding *ret)
{
    const struct db_facts *brain = facts_of(list, DB_BRAIN, ret);
    const struct db_facts *bot = facts_of(list, DB_BOT, ret);

    (void)step;
    ret->expected = "verify-full on both connections, a unix socket or loopback";
    if (!brain || !bot)
        return;
    ret->state = brain->insecure || bot->insecure ? DB_STEP_FAIL : DB_STEP_OK;
    ret->found = zm_arena_printf(&list->arena, "Brain %s, Bot %s", brain->tls, bot->tls);
    if (ret->state == DB_STEP_FAIL)
        ret->fix = "-- in the configuration: sslmode = \"verify-full\", sslrootcert of the "
                   "project,\n-- and allow_insecure_tls = false";
}

/* "" when the role of that side is fit for every day. */
static const char *role_fault(struct db_checklist *list, enum db_side side,
                              const struct db_facts *facts)
{
    const struct db_rows *rights = &list->record->side[side].rights;
    bool super = rights->n > 0 && DB_ROW(rights, struct db_rights_row, 0)->is_super;

    if (strncmp(facts->role, "postgres", strcspn(facts->role, ".")) == 0 &&
        strcspn(facts->role, ".") == strlen("postgres"))
        return "all-powerful";
    return super ? "superuser" : "";
}

static void check_roles(struct db_checklist *list, const struct db_step *step,
                        struct db_step_finding *ret)
{
    const struct db_facts *facts;
    const char *fault, *found = "";
    int side;

    (void)step;
    ret->expected = "the login role of both sides is neither postgres nor a superuser";
    ret->state = DB_STEP_OK;
    for (side = 0; side < DB_SIDES; side++) {
        facts = facts_of(list, (enum db_side)side, ret);
        if (!facts)
            return;
        fault = role_fault(list, (enum db_side)side, facts);
        if (fault[0])
            ret->state = DB_STEP_FAIL;
        found = zm_arena_printf(&list->arena, "%s%s%s %s%s%s%s", found, side ? ", " : "",
                                db_side_short((enum db_side)side), facts->role,
                                fault[0] ? " (" : "", fault, fault[0] ? ")" : "");
    }
    ret->found = found;
    if (ret->state == DB_STEP_FAIL)
        ret->fix =
            "-- a login for each person who works here, in the role that 6.13 and 6.14 make:\n"
            "--   CREATE ROLE op_ana LOGIN PASSWORD '...' CONNECTION LIMIT 6 IN ROLE "
            "zmart_operator\n"
            "-- in the configuration that login as user, and postgres as user of admin, which is "
            "opened only\n-- while a step changes the schema";
}

/* "1, 3 not signed; 4 signed, but changed since"; "" when all are. */
static const char *signed_words(struct db_checklist *list, enum db_step_state *ret)
{
    static const char *const words[] = {[DB_SIGNED_NO] = "not signed",
                                        [DB_SIGNED_STALE] = "signed, but changed since",
                                        [DB_SIGNED_UNKNOWN] = "not known"};
    static const enum db_signed order[] = {DB_SIGNED_NO, DB_SIGNED_STALE, DB_SIGNED_UNKNOWN};
    const char *text = "";
    size_t i;
    int item, n;

    for (i = 0; i < ZM_COUNT(order); i++) {
        for (item = 1, n = 0; item < DB_ITEMS_OF_CHECKLIST; item++) {
            if (db_checklist_signed(list, item) != order[i])
                continue;
            text = zm_arena_printf(&list->arena, "%s%s%d", text,
                                   n++       ? ", "
                                   : text[0] ? "; "
                                             : "",
                                   item);
        }
        if (n == 0)
            continue;
        text = zm_arena_printf(&list->arena, "%s %s", text, words[order[i]]);
        *ret = order[i] == DB_SIGNED_UNKNOWN ? DB_STEP_NOT_RUN : DB_STEP_WAITING;
    }
    return text;
}

static void check_signed(struct db_checklist *list, const struct db_step *step,
                         struct db_step_finding *ret)
{
    const char *found;

    (void)step;
    ret->expected = "items 1 to 5 are signed for what their objects are now";
    ret->state = DB_STEP_OK;
    found = signed_words(list, &ret->state);
    ret->found = found[0] ? found : "1 to 5 are signed";
    if (ret->state != DB_STEP_OK)
        ret->fix = "-- zmartctl check sign ITEM --note TEXT, or s on the item";
    if (list->record->marks_err.kind != ZM_ERR_NONE)
        ret->err = list->record->marks_err;
}

enum { ABOUT_BACKUPS, ABOUT_ROLLBACK, ABOUT_NAME };

static void check_person(struct db_checklist *list, const struct db_step *step,
                         struct db_step_finding *ret)
{
    static const char *const wanted[] = {
        [ABOUT_BACKUPS] = "a person has seen a backup of both projects that can be restored",
        [ABOUT_ROLLBACK] = "a person names how this deployment is taken back, and by whom",
        [ABOUT_NAME] = "the profile's name is typed by whoever deploys",
    };

    ret->state = DB_STEP_WAITING;
    ret->expected = wanted[step->about];
    ret->found = "nobody has said so";
    ret->fix = zm_arena_printf(&list->arena, "-- zmartctl check sign %s --note TEXT, or y on it",
                               step->key);
}

bool db_step_wants_name(const struct db_step *step)
{
    return step->check == check_person && step->about == ABOUT_NAME;
}

/* A waiver of either is bound to no object: it would hide that an item changed since it was signed,
 * and let pass whoever is in the wrong databases. */
bool db_step_may_be_waived(const struct db_step *step)
{
    return step->check != check_signed && !db_step_wants_name(step);
}

/* clang-format off */
const struct db_step db_steps_production[] = {
    {"6.15", 6, "TLS is verified on both connections", DB_STEP_BOTH, DB_STEP_FACT,
     "without verify-full whoever stands in between reads passwords and rows, and changes them",
     "", check_tls, NULL, NULL, 0},
    {"6.16", 6, "the everyday login role is not postgres", DB_STEP_BOTH, DB_STEP_FACT,
     "a slip of an all-powerful role has no limit; the schema is changed over the admin connection",
     "", check_roles, NULL, NULL, 0},
    {"6.17", 6, "items 1 to 5 are signed", DB_STEP_NOWHERE, DB_STEP_FACT,
     "production is signed for last, and for what the other items have found",
     "", check_signed, NULL, NULL, 0},
    {"6.18", 6, "backups are confirmed by a person", DB_STEP_NOWHERE, DB_STEP_HUMAN,
     "no statement shows whether a backup exists and can be restored",
     "", check_person, NULL, NULL, ABOUT_BACKUPS},
    {"6.19", 6, "the way back is named", DB_STEP_NOWHERE, DB_STEP_HUMAN,
     "who finds out during an outage how to go back finds out too late",
     "", check_person, NULL, NULL, ABOUT_ROLLBACK},
    {"6.20", 6, "the profile's name is typed", DB_STEP_NOWHERE, DB_STEP_HUMAN,
     "the wrong pair of databases looks like the right one",
     "", check_person, NULL, NULL, ABOUT_NAME},
    {.key = NULL},
};
/* clang-format on */
