/*
 * An operator of least privilege who lacks one thing: each grant, column by column, and each policy
 * is taken away by itself. What needs it is refused, before and after the console has read the
 * catalogue again, the message names the table, and nothing is changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/writer.h"
#include "zm/arena.h"
#include "zm/str.h"

/* ---- what needs it ---- */

static struct db_edit downgrade(struct writer *w)
{
    writer_sql(w, DB_BRAIN, "UPDATE public.user_profiles SET tier = 'enterprise'");
    writer_sql(w, DB_BOT,
               "UPDATE public.user_trading_profiles SET tier = 'enterprise',"
               " trading_enabled = true, api_access = true");
    return writer_tier(NULL, "free");
}

static struct db_edit new_trader(struct writer *w)
{
    writer_sql(w, DB_BOT, "TRUNCATE public.user_trading_profiles");
    return writer_tier(NULL, "pro");
}

static struct db_edit new_profile(struct writer *w)
{
    struct db_edit edit = writer_tier(NULL, "free");

    writer_sql(w, DB_BRAIN, "DELETE FROM public.user_profiles");
    edit.action = DB_ACTION_REPAIR;
    edit.want.known[DB_ITEM_TIER] = false;
    edit.create_profile = true;
    edit.create_trader = false;
    return edit;
}

static struct db_edit email(struct writer *w)
{
    struct db_edit edit = writer_tier(NULL, "free");

    writer_sql(w, DB_BOT, "UPDATE public.user_trading_profiles SET email = 'old@example.com'");
    edit.action = DB_ACTION_REPAIR;
    edit.want.known[DB_ITEM_TIER] = false;
    db_values_set(&edit.want, DB_ITEM_BOT_EMAIL, NULL);
    return edit;
}

static struct db_edit profile(struct writer *w)
{
    struct db_edit edit = writer_tier(NULL, "free");

    (void)w;
    edit.action = DB_ACTION_PROFILE;
    edit.want.known[DB_ITEM_TIER] = false;
    db_values_set(&edit.want, DB_ITEM_NAME, "Ana Pop");
    db_values_set(&edit.want, DB_ITEM_COUNTRY, "RO");
    db_values_set(&edit.want, DB_ITEM_COMPLETED, "true");
    return edit;
}

static struct db_edit stop(struct writer *w)
{
    struct db_edit edit = writer_flag(DB_ITEM_TRADING, false);

    edit.action = DB_ACTION_STOP;
    edit.stop_rest = true;
    writer_sql(w, DB_BOT,
               "UPDATE public.user_trading_profiles SET trading_enabled = true;"
               "INSERT INTO public.user_strategies (user_id, strategy_name, is_active)"
               " VALUES (pid(1), 'grid', true);"
               "INSERT INTO public.user_api_keys (user_id, exchange) VALUES (pid(1), 'kraken')");
    return edit;
}

/* ---- what is taken away ---- */

struct lack {
    enum db_side side;
    const char *table, *right, *columns; /* columns: "" for a right to the table */
    struct db_edit (*edit)(struct writer *w);
};

/* clang-format off */
static const struct lack grants[] = {
    {DB_BRAIN, "user_profiles", "SELECT", "", downgrade},
    {DB_BRAIN, "user_profiles", "UPDATE", "tier updated_at", downgrade},
    {DB_BRAIN, "user_profiles", "UPDATE", "name country profile_completed", profile},
    {DB_BRAIN, "user_profiles", "INSERT", "user_id tier", new_profile},
    {DB_BRAIN, "user_subscriptions", "SELECT", "", downgrade},
    {DB_BRAIN, "user_subscriptions", "UPDATE", "status ended_at", downgrade},
    {DB_BRAIN, "user_subscriptions", "INSERT", "user_id tier status", downgrade},
    {DB_BRAIN, "user_activity", "SELECT", "", downgrade},
    {DB_BRAIN, "user_activity", "INSERT", "id user_id action metadata", downgrade},
    {DB_BOT, "user_trading_profiles", "SELECT", "", downgrade},
    {DB_BOT, "user_trading_profiles", "UPDATE", "tier trading_enabled api_access updated_at", downgrade},
    {DB_BOT, "user_trading_profiles", "UPDATE", "email", email},
    {DB_BOT, "user_trading_profiles", "INSERT", "user_id email tier trading_enabled api_access", new_trader},
    {DB_BOT, "user_strategies", "UPDATE", "is_active updated_at", stop},
    {DB_BOT, "user_api_keys", "UPDATE", "is_active updated_at", stop},
};

static const struct policy {
    enum db_side side;
    const char *table, *name, *to_none, *as_it_was;
    struct db_edit (*edit)(struct writer *w);
} policies[] = {
    {DB_BRAIN, "user_profiles", "zc_read", "USING (false)", "USING (true)", downgrade},
    {DB_BRAIN, "user_profiles", "zc_tier", "USING (false)", "USING (true)", downgrade},
    {DB_BRAIN, "user_profiles", "zc_tier", "WITH CHECK (false)", "WITH CHECK (true)", downgrade},
    {DB_BRAIN, "user_profiles", "zc_ins", "WITH CHECK (false)", "WITH CHECK (true)", new_profile},
    {DB_BRAIN, "user_subscriptions", "zc_read", "USING (false)", "USING (true)", downgrade},
    {DB_BRAIN, "user_subscriptions", "zc_upd", "USING (false)", "USING (true)", downgrade},
    {DB_BRAIN, "user_subscriptions", "zc_upd", "WITH CHECK (false)", "WITH CHECK (true)", downgrade},
    {DB_BRAIN, "user_subscriptions", "zc_ins", "WITH CHECK (false)", "WITH CHECK (true)", downgrade},
    {DB_BRAIN, "user_activity", "zc_audit", "WITH CHECK (false)", "WITH CHECK (action LIKE 'zmartctl.%' AND metadata->>'db_role' = session_user::text)", downgrade},
    {DB_BOT, "user_trading_profiles", "zc_read", "USING (false)", "USING (true)", downgrade},
    {DB_BOT, "user_trading_profiles", "zc_upd", "USING (false)", "USING (true)", downgrade},
    {DB_BOT, "user_trading_profiles", "zc_upd", "WITH CHECK (false)", "WITH CHECK (true)", downgrade},
    {DB_BOT, "user_trading_profiles", "zc_ins", "WITH CHECK (false)", "WITH CHECK (NOT trading_enabled AND NOT api_access)", new_trader},
    {DB_BOT, "user_strategies", "zc_off", "USING (false)", "USING (true)", stop},
    {DB_BOT, "user_api_keys", "zc_off", "USING (false)", "USING (true)", stop},
};
/* clang-format on */

/* ---- what comes of it ---- */

/* Every row of what a write may touch. */
static const char *const all_rows[DB_SIDES] = {
    "SELECT md5(concat((SELECT string_agg(t::text, '|' ORDER BY t::text) FROM user_profiles t),"
    " (SELECT string_agg(t::text, '|' ORDER BY t::text) FROM user_subscriptions t),"
    " (SELECT string_agg(t::text, '|' ORDER BY t::text) FROM user_activity t)))",
    "SELECT md5(concat("
    " (SELECT string_agg(t::text, '|' ORDER BY t::text) FROM user_trading_profiles t),"
    " (SELECT string_agg(t::text, '|' ORDER BY t::text) FROM user_strategies t),"
    " (SELECT string_agg(t::text, '|' ORDER BY t::text) FROM user_api_keys t)))"};

static void refused(struct writer *w, const struct db_edit *edit, const char *table,
                    const char *what)
{
    char before[DB_SIDES][40];
    struct db_written out;
    int side;

    for (side = 0; side < DB_SIDES; side++)
        zm_copy(before[side], sizeof(before[side]),
                writer_value(w, (enum db_side)side, all_rows[side]));
    db_session_connect(&w->people.session);
    db_write(&w->people.session, &w->terms, edit, &out);
    if ((out.result != DB_RESULT_REFUSED && out.result != DB_RESULT_NOTHING_CHANGED) || out.changed)
        fail_msg("%s: %s: %s", what, db_result_key(out.result), out.message);
    if (!strstr(out.message, table) && !strstr(out.message, "row security"))
        fail_msg("%s: the table is not named: %s", what, out.message);
    for (side = 0; side < DB_SIDES; side++)
        if (strcmp(before[side], writer_value(w, (enum db_side)side, all_rows[side])) != 0)
            fail_msg("%s: something was changed: %s", what, out.message);
    db_written_done(&out);
}

static void done(struct writer *w, const struct db_edit *edit, const char *what)
{
    struct db_written out;

    db_session_connect(&w->people.session);
    db_write(&w->people.session, &w->terms, edit, &out);
    if (out.result != DB_RESULT_DONE || !out.changed)
        fail_msg("with %s again: %s: %s", what, db_result_key(out.result), out.message);
    db_written_done(&out);
}

/* To write the journal nobody has to read it: that it cannot be read is known from the catalogue
 * alone. */
static bool is_needed_at_once(const char *away)
{
    return strcmp(away, "REVOKE SELECT ON public.user_activity FROM zmart_operator") != 0;
}

/* Takes away, tries, reads the catalogue, tries, gives back, succeeds. */
static void without(struct writer *w, enum db_side side, const char *table, const char *away,
                    const char *back, struct db_edit (*make)(struct writer *w))
{
    struct db_edit edit;

    writer_fresh(w);
    writer_sql(w, DB_BOT, "TRUNCATE public.user_strategies, public.user_api_keys");
    edit = make(w);
    writer_sql(w, side, away);
    if (is_needed_at_once(away))
        refused(w, &edit, table, away);
    writer_open(w);
    refused(w, &edit, table, away);
    writer_sql(w, side, back);
    writer_open(w);
    done(w, &edit, back);
}

static void each_grant(void **state)
{
    char away[200], back[200], column[64];
    size_t i;

    for (i = 0; i < ZM_COUNT(grants); i++) {
        const struct lack *l = &grants[i];
        const char *at = l->columns;

        do {
            size_t n = strcspn(at, " ");

            snprintf(column, sizeof(column), n ? " (%.*s)" : "%.*s", (int)n, at);
            snprintf(away, sizeof(away), "REVOKE %s%s ON public.%s FROM zmart_operator", l->right,
                     column, l->table);
            snprintf(back, sizeof(back), "GRANT %s%s ON public.%s TO zmart_operator", l->right,
                     column, l->table);
            without(*state, l->side, l->table, away, back, l->edit);
            at += n + (at[n] != '\0');
        } while (*at);
    }
}

static void each_policy(void **state)
{
    char away[300], back[300];
    size_t i;

    for (i = 0; i < ZM_COUNT(policies); i++) {
        const struct policy *p = &policies[i];

        snprintf(away, sizeof(away), "ALTER POLICY %s ON public.%s %s", p->name, p->table,
                 p->to_none);
        snprintf(back, sizeof(back), "ALTER POLICY %s ON public.%s %s", p->name, p->table,
                 p->as_it_was);
        without(*state, p->side, p->table, away, back, p->edit);
    }
}

static int start(void **state)
{
    struct writer *w = zm_calloc(1, sizeof(*w));

    *state = w;
    writer_start(w, "op_olga", false);
    writer_sql(w, DB_BOT, /* of the document as written: they would show what ours hide */
               "DROP POLICY \"Public read\" ON public.user_trading_profiles;"
               "DROP POLICY \"Public insert\" ON public.user_trading_profiles");
    return 0;
}

static int end(void **state)
{
    writer_done(*state);
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_grant),
        cmocka_unit_test(each_policy),
    };

    return cmocka_run_group_tests(tests, start, end);
}
