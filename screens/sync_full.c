/*
 * The user under the cursor as a text: both halves and all classes, laid out for the width that
 * there is. A value never begins where a label does: what is wrapped stands under the values.
 */
#include "screens/sync_state.h"
#include "screens/text.h"
#include "tui/text.h"
#include "zm/str.h"

struct full {
    struct sync *s;
    const struct sync_user *user;
    int cells; /* of Brain's half, where both stand beside each other */
    int bot;   /* what is left for Bot's */
    struct zm_buf text;
};

/* ---- halves ---- */

static int cells_of(const struct full *f, const char *text)
{
    return tui_text_cells(text, tui_is_ascii(f->s->app->tui));
}

static void add_line(struct full *f, const char *label, char sign, const char *text)
{
    zm_buf_printf(&f->text, "%-*s%c %s\n", SYNC_LABEL - SYNC_SIGN, label, sign, text);
}

static void add_beside(struct full *f, const char *label, const char *brain, char sign,
                       const char *bot)
{
    zm_buf_printf(&f->text, "%-*s%s%*s %c %s\n", SYNC_LABEL, label, brain,
                  f->cells - cells_of(f, brain), "", sign, bot);
}

static void add_pair(struct full *f, const struct sync_pair *pair)
{
    if (sync_pair_fits(f->s->app, pair, f->cells, f->bot)) {
        add_beside(f, pair->label, pair->brain, pair->sign, pair->bot);
        return;
    }
    add_line(f, pair->label, pair->sign == '=' ? '=' : ' ', pair->brain);
    if (pair->bot && pair->sign != '=')
        add_line(f, SYNC_IN_BOT, pair->sign, pair->bot);
}

/* Brain's half is as wide as what stands in it, so that Bot's is near. */
static void share(struct full *f, int cols, const struct sync_pair *pairs)
{
    int most = sync_half_cells(cols), longest = most < 12 ? most : 12;
    size_t i;

    for (i = 0; i < SYNC_PAIRS; i++)
        if (sync_pair_fits(f->s->app, &pairs[i], most, most) &&
            cells_of(f, pairs[i].brain) > longest)
            longest = cells_of(f, pairs[i].brain);
    f->cells = longest;
    f->bot = cols - SYNC_LABEL - longest - 1 - SYNC_SIGN;
}

static void add_halves(struct full *f, int cols)
{
    struct app *app = f->s->app;
    struct sync_pair pairs[SYNC_PAIRS];
    const char *oldest = sync_oldest_text(app, &f->user->both);
    size_t i;

    sync_pairs(app, f->user, 0, pairs);
    share(f, cols, pairs);
    add_beside(f, "", "BRAIN", ' ', "BOT");
    for (i = 0; i < SYNC_PAIRS; i++)
        add_pair(f, &pairs[i]);
    add_line(f, "writer", ' ', app_line(app, sync_writer(app, f->user)));
    if (oldest)
        add_line(f, "", '!', oldest);
}

/* ---- classes ---- */

static const char *plan_text(const struct full *f, enum db_class class)
{
    enum db_mend mend = db_class_row(class)->mend;
    bool human = f->user->human & DB_CLASS_BIT(class);

    if (mend == DB_MEND_INFO)
        return "nothing to mend";
    if (mend == DB_MEND_HUMAN)
        return "never: a person has to decide";
    if (sync_is_in(&f->s->choices, f->user, class))
        return human ? "you included it" : "included";
    return human                    ? "left out: a person has to decide; i on the row puts it in"
           : mend == DB_MEND_OPT_IN ? "opt-in: i on the row puts it in"
                                    : "left out; i on the row puts it in";
}

static void add_class(struct full *f, enum db_class class)
{
    const struct db_class_row *row = db_class_row(class);
    struct app *app = f->s->app;

    zm_buf_printf(&f->text, "\n%c %s\n", sync_sign(f->user, class), row->title);
    add_line(f, "  plan", ' ', plan_text(f, class));
    if (f->user->bot_newer && class == DB_CLASS_TIER_DIFFERS)
        add_line(f, "  why", '!',
                 zm_arena_printf(&app->frame, SYNC_NEWER " %s.", app_newer_text(app)));
    add_line(f, "  repair", ' ', row->repair);
    add_line(f, "  risk", ' ', row->risk);
    if (class == DB_CLASS_EMAIL_DIFFERS && f->user->case_only)
        add_line(f, "", ' ', "equal but for upper and lower case");
}

void sync_show_text(struct app *app, struct sync *s)
{
    struct full f = {.s = s, .user = sync_user_at(s)};
    const char *name;
    unsigned c;

    if (!f.user)
        return;
    name = sync_name(&f.user->both);
    zm_buf_puts(&f.text, app_line(app, f.user->both.id));
    if (!zm_streq(name, f.user->both.id))
        zm_buf_printf(&f.text, "  %s", app_line(app, name));
    zm_buf_puts(&f.text, "\n\n");
    add_halves(&f, tui_cols(app->tui) - 2);
    for (c = 0; c < DB_CLASSES; c++)
        if (f.user->classes & DB_CLASS_BIT(c))
            add_class(&f, (enum db_class)c);
    text_show(app, name, f.text.s, SYNC_LABEL);
    zm_buf_done(&f.text);
}
