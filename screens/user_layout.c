/*
 * Which pane of a user stands where: a table of plans, the first that fits the terminal is taken.
 * Panes that share a place are its tabs. Knows sizes and the focus, not what the panes hold.
 */
#include "screens/user_state.h"

#include "tui/layout.h"
#include "zm/str.h"

#define BIT(pane) (1u << (pane))
#define LISTS_OF_BRAIN (BIT(USER_SUBSCRIPTIONS) | BIT(USER_ACTIVITY) | BIT(USER_CHANGES))
#define LISTS_OF_BOT (BIT(USER_FOLIO) | BIT(USER_TRADES) | BIT(USER_STRATEGIES) | BIT(USER_KEYS))
#define ALL_OF_BRAIN (BIT(USER_PROFILE) | LISTS_OF_BRAIN)
#define ALL_OF_BOT (BIT(USER_TRADER) | LISTS_OF_BOT)

#define COLUMNS 3
#define SLOTS 4

struct slot {
    unsigned panes;
    int min;  /* rows with the rule */
    int most; /* percent of the column that it may take; 100: also what is left over */
};

struct plan {
    int min_cols, min_rows;
    bool narrow; /* the columns are shown one at a time */
    int percent[COLUMNS];
    struct slot slot[COLUMNS][SLOTS];
};

// clang-format off
static const struct plan plans[] = {
    {140, 22, false, {30, 38, 32}, {
        {{BIT(USER_PROFILE), 3, 60}, {BIT(USER_SUBSCRIPTIONS), 4, 25}, {BIT(USER_ACTIVITY), 4, 100}},
        {{BIT(USER_COMPARE), 3, 60}, {BIT(USER_FOLIO), 6, 45}, {BIT(USER_TRADES), 5, 100}},
        {{BIT(USER_TRADER), 3, 60}, {BIT(USER_KEYS), 3, 20}, {BIT(USER_STRATEGIES), 3, 25}, {BIT(USER_CHANGES), 4, 100}}}},
    {80, 16, false, {50, 50}, {
        {{BIT(USER_PROFILE), 3, 60}, {BIT(USER_SUBSCRIPTIONS), 4, 25}, {BIT(USER_ACTIVITY) | BIT(USER_CHANGES), 4, 100}},
        {{BIT(USER_TRADER), 3, 60}, {LISTS_OF_BOT, 4, 100}}}},
    {80, 11, false, {50, 50}, {
        {{BIT(USER_PROFILE), 3, 60}, {LISTS_OF_BRAIN, 4, 100}},
        {{BIT(USER_TRADER), 3, 60}, {LISTS_OF_BOT, 4, 100}}}},
    {80, 0, false, {50, 50}, {
        {{ALL_OF_BRAIN, 0, 100}},
        {{ALL_OF_BOT, 0, 100}}}},
    {0, 14, true, {100}, {
        {{BIT(USER_PROFILE), 3, 60}, {LISTS_OF_BRAIN, 4, 100}},
        {{BIT(USER_TRADER), 3, 60}, {LISTS_OF_BOT, 4, 100}}}},
    {0, 0, true, {100}, {
        {{ALL_OF_BRAIN, 0, 100}},
        {{ALL_OF_BOT, 0, 100}}}},
};
// clang-format on

/* The tab of a place that is shown: the one with the focus, else the one that had it last. */
static enum user_pane current(const struct user *u, unsigned panes)
{
    enum user_pane best = USER_PANES;
    int i;

    for (i = 0; i < USER_PANES; i++) {
        if (!(panes & BIT(i)))
            continue;
        if ((enum user_pane)i == u->focus)
            return (enum user_pane)i;
        if (best == USER_PANES || u->used[i] > u->used[best])
            best = (enum user_pane)i;
    }
    return best;
}

void user_focus(struct user *u, enum user_pane pane)
{
    u->focus = pane;
    u->used[pane] = ++u->uses;
}

static size_t count_slots(const struct slot slot[SLOTS])
{
    size_t n = 0;

    while (n < SLOTS && slot[n].panes)
        n++;
    return n;
}

/* Every slot its minimum, then in order what it wants up to its share, then the last takes the
 * rest. */
static void share_rows(const struct user *u, const struct slot slot[SLOTS], size_t n, int rows,
                       int ret[SLOTS])
{
    int left = rows;
    size_t i;

    for (i = 0; i < n; i++) {
        ret[i] = slot[i].min < left ? slot[i].min : left;
        left -= ret[i];
    }
    for (i = 0; i < n; i++) {
        int want = user_pane_want(u, current(u, slot[i].panes)), most = rows * slot[i].most / 100;

        if (want > most)
            want = most;
        if (want > ret[i] + left)
            want = ret[i] + left;
        if (want <= ret[i])
            continue;
        left -= want - ret[i];
        ret[i] = want;
    }
    ret[n - 1] += left;
}

static void add(struct user *u, unsigned panes, struct tui_box box, int column)
{
    struct user_place *place = &u->layout.place[u->layout.n];

    if (tui_box_empty(box) || u->layout.n == USER_PLACES)
        return;
    place->panes = panes;
    place->pane = current(u, panes);
    place->box = box;
    place->column = column;
    u->layout.n++;
}

static void place_column(struct user *u, const struct slot slot[SLOTS], struct tui_box box,
                         int column)
{
    size_t n = count_slots(slot), i;
    int rows[SLOTS] = {0};

    share_rows(u, slot, n, box.rows, rows);
    for (i = 0; i < n; i++)
        add(u, slot[i].panes, tui_cut_top(&box, rows[i]), column);
}

static void place_columns(struct user *u, const struct plan *plan, struct tui_box box)
{
    int n = plan->percent[2] ? 3 : 2, cols = box.cols - (n - 1), i;

    for (i = 0; i < n; i++) {
        int wide = i + 1 < n ? cols * plan->percent[i] / 100 : box.cols;

        place_column(u, plan->slot[i], tui_cut_left(&box, wide), i);
        if (i + 1 < n) {
            u->layout.vline[i] = box.col - u->layout.body.col;
            (void)tui_cut_left(&box, 1);
        }
    }
}

/* The focus goes to a pane that is shown; where one side is shown at a time, to its lists. */
static void place_narrow(struct user *u, const struct plan *plan, struct tui_box box)
{
    const struct slot *slot = plan->slot[user_panes[u->focus].side];
    size_t last = count_slots(slot) - 1;

    if (!(slot[last].panes & BIT(u->focus)))
        u->focus = current(u, slot[last].panes);
    place_column(u, slot, box, 0);
}

bool user_is_shown(const struct user *u, enum user_pane pane)
{
    size_t i;

    for (i = 0; i < u->layout.n; i++)
        if (u->layout.place[i].pane == pane)
            return true;
    return false;
}

void user_layout_make(struct user *u, struct tui_box body)
{
    const struct plan *plan = plans;

    memset(&u->layout, 0, sizeof(u->layout));
    u->layout.body = body;
    if (u->focus == USER_COMPARE)
        u->focus = USER_FOLIO;
    while (body.cols < plan->min_cols || body.rows < plan->min_rows)
        plan++;
    u->layout.narrow = plan->narrow;
    if (u->zoom)
        add(u, user_panes[u->focus].side == DB_BRAIN ? ALL_OF_BRAIN : ALL_OF_BOT, body, 0);
    else if (plan->narrow)
        place_narrow(u, plan, body);
    else
        place_columns(u, plan, body);
    if (!user_is_shown(u, u->focus) && u->layout.n > 0)
        u->focus = u->layout.place[u->layout.n - 1].pane;
}

static const struct user_place *focused(const struct user *u)
{
    size_t i;

    for (i = 0; i < u->layout.n; i++)
        if (u->layout.place[i].pane == u->focus)
            return &u->layout.place[i];
    return NULL;
}

/* The other side, in the tab that was used there last. */
static void flip(struct user *u)
{
    bool brain = user_panes[u->focus].side == DB_BRAIN;

    user_focus(u, current(u, brain ? ALL_OF_BOT : ALL_OF_BRAIN));
}

void user_focus_step(struct user *u, int direction)
{
    const struct user_place *place = focused(u);
    size_t n = u->layout.n, at;

    if (!place || u->zoom || u->layout.narrow) {
        flip(u);
        return;
    }
    at = (size_t)(place - u->layout.place);
    do
        at = (at + (direction > 0 ? 1 : n - 1)) % n;
    while (u->layout.place[at].pane == USER_COMPARE);
    user_focus(u, u->layout.place[at].pane);
}

static bool has_tabs(unsigned panes)
{
    return (panes & (panes - 1)) != 0;
}

/* Where [ and ] work: the focused place, else tabs of its column, else any. */
static const struct user_place *tabbed(const struct user *u)
{
    const struct user_place *here = focused(u), *found = NULL;
    size_t i;

    if (here && has_tabs(here->panes))
        return here;
    for (i = 0; i < u->layout.n; i++) {
        const struct user_place *place = &u->layout.place[i];

        if (has_tabs(place->panes) && (!found || (here && place->column == here->column)))
            found = place;
    }
    return found;
}

void user_tab_step(struct user *u, int direction)
{
    const struct user_place *place = tabbed(u);
    int pane;

    if (!place) {
        user_focus_step(u, direction);
        return;
    }
    pane = (int)place->pane;
    do
        pane = (pane + direction + USER_PANES) % USER_PANES;
    while (!(place->panes & BIT(pane)));
    user_focus(u, (enum user_pane)pane);
}

const struct user_place *user_place_at(const struct user *u, int row, int col)
{
    size_t i;

    for (i = 0; i < u->layout.n; i++)
        if (tui_box_has(u->layout.place[i].box, row, col))
            return &u->layout.place[i];
    return NULL;
}
