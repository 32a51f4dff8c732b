/*
 * The commands of the palette that take words. What a key can do as well is a binding of a keymap,
 * not a line here.
 */
#include "screens/palette.h"
#include "screens/palette_demo.h"

#include <string.h>

#include "db/filter.h"
#include "screens/export_job.h"
#include "screens/guard.h"
#include "screens/lookup.h"
#include "screens/plan.h"
#include "screens/users.h"
#include "tui/style.h"
#include "zm/str.h"

static bool refuse(struct zm_error *err, const char *name, const char *args, const char *wanted)
{
    zm_error_set(err, ZM_ERR_USAGE, "", "",
                 args[0] ? "'%s' is nothing that %s takes" : "%s%s takes a word", args, name);
    return zm_error_hint(err, "%s", wanted);
}

/* ---- users ---- */

static bool run_filter(struct app *app, const char *args, struct zm_error *err)
{
    struct db_filter filter;

    if (!db_filter_parse(args, &filter, err))
        return false;
    users_filter(app, args);
    return true;
}

/* tier: ... before the colon, tier:free tier:pro after it. */
static const char *filter_choices(struct app *app, const char *word)
{
    struct zm_buf buf = {0};
    const char *text;
    int i;

    word += *word == '!';
    for (i = DB_FILTER_WORD + 1; i < DB_FILTER_KEYS; i++) {
        const struct db_filter_key_row *row = db_filter_key_row((enum db_filter_key)i);
        const char *value = row->values;

        if (strncmp(word, row->name, strlen(row->name)) != 0) {
            zm_buf_printf(&buf, "%s ", row->name);
            continue;
        }
        while (*(value += strspn(value, " "))) {
            size_t len = strcspn(value, " ");

            zm_buf_printf(&buf, "%s%.*s ", row->name, (int)len, value);
            value += len;
        }
    }
    text = zm_arena_strdup(&app->frame, buf.s ? buf.s : "");
    zm_buf_done(&buf);
    return text;
}

static bool run_user(struct app *app, const char *args, struct zm_error *err)
{
    if (!args[0])
        return refuse(err, "user", args, "an id, an e-mail or a phone");
    lookup_open(app, args);
    return true;
}

static const char *sort_choices(struct app *app, const char *word)
{
    (void)app;
    (void)word;
    return "email id created sign_in";
}

static bool run_sort(struct app *app, const char *args, struct zm_error *err)
{
    if (!users_sort(app, args))
        return refuse(err, "sort", args, sort_choices(app, ""));
    app_show(app, &screen_users, NULL);
    return true;
}

/* ---- the session ---- */

static const char *time_choices(struct app *app, const char *word)
{
    (void)app;
    (void)word;
    return "utc local";
}

static bool run_time(struct app *app, const char *args, struct zm_error *err)
{
    bool local = zm_streq(args, "local");

    if (!local && !zm_streq(args, "utc"))
        return refuse(err, "time", args, time_choices(app, ""));
    app->local_time = local;
    app_say(app, MESSAGE_INFO, local ? "times are local" : "times are UTC");
    return true;
}

static const char *side_choices(struct app *app, const char *word)
{
    (void)app;
    (void)word;
    return "brain bot";
}

/* False: names no side. */
static bool read_side(const char *word, enum db_side *ret)
{
    int side;

    for (side = 0; side < DB_SIDES; side++)
        if (zm_streq(word, db_side_key((enum db_side)side))) {
            *ret = (enum db_side)side;
            return true;
        }
    return false;
}

static bool run_connect(struct app *app, const char *args, struct zm_error *err)
{
    enum db_side side;

    if (!read_side(args, &side))
        return refuse(err, "connect", args, side_choices(app, ""));
    if (app_is_up(app, side)) {
        app_say(app, MESSAGE_INFO, "%s is connected", db_side_name(side));
        return true;
    }
    db_lanes_connect(app->lanes, side);
    app_say(app, MESSAGE_INFO, "connecting to %s", db_side_name(side));
    return true;
}

static const char *switch_choices(struct app *app, const char *word)
{
    (void)app;
    (void)word;
    return "on off";
}

static bool run_mouse(struct app *app, const char *args, struct zm_error *err)
{
    bool on = zm_streq(args, "on");

    if (!on && !zm_streq(args, "off"))
        return refuse(err, "mouse", args, switch_choices(app, ""));
    if (app->mouse != on)
        app_act(app, APP_MOUSE);
    return true;
}

static bool run_pause(struct app *app, const char *args, struct zm_error *err)
{
    bool on = zm_streq(args, "on");

    if (!on && !zm_streq(args, "off"))
        return refuse(err, "pause", args, switch_choices(app, ""));
    if (app->paused != on)
        app_act(app, APP_PAUSE);
    return true;
}

static const char *theme_choices(struct app *app, const char *word)
{
    struct zm_buf buf = {0};
    const char *text;
    int i;

    (void)word;
    for (i = 0; tui_theme_name(i); i++)
        zm_buf_printf(&buf, "%s%s", i ? " " : "", tui_theme_name(i));
    text = zm_arena_strdup(&app->frame, buf.s ? buf.s : "");
    zm_buf_done(&buf);
    return text;
}

static bool run_theme(struct app *app, const char *args, struct zm_error *err)
{
    if (!tui_theme_set(app->tui, args))
        return refuse(err, "theme", args, theme_choices(app, ""));
    app_say(app, MESSAGE_INFO, "theme %s; ui.theme of the configuration chooses it for good", args);
    return true;
}

static bool run_unlock(struct app *app, const char *args, struct zm_error *err)
{
    return guard_unlock(app, args, err);
}

static bool run_plan(struct app *app, const char *args, struct zm_error *err)
{
    char path[600];

    if (!args[0])
        return refuse(err, "plan", args, "the file of a saved plan");
    export_file_path(args, path, sizeof(path));
    plan_open(app, path);
    return true;
}

static bool run_demo(struct app *app, const char *args, struct zm_error *err)
{
    return palette_demo_run(app, app->options->demo, args, err);
}

// clang-format off
const struct palette_command palette_commands[] = {
    {"filter",  "TEXT",        "the users that match: words, tier:pro trading:off sync:differs ...", filter_choices, run_filter, false},
    {"user",    "WHO",         "open one user by id, e-mail or phone", NULL, run_user, false},
    {"sort",    "[COLUMN]",    "the order of the list of users", sort_choices, run_sort, false},
    {"time",    "[utc|local]", "how times are shown", time_choices, run_time, false},
    {"theme",   "NAME",        "the colours: default, light, mono ...", theme_choices, run_theme, false},
    {"connect", "[brain|bot]", "connect now to what is away", side_choices, run_connect, false},
    {"pause",   "[on|off]",    "the live refresh", switch_choices, run_pause, false},
    {"rw",      "30m REASON",  "unlock writes for a while, at most 8h; :ro locks again", NULL, run_unlock, false},
    {"plan",    "FILE",        "open a saved plan: shown first, applied when asked", NULL, run_plan, false},
    {"mouse",   "[on|off]",    "the mouse", switch_choices, run_mouse, false},
    {"demo",    "outage|resume [brain|bot]", "stop a server of the demo, start it again", palette_demo_choices, run_demo, true},
    {NULL, NULL, NULL, NULL, NULL, false},
};
// clang-format on
