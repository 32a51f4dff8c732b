/*
 * Items 1 and 2 of the checklist on real servers: the source document's own statements are the
 * reference, our steps on two empty projects make the same, and what item 6 hardens stays fine.
 */
#include "schema_place.h"

static void empty_pair(struct place *p, bool granted)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        empty_project(p, (enum db_side)side, granted);
    look_as(p, "postgres");
}

static void document_pair(struct place *p, bool granted)
{
    int side;

    empty_pair(p, granted);
    for (side = 0; side < DB_SIDES; side++)
        run_document(p, (enum db_side)side);
}

/* On a project of the classic kind the document is all that is needed. */
static void document_as_written(void **state)
{
    struct place *p = *state;

    document_pair(p, true);
    assert_all_ok(p);
}

/* Ours on an empty pair equals the document's, once and twice. */
static void same_as_document(void **state)
{
    struct place *p = *state;
    char *reference[DB_SIDES], *ours;
    int side;

    document_pair(p, true);
    for (side = 0; side < DB_SIDES; side++)
        reference[side] = dump(p, (enum db_side)side, true);
    assert_has(reference[DB_BRAIN], "policy user_profiles Users can view own profile");
    empty_pair(p, true);
    assert_int_equal(check(p, "1.2").state, DB_STEP_FAIL);
    assert_string_equal(check(p, "1.2").found, "missing");
    assert_int_equal(mend_all(p), 16); /* all 18 but the extensions, which Supabase brings */
    for (side = 0; side < DB_SIDES; side++) {
        ours = dump(p, (enum db_side)side, true);
        assert_string_equal(ours, reference[side]);
        free(ours);
        free(reference[side]);
    }
    assert_all_ok(p);
    assert_int_equal(mend_all(p), 0);
}

/* Today new tables are granted to nobody: then the grants are those that the policies presuppose,
 * and no others. */
static void grants_of_today(void **state)
{
    static const char *const wanted[DB_SIDES] = {"authenticated user_profiles INSERT,SELECT,UPDATE",
                                                 "anon user_trading_profiles "
                                                 "INSERT,SELECT"};
    struct place *p = *state;
    int side;

    document_pair(p, false);
    assert_int_equal(check(p, "1.6").state, DB_STEP_FAIL);
    assert_has(check(p, "1.6").found, "authenticated lacks SELECT");
    assert_has(check(p, "1.2").found, "service_role lacks SELECT");
    mend_all(p);
    assert_all_ok(p);
    for (side = 0; side < DB_SIDES; side++) {
        char *api = get(p, (enum db_side)side,
                        "SELECT string_agg(line, ';') FROM (SELECT x.grantee::regrole || ' ' || "
                        "c.relname || ' ' || string_agg(x.privilege_type, ',' ORDER BY "
                        "x.privilege_type) AS line FROM pg_class c, aclexplode(c.relacl) x WHERE "
                        "c.relnamespace = 'public'::regnamespace AND x.grantee::regrole::text "
                        "IN ('anon', 'authenticated', '-') GROUP BY x.grantee, c.relname) AS l");

        assert_string_equal(api, wanted[side]);
        free(api);
    }
}

/* clang-format off */
static const char *const hardening[DB_SIDES] = {
    "REVOKE INSERT, UPDATE ON public.user_profiles FROM anon, authenticated;"
    "GRANT UPDATE (name, country, profile_completed, updated_at), INSERT (user_id, name, country)"
    " ON public.user_profiles TO authenticated;"
    "REVOKE ALL ON public.user_subscriptions, public.user_activity FROM anon, authenticated;"
    "REVOKE ALL ON public.user_profiles FROM anon;"
    "ALTER TABLE public.user_subscriptions ENABLE ROW LEVEL SECURITY;"
    "ALTER TABLE public.user_activity ENABLE ROW LEVEL SECURITY;"
    "ALTER POLICY \"Users can view own profile\" ON public.user_profiles TO authenticated"
    " USING ((SELECT auth.uid()) = user_id);"
    "ALTER POLICY \"Users can update own profile\" ON public.user_profiles TO authenticated"
    " USING ((SELECT auth.uid()) = user_id) WITH CHECK ((SELECT auth.uid()) = user_id);"
    "ALTER POLICY \"Users can insert own profile\" ON public.user_profiles TO authenticated"
    " WITH CHECK ((SELECT auth.uid()) = user_id);"
    "CREATE POLICY \"Users can view own subscriptions\" ON public.user_subscriptions FOR SELECT"
    " TO authenticated USING ((SELECT auth.uid()) = user_id);"
    "CREATE UNIQUE INDEX user_profiles_user_id_key ON public.user_profiles (user_id);"
    "CREATE INDEX user_activity_user_id_idx ON public.user_activity (user_id);"
    "ALTER TABLE public.user_activity DROP CONSTRAINT user_activity_user_id_fkey,"
    " ADD CONSTRAINT user_activity_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id)"
    " ON DELETE SET NULL;",

    "DROP POLICY \"Public read\" ON public.user_trading_profiles;"
    "DROP POLICY \"Public insert\" ON public.user_trading_profiles;"
    "CREATE POLICY \"Users can view own trading profile\" ON public.user_trading_profiles"
    " FOR SELECT TO authenticated USING ((SELECT auth.uid()) = user_id);"
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM anon;"
    "ALTER TABLE public.user_trades ENABLE ROW LEVEL SECURITY;"
    "ALTER TABLE public.user_trading_profiles ADD UNIQUE (user_id),"
    " ADD CHECK (tier IN ('free', 'pro', 'enterprise'));",
};
/* clang-format on */

/* Item 6 makes no sign-off of items 1 and 2 stale. */
static void hardened_is_the_same(void **state)
{
    struct place *p = *state;
    int side;

    document_pair(p, true);
    for (side = 0; side < DB_SIDES; side++) {
        char *before = form_of(p, side + 1), *after;

        run_sql(p, (enum db_side)side, "postgres", hardening[side]);
        db_steps_schema_forget(&p->list);
        after = form_of(p, side + 1);
        assert_string_equal(after, before);
        free(before);
        free(after);
    }
    assert_all_ok(p);
}

struct change {
    enum db_side side;
    const char *sql;
    const char *step; /* that is no longer fine; NULL: it is only another form */
    const char *said; /* what is said of it */
};

/* Undoing or altering an object does, of the hardened form too. */
static void altered_is_another(void **state)
{
    /* clang-format off */
    static const struct change changes[] = {
        {DB_BRAIN, "ALTER TABLE public.user_profiles ALTER tier SET DEFAULT 'pro'", "1.2", "tier has the default 'pro'::text, not 'free'"},
        {DB_BRAIN, "ALTER TABLE public.user_profiles ADD COLUMN notes text", NULL, "column notes"},
        {DB_BRAIN, "ALTER TABLE public.user_profiles DROP CONSTRAINT user_profiles_tier_check", "1.2", "no CHECK (tier IN"},
        {DB_BRAIN, "ALTER TABLE public.user_activity DROP CONSTRAINT user_activity_user_id_fkey", "1.4", "does not refer to auth.users"},
        {DB_BRAIN, "ALTER TABLE public.user_subscriptions DROP CONSTRAINT user_subscriptions_pkey", "1.3", "no primary key (id)"},
        {DB_BRAIN, "ALTER TABLE public.user_profiles DISABLE ROW LEVEL SECURITY", "1.5", "row security is off"},
        {DB_BRAIN, "ALTER POLICY \"Users can view own profile\" ON public.user_profiles USING (true)", "1.6", "it is for SELECT to authenticated, using true"},
        {DB_BRAIN, "REVOKE UPDATE (country) ON public.user_profiles FROM authenticated", "1.7", "authenticated lacks UPDATE"},
        {DB_BRAIN, "DROP POLICY \"Users can insert own profile\" ON public.user_profiles", "1.8", "missing"},
        {DB_BRAIN, "CREATE POLICY lets_all ON public.user_activity USING (true)", NULL, "policy \"lets_all\" for everybody"},
        {DB_BRAIN, "CREATE TRIGGER same BEFORE UPDATE ON public.user_activity FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()", NULL, "trigger same"},
        {DB_BRAIN, "REVOKE TRUNCATE ON public.user_activity FROM service_role", "1.4", "service_role lacks TRUNCATE"},
        {DB_BRAIN, "DROP TABLE public.user_subscriptions", "1.3", "missing"},
        {DB_BOT, "CREATE POLICY open ON public.user_trading_profiles USING (true)", "2.9", "missing"},
        {DB_BOT, "ALTER TABLE public.user_trading_profiles DISABLE ROW LEVEL SECURITY", "2.7", "row security is off"},
        {DB_BOT, "ALTER TABLE public.user_trades ALTER amount TYPE numeric(20,2)", "2.5", "amount is numeric(20,2), not numeric(20,8)"},
        {DB_BOT, "ALTER TABLE public.user_trading_profiles DROP CONSTRAINT user_trading_profiles_tier_check, ADD CHECK (tier IN ('free', 'pro'))", "2.2", "the document has no CHECK"},
    };
    /* clang-format on */
    struct place *p = *state;
    size_t i;
    int side;

    for (i = 0; i < ZM_COUNT(changes); i++) {
        const struct change *c = &changes[i];
        int item = c->side == DB_BRAIN ? 1 : 2;
        char *before, *after;

        if (i == 0 || changes[i - 1].side != c->side || c->step) {
            document_pair(p, true);
            for (side = 0; side < DB_SIDES; side++)
                run_sql(p, (enum db_side)side, "postgres", hardening[side]);
        }
        before = form_of(p, item);
        run_sql(p, c->side, "postgres", c->sql);
        db_steps_schema_forget(&p->list);
        after = form_of(p, item);
        if (zm_streq(before, after))
            fail_msg("the form is the same after %s", c->sql);
        if (c->step) {
            assert_int_not_equal(check(p, c->step).state, DB_STEP_OK);
            assert_has(check(p, c->step).found, c->said);
        } else {
            assert_all_ok(p);
            assert_true(is_said(p, c->said));
        }
        free(before);
        free(after);
        mend_all(p);
        assert_all_ok(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(document_as_written), cmocka_unit_test(same_as_document),
        cmocka_unit_test(grants_of_today),     cmocka_unit_test(hardened_is_the_same),
        cmocka_unit_test(altered_is_another),
    };

    return cmocka_run_group_tests(tests, start_place, stop_place);
}
