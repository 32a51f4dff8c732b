/*
 * What of a side is not as it should be: a table of conditions over its facts, the warnings that
 * the connection brought, and the wanted indexes that are missing. Draws nothing.
 */
#include "screens/health_state.h"

#include "db/indexes.h"
#include "zm/str.h"

struct notes {
    struct app *app;
    struct health_note *row;
    size_t n;
};

static void add(struct notes *notes, enum db_side side, enum tui_style style, const char *text)
{
    if (notes->n < HEALTH_NOTES)
        notes->row[notes->n++] = (struct health_note){side, style, text};
}

static bool is_changed(const struct db_facts *f)
{
    return f->changed_server;
}

static bool is_insecure(const struct db_facts *f)
{
    return f->insecure;
}

static bool is_standby(const struct db_facts *f)
{
    return f->standby;
}

static bool is_read_only(const struct db_facts *f)
{
    return f->read_only && !f->standby;
}

static bool has_no_logins(const struct db_facts *f)
{
    return f->side == DB_BRAIN && f->logins == DB_LOGINS_NONE;
}

static bool is_first(const struct db_facts *f)
{
    return f->first_contact;
}

// clang-format off
static const struct {
    bool (*holds)(const struct db_facts *facts);
    enum tui_style style;
    const char *text;
} conditions[] = {
    {is_changed,    TUI_BAD,  "not the server that was recorded: writes wait for `zmartctl init --accept`"},
    {is_insecure,   TUI_BAD,  "reached without verified TLS: allow_insecure_tls is on in the profile"},
    {has_no_logins, TUI_BAD,  "neither auth.users nor zmartctl.users can be read: no user has a login here; "
                              "least-privilege, checklist item 6, makes the view"},
    {is_standby,    TUI_WARN, "a standby: it can be read, nothing can be written"},
    {is_read_only,  TUI_WARN, "default_transaction_read_only is on: nothing can be written"},
    {is_first,      TUI_DIM,  "first contact: the identity of this server was recorded"},
};
// clang-format on

static void add_hidden(struct notes *notes, enum db_side side, const struct db_facts *f)
{
    if (f->hidden[0])
        add(notes, side, TUI_WARN,
            zm_arena_printf(&notes->app->frame,
                            "row security hides rows from %s in: %s; they are shown as unknown, "
                            "never as missing",
                            f->role, f->hidden));
}

static void add_warnings(struct notes *notes, enum db_side side, const struct db_facts *f)
{
    const char *line = f->warnings;

    while (*line) {
        size_t len = strcspn(line, "\n");

        add(notes, side, TUI_WARN, zm_arena_strndup(&notes->app->frame, line, len));
        line += len + (line[len] == '\n');
    }
}

static void add_indexes(struct notes *notes, enum db_side side, const struct db_facts *f)
{
    int i;

    for (i = 0; i < DB_INDEX_COUNT; i++) {
        const struct db_index_row *index = db_index_row((enum db_index)i);

        if (index->side != side || ((f->indexes >> i) & 1u))
            continue;
        add(notes, side, TUI_WARN,
            zm_arena_printf(&notes->app->frame, "no index %s; slow without it: %s", index->name,
                            index->serves));
    }
}

size_t health_notes(struct app *app, struct health_note ret[HEALTH_NOTES])
{
    struct notes notes = {.app = app, .row = ret};
    int side;
    size_t i;

    for (side = 0; side < DB_SIDES; side++) {
        const struct db_facts *f = &app->status[side].facts;

        if (f->version == 0)
            continue;
        for (i = 0; i < ZM_COUNT(conditions); i++)
            if (conditions[i].holds(f))
                add(&notes, (enum db_side)side, conditions[i].style, conditions[i].text);
        add_hidden(&notes, (enum db_side)side, f);
        add_warnings(&notes, (enum db_side)side, f);
        add_indexes(&notes, (enum db_side)side, f);
    }
    return notes.n;
}
