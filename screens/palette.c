/*
 * The prompt of the palette: what is typed, what it may become, and what was entered before. Which
 * names there are is palette_find.c; what they do is theirs.
 */
#include "screens/palette.h"

#include <stdlib.h>
#include <string.h>

#include "screens/wrap.h"
#include "tui/edit.h"
#include "tui/layout.h"
#include "tui/text.h"
#include "zm/str.h"

#define LIST_ROWS 12
#define NAME_CELLS 25
#define KEYS_CELLS 7
#define CHOICES 64

struct palette {
    struct tui_edit edit;
    char stem[TUI_EDIT_MAX + 1]; /* what was typed: completion replaces the edit, not this */
    bool completing;
    size_t chosen;       /* of what fits the stem */
    struct zm_error err; /* of the line that was entered last */
};

/* ---- what may be meant ---- */

/* A row of the list. */
struct offer {
    char line[TUI_EDIT_MAX + 1]; /* the whole prompt with it */
    const char *name, *args, *keys, *help;
};

static const char *last_word(const char *line)
{
    const char *blank = strrchr(line, ' ');

    return blank ? blank + 1 : line;
}

/* The words that may follow a command. */
static size_t offer_words(struct app *app, const char *stem, const struct palette_command *command,
                          struct offer *ret)
{
    const char *word = last_word(stem), *choice;
    size_t n = 0;

    choice = command->choices ? command->choices(app, word) : "";
    while (n < CHOICES && *(choice += strspn(choice, " "))) {
        size_t len = strcspn(choice, " ");
        char *name = zm_arena_strndup(&app->frame, choice, len);

        choice += len;
        if (match_rank(name, word + (*word == '!')) < MATCH_BEGINS)
            continue;
        ret[n] = (struct offer){.name = name, .args = "", .keys = "", .help = ""};
        snprintf(ret[n].line, sizeof(ret[n].line), "%.*s%s%s", (int)(word - stem), stem,
                 *word == '!' ? "!" : "", name);
        n++;
    }
    return n;
}

static size_t offer_names(struct app *app, const char *stem, struct offer *ret)
{
    struct palette_entry entries[PALETTE_ENTRIES];
    size_t n = palette_select(entries, palette_collect(app, entries), stem), i;

    for (i = 0; i < n && i < CHOICES; i++) {
        const struct palette_entry *e = &entries[i];

        ret[i] = (struct offer){.name = e->name, .args = e->args, .keys = e->keys, .help = e->help};
        snprintf(ret[i].line, sizeof(ret[i].line), "%s%s", e->name,
                 e->command && e->command->args[0] != '[' ? " " : "");
    }
    return i;
}

static size_t offers(struct app *app, const struct palette *p, struct offer ret[CHOICES])
{
    struct palette_entry entries[PALETTE_ENTRIES];
    const struct palette_entry *entry;
    const char *stem = p->stem + strspn(p->stem, " ");
    struct zm_error err;

    if (!strchr(stem, ' '))
        return offer_names(app, stem, ret);
    entry = palette_resolve(entries, palette_collect(app, entries), stem, &err);
    return entry && entry->command ? offer_words(app, stem, entry->command, ret) : 0;
}

/* ---- drawing ---- */

static void draw_offer(struct app *app, struct tui_box row, const struct offer *o, bool chosen)
{
    int used;

    tui_draw(app->tui, row, 0, 0, TUI_INFO, chosen ? ">" : " ");
    (void)tui_cut_left(&row, 2);
    used = tui_draw(app->tui, row, 0, 0, chosen ? TUI_INFO : TUI_STRONG, o->name);
    if (o->args[0])
        tui_draw_field(app->tui, row, 0, used + 1, NAME_CELLS - used - 2, TUI_LEFT, TUI_DIM,
                       o->args);
    (void)tui_cut_left(&row, NAME_CELLS);
    if (row.cols > KEYS_CELLS + 32) {
        struct tui_box keys = tui_cut_left(&row, KEYS_CELLS);

        tui_draw_field(app->tui, keys, 0, 0, KEYS_CELLS - 1, TUI_LEFT, TUI_KEY, o->keys);
    }
    tui_draw(app->tui, row, 0, 0, TUI_DIM, o->help);
}

static const char *error_text(struct app *app, const struct zm_error *err)
{
    return zm_arena_printf(&app->frame, "%s%s%s", err->message, err->hint[0] ? "; " : "",
                           err->hint);
}

static void draw_list(struct app *app, const struct palette *p, struct tui_box box,
                      const struct offer *list, size_t n)
{
    bool words = strchr(p->stem + strspn(p->stem, " "), ' ') != NULL;
    size_t room, top, i;
    const char *title = p->completing ? zm_arena_printf(&app->frame, "%zu of %zu", p->chosen + 1, n)
                        : words       ? n == 0 ? "" : "may follow"
                        : n == 0
                            ? "no command like this"
                            : zm_arena_printf(&app->frame, "%zu command%s", n, n == 1 ? "" : "s");
    bool failed = p->err.kind != ZM_ERR_NONE;
    const char *said = failed ? error_text(app, &p->err) : "";
    int error_rows = failed ? 1 + (tui_text_cells(said, tui_is_ascii(app->tui)) > box.cols - 4) : 0;
    int rows = (int)(n < LIST_ROWS ? n : LIST_ROWS) + 1 + error_rows;

    box = tui_cut_bottom(&box, rows);
    tui_draw_clear(app->tui, box);
    tui_draw_rule(app->tui, box, 0, title, TUI_DIM);
    (void)tui_cut_top(&box, 1);
    if (failed)
        wrap_draw(app, tui_inset(tui_cut_bottom(&box, error_rows), 0, 2), TUI_BAD, said);
    room = box.rows > 0 ? (size_t)box.rows : 0;
    top = p->completing && p->chosen >= room ? p->chosen - room + 1 : 0;
    for (i = 0; i < room && top + i < n; i++) {
        struct tui_box row = {box.row + (int)i, box.col + 1, 1, box.cols - 1};

        draw_offer(app, row, &list[top + i], p->completing && top + i == p->chosen);
    }
}

static void palette_draw(struct app *app, void *state)
{
    struct palette *p = state;
    struct tui_box body = tui_screen_box(app->tui), prompt, bar;
    struct offer *list = zm_arena_alloc(&app->frame, CHOICES * sizeof(*list));
    size_t n = offers(app, p, list);

    bar = tui_cut_bottom(&body, 1);
    prompt = tui_cut_bottom(&body, 1);
    (void)tui_cut_top(&body, 2);
    draw_list(app, p, body, list, n);
    tui_draw_clear(app->tui, bar);
    tui_draw(app->tui, bar, 0, 1, TUI_DIM,
             bar.cols >= 72
                 ? "Enter runs  Tab completes  Up Down what was entered before  Esc closes"
                 : "Enter runs  Tab completes  Esc closes");
    tui_draw_clear(app->tui, prompt);
    tui_draw(app->tui, prompt, 0, 1, TUI_INFO, ":");
    tui_edit_draw(app->tui, prompt, 0, 2, prompt.cols - 4, &p->edit);
}

/* ---- keys ---- */

static void typed(struct palette *p)
{
    zm_copy(p->stem, sizeof(p->stem), p->edit.text);
    p->completing = false;
    p->chosen = 0;
    p->err.kind = ZM_ERR_NONE;
}

static void complete(struct app *app, struct palette *p, int direction)
{
    struct offer *list = zm_arena_alloc(&app->frame, CHOICES * sizeof(*list));
    size_t n = offers(app, p, list);

    if (n == 0)
        return;
    if (p->completing)
        p->chosen = (p->chosen + (direction > 0 ? 1 : n - 1)) % n;
    else
        p->chosen = direction > 0 ? 0 : n - 1;
    p->completing = n > 1;
    tui_edit_set(&p->edit, list[p->chosen].line);
    if (n == 1)
        typed(p); /* on to what may follow it */
}

static void recall(struct app *app, struct palette *p, int direction)
{
    const char *line;

    if (direction > 0 && app->history.at >= app->history.n)
        return; /* what is being typed stays */
    line = tui_history_move(&app->history, direction);
    if (!line && direction < 0)
        return;
    tui_edit_set(&p->edit, line ? line : "");
    typed(p);
}

static bool run_entry(struct app *app, const struct palette_entry *entry, const char *args,
                      struct zm_error *err)
{
    if (entry->command && (args[0] || entry->action == APP_NONE))
        return entry->command->run(app, args, err);
    if (args[0])
        return zm_error_set(err, ZM_ERR_USAGE, "", "", "'%s' takes no words", entry->name);
    if (entry->screen)
        app_show(app, entry->screen, NULL);
    else
        app_act(app, entry->action);
    return true;
}

/* False: it ran, and the prompt is finished. */
static bool enter(struct app *app, struct palette *p)
{
    struct palette_entry entries[PALETTE_ENTRIES];
    const struct palette_entry *entry;
    const struct overlay *self = app->overlay;
    char line[TUI_EDIT_MAX + 1], *args;
    size_t end;

    zm_copy(line, sizeof(line), p->edit.text + strspn(p->edit.text, " "));
    for (end = strlen(line); end > 0 && line[end - 1] == ' '; end--)
        line[end - 1] = '\0';
    if (!line[0])
        return false;
    p->err.kind = ZM_ERR_NONE;
    entry = palette_resolve(entries, palette_collect(app, entries), line, &p->err);
    if (!entry)
        return true;
    args = line + strcspn(line, " ");
    args += strspn(args, " ");
    app->overlay = NULL; /* what runs may open another */
    app->overlay_state = NULL;
    if (!run_entry(app, entry, args, &p->err)) {
        app->overlay = self;
        app->overlay_state = p;
        return true;
    }
    tui_history_add(&app->history, line);
    return false;
}

static bool key(struct app *app, struct palette *p, int k)
{
    switch (k) {
    case TUI_KEY_ESC:
    case TUI_KEY_CTRL | 'c':
        return false;
    case TUI_KEY_ENTER:
        return enter(app, p);
    case TUI_KEY_TAB:
    case TUI_KEY_BACKTAB:
        complete(app, p, k == TUI_KEY_TAB ? 1 : -1);
        return true;
    case TUI_KEY_UP:
    case TUI_KEY_DOWN:
        recall(app, p, k == TUI_KEY_UP ? -1 : 1);
        return true;
    case TUI_KEY_BACKSPACE:
        if (p->edit.len == 0)
            return false;
        break;
    default:
        break;
    }
    if (tui_edit_key(&p->edit, k))
        typed(p);
    return true;
}

static bool palette_event(struct app *app, void *state, const struct tui_event *event)
{
    struct palette *p = state;

    if (event->type == TUI_EVENT_PASTE) {
        tui_edit_paste(&p->edit, event->text, event->text_len);
        typed(p);
    }
    return event->type != TUI_EVENT_KEY || key(app, p, event->key);
}

static void palette_close(struct app *app, void *state)
{
    (void)app;
    free(state);
}

static const struct overlay palette_overlay = {palette_draw, palette_event, palette_close};

void palette_open(struct app *app)
{
    palette_load_history(app);
    app->history.at = app->history.n;
    app_overlay(app, &palette_overlay, zm_calloc(1, sizeof(struct palette)));
}
