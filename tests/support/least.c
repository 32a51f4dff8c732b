/*
 * Roles, grants and policies of those who look and those who operate.
 */
#include "least.h"

#include "db/sql.h"
#include "zm/str.h"

/* clang-format off */
static const char roles[] =
    "CREATE ROLE zmart_support NOLOGIN; CREATE ROLE zmart_operator NOLOGIN;"
    "CREATE ROLE op_sam LOGIN CONNECTION LIMIT 6 IN ROLE zmart_support;"
    "CREATE ROLE op_olga LOGIN CONNECTION LIMIT 6 IN ROLE zmart_operator;"
    "GRANT USAGE ON SCHEMA public TO zmart_support, zmart_operator;";

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

/* Everything that the checklist's own statement says is lacking, as it says it. */
static void give(void (*run)(const void *context, enum db_side side, const char *sql),
                 const void *context, enum db_side side, enum db_sql lacking)
{
    struct zm_buf sql = {.s = NULL};

    zm_buf_printf(&sql,
                  "DO $give$ DECLARE f text; BEGIN FOR f IN SELECT fix FROM (%s) AS lacking LOOP"
                  " EXECUTE f; END LOOP; END $give$",
                  db_sql_text(lacking)->text);
    run(context, side, sql.s);
    zm_buf_done(&sql);
}

void least_privilege_by(void (*run)(const void *context, enum db_side side, const char *sql),
                        const void *context)
{
    run(context, DB_BRAIN, roles);
    run(context, DB_BRAIN, read_policies);
    give(run, context, DB_BRAIN, DB_SQL_BRAIN_HARDEN_ROLES);
    run(context, DB_BRAIN, "ALTER VIEW zmartctl.users OWNER TO postgres");
    run(context, DB_BOT, roles);
    run(context, DB_BOT, read_policies);
    give(run, context, DB_BOT, DB_SQL_BOT_HARDEN_ROLES);
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
