/*
 * The drift classes (design section 4): one table of them, and the pure function that says which
 * apply to a user. Asks no database.
 */
#ifndef DB_CLASSES_H
#define DB_CLASSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/gates.h"
#include "db/rows.h"

enum db_class {
    DB_CLASS_TIER_DIFFERS,
    DB_CLASS_EMAIL_DIFFERS,
    DB_CLASS_MISSING_IN_BOT,
    DB_CLASS_MISSING_PROFILE,
    DB_CLASS_FLAGS_EXCEED_TIER,
    DB_CLASS_DELETED_IN_BRAIN,
    DB_CLASS_ORPHAN_IN_BOT,
    DB_CLASS_DUPLICATE_IN_BOT,
    DB_CLASS_DUPLICATE_PROFILE,
    DB_CLASS_INVALID_TIER,
    DB_CLASS_SUBSCRIPTION_DIFFERS,
    DB_CLASS_NO_EMAIL,
    DB_CLASSES,
};
#define DB_CLASS_BIT(class) (1U << (unsigned)(class))
#define DB_CLASS_ALL (DB_CLASS_BIT(DB_CLASSES) - 1U)
#define DB_CLASS_DRIFT (DB_CLASS_ALL & ~DB_CLASS_BIT(DB_CLASS_NO_EMAIL)) /* without info */

/* Who mends it. */
enum db_mend {
    DB_MEND_SAFE,   /* repair does, unless told not to */
    DB_MEND_OPT_IN, /* repair does when asked for this class */
    DB_MEND_HUMAN,  /* a person decides each */
    DB_MEND_INFO,   /* nothing to mend: no drift on screen nor for exit codes */
};

struct db_class_row {
    const char *key; /* "tier_differs": JSON and --class */
    char sign;       /* '~', '+', '-', '!', '=' */
    enum db_mend mend;
    const char *title;     /* for people */
    const char *direction; /* "Brain -> Bot"; "" where nothing is copied */
    const char *risk;      /* while it stays */
    const char *repair;    /* what repair does; for human classes what is to be decided */
};

const struct db_class_row *db_class_row(enum db_class class);
/* By its key; DB_CLASSES: there is none. */
enum db_class db_class_find(const char *key);
/* "safe", "opt_in", "human", "info". */
const char *db_mend_key(enum db_mend mend);

/* Columns that an older shape does not have: what stands in the halves for them is not known. */
enum {
    DB_LACKS_TIER = 1U << 0, /* of user_profiles */
    DB_LACKS_BOT_TIER = 1U << 1,
    DB_LACKS_BOT_EMAIL = 1U << 2,
};

/* Both halves of a user as the comparison reads them. A side is known in full. Texts belong to
 * whoever filled it; updated_at is the server's text (ISO, UTC): see db_time_is_later. */
struct db_both {
    const char *id;
    bool login, deleted;
    const char *email;      /* NULL or "": none */
    const char *deleted_at; /* NULL unless deleted */
    int64_t profiles;       /* rows; the values are the oldest's */
    const char *tier, *profile_updated_at;
    bool subscriptions_known;
    int64_t subscriptions; /* active ones; the tier is the newest's */
    const char *subscription_tier;
    int64_t traders; /* rows; the values are the oldest's */
    const char *bot_email, *bot_tier, *bot_updated_at;
    db_maybe trading_enabled, api_access;
    bool rights;    /* in any of the rows */
    bool ours;      /* journal rows say that we wrote Bot's tier as it is */
    unsigned lacks; /* DB_LACKS_* */
};

struct db_classified {
    unsigned classes;     /* DB_CLASS_BIT of each that applies */
    bool case_only;       /* email_differs: equal but for upper and lower case */
    bool bot_newer_above; /* tier_differs: Bot's tier is higher and its row newer; human unless ours
                           */
    bool no_tier_to_copy; /* Brain's tier is none that zmartctl writes: what takes it is for a human
                           */
};

void db_classify(const struct db_policy *policy, const struct db_both *both,
                 struct db_classified *ret);
/* Who mends that class of this user. */
enum db_mend db_classified_mend(const struct db_classified *classified, enum db_class class);
/* Of two times as the server writes them: their order is that of their texts, but for years of more
 * digits, before Christ, and infinity. */
bool db_time_is_later(const char *a, const char *b);
/* Whether that tier exists at all: the model's, and those that the policy names. */
bool db_class_knows_tier(const struct db_policy *policy, const char *tier);

#endif
