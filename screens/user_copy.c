/*
 * What y copies on the screen of one user: id, e-mail, the row under the cursor as a line of JSON,
 * and the statement that the pane reads. Rows are written by the table of their fields, so none is
 * forgotten.
 */
#include "screens/user_state.h"

#include <stdlib.h>

#include "db/sql.h"
#include "screens/menus.h"
#include "tui/text.h"
#include "zm/str.h"

static void add_json_text(struct zm_buf *buf, const char *s)
{
    size_t n = strlen(s), i, taken;
    int32_t c;

    zm_buf_puts(buf, "\"");
    for (i = 0; i < n; i += taken) {
        taken = tui_utf8_decode(s + i, n - i, &c);
        if (c < 0)
            zm_buf_puts(buf, "\\ufffd");
        else if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0))
            zm_buf_printf(buf, "\\u%04x", (unsigned)c);
        else if (c == '"' || c == '\\')
            zm_buf_printf(buf, "\\%c", (int)c);
        else
            zm_buf_add(buf, s + i, taken);
    }
    zm_buf_puts(buf, "\"");
}

/* A value of a row as text; NULL where there is none. number: goes into JSON without quotes. */
static const char *field_text(const struct db_field *field, const void *item, char number[32])
{
    const char *at = (const char *)item + field->offset;

    number[0] = '\0';
    switch (field->kind) {
    case DB_KIND_TEXT:
        return *(const char *const *)(const void *)at;
    case DB_KIND_INT:
        snprintf(number, 32, "%lld", (long long)*(const int64_t *)(const void *)at);
        return number;
    case DB_KIND_FLAG:
        snprintf(number, 32, "%s", *(const bool *)(const void *)at ? "true" : "false");
        return number;
    case DB_KIND_MAYBE:
        if (*(const db_maybe *)(const void *)at < 0)
            return NULL;
        snprintf(number, 32, "%s", *(const db_maybe *)(const void *)at ? "true" : "false");
        return number;
    case DB_KIND_REAL:
        snprintf(number, 32, "%g", *(const double *)(const void *)at);
        return number;
    }
    return NULL;
}

char *user_row_json(const struct db_shape *shape, const void *item)
{
    struct zm_buf buf = {0};
    char number[32];
    size_t i;

    for (i = 0; i < shape->n_fields; i++) {
        const char *text = field_text(&shape->fields[i], item, number);

        zm_buf_printf(&buf, "%s\"%s\":", i ? "," : "{", shape->fields[i].name);
        if (!text)
            zm_buf_puts(&buf, "null");
        else if (number[0])
            zm_buf_puts(&buf, number);
        else
            add_json_text(&buf, text);
    }
    zm_buf_puts(&buf, "}");
    return buf.s;
}

char *user_row_text(const struct db_shape *shape, const void *item, bool ascii)
{
    struct zm_buf buf = {0};
    char number[32];
    size_t i;

    for (i = 0; i < shape->n_fields; i++) {
        const char *text = field_text(&shape->fields[i], item, number);

        zm_buf_printf(&buf, "%-18s ", shape->fields[i].name);
        tui_text_clean(&buf, text ? text : "-", ascii); /* a value begins no line of its own */
        zm_buf_puts(&buf, "\n");
    }
    return buf.s ? buf.s : zm_strdup("");
}

/* The statement of a pane with the user's id in the place of its first parameter. */
static char *statement_text(const struct user *u)
{
    const struct db_ask *part = user_part(u, u->focus);
    struct zm_buf buf = {0};
    const char *s;

    if (part->sql == DB_SQL_NONE)
        return NULL;
    for (s = db_sql_text(part->sql)->text; *s; s++) {
        if (s[0] == '$' && s[1] == '1' && (s[2] < '0' || s[2] > '9')) {
            zm_buf_printf(&buf, "'%s'", u->id);
            s++;
        } else {
            zm_buf_add(&buf, s, 1);
        }
    }
    return buf.s;
}

static const char *email_of(const struct user *u)
{
    if (u->record.login && u->record.login->email)
        return u->record.login->email;
    return u->record.trader ? u->record.trader->email : u->email;
}

static size_t row_of(const struct user *u)
{
    return user_panes[u->focus].columns ? u->table[u->focus].cursor : 0;
}

static bool copy_chosen(struct app *app, void *context, size_t item)
{
    const struct user *u = context;
    const struct db_shape *shape;
    const void *row = user_pane_item(u, u->focus, row_of(u), &shape);
    char *text = NULL;

    if (item == 0) {
        app_copy(app, "id", u->id);
    } else if (item == 1) {
        app_copy(app, "e-mail", email_of(u));
    } else if (item == 2) {
        text = row ? user_row_json(shape, row) : NULL;
        app_copy(app, "row", text);
    } else {
        text = statement_text(u);
        app_copy(app, "statement", text);
    }
    free(text);
    return false;
}

void user_copy_menu(struct app *app, struct user *u)
{
    const struct tui_menu_item items[] = {
        {.key = "i", .label = "id", .note = u->id},
        {.key = "e", .label = "e-mail"},
        {.key = "r", .label = "row under the cursor", .note = "JSON"},
        {.key = "s", .label = "statement of the pane", .note = "SQL"},
    };

    menu_open(app, "Copy", items, ZM_COUNT(items), false, copy_chosen, u);
}
