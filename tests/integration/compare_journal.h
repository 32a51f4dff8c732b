/*
 * What the journal may say of the change that left a trading profile as it is.
 */
#ifndef INTEGRATION_COMPARE_JOURNAL_H
#define INTEGRATION_COMPARE_JOURNAL_H

#include <stdbool.h>
#include <string.h>

#include "zm/str.h"

#define JOURNALS 12

/* What the journal has of a change, with the trading profile's time T, one before it P, and its
 * tier; and whether that tier was ours. */
static const struct {
    const char *rows; /* "action, more of metadata" each, ";" behind it */
    bool ours;
} journals[JOURNALS] = {
    {"", false},
    {"tier_change,'bot_token',T;", true},
    {"repair,'bot_token',T,'bot_tier_new',TIER;", true},
    {"repair,'bot_token',T,'bot_tier_new','none';", false},
    {"repair,'bot_token',P,'bot_tier_new',TIER;", false},
    {"tier_change,'bot_token',T,'new',TIER;", true},
    {"tier_change,'bot_token',T,'new','none';", false},
    {"trading_toggle,'bot_token',T,'new','off';", false},
    {"trading_toggle,'bot_token',T,'bot_prev',T;", false}, /* a trigger holds the time */
    {"trading_toggle,'bot_token',T,'bot_prev',P;repair,'bot_token',P,'bot_tier_new',TIER;", true},
    {"trading_toggle,'bot_token',T,'bot_prev',P;repair,'bot_token',P,'bot_tier_new','none';",
     false},
    {"repair,'bot_token',T,'bot_prev',P,'bot_tier_new','none';"
     "repair,'bot_token',P,'bot_tier_new',TIER;",
     false},
};

/* The rows of a kind as SQL; T, P and TIER are the only words in capitals. tier: or NULL. */
static inline void journal_store(struct zm_buf *sql, int kind, const char *id, const char *token,
                                 const char *tier)
{
    const char *at, *end, *c;

    for (at = journals[kind].rows; *at; at = end + 1) {
        end = strchr(at, ';');
        c = strchr(at, ',');
        zm_buf_printf(sql,
                      "INSERT INTO public.user_activity (action, metadata) VALUES "
                      "('zmartctl.%.*s', jsonb_build_object('subject', '%s'",
                      (int)(c - at), at, id);
        for (; c < end; c++) {
            if (strncmp(c, "TIER", 4) == 0) {
                zm_buf_puts(sql, "'");
                zm_buf_puts(sql, zm_text(tier));
                zm_buf_puts(sql, "'");
                c += 3;
            } else if (*c == 'T') {
                zm_buf_printf(sql, "'%s'", token);
            } else if (*c == 'P') {
                zm_buf_puts(sql, "'2026-01-08 10:00:00'");
            } else {
                zm_buf_add(sql, c, 1);
            }
        }
        zm_buf_puts(sql, "));");
    }
}

#endif
