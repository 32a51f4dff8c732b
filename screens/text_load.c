/*
 * Pieces of a long JSON value: asked for where scrolling or a search comes near the end of what is
 * kept. Nothing here waits.
 */
#include "screens/text_state.h"

#include <stdlib.h>

#include "db/user.h"
#include "zm/str.h"

/* Lines left below (above) the screen when the next piece is asked for. */
#define MARGIN_LINES 200

struct text_job {
    struct db_job base;
    enum db_side side;
    char row_id[37];
    const char *value;
    int64_t offset;
    unsigned generation;
    struct db_ask ask;
};

static void drop(struct db_job *job)
{
    struct text_job *j = (struct text_job *)job;

    db_asks_done(&j->ask, 1);
    free(j);
}

static bool run_piece(struct db_session *session, struct db_job *job, struct zm_error *err)
{
    struct text_job *j = (struct text_job *)job;

    return db_user_json(session->link[j->side], j->value, j->row_id, j->offset, &j->ask, err);
}

static void ask_piece(struct app *app, struct text *t, int64_t offset)
{
    struct text_job *j = zm_calloc(1, sizeof(*j));

    j->base.run = run_piece;
    j->base.drop = drop;
    j->side = t->side;
    zm_copy(j->row_id, sizeof(j->row_id), t->row_id);
    j->value = t->values[t->value];
    j->offset = offset;
    j->generation = t->generation;
    t->loading = true;
    app_submit(app, t, t->side == DB_BRAIN ? DB_LANE_BRAIN : DB_LANE_BOT, &j->base);
}

/* The next piece would push the first out of the window: only when nothing of that is on the
 * screen. */
static bool has_room(const struct text *t)
{
    const struct text_window *w = &t->window;

    return w->to - w->from < TEXT_WINDOW_PIECES ||
           (t->pager.top < t->pager.n_lines &&
            t->pager.lines[t->pager.top] >= w->piece[w->from].bytes);
}

void text_load_around(struct app *app, struct text *t)
{
    size_t page = t->page > 0 ? (size_t)t->page : 24;
    bool down = t->finding > 0 || t->to_end, up = t->finding < 0;
    int64_t offset;

    if (t->n_values == 0 || t->loading || t->err.kind != ZM_ERR_NONE || !app_is_up(app, t->side))
        return;
    if ((down || t->pager.top + page + MARGIN_LINES >= t->pager.n_lines) &&
        text_window_after(&t->window, &offset) && has_room(t))
        ask_piece(app, t, offset);
    else if ((up || t->pager.top < MARGIN_LINES) && text_window_before(&t->window, &offset))
        ask_piece(app, t, offset);
}

/* The pager gets the text anew and stays on the line it was on. */
void text_refill(struct text *t, long moved)
{
    struct tui_pager *p = &t->pager;
    size_t top = p->top, found = p->found;
    int left = p->left;
    char search[sizeof(p->search)];

    zm_copy(search, sizeof(search), p->search);
    tui_pager_set(p, t->window.buf.s ? t->window.buf.s : "", t->window.buf.len);
    zm_copy(p->search, sizeof(p->search), search);
    p->left = left;
    p->top = moved < 0 && top < (size_t)-moved ? 0 : (size_t)((long)top + moved);
    p->found =
        found == SIZE_MAX || (long)found + moved < 0 ? SIZE_MAX : (size_t)((long)found + moved);
}

void text_show_value(struct app *app, struct text *t, size_t value)
{
    t->value = value;
    t->generation++;
    t->loading = false;
    t->finding = 0;
    t->to_end = false;
    t->err.kind = ZM_ERR_NONE;
    text_window_done(&t->window);
    t->pager.top = 0;
    t->pager.left = 0;
    t->pager.found = SIZE_MAX;
    text_refill(t, 0);
    text_load_around(app, t);
}

/* ---- search ---- */

/* The pager searches what is loaded, round and round: past its end only when nothing more is to
 * come. */
static bool find_loaded(struct text *t, int direction, bool more)
{
    struct tui_pager *p = &t->pager;
    size_t found = p->found, top = p->top, from = found != SIZE_MAX ? found : top;
    bool around;

    if (!tui_pager_find(p, direction, t->page))
        return false;
    around = direction > 0 ? p->found < from : p->found > from;
    if (more && (around || p->found == found)) {
        p->found = found;
        p->top = top;
        return false;
    }
    return true;
}

void text_find(struct app *app, struct text *t, int direction)
{
    int64_t offset;
    bool more = t->n_values > 0 && (direction > 0 ? text_window_after(&t->window, &offset)
                                                  : text_window_before(&t->window, &offset));

    t->finding = 0;
    if (!t->pager.search[0] || find_loaded(t, direction, more))
        return;
    if (!more) {
        app_say(app, MESSAGE_INFO, "no match for '%s'", t->pager.search);
        return;
    }
    t->finding = direction;
    tui_pager_move(&t->pager, direction > 0 ? TUI_MOVE_LAST : TUI_MOVE_FIRST, t->page);
    text_load_around(app, t);
}

void text_done(struct app *app, void *state, struct db_job *job)
{
    struct text *t = state;
    struct text_job *j = (struct text_job *)job;
    const struct db_json_piece *piece;

    if (j->generation != t->generation)
        return;
    t->loading = false;
    if (!job->ok || !j->ask.ok) {
        t->err = job->ok ? j->ask.err : job->err;
        t->finding = 0;
        t->to_end = false;
        return;
    }
    if (j->ask.rows.n == 0) { /* NULL, or the row is gone */
        text_window_put(&t->window, j->offset, "", 0);
        return;
    }
    piece = DB_ROW(&j->ask.rows, struct db_json_piece, 0);
    text_refill(t, text_window_put(&t->window, j->offset, zm_text(piece->text), piece->size));
    if (t->finding)
        text_find(app, t, t->finding);
    if (t->to_end)
        tui_pager_move(&t->pager, TUI_MOVE_LAST, t->page);
    text_load_around(app, t);
}
