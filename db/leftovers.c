/*
 * Finds test users and removes them. Must not touch anybody whose address is not of a test: that is
 * asked before each removal, and again by the statements.
 */
#include "db/leftovers.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "db/checklist_work.h"
#include "db/pairs.h"
#include "db/tx.h"
#include "zm/str.h"

#define MARK "zmartctl-test+"
#define MARK_END "@example.invalid"
#define RECORD "users" /* the subject of the journal's rows: "checklist users" */
#define WORD 12

/* clang-format off */
static const struct db_field recorded_fields[] = {
    DB_FIELD(struct db_leftover_recorded, email),
};
static const struct db_field row_fields[] = {
    DB_FIELD(struct db_leftover_row, id),
    DB_FIELD(struct db_leftover_row, email),
    DB_FIELD(struct db_leftover_row, at),
};
const struct db_shape db_shape_leftover_recorded = {
    "leftover on record", sizeof(struct db_leftover_recorded), recorded_fields, ZM_COUNT(recorded_fields)};
const struct db_shape db_shape_leftover = {
    "leftover", sizeof(struct db_leftover_row), row_fields, ZM_COUNT(row_fields)};
/* clang-format on */

/* ---- addresses ---- */

/* Between the two ends there is a word. Case does not matter. */
static bool is_between(const char *email, const char *begin, size_t n_begin, const char *end)
{
    size_t n = strlen(email), n_end = strlen(end), i;

    if (n <= n_begin + n_end || strncasecmp(email, begin, n_begin) != 0 ||
        strcasecmp(email + n - n_end, end) != 0)
        return false;
    for (i = n_begin; i < n - n_end; i++)
        if (!isalnum((unsigned char)email[i]) && email[i] != '-')
            return false;
    return true;
}

bool db_leftover_is_marked(const char *pattern, const char *email)
{
    const char *hole = pattern ? strstr(pattern, "%s") : NULL;

    if (is_between(email, MARK, strlen(MARK), MARK_END))
        return true;
    return hole && strchr(hole, '@') &&
           is_between(email, pattern, (size_t)(hole - pattern), hole + 2);
}

static bool make_word(char ret[WORD + 1], struct zm_error *err)
{
    static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    unsigned char bytes[WORD];
    size_t i;

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return zm_error_set(err, ZM_ERR_SYSTEM, "", "make an address", "no random bytes");
    for (i = 0; i < WORD; i++)
        ret[i] = letters[bytes[i] % (sizeof(letters) - 1)];
    ret[WORD] = '\0';
    return true;
}

bool db_leftover_address(const char *pattern, char ret[DB_LEFTOVER_EMAIL], struct zm_error *err)
{
    const char *hole = strstr(pattern, "%s");
    char word[WORD + 1];
    int n;

    if (!make_word(word, err))
        return false;
    n = snprintf(ret, DB_LEFTOVER_EMAIL, "%.*s%s%s", hole ? (int)(hole - pattern) : 0, pattern,
                 word, hole ? hole + 2 : "");
    if (n < 0 || n > 254 || !db_leftover_is_marked(pattern, ret))
        return zm_error_set(err, ZM_ERR_CONFIG, "", "make an address",
                            "registration_test.email is no address with %%s: '%.80s'", pattern);
    for (n = 0; ret[n]; n++)
        ret[n] = (char)tolower((unsigned char)ret[n]); /* as logins have it */
    return true;
}

const char *db_leftover_like(struct zm_arena *arena, const char *pattern)
{
    char *text = zm_arena_alloc(arena, 2 * strlen(pattern) + 2), *to = text;
    const char *hole = strstr(pattern, "%s"), *at;

    for (at = pattern; *at; at++) {
        if (at == hole) {
            *to++ = '%';
            at++;
            continue;
        }
        if (strchr("%_\\", *at))
            *to++ = '\\';
        *to++ = (char)tolower((unsigned char)*at);
    }
    *to = '\0';
    return text;
}

/* ---- listing ---- */

static bool read_asks(struct db_session *session, enum db_side side, struct db_ask *ask,
                      struct zm_error *err)
{
    struct db_link *link = db_session_link(session, side);

    if (!link)
        return db_session_away(session, side, "list test users", err);
    if (!db_link_read(link, ask, 1, err))
        return false;
    if (!ask->ok)
        *err = ask->err;
    return ask->ok;
}

/* The addresses on record that are of the pattern, as an array literal. */
static bool read_recorded(struct db_session *session, const char *pattern, struct db_pairs *ret,
                          struct zm_error *err)
{
    char subject[DB_SUBJECT_SIZE];
    struct db_ask ask = {.sql = DB_SQL_BRAIN_LEFTOVER_RECORDED, .params = {subject}};
    bool ok;
    size_t i;

    db_checklist_subject(RECORD, subject);
    ok = read_asks(session, DB_BRAIN, &ask, err);
    for (i = 0; ok && i < ask.rows.n; i++) {
        const char *email = DB_ROW(&ask.rows, struct db_leftover_recorded, i)->email;

        if (email && db_leftover_is_marked(pattern, email))
            db_pairs_add(ret, email, "");
    }
    db_asks_done(&ask, 1);
    db_pairs_end(ret);
    return ok || err->kind == ZM_ERR_SHAPE; /* without a journal nothing is on record */
}

static struct db_leftover *find(struct db_leftovers *all, const char *id)
{
    size_t i;

    for (i = 0; i < all->n; i++)
        if (zm_streq(all->items[i].id, id))
            return &all->items[i];
    return NULL;
}

static void take(struct db_leftovers *all, const char *pattern, const struct db_rows *rows,
                 enum db_side side)
{
    size_t i;

    if (rows->n > 0)
        all->items = zm_realloc(all->items, (all->n + rows->n) * sizeof(*all->items));
    for (i = 0; i < rows->n; i++) {
        const struct db_leftover_row *row = DB_ROW(rows, struct db_leftover_row, i);
        struct db_leftover *one;

        if (!row->id || !row->email || !db_leftover_is_marked(pattern, row->email))
            continue;
        one = find(all, row->id);
        if (!one) {
            one = &all->items[all->n++];
            memset(one, 0, sizeof(*one));
            zm_copy(one->id, sizeof(one->id), row->id);
            zm_copy(one->email, sizeof(one->email), row->email);
        }
        *(side == DB_BRAIN ? &one->login : &one->trader) = true;
    }
}

bool db_leftovers_read(struct db_session *session, const char *pattern, struct db_leftovers *ret,
                       struct zm_error *err)
{
    struct db_pairs emails = {.keys = {.s = NULL}};
    struct db_ask brain = {.sql = DB_SQL_BRAIN_LEFTOVER_LOGINS, .params = {NULL, MARK}};
    struct zm_error away;
    bool ok;

    memset(ret, 0, sizeof(*ret));
    ok = read_recorded(session, pattern, &emails, err);
    brain.params[0] = emails.keys.s;
    ok = ok && read_asks(session, DB_BRAIN, &brain, err);
    if (ok) {
        take(ret, pattern, &brain.rows, DB_BRAIN);
        ret->emails = zm_strdup(emails.keys.s);
        db_leftovers_read_bot(session, pattern, ret, &away);
    }
    db_asks_done(&brain, 1);
    db_pairs_done(&emails);
    return ok;
}

bool db_leftovers_read_bot(struct db_session *session, const char *pattern,
                           struct db_leftovers *all, struct zm_error *err)
{
    struct db_ask bot = {.sql = DB_SQL_BOT_LEFTOVER_TRADERS, .params = {all->emails, MARK "%"}};
    bool ok = read_asks(session, DB_BOT, &bot, err);

    if (ok)
        take(all, pattern, &bot.rows, DB_BOT);
    db_asks_done(&bot, 1);
    return ok;
}

void db_leftovers_done(struct db_leftovers *leftovers)
{
    free(leftovers->items);
    free(leftovers->emails);
    memset(leftovers, 0, sizeof(*leftovers));
}

const char *db_leftovers_words(const struct db_leftovers *leftovers, const char *how,
                               struct zm_arena *arena)
{
    bool one = leftovers->n == 1;
    const char *text = "";
    size_t i;

    if (leftovers->n == 0)
        return "";
    for (i = 0; i < leftovers->n && i < 3; i++)
        text = zm_arena_printf(arena, "%s%s%.100s", text, i ? ", " : "", leftovers->items[i].email);
    return zm_arena_printf(arena, "%zu test user%s left behind (%s removes %s): %s%s", leftovers->n,
                           one ? " is" : "s are", how, one ? "him" : "them", text,
                           leftovers->n > 3 ? ", ..." : "");
}

/* ---- removing ---- */

bool db_leftover_note(struct db_checklist *list, const char *event, const char *email,
                      const char *id, struct zm_error *err)
{
    struct db_pairs pairs = {.keys = {.s = NULL}};

    db_pairs_add(&pairs, "email", email);
    db_pairs_add(&pairs, "user", id[0] ? id : NULL);
    db_pairs_add(&pairs, "event", event);
    db_pairs_add(&pairs, "new", event);
    db_pairs_add(&pairs, "reason", "a test user of the checklist");
    return db_checklist_write_row(list, "zmartctl.flow_test", RECORD, &pairs, err);
}

static bool remove_row(struct db_checklist *list, enum db_side side, const struct db_leftover *one,
                       struct zm_error *err)
{
    struct db_link *link = db_session_link(list->session, side);
    struct db_ask ask = {.sql = side == DB_BRAIN ? DB_SQL_BRAIN_REMOVE_LOGIN
                                                 : DB_SQL_BOT_REMOVE_TRADER,
                         .params = {one->id, one->email}};
    bool ok;

    if (!link)
        return db_session_away(list->session, side, "remove a test user", err);
    ok = db_tx_once(link, &ask, 1, err);
    db_asks_done(&ask, 1);
    if (!ok && err->kind == ZM_ERR_PRIVILEGE)
        zm_error_hint(err, "by hand: DELETE FROM %s WHERE %s = '%s'%s",
                      side == DB_BRAIN ? "auth.users" : "public.user_trading_profiles",
                      side == DB_BRAIN ? "id" : "user_id", one->id,
                      side == DB_BRAIN ? "; or set admin_key_command in registration_test" : "");
    return ok;
}

static bool remove_login(struct db_checklist *list, const struct db_leftover *one,
                         struct zm_error *err)
{
    if (!db_auth_may_remove(&list->auth))
        return remove_row(list, DB_BRAIN, one, err);
    return db_auth_remove(&list->auth, one->id, list->stopped ? list->stopped : list->abandoned,
                          list->context, err) == DB_AUTH_DONE;
}

/* Row security lets a statement remove nothing without an error, and an API may say yes too early.
 */
static bool is_gone(struct db_checklist *list, const struct db_leftover *one, struct zm_error *err)
{
    struct db_pairs email = {.keys = {.s = NULL}};
    struct db_ask asks[DB_SIDES] = {[DB_BRAIN] = {.sql = DB_SQL_BRAIN_LEFTOVER_LOGINS},
                                    [DB_BOT] = {.sql = DB_SQL_BOT_LEFTOVER_TRADERS}};
    bool ok = true;
    size_t i;
    int side;

    db_pairs_add(&email, one->email, "");
    db_pairs_end(&email);
    for (side = 0; ok && side < DB_SIDES; side++) {
        asks[side].params[0] = email.keys.s;
        asks[side].params[1] = side == DB_BRAIN ? one->email : "";
        ok = read_asks(list->session, (enum db_side)side, &asks[side], err);
        for (i = 0; ok && i < asks[side].rows.n; i++)
            if (zm_streq(DB_ROW(&asks[side].rows, struct db_leftover_row, i)->id, one->id)) {
                ok = zm_error_set(err, ZM_ERR_HIDDEN, db_side_name((enum db_side)side),
                                  "remove a test user", "%.100s is still there", one->email);
                zm_error_hint(err, "does row security let this role remove the row?");
            }
    }
    db_asks_done(asks, DB_SIDES);
    db_pairs_done(&email);
    return ok;
}

bool db_leftover_remove(struct db_checklist *list, const struct db_leftover *one,
                        struct zm_error *err)
{
    if (!zm_is_uuid(one->id) || !db_leftover_is_marked(list->registration_email, one->email))
        return zm_error_set(err, ZM_ERR_REFUSED, "", "remove a test user",
                            "%.100s is not the address of one", one->email);
    /* His login first: an application that copies users would make the other again. */
    if (!db_leftover_note(list, "remove", one->email, one->id, err) ||
        (one->login && !remove_login(list, one, err)) || !remove_row(list, DB_BOT, one, err) ||
        !is_gone(list, one, err))
        return false;
    return db_leftover_note(list, "removed", one->email, one->id, err);
}
