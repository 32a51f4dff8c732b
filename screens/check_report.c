/*
 * Writes reports. Texts of databases and people are kept from being taken for Markdown.
 */
#include "screens/check_report.h"

#include <jansson.h>
#include <time.h>

#include "db/link.h"
#include "screens/check_rows.h"
#include "screens/print_json.h"
#include "tui/text.h"

/* In one line; what Markdown would take for more than text is escaped. */
static void add_text(struct zm_buf *to, const char *text)
{
    struct zm_buf clean = {.s = NULL};
    const char *at;

    tui_text_clean(&clean, zm_text(text), false);
    for (at = zm_text(clean.s); *at; at++) {
        if (strchr("\\`*_[]<>|#", *at))
            zm_buf_puts(to, "\\");
        zm_buf_add(to, at, 1);
    }
    zm_buf_done(&clean);
}

/* Line by line, indented, as code: nothing in it is Markdown. */
static void add_code(struct zm_buf *to, const char *text)
{
    struct zm_buf clean = {.s = NULL}, line = {.s = NULL};

    zm_buf_puts(to, "\n");
    while (*text) {
        size_t n = strcspn(text, "\n");

        zm_buf_add(&line, text, n);
        tui_text_clean(&clean, line.s, false);
        zm_buf_printf(to, "      %s\n", zm_text(clean.s));
        zm_buf_done(&clean);
        zm_buf_done(&line);
        text += n + (text[n] == '\n');
    }
    zm_buf_puts(to, "\n");
}

static void now_text(char ret[24])
{
    time_t now = time(NULL);
    struct tm tm;

    ret[0] = '\0';
    if (gmtime_r(&now, &tm))
        strftime(ret, 24, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static const struct db_facts *facts_of(const struct db_checklist *list, int side)
{
    const struct db_link *link = db_session_link(list->session, (enum db_side)side);

    return link ? db_link_facts(link) : NULL;
}

static int count_signed(const struct db_check_result *result)
{
    int n = 0, i;

    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++)
        n += result->items[i].is_signed == DB_SIGNED_YES;
    return n;
}

/* ---- Markdown ---- */

static void add_head(const struct db_checklist *list, const struct db_check_result *result,
                     struct zm_buf *to)
{
    char now[24];
    int side;

    now_text(now);
    zm_buf_puts(to, "# Deployment checklist: ");
    add_text(to, list->label);
    zm_buf_printf(to, "\n\n%s by ", now);
    add_text(to, list->who->os_user);
    zm_buf_puts(to, " on ");
    add_text(to, list->who->host);
    zm_buf_printf(to, ", zmartctl %s. %d of %d items signed.\n\n", list->who->version,
                  count_signed(result), DB_ITEMS_OF_CHECKLIST);
    for (side = 0; side < DB_SIDES; side++) {
        const struct db_facts *f = facts_of(list, side);

        zm_buf_printf(to, "- %s: ", db_side_name((enum db_side)side));
        if (f) {
            add_text(to, f->host);
            zm_buf_printf(to, ", PostgreSQL %s, %s, role ", f->server, f->tls);
            add_text(to, f->role);
            if (f->journal_unprotected)
                zm_buf_puts(to, "; **the journal is unprotected**");
        } else {
            zm_buf_puts(to, "away: ");
            add_text(to, list->session->err[side].message);
        }
        zm_buf_puts(to, "\n");
    }
}

static void add_items(struct db_checklist *list, const struct db_check_result *result,
                      struct zm_buf *to)
{
    int i;

    zm_buf_puts(to, "\n| item | auto | human | state | signed |\n|---|---|---|---|---|\n");
    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++) {
        const struct db_item_result *r = &result->items[i];
        char machine[16], human[16];

        check_count(r->machine_ok, r->machine, machine);
        check_count(r->human_ok, r->human, human);
        zm_buf_printf(to, "| %d %s | %s | %s | %s%s%s | ", r->item,
                      db_checklist_item_title(r->item), machine, human, check_state_word(r->state),
                      r->blocked_by[0] ? " by " : "", r->blocked_by);
        add_text(to, check_signed_words(&list->arena, r));
        zm_buf_puts(to, " |\n");
    }
}

static void add_step(const struct db_step_result *s, struct zm_buf *to)
{
    const struct db_step_finding *f = &s->finding;

    zm_buf_printf(to, "- **%s %s** ", check_sign(f->state), s->step->key);
    add_text(to, s->step->title);
    if (f->state != DB_STEP_OK || s->step->kind == DB_STEP_HUMAN) {
        zm_buf_puts(to, "\n  - expected: ");
        add_text(to, f->expected);
        zm_buf_puts(to, "\n  - found: ");
        add_text(to, f->err.kind != ZM_ERR_NONE && !f->found[0] ? f->err.message : f->found);
    }
    if (f->state != DB_STEP_OK && f->fix[0]) {
        zm_buf_puts(to, "\n  - fix:\n");
        add_code(to, f->fix);
        return;
    }
    zm_buf_puts(to, "\n");
}

void check_report_markdown(struct db_checklist *list, const struct db_check_result *result,
                           struct zm_buf *ret)
{
    size_t j;
    int i;

    add_head(list, result, ret);
    add_items(list, result, ret);
    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++) {
        const struct db_item_result *r = &result->items[i];

        zm_buf_printf(ret, "\n## %d %s\n\n", r->item, db_checklist_item_title(r->item));
        if (r->fingerprint[0])
            zm_buf_printf(ret, "Fingerprint %s.\n\n", r->fingerprint);
        for (j = 0; j < r->n; j++)
            add_step(&r->steps[j], ret);
    }
}

/* ---- JSON ---- */

static json_t *database(const struct db_checklist *list, int side)
{
    const struct db_facts *f = facts_of(list, side);
    json_t *object = json_object();

    json_object_set_new(object, "database", json_string(db_side_key((enum db_side)side)));
    json_object_set_new(object, "state", json_string(f ? "up" : "down"));
    json_object_set_new(object, "host", f ? print_json_string(f->host) : json_null());
    json_object_set_new(object, "server_version", f ? print_json_string(f->server) : json_null());
    json_object_set_new(object, "tls", f ? print_json_string(f->tls) : json_null());
    json_object_set_new(object, "role", f ? print_json_string(f->role) : json_null());
    return object;
}

static json_t *item(struct db_checklist *list, const struct db_item_result *r)
{
    const char *values[CHECK_COLUMNS];
    json_t *object = json_object(), *steps = json_array();
    size_t j;

    for (j = 0; j < r->n; j++) {
        check_step_values(&r->steps[j], values);
        json_array_append_new(steps, check_object(values));
    }
    json_object_set_new(object, "item", json_integer(r->item));
    json_object_set_new(object, "title", json_string(db_checklist_item_title(r->item)));
    json_object_set_new(object, "state", json_string(db_step_state_key(r->state)));
    json_object_set_new(object, "signed",
                        r->is_signed == DB_SIGNED_UNKNOWN
                            ? json_null()
                            : json_boolean(r->is_signed == DB_SIGNED_YES));
    json_object_set_new(object, "signature",
                        print_json_string(check_signed_words(&list->arena, r)));
    json_object_set_new(object, "fingerprint",
                        r->fingerprint[0] ? json_string(r->fingerprint) : json_null());
    json_object_set_new(object, "steps", steps);
    return object;
}

void check_report_json(struct db_checklist *list, const struct db_check_result *result, bool ascii,
                       struct zm_buf *ret)
{
    json_t *object = json_object(), *databases = json_array(), *items = json_array();
    char now[24];
    int i;

    now_text(now);
    for (i = 0; i < DB_SIDES; i++)
        json_array_append_new(databases, database(list, i));
    for (i = 0; i < DB_ITEMS_OF_CHECKLIST; i++)
        json_array_append_new(items, item(list, &result->items[i]));
    json_object_set_new(object, "profile", print_json_string(list->profile));
    json_object_set_new(object, "label", print_json_string(list->label));
    json_object_set_new(object, "at", json_string(now));
    json_object_set_new(object, "os_user", print_json_string(list->who->os_user));
    json_object_set_new(object, "host", print_json_string(list->who->host));
    json_object_set_new(object, "app_version", json_string(list->who->version));
    json_object_set_new(object, "signed", json_integer(count_signed(result)));
    json_object_set_new(object, "databases", databases);
    json_object_set_new(object, "items", items);
    print_json(ret, object, ascii);
    zm_buf_puts(ret, "\n");
}
