/*
 * The protocol of a write on two real servers, as the owner of the tables, as an operator of least
 * privilege, and as one through a transaction pooler: what is stored and journalled, what is
 * refused by our own rules, several users at once, and Brain away.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/link.h"
#include "support/writer.h"
#include "zm/str.h"

static void tier_changes_both(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");
    struct db_written out;

    writer_run(w, &edit, DB_RESULT_DONE, &out);
    assert_true(out.changed);
    assert_string_equal(out.before.text[DB_ITEM_TIER], "free");
    assert_string_equal(out.after.text[DB_ITEM_TIER], "pro");
    assert_string_equal(out.after.text[DB_ITEM_BOT_TIER], "pro");
    writer_assert_state(w, "pro|pro:active+free:ended|1|pro,false,false");
    assert_string_equal(
        writer_value(w, DB_BRAIN,
                     "SELECT id || ' ' || user_id || ' ' || action || ' ' ||"
                     " (metadata->>'old') || ' ' || (metadata->>'new') || ' ' ||"
                     " (metadata->>'reason') || ' ' || (metadata->>'bot_new')"
                     " FROM public.user_activity WHERE action LIKE '%tier%'"),
        zm_arena_printf(&out.arena, "%s " WRITER_PERSON " zmartctl.tier_change free pro T-1 pro",
                        edit.request));
    assert_string_equal(writer_value(w, DB_BRAIN,
                                     "SELECT (metadata->>'ref') || ' ' || (metadata->>'outcome')"
                                     " FROM public.user_activity WHERE action LIKE '%result'"),
                        zm_arena_printf(&out.arena, "%s done", edit.request));
    /* The token that the journal keeps is the one that Bot's row carries. */
    zm_copy(out.message, sizeof(out.message),
            writer_value(w, DB_BRAIN,
                         "SELECT metadata->>'bot_token' FROM public.user_activity "
                         "WHERE action LIKE '%tier%'"));
    assert_string_equal(
        writer_value(w, DB_BOT, "SELECT updated_at FROM public.user_trading_profiles"),
        out.message);
    db_written_done(&out);
}

static void times_are_utc(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");

    writer_sql(w, DB_BRAIN, "ALTER DATABASE postgres SET TimeZone = 'Asia/Tokyo'");
    writer_sql(w, DB_BOT, "ALTER DATABASE postgres SET TimeZone = 'Asia/Tokyo'");
    writer_open(w);
    writer_done_with(w, &edit, "pro|pro:active+free:ended|1|pro,false,false");
    assert_string_equal(writer_value(w, DB_BRAIN,
                                     "SELECT abs(extract(epoch FROM updated_at - (now() AT TIME "
                                     "ZONE 'UTC'))) < 60 FROM public.user_profiles"),
                        "t");
    assert_string_equal(writer_value(w, DB_BOT,
                                     "SELECT abs(extract(epoch FROM updated_at - (now() AT TIME "
                                     "ZONE 'UTC'))) < 60 FROM public.user_trading_profiles"),
                        "t");
    writer_sql(w, DB_BRAIN, "ALTER DATABASE postgres RESET TimeZone");
    writer_sql(w, DB_BOT, "ALTER DATABASE postgres RESET TimeZone");
}

static void downgrade_takes_rights(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier(NULL, "free");

    writer_sql(w, DB_BRAIN, "UPDATE public.user_profiles SET tier = 'enterprise'");
    writer_sql(w, DB_BOT,
               "UPDATE public.user_trading_profiles SET tier = 'enterprise',"
               " trading_enabled = true, api_access = true");
    writer_done_with(w, &edit, "free|free:active+free:ended|1|free,false,false");
    writer_fresh(w);
    writer_sql(w, DB_BRAIN, "UPDATE public.user_profiles SET tier = 'enterprise'");
    writer_sql(w, DB_BOT,
               "UPDATE public.user_trading_profiles SET tier = 'enterprise',"
               " trading_enabled = true, api_access = true");
    edit = writer_tier(NULL, "pro");
    writer_done_with(w, &edit, "pro|pro:active+free:ended|1|pro,true,false");
}

static void keep_rights_leaves_them(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier(NULL, "free");

    writer_sql(w, DB_BRAIN, "UPDATE public.user_profiles SET tier = 'pro'");
    writer_sql(w, DB_BOT,
               "UPDATE public.user_trading_profiles SET tier = 'pro', "
               "trading_enabled = true");
    edit.keep_rights = true;
    writer_done_with(w, &edit, "free|free:active+free:ended|1|free,true,false");
}

static void same_tier_is_no_edit(void **state)
{
    struct db_edit edit = writer_tier("free", "free");

    writer_refused(*state, &edit, DB_RESULT_DONE, "so already", WRITER_OLD);
}

static void stale(void **state)
{
    struct db_edit edit = writer_tier("pro", "enterprise");

    writer_refused(*state, &edit, DB_RESULT_STALE, "tier was pro when it was shown and is free",
                   WRITER_OLD);
}

static void unknown_tier(void **state)
{
    struct db_edit edit = writer_tier(NULL, "gold");

    writer_refused(*state, &edit, DB_RESULT_REFUSED, "no tier 'gold'", WRITER_OLD);
}

static void invalid_present_tier_is_mended(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier(NULL, "pro");

    writer_sql(w, DB_BOT, "UPDATE public.user_trading_profiles SET tier = 'gold'");
    writer_done_with(w, &edit, "pro|pro:active+free:ended|1|pro,false,false");
}

static void nobody(void **state)
{
    struct db_edit edit = writer_tier(NULL, "pro");

    zm_copy(edit.user_id, sizeof(edit.user_id), "00000000-0000-4000-8000-000000000009");
    writer_refused(*state, &edit, DB_RESULT_REFUSED, "no login in ZmartyBrain", WRITER_OLD);
}

static void no_profile(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier(NULL, "pro");

    writer_sql(w, DB_BRAIN, "DELETE FROM public.user_profiles");
    writer_refused(w, &edit, DB_RESULT_REFUSED, "no profile in ZmartyBrain",
                   "-|free:active|0|free,false,false");
}

static void duplicates(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier(NULL, "pro");

    writer_sql(w, DB_BOT,
               "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
               " VALUES (pid(1), 'ana@example.com', 'pro')");
    writer_refused(w, &edit, DB_RESULT_REFUSED, "2 trading profiles",
                   "free|free:active|0|free,false,false+pro,false,false");
    writer_fresh(w);
    writer_sql(w, DB_BRAIN,
               "INSERT INTO public.user_profiles (user_id, tier) VALUES (pid(1), 'pro')");
    writer_refused(w, &edit, DB_RESULT_REFUSED, "2 profiles",
                   "free+pro|free:active|0|free,false,false");
}

static void missing_trader_is_created(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "enterprise");
    struct db_written out;

    writer_sql(w, DB_BOT, "TRUNCATE public.user_trading_profiles");
    writer_run(w, &edit, DB_RESULT_DONE, &out);
    assert_true(out.created_trader);
    writer_assert_state(w, "enterprise|enterprise:active+free:ended|1|enterprise,false,false");
    assert_string_equal(writer_value(w, DB_BOT, "SELECT email FROM public.user_trading_profiles"),
                        "ana@example.com");
    db_written_done(&out);
}

static void without_email_brain_only(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");
    struct db_written out;

    writer_sql(w, DB_BOT, "TRUNCATE public.user_trading_profiles");
    writer_sql(w, DB_BRAIN, "UPDATE auth.users SET email = NULL, phone = '40712345678'");
    writer_run(w, &edit, DB_RESULT_DONE, &out);
    assert_non_null(strstr(out.message, "ZmartyBrain only"));
    writer_assert_state(w, "pro|pro:active+free:ended|1|-");
    db_written_done(&out);
}

static void rights_need_the_tier(void **state)
{
    struct writer *w = *state;
    struct db_edit trading = writer_flag(DB_ITEM_TRADING, true),
                   api = writer_flag(DB_ITEM_API, true);

    writer_refused(w, &trading, DB_RESULT_REFUSED, "tier free is not entitled to trading",
                   WRITER_OLD);
    /* What counts is Brain's tier, not Bot's copy. */
    writer_sql(w, DB_BOT, "UPDATE public.user_trading_profiles SET tier = 'enterprise'");
    writer_refused(w, &api, DB_RESULT_REFUSED, "tier free is not entitled to API access",
                   "free|free:active|0|enterprise,false,false");
    writer_fresh(w);
    writer_sql(w, DB_BRAIN, "UPDATE public.user_profiles SET tier = 'enterprise'");
    writer_done_with(w, &trading, "enterprise|free:active|1|free,true,false");
    writer_done_with(w, &api, "enterprise|free:active|2|free,true,true");
    api = writer_flag(DB_ITEM_API, false);
    writer_done_with(w, &api, "enterprise|free:active|3|free,true,false");
}

static void orphan_only_loses(void **state)
{
    struct writer *w = *state;
    struct db_edit off = writer_flag(DB_ITEM_TRADING, false),
                   on = writer_flag(DB_ITEM_TRADING, true);

    writer_sql(w, DB_BRAIN, "TRUNCATE auth.users CASCADE");
    writer_sql(w, DB_BOT, "UPDATE public.user_trading_profiles SET trading_enabled = true");
    writer_done_with(w, &off, "-|-|1|free,false,false");
    assert_string_equal(
        writer_value(w, DB_BRAIN,
                     "SELECT user_id IS NULL AND metadata->>'subject' = pid(1)::text"
                     " FROM public.user_activity WHERE action LIKE '%toggle'"),
        "t");
    writer_refused(w, &on, DB_RESULT_REFUSED, "orphan", "-|-|1|free,false,false");
}

static void stop_all(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_flag(DB_ITEM_TRADING, false);
    struct db_written out;

    edit.action = DB_ACTION_STOP;
    edit.stop_rest = true;
    edit.reason = NULL;
    writer_sql(w, DB_BOT,
               "UPDATE public.user_trading_profiles SET trading_enabled = true;"
               "INSERT INTO public.user_strategies (user_id, strategy_name, is_active)"
               " VALUES (pid(1), 'grid', true), (pid(1), 'old', false),"
               " (pid(2), 'other', true);"
               "INSERT INTO public.user_api_keys (user_id, exchange) VALUES (pid(1), "
               "'kraken')");
    writer_run(w, &edit, DB_RESULT_DONE, &out);
    assert_int_equal(out.stopped_strategies, 1);
    assert_int_equal(out.stopped_keys, 1);
    db_written_done(&out);
    writer_assert_state(w, "free|free:active|1|free,false,false");
    assert_string_equal(writer_value(w, DB_BOT,
                                     "SELECT string_agg(strategy_name, ',') FROM "
                                     "public.user_strategies WHERE is_active"),
                        "other");
}

static void profile_fields(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_flag(DB_ITEM_TRADING, false);

    memset(&edit.want, 0, sizeof(edit.want));
    edit.action = DB_ACTION_PROFILE;
    db_values_set(&edit.want, DB_ITEM_NAME, "Ana \"Pop\" \\ {x}");
    db_values_set(&edit.want, DB_ITEM_COUNTRY, "RO");
    db_values_set(&edit.want, DB_ITEM_COMPLETED, "true");
    writer_done_with(w, &edit, "free|free:active|1|free,false,false");
    assert_string_equal(writer_value(w, DB_BRAIN,
                                     "SELECT name || ' ' || country || ' ' || profile_completed "
                                     "FROM public.user_profiles"),
                        "Ana \"Pop\" \\ {x} RO true");
    assert_string_equal(writer_value(w, DB_BRAIN,
                                     "SELECT (metadata->>'name_old') || '>' || "
                                     "(metadata->>'name_new') || ' ' || (metadata->>'set')"
                                     " FROM public.user_activity WHERE action LIKE '%profile%'"),
                        "Ana>Ana \"Pop\" \\ {x} name country profile_completed");
}

static void dry_run(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier("free", "pro");

    w->terms.dry_run = true;
    writer_refused(w, &edit, DB_RESULT_DONE, "rolled back", WRITER_OLD);
    w->terms.dry_run = false;
}

static void same_request_twice(void **state)
{
    struct writer *w = *state;
    struct db_edit edit = writer_tier(NULL, "pro");

    writer_done_with(w, &edit, "pro|pro:active+free:ended|1|pro,false,false");
    writer_sql(w, DB_BRAIN, "UPDATE public.user_profiles SET tier = 'enterprise'");
    writer_refused(w, &edit, DB_RESULT_STALE, "in the journal already",
                   "enterprise|pro:active+free:ended|1|pro,false,false");
}

/* ---- several at once ---- */

static void batch(void **state)
{
    struct writer *w = *state;
    struct db_edit edits[3];
    struct db_written out[3];
    size_t i, culprit;

    writer_sql(w, DB_BRAIN,
               "INSERT INTO auth.users (id, email) SELECT pid(n), n || '@example.com'"
               " FROM generate_series(2, 3) n;"
               "INSERT INTO public.user_profiles (user_id, tier) SELECT pid(n), 'free'"
               " FROM generate_series(2, 3) n");
    writer_sql(w, DB_BOT,
               "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
               " SELECT pid(n), n || '@example.com', 'free' FROM generate_series(2, 3) n");
    for (i = 0; i < 3; i++) {
        edits[i] = writer_tier(i == 1 ? "pro" : "free", "enterprise");
        edits[i].user_id[35] = (char)('1' + i);
    }
    assert_true(db_write_batch(&w->people.session, &w->terms, edits, 3, out, &culprit));
    assert_int_equal(out[0].result, DB_RESULT_DONE);
    assert_int_equal(out[1].result, DB_RESULT_STALE);
    assert_int_equal(out[2].result, DB_RESULT_DONE);
    for (i = 0; i < 3; i++)
        db_written_done(&out[i]);
    assert_string_equal(writer_value(w, DB_BOT,
                                     "SELECT string_agg(tier, ',' ORDER BY user_id) FROM "
                                     "public.user_trading_profiles"),
                        "enterprise,free,enterprise");
    /* One row that the server refuses takes the batch with it, and is named. */
    writer_sql(w, DB_BOT,
               "ALTER TABLE public.user_trading_profiles ADD CONSTRAINT test_check"
               " CHECK (tier <> 'pro' OR user_id <> pid(3))");
    for (i = 0; i < 3; i++) {
        edits[i] = writer_tier(NULL, "pro");
        edits[i].user_id[35] = (char)('1' + i);
    }
    assert_false(db_write_batch(&w->people.session, &w->terms, edits, 3, out, &culprit));
    assert_int_equal(culprit, 2);
    for (i = 0; i < 3; i++)
        db_written_done(&out[i]);
    assert_string_equal(writer_value(w, DB_BRAIN,
                                     "SELECT string_agg(tier, ',' ORDER BY user_id) FROM "
                                     "public.user_profiles"),
                        "enterprise,free,enterprise");
}

/* ---- Brain is away ---- */

static void brain_goes(struct writer *w)
{
    db_link_close(w->people.session.link[DB_BRAIN]);
    cluster_halt(&w->people.cluster[DB_BRAIN]);
}

static void brain_returns(struct writer *w)
{
    cluster_resume(&w->people.cluster[DB_BRAIN]);
    do /* a pooler takes its time to notice */
        writer_open(w);
    while (!db_session_link(&w->people.session, DB_BRAIN));
}

static void breakglass(void **state)
{
    struct writer *w = *state;
    struct db_edit off = writer_flag(DB_ITEM_TRADING, false),
                   on = writer_flag(DB_ITEM_TRADING, true), tier = writer_tier(NULL, "pro");
    struct db_written out;
    struct zm_error err;
    size_t replayed, bad;

    writer_sql(w, DB_BOT, "UPDATE public.user_trading_profiles SET trading_enabled = true");
    brain_goes(w);
    writer_run(w, &on, DB_RESULT_NOTHING_CHANGED, &out);
    db_written_done(&out);
    writer_run(w, &tier, DB_RESULT_NOTHING_CHANGED, &out);
    assert_int_equal(db_written_exit_code(&out), 3);
    db_written_done(&out);
    writer_run(w, &off, DB_RESULT_DONE, &out);
    assert_true(out.changed && out.in_spool);
    db_written_done(&out);
    assert_int_equal(db_spool_count(&w->spool), 1);
    brain_returns(w);
    writer_assert_state(w, "free|free:active|0|free,false,false");
    assert_true(
        db_spool_replay(&w->spool, w->people.session.link[DB_BRAIN], &replayed, &bad, &err));
    assert_int_equal(bad, 0);
    assert_int_equal(db_spool_count(&w->spool), 0);
    writer_assert_state(w, "free|free:active|1|free,false,false");
    assert_string_equal(writer_value(w, DB_BRAIN,
                                     "SELECT id || ' ' || (metadata->>'reason') FROM "
                                     "public.user_activity WHERE action LIKE '%toggle'"),
                        zm_arena_printf(&out.arena, "%s T-1", off.request));
    assert_string_equal(writer_value(w, DB_BRAIN,
                                     "SELECT metadata->>'outcome' FROM public.user_activity "
                                     "WHERE action LIKE '%result'"),
                        "done");
    zm_arena_done(&out.arena);
}

/* What COMMIT would refuse is refused before anything is recorded: there is nothing to replay. */
static void breakglass_refused(void **state)
{
    struct writer *w = *state;
    struct db_edit off = writer_flag(DB_ITEM_TRADING, false);
    struct db_written out;

    writer_sql(w, DB_BOT,
               "UPDATE public.user_trading_profiles SET trading_enabled = true;"
               "CREATE OR REPLACE FUNCTION public.test_trigger() RETURNS trigger LANGUAGE plpgsql"
               " AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$;"
               "CREATE CONSTRAINT TRIGGER test_trigger AFTER UPDATE ON public.user_trading_profiles"
               " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION"
               " public.test_trigger()");
    brain_goes(w);
    writer_run(w, &off, DB_RESULT_NOTHING_CHANGED, &out);
    assert_non_null(strstr(out.message, "not today"));
    assert_false(out.in_spool);
    assert_int_equal(db_spool_count(&w->spool), 0);
    db_written_done(&out);
    brain_returns(w);
    writer_assert_state(w, "free|free:active|0|free,true,false");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tier_changes_both, writer_setup),
        cmocka_unit_test_setup(times_are_utc, writer_setup),
        cmocka_unit_test_setup(downgrade_takes_rights, writer_setup),
        cmocka_unit_test_setup(keep_rights_leaves_them, writer_setup),
        cmocka_unit_test_setup(same_tier_is_no_edit, writer_setup),
        cmocka_unit_test_setup(stale, writer_setup),
        cmocka_unit_test_setup(unknown_tier, writer_setup),
        cmocka_unit_test_setup(invalid_present_tier_is_mended, writer_setup),
        cmocka_unit_test_setup(nobody, writer_setup),
        cmocka_unit_test_setup(no_profile, writer_setup),
        cmocka_unit_test_setup(duplicates, writer_setup),
        cmocka_unit_test_setup(missing_trader_is_created, writer_setup),
        cmocka_unit_test_setup(without_email_brain_only, writer_setup),
        cmocka_unit_test_setup(rights_need_the_tier, writer_setup),
        cmocka_unit_test_setup(orphan_only_loses, writer_setup),
        cmocka_unit_test_setup(stop_all, writer_setup),
        cmocka_unit_test_setup(profile_fields, writer_setup),
        cmocka_unit_test_setup(dry_run, writer_setup),
        cmocka_unit_test_setup(same_request_twice, writer_setup),
        cmocka_unit_test_setup(batch, writer_setup),
        cmocka_unit_test_setup(breakglass, writer_setup),
        cmocka_unit_test_setup(breakglass_refused, writer_setup),
    };

    return writer_run_tests(tests, ZM_COUNT(tests));
}
