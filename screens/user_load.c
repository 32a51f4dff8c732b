/*
 * What is asked about a user: each half in one round trip from its own side's lane, so that one
 * side down never delays the other; pages of trades and activity as they come near the screen.
 * Nothing here waits.
 */
#include "screens/user_state.h"

#include <stdlib.h>

#include "zm/clock.h"
#include "zm/str.h"

/* At most so many rows come with a half (db/user.h). */
#define FIRST_ACTIVITY 50
#define FIRST_TRADES 100

enum kind { HALF, MORE };

struct user_job {
    struct db_job base;
    enum kind kind;
    enum db_side side;
    unsigned generation;
    bool again; /* MORE: rows that are shown already, read again */
    char id[37];
    struct user_key after;
    struct db_user_brain brain; /* the answers */
    struct db_user_bot bot;
    struct db_ask more;
};

static void user_job_drop(struct db_job *job)
{
    struct user_job *j = (struct user_job *)job;

    db_user_brain_done(&j->brain);
    db_user_bot_done(&j->bot);
    db_asks_done(&j->more, 1);
    free(j);
}

static bool run_half(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct user_job *j = (struct user_job *)job;

    if (j->side == DB_BRAIN)
        return db_user_read_brain(session->link[DB_BRAIN], j->id, &j->brain, err);
    return db_user_read_bot(session->link[DB_BOT], j->id, &j->bot, err);
}

static bool run_more(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct user_job *j = (struct user_job *)job;
    const char *at = j->after.created_at[0] ? j->after.created_at : NULL; /* NULL in the table */

    if (j->side == DB_BRAIN)
        return db_user_more_activity(session->link[DB_BRAIN], j->id, at, j->after.id, &j->more,
                                     err);
    return db_user_more_trades(session->link[DB_BOT], j->id, at, j->after.id, &j->more, err);
}

static struct user_job *job_new(const struct user *u, enum kind kind, enum db_side side)
{
    struct user_job *j = zm_calloc(1, sizeof(*j));

    j->base.run = kind == HALF ? run_half : run_more;
    j->base.drop = user_job_drop;
    j->kind = kind;
    j->side = side;
    j->generation = u->generation;
    zm_copy(j->id, sizeof(j->id), u->id);
    return j;
}

static void submit(struct app *app, struct user *u, struct user_job *j)
{
    app_submit(app, u, j->side == DB_BRAIN ? DB_LANE_BRAIN : DB_LANE_BOT, &j->base);
}

static struct user_rows *list_of(struct user *u, enum db_side side)
{
    return side == DB_BRAIN ? &u->activity : &u->trades;
}

static enum user_pane pane_of(enum db_side side)
{
    return side == DB_BRAIN ? USER_ACTIVITY : USER_TRADES;
}

static size_t page_rows(const struct user *u, enum user_pane pane)
{
    return u->page[pane] > 0 ? (size_t)u->page[pane] : 24;
}

static void ask_more(struct app *app, struct user *u, enum db_side side,
                     const struct user_key *after, bool again)
{
    struct user_job *j = job_new(u, MORE, side);

    j->after = *after;
    j->again = again;
    u->asking_more[side] = true;
    submit(app, u, j);
}

void user_load(struct app *app, struct user *u, enum db_side side)
{
    enum user_pane pane = pane_of(side);
    struct user_key after;

    if (u->side[side].loading || !app_is_up(app, side))
        return;
    u->side[side].loading = true;
    u->side[side].asked_ms = zm_now_ms();
    submit(app, u, job_new(u, HALF, side));
    if (!u->asking_more[side] && user_rows_page_of(list_of(u, side), u->table[pane].top, &after))
        ask_more(app, u, side, &after, true); /* what is shown far below is refreshed as well */
}

void user_load_more(struct app *app, struct user *u)
{
    int side;

    for (side = 0; side < DB_SIDES; side++) {
        enum user_pane pane = pane_of((enum db_side)side);
        struct user_rows *list = list_of(u, (enum db_side)side);
        struct tui_table *table = &u->table[pane];
        struct user_key after;

        user_rows_trim(list, table->top, page_rows(u, pane));
        if (u->asking_more[side] || !app_is_up(app, (enum db_side)side))
            continue;
        if (u->to_last[side] && !list->at_end)
            ask_more(app, u, (enum db_side)side, &list->oldest, false);
        else if (user_rows_wants(list, table->top, page_rows(u, pane), &after))
            ask_more(app, u, (enum db_side)side, &after, false);
    }
}

/* ---- answers ---- */

/* The newest rows move from the half into their list; cursor and window stay on their rows. */
static void take_newest(struct user *u, enum db_side side, struct db_ask *part)
{
    enum user_pane pane = pane_of(side);
    struct tui_table *table = &u->table[pane];
    bool follows = table->top == 0 && u->focus != pane, restarted;
    size_t moved;

    if (!part->ok)
        return;
    moved = user_rows_newest(list_of(u, side), &part->rows,
                             side == DB_BRAIN ? FIRST_ACTIVITY : FIRST_TRADES, table->top,
                             page_rows(u, pane), &restarted);
    table->rows = list_of(u, side)->n;
    if (!follows) {
        table->cursor += moved;
        table->top += moved;
    }
    tui_table_fit(table, (int)page_rows(u, pane));
}

/* The text members of the old record end here: everything that points into the halves is made anew.
 */
static void join(struct app *app, struct user *u)
{
    const struct user_side *brain = &u->side[DB_BRAIN], *bot = &u->side[DB_BOT];

    db_user_join(u->id, brain->known ? &u->brain : NULL, bot->known ? &u->bot : NULL,
                 &app->conf->policy, &u->record);
    u->record.read_ms = bot->known && (!brain->known || bot->read_ms < brain->read_ms)
                            ? bot->read_ms
                            : brain->read_ms;
}

static void take_half(struct app *app, struct user *u, struct user_job *j)
{
    struct user_side *side = &u->side[j->side];
    int pane;

    side->loading = false;
    if (!j->base.ok) {
        if (side->err.kind != j->base.err.kind && app_is_up(app, j->side))
            app_fail(app, &j->base.err);
        side->err = j->base.err;
        return;
    }
    if (j->side == DB_BRAIN) {
        db_user_brain_done(&u->brain);
        u->brain = j->brain;
        memset(&j->brain, 0, sizeof(j->brain));
        take_newest(u, DB_BRAIN, &u->brain.part[DB_UB_ACTIVITY]);
    } else {
        db_user_bot_done(&u->bot);
        u->bot = j->bot;
        memset(&j->bot, 0, sizeof(j->bot));
        take_newest(u, DB_BOT, &u->bot.part[DB_UT_TRADES]);
    }
    side->known = true;
    side->read_ms = zm_now_ms();
    side->err.kind = ZM_ERR_NONE;
    join(app, u);
    for (pane = 0; pane < USER_PANES; pane++)
        if (user_panes[pane].columns && u->page[pane] > 0) {
            u->table[pane].rows = user_pane_rows(u, (enum user_pane)pane);
            tui_table_fit(&u->table[pane], u->page[pane]);
        }
    user_load_more(app, u);
}

/* G: page after page without showing them; the cursor goes to the oldest row once it is there. */
static void arrive_at_end(struct user *u, enum db_side side)
{
    struct tui_table *table = &u->table[pane_of(side)];

    if (!u->to_last[side] || !list_of(u, side)->at_end)
        return;
    u->to_last[side] = false;
    table->rows = list_of(u, side)->n;
    table->cursor = table->rows ? table->rows - 1 : 0;
    tui_table_fit(table, (int)page_rows(u, pane_of(side)));
}

static void take_more(struct app *app, struct user *u, struct user_job *j)
{
    struct user_rows *list = list_of(u, j->side);

    u->asking_more[j->side] = false;
    if (!j->base.ok || !j->more.ok) {
        u->more_err[j->side] = j->base.ok ? j->more.err : j->base.err;
        u->to_last[j->side] = false;
        return;
    }
    u->more_err[j->side].kind = ZM_ERR_NONE;
    user_rows_put(list, &j->after, &j->more.rows);
    arrive_at_end(u, j->side);
    user_load_more(app, u);
}

void user_job_done(struct app *app, struct user *u, struct db_job *job)
{
    struct user_job *j = (struct user_job *)job;

    if (j->generation != u->generation)
        return;
    if (j->kind == HALF)
        take_half(app, u, j);
    else
        take_more(app, u, j);
}

void user_forget(struct user *u)
{
    db_user_brain_done(&u->brain);
    db_user_bot_done(&u->bot);
    user_rows_done(&u->activity);
    user_rows_done(&u->trades);
    memset(&u->record, 0, sizeof(u->record));
    memset(u->side, 0, sizeof(u->side));
    memset(u->asking_more, 0, sizeof(u->asking_more));
    memset(u->to_last, 0, sizeof(u->to_last));
    memset(u->more_err, 0, sizeof(u->more_err));
    u->has_early = false;
    u->email[0] = '\0';
}
