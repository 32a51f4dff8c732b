/*
 * Changing users in the console: what the tests of it have in common. Each file has two servers of
 * its own, and each test a user of its own.
 */
#ifndef E2E_EDIT_CONSOLE_H
#define E2E_EDIT_CONSOLE_H

#include "user_console.h"

#include <libpq-fe.h>

/* One value of a user by his e-mail, as the superuser sees it: "tier" of Brain's profile. */
static inline const char *of_brain(const struct demo *demo, const char *email, const char *column)
{
    char sql[400];

    snprintf(sql, sizeof(sql),
             "SELECT p.%s::text FROM public.user_profiles p JOIN auth.users u ON u.id = p.user_id "
             "WHERE u.email = '%s'",
             column, email);
    return demo_sql(demo, DB_BRAIN, sql);
}

static inline const char *of_bot(const struct demo *demo, const char *email, const char *column)
{
    char sql[300];

    snprintf(sql, sizeof(sql),
             "SELECT %s::text FROM public.user_trading_profiles WHERE email = '%s'", column, email);
    return demo_sql(demo, DB_BOT, sql);
}

/* Of the newest journal row of an action about him. */
static inline const char *of_journal(const struct demo *demo, const char *email, const char *action,
                                     const char *expression)
{
    char sql[500];

    snprintf(sql, sizeof(sql),
             "SELECT (%s)::text FROM public.user_activity a JOIN auth.users u ON u.id = a.user_id "
             "WHERE u.email = '%s' AND a.action = 'zmartctl.%s' ORDER BY a.created_at DESC LIMIT 1",
             expression, email, action);
    return demo_sql(demo, DB_BRAIN, sql);
}

/* As long as what is typed ahead is dropped, and a little more: a person has to look first. */
static inline void look(struct vt *vt)
{
    vt_settle(vt, 400, VT_SOON_MS);
}

/* The only one whom a filter finds is under the cursor, as `/ Ctrl-U filter Enter Esc` leaves it;
 * shows: what is on the screen then. */
static inline void find_one(struct vt *vt, const char *filter, const char *shows)
{
    vt_type(vt, "/");
    vt_keys(vt, "Ctrl-U");
    vt_type(vt, filter);
    vt_wait(vt, shows, VT_SOON_MS);
    vt_wait(vt, "1 of", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "Users > ", VT_SOON_MS); /* the only one is opened */
    vt_wait_gone(vt, "loading", VT_SOON_MS);
    vt_keys(vt, "Esc");
    vt_wait(vt, "Users /", VT_SOON_MS);
    look(vt);
}

/* The list with this user under the cursor. */
static inline struct vt *open_on(const struct demo *demo, const char *conf, int rows, int cols,
                                 const char *who)
{
    const char *const argv[] = {ZM_BINARY, "-c", conf ? conf : demo->conf, NULL};
    struct vt *vt = vt_start(argv, NULL, rows, cols);

    vt_wait(vt, "Bot up", VT_SOON_MS);
    vt_wait(vt, "EMAIL", VT_SOON_MS);
    find_one(vt, who, who);
    return vt;
}

/* `t` up to its question. */
static inline void start_tier(struct vt *vt, const char *letter, const char *reason)
{
    vt_type(vt, "t");
    vt_wait(vt, "Change tier", VT_SOON_MS);
    look(vt);
    vt_type(vt, letter);
    vt_wait(vt, "A reason is needed", VT_SOON_MS);
    vt_type(vt, reason);
    vt_wait_gone(vt, "A reason is needed", VT_SOON_MS);
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply? y/N/d", VT_SOON_MS);
}

/* Undo: the reason, and yes. */
static inline void give_reason(struct vt *vt, const char *reason)
{
    vt_wait(vt, "> Reason", VT_SOON_MS);
    look(vt);
    vt_type(vt, reason);
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Take it back? y/N/d", VT_SOON_MS);
    vt_type(vt, "y");
}

/* `t` from key to end; says: how it ended. */
static inline void change_tier(struct vt *vt, const char *letter, const char *says)
{
    vt_type(vt, "t");
    vt_wait(vt, "Change tier", VT_SOON_MS);
    look(vt);
    vt_type(vt, letter);
    vt_type(vt, "T-1");
    vt_keys(vt, "Enter");
    vt_wait(vt, "> Apply?", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, says, VT_SOON_MS);
    look(vt);
}

/* The same configuration with another guard, beside it. */
static inline const char *conf_with_guard(const struct demo *demo, const char *guard,
                                          char path[160])
{
    char line[512], old[] = "guard = \"open\"";
    FILE *in = fopen(demo->conf, "r"), *out;

    snprintf(path, 160, "%.130s.%s", demo->conf, guard);
    out = fopen(path, "w");
    assert_true(in && out);
    while (fgets(line, sizeof(line), in)) {
        if (strstr(line, old))
            fprintf(out, "    guard = \"%s\";\n", guard);
        else
            fputs(line, out);
    }
    fclose(in);
    fclose(out);
    return path;
}

/* Types into that field ("> Reason"), in place of what was suggested: then the cursor is at the
 * question. */
static inline void give(struct vt *vt, const char *field, const char *text)
{
    if (vt_find(vt, field, NULL) < 0)
        vt_keys(vt, "Tab");
    vt_type(vt, text);
    vt_wait(vt, field, VT_SOON_MS);
}

static inline bool stop_or_once_more(struct vt *vt, void *context)
{
    const char *const *shows = context;

    return vt_find(vt, *shows, NULL) >= 0 || vt_find(vt, "once more", NULL) >= 0;
}

/* X on the list; again where Bot's half of the row has not come yet, as is said then. */
static inline void press_stop(struct vt *vt, const char *shows)
{
    do {
        look(vt);
        vt_type(vt, "X");
        vt_wait_until(vt, stop_or_once_more, &shows, shows, 1500);
    } while (vt_find(vt, shows, NULL) < 0);
}

#endif
