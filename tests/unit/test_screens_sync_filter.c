/*
 * What the filter of Sync takes for whom: the language of `/` over both halves as a comparison read
 * them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "screens/sync_state.h"
#include "zm/str.h"

static const struct sync_user ana = {
    .both = {.id = "5b1e0a77-0000-4000-8000-000000000001",
             .login = true,
             .email = "Ana.Pop@example.com",
             .profiles = 1,
             .tier = "pro",
             .traders = 1,
             .bot_email = "old@example.com",
             .bot_tier = "free",
             .trading_enabled = 1,
             .api_access = 0},
    .classes = DB_CLASS_BIT(DB_CLASS_TIER_DIFFERS) | DB_CLASS_BIT(DB_CLASS_EMAIL_DIFFERS),
};
/* no profile, no trading profile */
static const struct sync_user bare = {
    .both = {.id = "0c000000-0000-4000-8000-000000000002",
             .login = true,
             .trading_enabled = -1,
             .api_access = -1},
    .classes = DB_CLASS_BIT(DB_CLASS_MISSING_PROFILE) | DB_CLASS_BIT(DB_CLASS_MISSING_IN_BOT),
};
/* of Bot alone, in a table that has no trading_enabled */
static const struct sync_user orphan = {
    .both = {.id = "9f000000-0000-4000-8000-000000000003",
             .traders = 1,
             .bot_email = "ghost@example.com",
             .bot_tier = "enterprise",
             .trading_enabled = -1,
             .api_access = 1},
    .classes = DB_CLASS_BIT(DB_CLASS_ORPHAN_IN_BOT),
};

/* clang-format off */
static const struct {
    const char *text;
    bool ana, bare, orphan;
} rows[] = {
    {"",                     true,  true,  true},
    {"  ",                   true,  true,  true},
    {"ANA.pop",              true,  false, false},
    {"old@",                 true,  false, false},
    {"ana old@",             true,  false, false},
    {"ana ghost",            false, false, false},
    {"\"ana.pop@example.com\"", true, false, false},
    {"\"ana\"",              false, false, false},
    {"5b1e0a",               true,  false, false},
    {"0a77",                 false, false, false}, /* within an id is not its beginning */
    {"!example",             false, true,  false},
    {"tier:pro",             true,  false, false},
    {"tier:free",            false, false, false}, /* Brain's counts */
    {"tier:enterprise",      false, false, true},  /* there is none of Brain's */
    {"tier:none",            false, true,  false},
    {"!tier:pro",            false, true,  true},
    {"tier:",                true,  true,  true},  /* not typed yet */
    {"trading:on",           true,  false, true},  /* what is not known excludes nobody */
    {"trading:off",          false, true,  true},
    {"!trading:on",          false, true,  true},
    {"api:on",               false, false, true},
    {"sync:differs",         true,  false, false},
    {"sync:missing",         false, true,  false},
    {"sync:missing_profile", false, true,  false},
    {"sync:missing_in_bot",  false, false, false}, /* the first that applies */
    {"sync:orphan",          false, false, true},
    {"sync:ok",              false, false, false},
    {"tier:pro api:off ana", true,  false, false},
};
static const struct {
    const char *text, *says;
} wrong[] = {
    {"country:RO",   "country: is not read by a comparison"},
    {"banned:",      "banned: is not read by a comparison"},
    {"confirmed:no", "confirmed: is not read by a comparison"},
    {"can:yes",      "can: is not read by a comparison"},
    {"teir:pro",     "unknown condition teir:"},
    {"trading:yes",  "trading: does not know"},
};
/* clang-format on */

static void matches(void **state)
{
    struct sync sync;
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(rows); i++) {
        memset(&sync, 0, sizeof(sync));
        tui_edit_set(&sync.filter, rows[i].text);
        sync_filter_changed(&sync);
        if (sync.filter_err.kind != ZM_ERR_NONE)
            fail_msg("'%s': %s", rows[i].text, sync.filter_err.message);
        if (sync_matches(&ana, &sync.matched) != rows[i].ana ||
            sync_matches(&bare, &sync.matched) != rows[i].bare ||
            sync_matches(&orphan, &sync.matched) != rows[i].orphan)
            fail_msg("'%s' takes somebody else", rows[i].text);
    }
}

/* Said, and the list stays what it was. */
static void refuses(void **state)
{
    struct sync sync;
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(wrong); i++) {
        memset(&sync, 0, sizeof(sync));
        tui_edit_set(&sync.filter, "tier:pro");
        sync_filter_changed(&sync);
        tui_edit_set(&sync.filter, wrong[i].text);
        sync.relist = false;
        sync_filter_changed(&sync);
        assert_int_equal(sync.filter_err.kind, ZM_ERR_USAGE);
        if (!strstr(sync.filter_err.message, wrong[i].says))
            fail_msg("'%s' says: %s", wrong[i].text, sync.filter_err.message);
        assert_true(sync.filter_err.hint[0]);
        assert_false(sync.relist);
        assert_true(sync_matches(&ana, &sync.matched));
        assert_false(sync_matches(&orphan, &sync.matched));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches),
        cmocka_unit_test(refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
