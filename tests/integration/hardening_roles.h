/*
 * Statements that somebody can or cannot run.
 */
#ifndef INTEGRATION_HARDENING_ROLES_H
#define INTEGRATION_HARDENING_ROLES_H

#include "db/side.h"

/* A hole: who could do what. */
struct hole {
    enum db_side side;
    const char *role, *sql;
};

/* What must not work after, and does before. */
/* clang-format off */
static const struct hole holes[] = {
    {DB_BRAIN, "authenticated", "UPDATE public.user_profiles SET tier = 'enterprise' WHERE user_id = auth.uid()"},
    {DB_BRAIN, "authenticated", "INSERT INTO public.user_profiles (user_id, tier) VALUES (auth.uid(), 'enterprise')"},
    {DB_BRAIN, "authenticated", "INSERT INTO public.user_profiles (user_id) VALUES (auth.uid())"},
    {DB_BRAIN, "anon", "SELECT FROM public.user_subscriptions"},
    {DB_BRAIN, "anon", "TRUNCATE public.user_activity"},
    {DB_BRAIN, "authenticated", "UPDATE public.user_subscriptions SET tier = 'enterprise'"},
    {DB_BRAIN, "authenticated", "INSERT INTO public.user_activity (action, metadata) VALUES ('zmartctl.tier_change', '{}')"},
    {DB_BRAIN, "anon", "SELECT FROM public.user_activity"},
    {DB_BOT, "anon", "SELECT email FROM public.user_trading_profiles"},
    {DB_BOT, "anon", "INSERT INTO public.user_trading_profiles (user_id, email, tier, trading_enabled, api_access) VALUES (gen_random_uuid(), 'x@example.com', 'hacker', true, true)"},
    {DB_BOT, "authenticated", "INSERT INTO public.user_trading_profiles (user_id, email, trading_enabled) VALUES (auth.uid(), 'x@example.com', true)"},
    {DB_BOT, "anon", "SELECT FROM public.user_api_keys"},
    {DB_BOT, "anon", "TRUNCATE public.user_api_keys"},
    {DB_BOT, "authenticated", "UPDATE public.user_strategies SET is_active = true"},
    {DB_BOT, "anon", "DELETE FROM public.user_trades"},
    {DB_BOT, "postgres", "INSERT INTO public.user_trading_profiles (user_id, email, tier) VALUES (gen_random_uuid(), 'x@example.com', 'hacker')"},
    {DB_BOT, "postgres", "INSERT INTO public.user_trading_profiles (user_id, email) SELECT user_id, email FROM public.user_trading_profiles LIMIT 1"},
};

/* What must work before and after. */
static const struct hole uses[] = {
    {DB_BRAIN, "authenticated", "SELECT FROM public.user_profiles"},
    {DB_BRAIN, "authenticated", "UPDATE public.user_profiles SET name = 'Ana', country = 'RO' WHERE user_id = auth.uid()"},
    {DB_BRAIN, "service_role", "UPDATE public.user_profiles SET tier = 'pro' WHERE tier = 'free'"},
    {DB_BRAIN, "service_role", "INSERT INTO public.user_activity (action) VALUES ('login')"},
    {DB_BOT, "service_role", "INSERT INTO public.user_trading_profiles (user_id, email) VALUES (gen_random_uuid(), 'n@example.com')"},
    {DB_BOT, "authenticated", "SELECT FROM public.user_trading_profiles WHERE user_id = auth.uid()"},
};
/* clang-format on */

/* What people may with a login of their own in one of the roles, and what they may not. $me is the
 * name of the login, $he a user of the application. */
/* clang-format off */
static const struct hole may[] = {
    {DB_BRAIN, "op_alice", "SELECT id, email, phone, banned_until, is_sso_user FROM zmartctl.users"},
    {DB_BRAIN, "op_alice", "SELECT FROM public.user_profiles WHERE user_id = '$he' FOR NO KEY UPDATE"},
    {DB_BRAIN, "op_alice", "UPDATE public.user_profiles SET tier = 'pro', name = 'A', country = 'RO', profile_completed = true, updated_at = now() WHERE user_id = '$he'"},
    {DB_BRAIN, "op_alice", "UPDATE public.user_subscriptions SET status = 'ended', ended_at = now() WHERE status = 'active'"},
    {DB_BRAIN, "op_alice", "INSERT INTO public.user_subscriptions (user_id, tier, status) VALUES ('$he', 'pro', 'active')"},
    {DB_BRAIN, "op_alice", "INSERT INTO public.user_activity (id, user_id, action, metadata) VALUES (gen_random_uuid(), '$he', 'zmartctl.tier_change', '{\"db_role\": \"$me\"}')"},
    {DB_BRAIN, "op_alice", "INSERT INTO public.user_profiles (user_id, tier) SELECT u.id, 'free' FROM zmartctl.users u WHERE NOT EXISTS (SELECT FROM public.user_profiles p WHERE p.user_id = u.id) LIMIT 1"},
    {DB_BRAIN, "op_sam", "SELECT email FROM zmartctl.users"},
    {DB_BRAIN, "op_sam", "SELECT FROM public.user_profiles"},
    {DB_BRAIN, "op_sam", "SELECT FROM public.user_subscriptions"},
    {DB_BRAIN, "op_sam", "SELECT FROM public.user_activity"},
    {DB_BOT, "op_alice", "UPDATE public.user_trading_profiles SET email = 'a@example.com', tier = 'pro', trading_enabled = true, api_access = true, updated_at = now() WHERE user_id = '$he'"},
    {DB_BOT, "op_alice", "INSERT INTO public.user_trading_profiles (user_id, email, tier, trading_enabled, api_access) VALUES (gen_random_uuid(), 'x@example.com', 'free', false, false)"},
    {DB_BOT, "op_alice", "UPDATE public.user_strategies SET is_active = false, updated_at = now()"},
    {DB_BOT, "op_alice", "UPDATE public.user_api_keys SET is_active = false, updated_at = now()"},
    {DB_BOT, "op_sam", "SELECT id, user_id, exchange, is_active, permissions, created_at, updated_at FROM public.user_api_keys"},
    {DB_BOT, "op_sam", "SELECT FROM public.user_trading_profiles"},
    {DB_BOT, "op_sam", "SELECT FROM public.user_portfolios"},
    {DB_BOT, "op_sam", "SELECT FROM public.user_strategies"},
    {DB_BOT, "op_sam", "SELECT FROM public.user_trades"},
};
static const struct hole may_not[] = {
    /* other columns */
    {DB_BRAIN, "op_alice", "UPDATE public.user_profiles SET user_id = gen_random_uuid() WHERE user_id = '$he'"},
    {DB_BRAIN, "op_alice", "UPDATE public.user_subscriptions SET tier = 'enterprise'"},
    {DB_BRAIN, "op_alice", "INSERT INTO public.user_profiles (user_id, tier, created_at) VALUES ('$he', 'free', '2020-01-01')"},
    {DB_BRAIN, "op_alice", "DELETE FROM public.user_profiles"},
    /* the journal: only added to, by one's own name and now */
    {DB_BRAIN, "op_alice", "UPDATE public.user_activity SET action = 'x'"},
    {DB_BRAIN, "op_alice", "DELETE FROM public.user_activity"},
    {DB_BRAIN, "op_alice", "TRUNCATE public.user_activity"},
    {DB_BRAIN, "op_alice", "INSERT INTO public.user_activity (action, metadata) VALUES ('zmartctl.tier_change', '{\"db_role\": \"op_bob\"}')"},
    {DB_BRAIN, "op_alice", "INSERT INTO public.user_activity (action, metadata) VALUES ('login', '{\"db_role\": \"$me\"}')"},
    {DB_BRAIN, "op_alice", "INSERT INTO public.user_activity (action, metadata, created_at) VALUES ('zmartctl.tier_change', '{\"db_role\": \"$me\"}', '2020-01-01')"},
    {DB_BRAIN, "op_alice", "SELECT FROM auth.users"},
    {DB_BRAIN, "op_alice", "CREATE TABLE public.mine (id int)"},
    {DB_BRAIN, "op_alice", "CREATE TABLE zmartctl.mine (id int)"},
    {DB_BRAIN, "op_alice", "SET ROLE postgres"},
    {DB_BRAIN, "op_alice", "SET ROLE service_role"},
    {DB_BRAIN, "op_sam", "UPDATE public.user_profiles SET tier = 'pro'"},
    {DB_BRAIN, "op_sam", "SELECT FROM public.user_profiles FOR UPDATE"},
    {DB_BRAIN, "op_sam", "INSERT INTO public.user_activity (action, metadata) VALUES ('zmartctl.tier_change', '{\"db_role\": \"$me\"}')"},
    {DB_BOT, "op_alice", "SELECT api_key_encrypted FROM public.user_api_keys"},
    {DB_BOT, "op_alice", "SELECT api_secret_encrypted FROM public.user_api_keys"},
    {DB_BOT, "op_alice", "UPDATE public.user_trading_profiles SET user_id = gen_random_uuid()"},
    {DB_BOT, "op_alice", "INSERT INTO public.user_trading_profiles (user_id, email, trading_enabled) VALUES (gen_random_uuid(), 'x@example.com', true)"},
    {DB_BOT, "op_alice", "UPDATE public.user_strategies SET is_active = true WHERE NOT is_active"},
    {DB_BOT, "op_alice", "UPDATE public.user_trades SET status = 'done'"},
    {DB_BOT, "op_alice", "DELETE FROM public.user_trading_profiles"},
    {DB_BOT, "op_sam", "SELECT api_secret_encrypted FROM public.user_api_keys"},
    {DB_BOT, "op_sam", "UPDATE public.user_api_keys SET is_active = false"},
};
/* clang-format on */

#endif
