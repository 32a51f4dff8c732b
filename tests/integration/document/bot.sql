-- The statements of the source document for ZmartBot: its tables, then its second step.
-- Link to users from ZmartyBrain
CREATE TABLE IF NOT EXISTS public.user_trading_profiles (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    user_id UUID NOT NULL, -- From ZmartyBrain auth.users
    email TEXT NOT NULL,
    tier TEXT DEFAULT 'free',
    trading_enabled BOOLEAN DEFAULT false,
    api_access BOOLEAN DEFAULT false,
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);

-- User portfolios
CREATE TABLE IF NOT EXISTS public.user_portfolios (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    user_id UUID NOT NULL,
    symbol TEXT NOT NULL,
    amount DECIMAL(20,8),
    avg_buy_price DECIMAL(20,8),
    current_value DECIMAL(20,8),
    pnl DECIMAL(20,8),
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);

-- Trading strategies per user
CREATE TABLE IF NOT EXISTS public.user_strategies (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    user_id UUID NOT NULL,
    strategy_name TEXT NOT NULL,
    strategy_config JSONB,
    is_active BOOLEAN DEFAULT false,
    performance_metrics JSONB,
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);

-- User trades history
CREATE TABLE IF NOT EXISTS public.user_trades (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    user_id UUID NOT NULL,
    symbol TEXT NOT NULL,
    side TEXT CHECK (side IN ('buy', 'sell')),
    amount DECIMAL(20,8),
    price DECIMAL(20,8),
    total DECIMAL(20,8),
    status TEXT DEFAULT 'pending',
    executed_at TIMESTAMP,
    created_at TIMESTAMP DEFAULT NOW()
);

-- User API keys (encrypted)
CREATE TABLE IF NOT EXISTS public.user_api_keys (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    user_id UUID NOT NULL,
    exchange TEXT NOT NULL,
    api_key_encrypted TEXT,
    api_secret_encrypted TEXT,
    is_active BOOLEAN DEFAULT true,
    permissions JSONB,
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);

-- Run these in ZmartBot SQL Editor

-- Enable UUID extension
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";

-- Create user trading profiles
CREATE TABLE IF NOT EXISTS public.user_trading_profiles (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    user_id UUID NOT NULL,
    email TEXT NOT NULL,
    tier TEXT DEFAULT 'free',
    trading_enabled BOOLEAN DEFAULT false,
    api_access BOOLEAN DEFAULT false,
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);

-- Create portfolios table
CREATE TABLE IF NOT EXISTS public.user_portfolios (
    id UUID PRIMARY KEY DEFAULT uuid_generate_v4(),
    user_id UUID NOT NULL,
    symbol TEXT NOT NULL,
    amount DECIMAL(20,8),
    avg_buy_price DECIMAL(20,8),
    current_value DECIMAL(20,8),
    pnl DECIMAL(20,8),
    created_at TIMESTAMP DEFAULT NOW(),
    updated_at TIMESTAMP DEFAULT NOW()
);

-- Enable RLS
ALTER TABLE public.user_trading_profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.user_portfolios ENABLE ROW LEVEL SECURITY;

-- Create policies (public read for now, will tighten later)
CREATE POLICY "Public read" ON public.user_trading_profiles
    FOR SELECT USING (true);

CREATE POLICY "Public insert" ON public.user_trading_profiles
    FOR INSERT WITH CHECK (true);
