/*
 * What a comparison found, as the screen keeps it: counts in full, rows up to a number. Filled in
 * the lane, moved to the screen when it is whole. Knows no plan.
 */
#include "screens/sync_state.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "screens/conf_place.h"
#include "screens/json_drift.h"
#include "zm/clock.h"
#include "zm/str.h"

struct sync_found *sync_found_new(void)
{
    return zm_calloc(1, sizeof(struct sync_found));
}

void sync_found_free(struct sync_found *found)
{
    unsigned c;

    if (!found)
        return;
    for (c = 0; c < DB_CLASSES; c++)
        free(found->rows[c]);
    free(found->kinds);
    db_plan_drop(found->writer);
    if (found->path[0])
        unlink(found->path);
    zm_arena_done(&found->arena);
    free(found);
}

/* ---- filling ---- */

static unsigned human_of(const struct db_classified *classified)
{
    unsigned c, ret = 0;

    for (c = 0; c < DB_CLASSES; c++)
        if (classified->classes & DB_CLASS_BIT(c) &&
            db_classified_mend(classified, (enum db_class)c) == DB_MEND_HUMAN)
            ret |= DB_CLASS_BIT(c);
    return ret;
}

static void count_kind(struct sync_found *found, unsigned classes, unsigned human)
{
    size_t i;

    for (i = 0; i < found->n_kinds; i++)
        if (found->kinds[i].classes == classes && found->kinds[i].human == human) {
            found->kinds[i].n++;
            return;
        }
    found->kinds = zm_realloc(found->kinds, (found->n_kinds + 1) * sizeof(*found->kinds));
    found->kinds[found->n_kinds++] = (struct sync_kind){classes, human, 1};
}

static const char *keep(struct sync_found *found, const char *text)
{
    return zm_arena_strdup(&found->arena, text);
}

static struct sync_user *keep_user(struct sync_found *found, const struct db_drift *drift)
{
    struct sync_user *user = zm_arena_zalloc(&found->arena, sizeof(*user));
    struct db_both *both = &user->both;

    *both = *drift->both;
    both->id = keep(found, both->id);
    both->email = keep(found, both->email);
    both->deleted_at = keep(found, both->deleted_at);
    both->tier = keep(found, both->tier);
    both->profile_updated_at = keep(found, both->profile_updated_at);
    both->subscription_tier = keep(found, both->subscription_tier);
    both->bot_email = keep(found, both->bot_email);
    both->bot_tier = keep(found, both->bot_tier);
    both->bot_updated_at = keep(found, both->bot_updated_at);
    user->classes = drift->classified->classes;
    user->human = human_of(drift->classified);
    user->case_only = drift->classified->case_only;
    user->bot_newer = drift->classified->bot_newer_above && !both->ours;
    return user;
}

void sync_found_keep(struct sync_found *found, const char *directory)
{
    struct db_plan_head head;

    memset(&head, 0, sizeof(head));
    if (!directory[0] || !conf_place_make(directory)) {
        zm_error_set(&found->path_err, ZM_ERR_SYSTEM, "", "keep what was found",
                     "there is no directory for it");
        zm_error_hint(&found->path_err, "see state_dir of the profile");
        return;
    }
    found->writer = db_plan_begin(directory, &head, &found->path_err);
}

void sync_row_of(const struct db_drift *drift, struct db_plan_row *ret)
{
    *ret = (struct db_plan_row){.classes = drift->classified->classes,
                                .human = human_of(drift->classified),
                                .seen = *drift->both};
}

/* A disk that is full costs the plan, not the list. */
static void keep_row(struct sync_found *found, const struct db_drift *drift)
{
    struct db_plan_row row;

    sync_row_of(drift, &row);
    if (!found->writer || db_plan_add(found->writer, &row, &found->path_err))
        return;
    db_plan_drop(found->writer);
    found->writer = NULL;
}

void sync_found_add(struct sync_found *found, const struct db_drift *drift)
{
    enum db_class c = drift->class;
    size_t n = found->n_rows[c];

    if (!zm_streq(found->last_id, drift->both->id)) {
        zm_copy(found->last_id, sizeof(found->last_id), drift->both->id);
        found->last = NULL;
        count_kind(found, drift->classified->classes, human_of(drift->classified));
        keep_row(found, drift);
    }
    if (n == SYNC_ROWS_MAX)
        return;
    if (!found->last)
        found->last = keep_user(found, drift);
    if (!found->rows[c]) /* NOLINTNEXTLINE(bugprone-sizeof-expression): they are pointers */
        found->rows[c] = zm_calloc(SYNC_ROWS_MAX, sizeof(*found->rows[c]));
    found->rows[c][found->n_rows[c]++] = found->last;
}

void sync_found_end(struct sync_found *found)
{
    time_t now = time(NULL);
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(found->at, sizeof(found->at), "%Y-%m-%dT%H:%M:%SZ", &tm);
    found->ended_ms = zm_now_ms();
    if (found->writer &&
        !db_plan_end(found->writer, found->path, sizeof(found->path), &found->path_err))
        found->path[0] = '\0';
    found->writer = NULL;
}

/* ---- what was mended since ---- */

static struct sync_user *take_row(struct sync_found *found, enum db_class class, const char *id)
{
    struct sync_user **rows = found->rows[class], *user;
    size_t i;

    for (i = 0; i < found->n_rows[class]; i++) {
        if (!zm_streq(rows[i]->both.id, id))
            continue;
        user = rows[i]; /* NOLINTNEXTLINE(bugprone-sizeof-expression): they are pointers */
        memmove(rows + i, rows + i + 1, (--found->n_rows[class] - i) * sizeof(*rows));
        return user;
    }
    return NULL;
}

bool sync_found_mended(struct sync_found *found, const char *id, unsigned classes)
{
    struct sync_user *user = NULL, *one;
    unsigned c, left;
    size_t i;

    for (c = 0; c < DB_CLASSES; c++) {
        one = classes & DB_CLASS_BIT(c) ? take_row(found, (enum db_class)c, id) : NULL;
        found->result.classes[c] -= one != NULL;
        user = one ? one : user;
    }
    if (!user)
        return false;
    for (i = 0; i < found->n_kinds; i++)
        if (found->kinds[i].classes == user->classes && found->kinds[i].human == user->human)
            found->kinds[i].n--;
    left = user->classes & ~classes;
    if (left)
        count_kind(found, left, user->human & left);
    user->classes = left;
    user->human &= left;
    found->result.users -= !(left & DB_CLASS_DRIFT);
    return !(left & DB_CLASS_DRIFT);
}

struct sync_user *sync_found_disabled(struct sync_found *found, const char *id)
{
    struct sync_user **rows = found->rows[DB_CLASS_ORPHAN_IN_BOT];
    size_t i;

    for (i = 0; i < found->n_rows[DB_CLASS_ORPHAN_IN_BOT]; i++) {
        if (!zm_streq(rows[i]->both.id, id))
            continue;
        rows[i]->both.trading_enabled = rows[i]->both.api_access = 0;
        rows[i]->both.rights = false;
        return rows[i];
    }
    return NULL;
}

/* ---- users ---- */

const char *sync_name(const struct db_both *both)
{
    const char *email = json_drift_email(both);

    return email ? email : both->id;
}
