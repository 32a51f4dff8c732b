/*
 * What came of a run: the users as they are now, what the program claims of each, and whether its
 * exit code goes with that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "torture.h"
#include "zm/str.h"

#define QUIET_MS 20000 /* I6: no transaction lives longer */

void torture_users_done(struct torture_users *users)
{
    int i;

    for (i = 0; i < users->n; i++) {
        writes_state_done(&users->before[i]);
        writes_state_done(&users->after[i]);
    }
}

void torture_say_error(const struct client *c)
{
    char bytes[2048];
    FILE *file = fopen(c->err, "r");
    size_t n = file ? fread(bytes, 1, sizeof(bytes), file) : 0, i;

    for (i = 0; i < c->n_claims; i++)
        fprintf(stderr, "of %s it said '%s': %s\n", c->claims[i].user, c->claims[i].result,
                c->claims[i].message);
    fprintf(stderr, "it ended with %d, stderr: %.*s\n", c->code, (int)n, bytes);
    if (file)
        fclose(file);
}

static bool all_say(const struct client *c, const char *result)
{
    size_t i;

    for (i = 0; i < c->n_claims; i++)
        if (!zm_streq(c->claims[i].result, result))
            return false;
    return c->n_claims > 0;
}

/* Exit code and results belong together. A file that was not done as a whole is partly done, unless
 * nobody was touched. */
static bool code_fits(const struct client *c, int users)
{
    if (c->signal)
        return c->code == 128 + c->signal;
    if ((int)c->n_claims == users && all_say(c, "done"))
        return c->code == 0;
    if (users > 1)
        return c->code == 4 || (c->n_claims == 0 && (c->code == 3 || c->code == 5));
    if (all_say(c, "partial") || all_say(c, "unknown"))
        return c->code == 4;
    if (all_say(c, "nothing_changed"))
        return c->code == 3 || c->code == 5;
    return all_say(c, "stale") || all_say(c, "refused") ? c->code == 5 : false;
}

/* Of a file whoever was not tried is not named. */
static bool judge_one(struct torture_users *users, int i, const struct writes_want *want,
                      const struct client *client, struct zm_buf *why)
{
    const struct client_claim said = client_claim_of(client, users->id[i]);
    const struct writes_claim claim = {client->killed   ? NULL
                                       : said.result[0] ? said.result
                                                        : "nothing_changed",
                                       said.request};

    if (!client->killed && !said.result[0] && users->n == 1)
        zm_buf_puts(why, "it printed no result\n");
    return writes_judge(&users->before[i], &users->after[i], want, &claim, &users->sides[i], why);
}

bool torture_judge(struct torture *t, struct torture_users *users, const struct writes_want *want,
                   const struct client *client)
{
    struct zm_buf why = {.s = NULL};
    bool ok = true;
    int i;

    if (!writes_wait_quiet(&t->place, QUIET_MS))
        zm_buf_puts(&why, "I6: a transaction is still open after 20 s\n");
    for (i = 0; i < users->n; i++) {
        writes_state_done(&users->after[i]);
        writes_read(&t->place, users->id[i], &users->after[i]);
        ok = judge_one(users, i, want, client, &why) && ok;
    }
    if (!client->killed && !code_fits(client, users->n))
        zm_buf_printf(&why, "the exit code %d does not go with what it said\n", client->code);
    ok = ok && why.len == 0;
    if (!ok) {
        fprintf(stderr, "%s", why.s);
        torture_say_error(client);
    }
    zm_buf_done(&why);
    return ok;
}

static char letter(const struct torture_users *users, enum db_side side)
{
    char all = '\0';
    int i;

    for (i = 0; i < users->n; i++) {
        const struct writes_sides *s = &users->sides[i];
        char one = s->is_old[side] && s->is_new[side] ? '='
                   : s->is_old[side]                  ? 'o'
                   : s->is_new[side]                  ? 'n'
                                                      : '?';

        all = !all || all == one ? one : '*';
    }
    return all;
}

void torture_sum_up(const struct torture_users *users, const struct client *client,
                    struct torture_run *ret)
{
    ret->killed = client->killed;
    ret->brain = letter(users, DB_BRAIN);
    ret->bot = letter(users, DB_BOT);
    if (client->n_claims == 0)
        zm_copy(ret->result, sizeof(ret->result),
                users->n > 1 && !client->killed ? "nothing_changed" : "");
    else if ((int)client->n_claims == users->n && all_say(client, client->claims[0].result))
        zm_copy(ret->result, sizeof(ret->result), client->claims[0].result);
    else
        zm_copy(ret->result, sizeof(ret->result), "mixed");
}
