/*
 * Roles, grants and policies of those who look and those who operate.
 */
#include "least.h"

/* clang-format off */
static const char roles[] =
    "CREATE ROLE zmart_support NOLOGIN; CREATE ROLE zmart_operator NOLOGIN;"
    "CREATE ROLE op_sam LOGIN CONNECTION LIMIT 6 IN ROLE zmart_support;"
    "CREATE ROLE op_olga LOGIN CONNECTION LIMIT 6 IN ROLE zmart_operator;"
    "GRANT USAGE ON SCHEMA public TO zmart_support, zmart_operator;";

static const char brain_grants[] =
    "CREATE SCHEMA IF NOT EXISTS zmartctl AUTHORIZATION postgres;"
    "REVOKE ALL ON SCHEMA zmartctl FROM PUBLIC, anon, authenticated;"
    "CREATE OR REPLACE VIEW zmartctl.users WITH (security_barrier) AS SELECT id, instance_id, email,"
    " phone, created_at, last_sign_in_at, email_confirmed_at, confirmation_sent_at, banned_until,"
    " deleted_at, is_sso_user, is_anonymous FROM auth.users;"
    "ALTER VIEW zmartctl.users OWNER TO postgres;"
    "GRANT USAGE ON SCHEMA zmartctl TO zmart_support, zmart_operator;"
    "GRANT SELECT ON zmartctl.users, public.user_profiles, public.user_subscriptions,"
    " public.user_activity TO zmart_support, zmart_operator;"
    "GRANT UPDATE (tier, name, country, profile_completed, updated_at), INSERT (user_id, tier)"
    " ON public.user_profiles TO zmart_operator;"
    "GRANT UPDATE (status, ended_at), INSERT (id, user_id, tier, status)"
    " ON public.user_subscriptions TO zmart_operator;"
    "GRANT INSERT (id, user_id, action, metadata) ON public.user_activity TO zmart_operator;";

static const char brain_policies[] =
    "CREATE POLICY zc_tier ON public.user_profiles FOR UPDATE TO zmart_operator"
    " USING (true) WITH CHECK (true);"
    "CREATE POLICY zc_ins ON public.user_profiles FOR INSERT TO zmart_operator WITH CHECK (true);"
    "CREATE POLICY zc_ins ON public.user_subscriptions FOR INSERT TO zmart_operator"
    " WITH CHECK (true);"
    "CREATE POLICY zc_upd ON public.user_subscriptions FOR UPDATE TO zmart_operator"
    " USING (true) WITH CHECK (true);"
    "CREATE POLICY zc_audit ON public.user_activity FOR INSERT TO zmart_operator"
    " WITH CHECK (action LIKE 'zmartctl.%' AND metadata->>'db_role' = session_user::text);";

static const char bot_grants[] =
    "GRANT SELECT ON public.user_trading_profiles, public.user_portfolios, public.user_trades,"
    " public.user_strategies TO zmart_support, zmart_operator;"
    "GRANT SELECT (id, user_id, exchange, is_active, permissions, created_at, updated_at)"
    " ON public.user_api_keys TO zmart_support, zmart_operator;"
    "GRANT UPDATE (email, tier, trading_enabled, api_access, updated_at),"
    " INSERT (user_id, email, tier, trading_enabled, api_access)"
    " ON public.user_trading_profiles TO zmart_operator;"
    "GRANT UPDATE (is_active, updated_at) ON public.user_strategies, public.user_api_keys"
    " TO zmart_operator;";

static const char bot_policies[] =
    "CREATE POLICY zc_upd ON public.user_trading_profiles FOR UPDATE TO zmart_operator"
    " USING (true) WITH CHECK (true);"
    "CREATE POLICY zc_ins ON public.user_trading_profiles FOR INSERT TO zmart_operator"
    " WITH CHECK (NOT trading_enabled AND NOT api_access);"
    "CREATE POLICY zc_off ON public.user_strategies FOR UPDATE TO zmart_operator"
    " USING (true) WITH CHECK (NOT is_active);"
    "CREATE POLICY zc_off ON public.user_api_keys FOR UPDATE TO zmart_operator"
    " USING (true) WITH CHECK (NOT is_active);";

/* A policy of that name may be there for a role of a test's own, which keeps it. */
static const char read_policies[] =
    "DO $$ DECLARE t text; others text; BEGIN"
    " FOR t IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'user\\_%'"
    "   AND relnamespace = 'public'::regnamespace LOOP"
    "  EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);"
    "  SELECT string_agg(quote_ident(r), ', ') INTO others FROM pg_policies, unnest(roles) r"
    "   WHERE schemaname = 'public' AND tablename = t AND policyname = 'zc_read';"
    "  IF others IS NULL THEN"
    "   EXECUTE format('CREATE POLICY zc_read ON public.%I FOR SELECT"
    "    TO zmart_support, zmart_operator USING (true)', t);"
    "  ELSE"
    "   EXECUTE format('ALTER POLICY zc_read ON public.%I TO zmart_support, zmart_operator, %s',"
    "    t, others);"
    "  END IF; END LOOP; END $$";

static const char brain_hardening[] =
    "REVOKE INSERT, UPDATE ON public.user_profiles FROM anon, authenticated;"
    "GRANT UPDATE (name, country, profile_completed, updated_at), INSERT (user_id, name, country)"
    " ON public.user_profiles TO authenticated;"
    "REVOKE ALL ON public.user_subscriptions FROM anon;"
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON public.user_subscriptions FROM authenticated;"
    "REVOKE ALL ON public.user_activity FROM anon, authenticated;"
    "ALTER TABLE public.user_activity DROP CONSTRAINT user_activity_user_id_fkey,"
    " ADD CONSTRAINT user_activity_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users (id)"
    " ON DELETE SET NULL;";

static const char bot_hardening[] =
    "DROP POLICY IF EXISTS \"Public read\" ON public.user_trading_profiles;"
    "DROP POLICY IF EXISTS \"Public insert\" ON public.user_trading_profiles;"
    "REVOKE ALL ON public.user_api_keys FROM anon, authenticated;";
/* clang-format on */

void least_privilege_by(void (*run)(const void *context, enum db_side side, const char *sql),
                        const void *context)
{
    run(context, DB_BRAIN, roles);
    run(context, DB_BRAIN, brain_grants);
    run(context, DB_BRAIN, read_policies);
    run(context, DB_BRAIN, brain_policies);
    run(context, DB_BOT, roles);
    run(context, DB_BOT, bot_grants);
    run(context, DB_BOT, read_policies);
    run(context, DB_BOT, bot_policies);
}

void least_harden_by(void (*run)(const void *context, enum db_side side, const char *sql),
                     const void *context)
{
    run(context, DB_BRAIN, brain_hardening);
    run(context, DB_BOT, bot_hardening);
}

static void run_on_demo(const void *context, enum db_side side, const char *sql)
{
    demo_sql(context, side, sql);
}

static void run_on_people(const void *context, enum db_side side, const char *sql)
{
    people_sql(context, side, sql);
}

void least_privilege(const struct demo *demo)
{
    least_privilege_by(run_on_demo, demo);
}

void least_privilege_people(const struct people *people)
{
    least_privilege_by(run_on_people, people);
}
