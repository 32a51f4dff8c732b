/*
 * What goes into a plan: classes by their lane, rows against their class where somebody said so.
 * Pure but for the sentence that says why not.
 */
#include "screens/sync_state.h"

#include <stdlib.h>

#include "zm/str.h"

#define FILTER_SHOWN 60 /* bytes: a longer one is cut */

void sync_choices_start(struct sync_choices *choices)
{
    unsigned c;

    for (c = 0; c < DB_CLASSES; c++)
        choices->class_in[c] = db_class_row((enum db_class)c)->mend == DB_MEND_SAFE;
}

void sync_choices_done(struct sync_choices *choices)
{
    free(choices->choice);
    memset(choices, 0, sizeof(*choices));
}

void sync_choices_copy(struct sync_choices *dst, const struct sync_choices *src)
{
    *dst = *src;
    dst->choice = zm_malloc(src->n * sizeof(*src->choice));
    if (src->n > 0)
        memcpy(dst->choice, src->choice, src->n * sizeof(*src->choice));
}

static struct sync_choice *find(const struct sync_choices *choices, const char *id)
{
    size_t i;

    for (i = 0; i < choices->n; i++)
        if (zm_streq(choices->choice[i].id, id))
            return &choices->choice[i];
    return NULL;
}

static struct sync_choice *choice_of(struct sync_choices *choices, const char *id)
{
    struct sync_choice *choice = find(choices, id);

    if (choice)
        return choice;
    choices->choice = zm_realloc(choices->choice, (choices->n + 1) * sizeof(*choices->choice));
    choice = &choices->choice[choices->n++];
    *choice = (struct sync_choice){.in = 0};
    zm_copy(choice->id, sizeof(choice->id), id);
    return choice;
}

static const struct sync_user *find_user(const struct sync_found *found, const char *id)
{
    unsigned c;
    size_t i;

    for (c = 0; c < DB_CLASSES; c++)
        for (i = 0; i < found->n_rows[c]; i++)
            if (zm_streq(found->rows[c][i]->both.id, id))
                return found->rows[c][i];
    return NULL;
}

void sync_choices_prune(struct sync_choices *choices, const struct sync_found *found)
{
    size_t i, n = 0;

    for (i = 0; i < choices->n; i++) {
        struct sync_choice *choice = &choices->choice[i];
        const struct sync_user *user = find_user(found, choice->id);

        choice->classes = user ? user->classes : 0;
        choice->human = user ? user->human : 0;
        choice->in &= choice->classes;
        choice->out &= choice->classes;
        if (choice->in | choice->out)
            choices->choice[n++] = *choice;
    }
    choices->n = n;
}

void sync_choices_mended(struct sync_choices *choices, const char *id, unsigned classes)
{
    struct sync_choice *choice = choice_of(choices, id);

    choice->in &= ~classes;
    choice->out |= classes;
    choice->classes &= ~classes;
    choice->human &= ~classes;
}

/* ---- what is in ---- */

static bool is_ours_to_mend(enum db_class class)
{
    enum db_mend mend = db_class_row(class)->mend;

    return mend == DB_MEND_SAFE || mend == DB_MEND_OPT_IN;
}

/* Without any word about this user. */
static bool is_in_by_class(const struct sync_choices *choices, unsigned human, enum db_class class)
{
    return is_ours_to_mend(class) && choices->class_in[class] && !(human & DB_CLASS_BIT(class));
}

static bool decide(const struct sync_choices *choices, const struct sync_choice *choice,
                   unsigned human, enum db_class class)
{
    if (choice && choice->out & DB_CLASS_BIT(class))
        return false;
    if (choice && choice->in & DB_CLASS_BIT(class))
        return true;
    return is_in_by_class(choices, human, class);
}

bool sync_is_in(const struct sync_choices *choices, const struct sync_user *user,
                enum db_class class)
{
    return user->classes & DB_CLASS_BIT(class) &&
           decide(choices, find(choices, user->both.id), user->human, class);
}

static unsigned mask_in(const struct sync_choices *choices, const struct sync_choice *choice,
                        unsigned classes, unsigned human)
{
    unsigned c, ret = 0;

    for (c = 0; c < DB_CLASSES; c++)
        if (classes & DB_CLASS_BIT(c) && decide(choices, choice, human, (enum db_class)c))
            ret |= DB_CLASS_BIT(c);
    return ret;
}

unsigned sync_classes_in(const struct sync_choices *choices, const struct sync_user *user)
{
    return mask_in(choices, find(choices, user->both.id), user->classes, user->human);
}

int64_t sync_count_in(const struct sync_choices *choices, const struct sync_found *found,
                      enum db_class class)
{
    int64_t n = 0;
    size_t i;

    for (i = 0; i < found->n_kinds; i++)
        if (found->kinds[i].classes & DB_CLASS_BIT(class) &&
            is_in_by_class(choices, found->kinds[i].human, class))
            n += found->kinds[i].n;
    for (i = 0; i < choices->n; i++) {
        const struct sync_choice *one = &choices->choice[i];

        if (one->classes & DB_CLASS_BIT(class))
            n += decide(choices, one, one->human, class) -
                 is_in_by_class(choices, one->human, class);
    }
    return n;
}

int64_t sync_users_in(const struct sync_choices *choices, const struct sync_found *found)
{
    int64_t n = 0;
    size_t i;

    for (i = 0; i < found->n_kinds; i++)
        if (mask_in(choices, NULL, found->kinds[i].classes, found->kinds[i].human))
            n += found->kinds[i].n;
    for (i = 0; i < choices->n; i++) {
        const struct sync_choice *one = &choices->choice[i];

        n += (mask_in(choices, one, one->classes, one->human) != 0) -
             (mask_in(choices, NULL, one->classes, one->human) != 0);
    }
    return n;
}

static size_t add_reason(const struct sync *s, char *dst, size_t size, size_t used, int64_t n,
                         const char *what)
{
    if (n <= 0 || used >= size)
        return used;
    return used + (size_t)snprintf(dst + used, size - used, "%s%s %s", used ? ", " : "",
                                   app_count(s->app, n, false), what);
}

/* A few words a class, where several stand in one row. */
static const char *brief(enum db_class class)
{
    static const char *const names[DB_CLASSES] = {
        [DB_CLASS_DELETED_IN_BRAIN] = "deleted",
        [DB_CLASS_ORPHAN_IN_BOT] = "orphan",
        [DB_CLASS_DUPLICATE_IN_BOT] = "duplicate in Bot",
        [DB_CLASS_DUPLICATE_PROFILE] = "duplicate profile",
        [DB_CLASS_INVALID_TIER] = "invalid tier",
        [DB_CLASS_SUBSCRIPTION_DIFFERS] = "subscription",
    };

    return names[class] ? names[class] : db_class_row(class)->title;
}

void sync_left_out(const struct sync *s, char *dst, size_t size)
{
    const int64_t *all = s->found->result.classes;
    int64_t newer = 0, excluded = 0;
    size_t used = 0, i;
    unsigned c;
    int cut = FILTER_SHOWN;

    while (s->filter.len > FILTER_SHOWN && (s->filter.text[cut] & 0xc0) == 0x80)
        cut--;           /* not inside of a character */
    if (s->filter.len) { /* how many of them match is not known before the plan is made */
        snprintf(dst, size,
                 "whoever does not match /%.*s%s; of the others what is opt-in, excluded, or for "
                 "a person to decide",
                 cut, s->filter.text, s->filter.len > FILTER_SHOWN ? "~" : "");
        return;
    }
    dst[0] = '\0';
    for (i = 0; i < s->found->n_kinds; i++)
        if (s->found->kinds[i].human & DB_CLASS_BIT(DB_CLASS_TIER_DIFFERS))
            newer += s->found->kinds[i].n;
    for (i = 0; i < s->choices.n; i++)
        if (s->choices.choice[i].in & s->choices.choice[i].human)
            newer--;
    used = add_reason(s, dst, size, used, newer, "newer in Bot");
    for (c = 0; c < DB_CLASSES; c++) {
        const struct db_class_row *row = db_class_row((enum db_class)c);
        int64_t out = all[c] - sync_count_in(&s->choices, s->found, (enum db_class)c);

        if (row->mend == DB_MEND_SAFE)
            excluded += out - (c == DB_CLASS_TIER_DIFFERS ? newer : 0);
        else if (row->mend != DB_MEND_INFO)
            used = add_reason(s, dst, size, used, out, brief((enum db_class)c));
    }
    add_reason(s, dst, size, used, excluded, "excluded");
}

/* ---- choosing ---- */

static bool refuse(struct app *app, enum db_class class)
{
    const struct db_class_row *row = db_class_row(class);

    if (row->mend == DB_MEND_INFO)
        app_say(app, MESSAGE_INFO, "%s: there is nothing to mend", row->title);
    else
        app_say(app, MESSAGE_WARN, "%s is never mended by a plan: %s", row->title, row->repair);
    return false;
}

bool sync_choose_row(struct app *app, struct sync_choices *choices, const struct sync_user *user,
                     enum db_class class, bool in)
{
    struct sync_choice *choice;
    unsigned bit = DB_CLASS_BIT(class);

    if (!is_ours_to_mend(class))
        return refuse(app, class);
    choice = choice_of(choices, user->both.id);
    choice->classes = user->classes;
    choice->human = user->human;
    choice->in &= ~bit;
    choice->out &= ~bit;
    if (in != is_in_by_class(choices, user->human, class)) {
        if (in)
            choice->in |= bit;
        else
            choice->out |= bit;
    }
    if (!(choice->in | choice->out))
        *choice = choices->choice[--choices->n];
    return true;
}

/* Rows that a person has to decide do not follow their class. */
static void tell_left(struct app *app, const struct sync_choices *choices, enum db_class class)
{
    const struct sync *s = sync_of(app);
    const struct sync_found *found = s ? s->found : NULL;
    int64_t all = found ? found->result.classes[class] : 0,
            left = found ? all - sync_count_in(choices, found, class) : 0;

    if (left > 0 && left == all)
        app_say(app, MESSAGE_WARN, "%s: a person has to decide each of them; i on a row puts it in",
                db_class_row(class)->title);
    else if (left > 0)
        app_say(app, MESSAGE_INFO,
                "%s left out: a person has to decide each of them; i on a row puts it in",
                app_count(app, left, false));
}

/* What was said about single rows of the class is taken back. */
bool sync_choose_class(struct app *app, struct sync_choices *choices, enum db_class class, bool in)
{
    size_t i;

    if (!is_ours_to_mend(class))
        return refuse(app, class);
    choices->class_in[class] = in;
    for (i = choices->n; i > 0; i--) {
        struct sync_choice *choice = &choices->choice[i - 1];

        choice->in &= ~DB_CLASS_BIT(class);
        choice->out &= ~DB_CLASS_BIT(class);
        if (!(choice->in | choice->out))
            *choice = choices->choice[--choices->n];
    }
    if (in)
        tell_left(app, choices, class);
    return true;
}
