/*
 * The rules, one function each. A side is judged as a whole: old in everything, new in everything,
 * or broken.
 */
#include "writes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const actions[] = {
    [WRITES_TIER] = "zmartctl.tier_change",
    [WRITES_TRADING] = "zmartctl.trading_toggle",
    [WRITES_API] = "zmartctl.api_toggle",
};

void writes_text(const struct writes_state *s, struct zm_buf *ret)
{
    size_t i;

    zm_buf_printf(
        ret,
        "  Brain: login '%s', %ld profiles, tier '%s', name '%s', country '%s', completed '%s',",
        s->login, s->profiles, s->tier, s->name, s->country, s->completed);
    zm_buf_printf(ret, " active '%s', %ld ended\n", s->active, s->n_ended);
    zm_buf_printf(ret, "  Bot: %ld rows, tier '%s', e-mail '%s', trading %s, api %s, updated %s,",
                  s->traders, s->bot_tier, s->email, s->trading, s->api, s->bot_updated);
    zm_buf_printf(ret, " %ld strategies and %ld keys on\n", s->strategies_on, s->keys_on);
    for (i = 0; i < s->n_journal; i++) {
        const struct writes_entry *e = &s->journal[i];

        zm_buf_printf(ret, "  journal: %s %s %s>%s role '%s' reason '%s' token '%s'", e->id,
                      e->action, e->before, e->after, e->role, e->reason, e->token);
        zm_buf_printf(ret, " ref '%s' outcome '%s'\n", e->ref, e->outcome);
    }
}

static bool is_intent(const struct writes_entry *e)
{
    return strcmp(e->action, "zmartctl.result") != 0 && strcmp(e->action, "zmartctl.reason") != 0;
}

static size_t count_intents(const struct writes_state *s)
{
    size_t i, n = 0;

    for (i = 0; i < s->n_journal; i++)
        n += is_intent(&s->journal[i]);
    return n;
}

/* The intent that is there now and was not before; the newest of several. */
static const struct writes_entry *new_intent(const struct writes_state *before,
                                             const struct writes_state *after)
{
    const struct writes_entry *found = NULL;
    size_t i, k;

    for (i = 0; i < after->n_journal; i++) {
        for (k = 0; k < before->n_journal; k++)
            if (strcmp(before->journal[k].id, after->journal[i].id) == 0)
                break;
        if (k == before->n_journal && is_intent(&after->journal[i]))
            found = &after->journal[i];
    }
    return found;
}

/* What nobody asked to be changed. */
static bool rest_is_same(const struct writes_state *a, const struct writes_state *b)
{
    return a->profiles == b->profiles && zm_streq(a->name, b->name) &&
           zm_streq(a->country, b->country) && zm_streq(a->completed, b->completed) &&
           (a->traders == 0 || zm_streq(a->email, b->email)) &&
           a->strategies_on == b->strategies_on && a->keys_on == b->keys_on;
}

static bool truth_is_same(const struct writes_state *a, const struct writes_state *b)
{
    return zm_streq(a->tier, b->tier) && zm_streq(a->active, b->active) &&
           a->n_active == b->n_active && a->n_ended == b->n_ended;
}

static void judge_brain(const struct writes_state *before, const struct writes_state *after,
                        const struct writes_want *want, struct writes_sides *ret)
{
    size_t intents = count_intents(after) - count_intents(before);

    ret->is_old[DB_BRAIN] = truth_is_same(before, after) && intents == 0;
    ret->is_new[DB_BRAIN] = intents == 1;
    if (want->kind != WRITES_TIER)
        ret->is_new[DB_BRAIN] = ret->is_new[DB_BRAIN] && truth_is_same(before, after);
    else
        ret->is_new[DB_BRAIN] = ret->is_new[DB_BRAIN] && zm_streq(after->tier, want->value) &&
                                zm_streq(after->active, want->value) && after->n_active == 1 &&
                                after->n_ended == before->n_ended + before->n_active;
}

static bool is_right(const char *now, const char *before, bool given)
{
    return zm_streq(now, given ? before : "false") || (!before[0] && zm_streq(now, "false"));
}

static void judge_bot(const struct writes_state *before, const struct writes_state *after,
                      const struct writes_want *want, struct writes_sides *ret)
{
    bool tier = zm_streq(before->bot_tier, after->bot_tier);
    bool trading = zm_streq(before->trading, after->trading);
    bool api = zm_streq(before->api, after->api);

    ret->is_old[DB_BOT] = tier && trading && api && before->traders == after->traders &&
                          zm_streq(before->bot_updated, after->bot_updated);
    if (want->kind == WRITES_TRADING)
        ret->is_new[DB_BOT] = tier && api && zm_streq(after->trading, want->value);
    else if (want->kind == WRITES_API)
        ret->is_new[DB_BOT] = tier && trading && zm_streq(after->api, want->value);
    else
        ret->is_new[DB_BOT] = after->traders == 1 && zm_streq(after->bot_tier, want->value) &&
                              is_right(after->trading, before->trading,
                                       want->keep_rights || strcmp(want->value, "free") != 0) &&
                              is_right(after->api, before->api,
                                       want->keep_rights || strcmp(want->value, "enterprise") == 0);
}

static bool broken(struct zm_buf *why, const char *rule)
{
    zm_buf_printf(why, "%s\n", rule);
    return false;
}

/* I1, I2 and I5: the databases alone. */
static bool judge_data(const struct writes_state *before, const struct writes_state *after,
                       const struct writes_want *want, const struct writes_sides *s,
                       struct zm_buf *why)
{
    const struct writes_entry *intent = new_intent(before, after);

    if (!rest_is_same(before, after))
        return broken(why, "something was changed that nobody asked for");
    if (!s->is_old[DB_BRAIN] && !s->is_new[DB_BRAIN])
        return broken(why, "I1: Brain is neither wholly old nor wholly new");
    if (!s->is_old[DB_BOT] && !s->is_new[DB_BOT])
        return broken(why, "Bot is neither wholly old nor wholly new");
    if (s->is_old[DB_BRAIN] && !s->is_old[DB_BOT] && !want->spool_allowed)
        return broken(why, want->kind == WRITES_TIER
                               ? "I2: (old, new): Bot was changed and Brain was not"
                               : "I5: Bot was changed without a row in the journal");
    if (!intent)
        return true;
    if (!zm_streq(intent->action, actions[want->kind]))
        return broken(why, "I5: the journal row says another action");
    if (!intent->role[0] || !intent->reason[0])
        return broken(why, "I5: the journal row does not say who or why");
    if (want->kind == WRITES_TIER &&
        (!zm_streq(intent->before, before->tier) || !zm_streq(intent->after, want->value)))
        return broken(why, "I5: the journal row says other tiers");
    if (want->by_token && !s->is_old[DB_BOT] && !zm_streq(intent->token, after->bot_updated))
        return broken(why, "the token in the journal is not that of Bot's row");
    return true;
}

/* The result row, where there is one, is a claim too. */
static bool judge_result_row(const struct writes_state *before, const struct writes_state *after,
                             const struct writes_sides *s, struct zm_buf *why)
{
    const struct writes_entry *intent = new_intent(before, after);
    size_t i, n = 0;

    for (i = 0; i < after->n_journal && intent; i++) {
        const struct writes_entry *e = &after->journal[i];

        if (strcmp(e->action, "zmartctl.result") != 0 || !zm_streq(e->ref, intent->id))
            continue;
        n++;
        if (zm_streq(e->outcome, "done") && !s->is_new[DB_BOT])
            return broken(why, "the result row says done and Bot is old");
        if (!zm_streq(e->outcome, "done") && !s->is_old[DB_BOT] && !zm_streq(e->outcome, "unknown"))
            return broken(why, "the result row does not say done and Bot is new");
    }
    return n <= 1 || broken(why, "there are several result rows for one intent");
}

/* I4. */
static bool judge_claim(const struct writes_state *before, const struct writes_state *after,
                        const struct writes_want *want, const struct writes_claim *claim,
                        const struct writes_sides *s, struct zm_buf *why)
{
    const struct writes_entry *intent = new_intent(before, after);
    const char *said = claim->result;
    bool already = zm_streq(want->value, want->kind == WRITES_TIER      ? before->tier
                                         : want->kind == WRITES_TRADING ? before->trading
                                                                        : before->api);

    if (!said)
        return true;
    if (intent && zm_text(claim->request)[0] && !zm_streq(claim->request, intent->id))
        return broken(why, "the request that it names is not the row in the journal");
    if (zm_streq(said, "done")) {
        bool fine = already ? s->is_old[DB_BRAIN] && s->is_old[DB_BOT]
                            : s->is_new[DB_BOT] && (s->is_new[DB_BRAIN] || want->spool_allowed);

        return fine || broken(why, "I4: it says done and not both are new");
    }
    if (zm_streq(said, "partial"))
        return (s->is_new[DB_BRAIN] && s->is_old[DB_BOT]) ||
               broken(why, "I4: it says partial and that is not (new, old)");
    if (zm_streq(said, "unknown"))
        return zm_text(claim->request)[0] ||
               broken(why, "I4: it says unknown and names no request");
    if (!zm_streq(said, "nothing_changed") && !zm_streq(said, "stale") &&
        !zm_streq(said, "refused"))
        return broken(why, "I4: there is no such result");
    /* of a toggle that Bot refused the intent stays, with its result */
    return (s->is_old[DB_BOT] && (s->is_old[DB_BRAIN] || want->kind != WRITES_TIER)) ||
           broken(why, "I4: it says that nothing was changed, and something was");
}

bool writes_judge(const struct writes_state *before, const struct writes_state *after,
                  const struct writes_want *want, const struct writes_claim *claim,
                  struct writes_sides *ret_sides, struct zm_buf *ret_why)
{
    struct writes_sides sides;

    judge_brain(before, after, want, &sides);
    judge_bot(before, after, want, &sides);
    if (ret_sides)
        *ret_sides = sides;
    if (judge_data(before, after, want, &sides, ret_why) &&
        judge_result_row(before, after, &sides, ret_why) &&
        judge_claim(before, after, want, claim, &sides, ret_why))
        return true;
    zm_buf_printf(ret_why, "asked for '%s', it said '%s' (request %s)\nbefore\n", want->value,
                  claim->result ? claim->result : "nothing", zm_text(claim->request));
    writes_text(before, ret_why);
    zm_buf_puts(ret_why, "after\n");
    writes_text(after, ret_why);
    return false;
}

void writes_check(const struct writes_state *before, const struct writes_state *after,
                  const struct writes_want *want, const struct writes_claim *claim)
{
    struct zm_buf why = {.s = NULL};

    if (!writes_judge(before, after, want, claim, NULL, &why)) {
        print_error("%s", why.s);
        zm_buf_done(&why);
        fail_msg("a rule of writes is broken, see above");
    }
    zm_buf_done(&why);
}
