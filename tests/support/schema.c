/*
 * The two schemas for a private server: the source document's tables as they are written there, and
 * of Supabase's what matters to a reader.
 */
#include "cluster.h"

static const char common[] =
    "CREATE ROLE postgres NOSUPERUSER CREATEDB CREATEROLE LOGIN REPLICATION BYPASSRLS;"
    "CREATE ROLE plain LOGIN;"
    "CREATE ROLE anon NOLOGIN; CREATE ROLE authenticated NOLOGIN;"
    "GRANT ALL ON SCHEMA public TO postgres; GRANT USAGE ON SCHEMA public TO plain;"
    "CREATE SCHEMA auth; GRANT USAGE ON SCHEMA auth TO postgres, plain;"
    "CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';"
    "CREATE TABLE auth.users (instance_id uuid, id uuid PRIMARY KEY, aud varchar(255),"
    " role varchar(255), email varchar(255), phone text, raw_app_meta_data jsonb,"
    " raw_user_meta_data jsonb, updated_at timestamptz, encrypted_password text,"
    " confirmation_token text, recovery_token text, email_change_token_new text, email_change text,"
    " created_at timestamptz, last_sign_in_at timestamptz, email_confirmed_at timestamptz,"
    " confirmation_sent_at timestamptz, banned_until timestamptz, deleted_at timestamptz,"
    " is_sso_user boolean NOT NULL DEFAULT false, is_anonymous boolean NOT NULL DEFAULT false);"
    "CREATE UNIQUE INDEX users_email_partial_key ON auth.users (email) WHERE is_sso_user = false;"
    "ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;"
    "GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES ON auth.users TO postgres;"
    "GRANT SELECT ON auth.users TO plain;"
    "CREATE INDEX users_instance_id_email_idx ON auth.users (instance_id, lower(email::text));"
    "CREATE UNIQUE INDEX users_phone_key ON auth.users (phone);"
    "CREATE TABLE auth.identities (provider_id text NOT NULL, user_id uuid NOT NULL REFERENCES"
    " auth.users ON DELETE CASCADE, identity_data jsonb NOT NULL, provider text NOT NULL,"
    " last_sign_in_at timestamptz, created_at timestamptz, updated_at timestamptz,"
    " email text GENERATED ALWAYS AS (lower(identity_data ->> 'email')) STORED,"
    " id uuid PRIMARY KEY DEFAULT gen_random_uuid());"
    "CREATE INDEX identities_email_idx ON auth.identities (email text_pattern_ops);"
    "ALTER TABLE auth.identities ENABLE ROW LEVEL SECURITY;"
    "GRANT SELECT, INSERT, UPDATE, DELETE ON auth.identities TO postgres;";

static const char brain[] =
    "SET ROLE postgres;"
    "CREATE TABLE public.user_profiles (id UUID PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id UUID REFERENCES auth.users(id) ON DELETE CASCADE,"
    " tier TEXT DEFAULT 'free' CHECK (tier IN ('free', 'pro', 'enterprise')), name TEXT,"
    " country TEXT, profile_completed BOOLEAN DEFAULT false, created_at TIMESTAMP DEFAULT NOW(),"
    " updated_at TIMESTAMP DEFAULT NOW());"
    "CREATE TABLE public.user_subscriptions (id UUID PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id UUID REFERENCES auth.users(id) ON DELETE CASCADE, tier TEXT NOT NULL,"
    " started_at TIMESTAMP DEFAULT NOW(), ended_at TIMESTAMP, status TEXT DEFAULT 'active');"
    "CREATE TABLE public.user_activity (id UUID PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id UUID REFERENCES auth.users(id) ON DELETE CASCADE, action TEXT NOT NULL,"
    " metadata JSONB, created_at TIMESTAMP DEFAULT NOW());"
    "ALTER TABLE public.user_profiles ENABLE ROW LEVEL SECURITY;"
    "CREATE POLICY \"Users can view own profile\" ON public.user_profiles"
    " FOR SELECT USING (auth.uid() = user_id);"
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO plain;";

static const char bot[] =
    "SET ROLE postgres;"
    "CREATE TABLE public.user_trading_profiles (id UUID PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id UUID NOT NULL, email TEXT NOT NULL, tier TEXT DEFAULT 'free',"
    " trading_enabled BOOLEAN DEFAULT false, api_access BOOLEAN DEFAULT false,"
    " created_at TIMESTAMP DEFAULT NOW(), updated_at TIMESTAMP DEFAULT NOW());"
    "CREATE TABLE public.user_portfolios (id UUID PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id UUID NOT NULL, symbol TEXT NOT NULL, amount DECIMAL(20,8),"
    " avg_buy_price DECIMAL(20,8), current_value DECIMAL(20,8), pnl DECIMAL(20,8),"
    " created_at TIMESTAMP DEFAULT NOW(), updated_at TIMESTAMP DEFAULT NOW());"
    "CREATE TABLE public.user_strategies (id UUID PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id UUID NOT NULL, strategy_name TEXT NOT NULL, strategy_config JSONB,"
    " is_active BOOLEAN DEFAULT false, performance_metrics JSONB,"
    " created_at TIMESTAMP DEFAULT NOW(), updated_at TIMESTAMP DEFAULT NOW());"
    "CREATE TABLE public.user_trades (id UUID PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id UUID NOT NULL, symbol TEXT NOT NULL, side TEXT CHECK (side IN ('buy', 'sell')),"
    " amount DECIMAL(20,8), price DECIMAL(20,8), total DECIMAL(20,8),"
    " status TEXT DEFAULT 'pending', executed_at TIMESTAMP, created_at TIMESTAMP DEFAULT NOW());"
    "CREATE TABLE public.user_api_keys (id UUID PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id UUID NOT NULL, exchange TEXT NOT NULL, api_key_encrypted TEXT,"
    " api_secret_encrypted TEXT, is_active BOOLEAN DEFAULT true, permissions JSONB,"
    " created_at TIMESTAMP DEFAULT NOW(), updated_at TIMESTAMP DEFAULT NOW());"
    "ALTER TABLE public.user_trading_profiles ENABLE ROW LEVEL SECURITY;"
    "ALTER TABLE public.user_portfolios ENABLE ROW LEVEL SECURITY;"
    "CREATE POLICY \"Public read\" ON public.user_trading_profiles FOR SELECT USING (true);"
    "CREATE POLICY \"Public insert\" ON public.user_trading_profiles FOR INSERT WITH CHECK (true);"
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO plain;";

static const char view[] =
    "CREATE SCHEMA zmartctl; GRANT USAGE ON SCHEMA zmartctl TO postgres, plain;"
    "CREATE VIEW zmartctl.users WITH (security_barrier) AS SELECT id, instance_id, email, phone,"
    " created_at, last_sign_in_at, email_confirmed_at, confirmation_sent_at, banned_until,"
    " deleted_at, is_sso_user, is_anonymous FROM auth.users;"
    "ALTER VIEW zmartctl.users OWNER TO postgres; GRANT SELECT ON zmartctl.users TO plain;";

void cluster_load_view(const struct cluster *c)
{
    cluster_sql(c, view);
}

void cluster_load(const struct cluster *c, enum db_side side)
{
    cluster_sql(c, common);
    cluster_sql(c, side == DB_BRAIN ? brain : bot);
    cluster_sql(c, "ALTER DATABASE postgres SET search_path = public");
}
