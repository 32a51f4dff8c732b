/*
 * Roles, grants and policies of a person who looks but does not write.
 */
#include "least.h"

static const char support_brain[] =
    "CREATE ROLE zmart_support NOLOGIN; CREATE ROLE op_sam LOGIN IN ROLE zmart_support;"
    "SET ROLE postgres; CREATE SCHEMA zmartctl;"
    "CREATE VIEW zmartctl.users WITH (security_barrier) AS SELECT id, instance_id, email, phone,"
    " created_at, last_sign_in_at, email_confirmed_at, confirmation_sent_at, banned_until, "
    "deleted_at,"
    " is_sso_user, is_anonymous FROM auth.users;"
    "GRANT USAGE ON SCHEMA zmartctl TO zmart_support;"
    "GRANT SELECT ON zmartctl.users, public.user_profiles, public.user_subscriptions,"
    " public.user_activity TO zmart_support;";
static const char support_bot[] =
    "CREATE ROLE zmart_support NOLOGIN; CREATE ROLE op_sam LOGIN IN ROLE zmart_support; SET ROLE "
    "postgres;"
    "GRANT SELECT ON public.user_trading_profiles, public.user_portfolios, public.user_trades,"
    " public.user_strategies TO zmart_support;"
    "GRANT SELECT (id, user_id, exchange, is_active, permissions, created_at, updated_at)"
    " ON public.user_api_keys TO zmart_support;";
static const char policies[] =
    "DO $$ DECLARE t text; BEGIN"
    " FOR t IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'user\\_%'"
    "  AND relnamespace = 'public'::regnamespace LOOP"
    "  EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);"
    "  EXECUTE format('CREATE POLICY zc_read ON public.%I FOR SELECT TO zmart_support USING "
    "(true)', t);"
    " END LOOP; END $$";

void least_privilege(const struct demo *demo)
{
    demo_sql(demo, DB_BRAIN, support_brain);
    demo_sql(demo, DB_BOT, support_bot);
    demo_sql(demo, DB_BRAIN, policies);
    demo_sql(demo, DB_BOT, policies);
}
