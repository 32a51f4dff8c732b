/*
 * Older shapes of the document's tables, as the files that are about made them.
 */
#ifndef INTEGRATION_SCHEMA_OLDER_H
#define INTEGRATION_SCHEMA_OLDER_H

/* clang-format off */
/* The columns by which ZMARTBOT_TABLES.sql differs from the document. */
static const char zmartbot_tables[] =
    "CREATE TABLE public.user_trading_profiles (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),"
    " user_id uuid NOT NULL UNIQUE, email text NOT NULL, tier text DEFAULT 'free'"
    " CHECK (tier IN ('free', 'pro', 'enterprise')), trading_enabled boolean DEFAULT false,"
    " api_access boolean DEFAULT false, total_portfolio_value numeric(20,8) DEFAULT 0,"
    " total_pnl numeric(20,8) DEFAULT 0, win_rate numeric(5,2) DEFAULT 0,"
    " created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());"
    "CREATE TABLE public.user_portfolios (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),"
    " user_id uuid NOT NULL, symbol text NOT NULL, amount numeric(20,8) NOT NULL,"
    " avg_buy_price numeric(20,8), current_price numeric(20,8), current_value numeric(20,8),"
    " pnl numeric(20,8), pnl_percentage numeric(10,2), allocation_percentage numeric(5,2),"
    " created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),"
    " UNIQUE (user_id, symbol));"
    "CREATE TABLE public.user_strategies (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),"
    " user_id uuid NOT NULL, strategy_name text NOT NULL, strategy_type text"
    " CHECK (strategy_type IN ('grid', 'dca')), strategy_config jsonb, is_active boolean"
    " DEFAULT false, risk_level text CHECK (risk_level IN ('low', 'high')),"
    " performance_metrics jsonb, created_at timestamptz DEFAULT now(), updated_at timestamptz"
    " DEFAULT now());"
    "CREATE TABLE public.user_trades (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),"
    " user_id uuid NOT NULL, strategy_id uuid REFERENCES public.user_strategies (id),"
    " symbol text NOT NULL, side text NOT NULL CHECK (side IN ('buy', 'sell')),"
    " amount numeric(20,8) NOT NULL, price numeric(20,8) NOT NULL, total numeric(20,8),"
    " fee numeric(20,8) DEFAULT 0, exchange text, order_id text, status text DEFAULT 'pending'"
    " CHECK (status IN ('pending', 'executed', 'cancelled', 'failed')), executed_at timestamptz,"
    " created_at timestamptz DEFAULT now());"
    "CREATE TABLE public.user_api_keys (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),"
    " user_id uuid NOT NULL, exchange text NOT NULL, api_key_encrypted text,"
    " api_secret_encrypted text, is_active boolean DEFAULT true, is_testnet boolean DEFAULT false,"
    " permissions jsonb DEFAULT '{\"spot\": true, \"futures\": false, \"withdraw\": false}',"
    " last_used timestamptz, created_at timestamptz DEFAULT now(), updated_at timestamptz"
    " DEFAULT now(), UNIQUE (user_id, exchange));"
    "DO $$ DECLARE t text; BEGIN FOR t IN SELECT relname FROM pg_class WHERE relkind = 'r' AND"
    " relnamespace = 'public'::regnamespace LOOP"
    "  EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);"
    "  EXECUTE format('CREATE POLICY %I ON public.%I FOR ALL USING (true) WITH CHECK (true)',"
    "   'Allow all for ' || t, t); END LOOP; END $$;"
    "GRANT ALL ON ALL TABLES IN SCHEMA public TO anon;";

/* Those of restore-user-reference-tables.sql. */
static const char restored[] =
    "CREATE TABLE public.user_trading_profiles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id uuid NOT NULL, risk_tolerance text DEFAULT 'medium', preferred_exchanges text[],"
    " max_position_size numeric(10,2), stop_loss_percentage numeric(5,2),"
    " created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now());"
    "CREATE TABLE public.user_portfolios (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id uuid NOT NULL, portfolio_name text NOT NULL, holdings jsonb, total_value"
    " numeric(20,2), performance jsonb, created_at timestamptz DEFAULT now(), updated_at"
    " timestamptz DEFAULT now());"
    "CREATE TABLE public.user_strategies (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id uuid NOT NULL, strategy_name varchar(100) NOT NULL, parameters jsonb NOT NULL,"
    " is_active boolean DEFAULT true, created_at timestamptz DEFAULT now(), updated_at timestamptz"
    " DEFAULT now());"
    "CREATE TABLE public.user_trades (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id uuid NOT NULL, symbol text NOT NULL, trade_type text NOT NULL, quantity"
    " numeric(20,8) NOT NULL, price numeric(20,8), total_value numeric(20,8), status text"
    " DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'failed')), created_at"
    " timestamptz DEFAULT now());"
    "CREATE TABLE public.user_api_keys (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),"
    " user_id uuid NOT NULL, exchange text NOT NULL, key_name text NOT NULL, api_key_encrypted"
    " text NOT NULL, api_secret_encrypted text, is_active boolean DEFAULT true, created_at"
    " timestamptz DEFAULT now());";

static const char zmartybrain_tables[] =
    "CREATE TABLE public.user_profiles (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),"
    " user_id uuid UNIQUE REFERENCES auth.users (id) ON DELETE CASCADE, tier text DEFAULT 'free'"
    " CHECK (tier IN ('free', 'pro', 'enterprise')), name text, country text, profile_completed"
    " boolean DEFAULT false, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT"
    " now());"
    "CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN new.updated_at = now(); RETURN new; END';"
    "CREATE TRIGGER touch_profiles BEFORE UPDATE ON public.user_profiles FOR EACH ROW EXECUTE"
    " FUNCTION public.touch();"
    "CREATE TABLE public.user_subscriptions (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),"
    " user_id uuid REFERENCES auth.users (id) ON DELETE CASCADE, tier text NOT NULL CHECK (tier IN"
    " ('free', 'pro', 'enterprise')), started_at timestamptz DEFAULT now(), ended_at timestamptz,"
    " status text DEFAULT 'active' CHECK (status IN ('active', 'cancelled', 'expired')),"
    " created_at timestamptz DEFAULT now());";

/* Of the same file: as the document, with indexes and row security besides. */
static const char zmartybrain_activity[] =
    "CREATE TABLE public.user_activity (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),"
    " user_id uuid REFERENCES auth.users (id) ON DELETE CASCADE, action text NOT NULL, metadata"
    " jsonb, created_at timestamp DEFAULT now());"
    "CREATE INDEX idx_user_activity_user_id ON public.user_activity (user_id);"
    "CREATE INDEX idx_user_activity_created_at ON public.user_activity (created_at DESC);"
    "ALTER TABLE public.user_activity ENABLE ROW LEVEL SECURITY;"
    "CREATE FUNCTION public.handle_new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
    " 'BEGIN RETURN new; END';"
    "CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION"
    " public.handle_new_user();";
/* clang-format on */

#endif
