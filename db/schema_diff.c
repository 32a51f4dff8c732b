/*
 * The buffers of a comparison. Knows nothing of schemas. What goes into a script comes from the
 * catalogue or from const tables; a line of comment stays one line.
 */
#include "db/schema_diff.h"

#include <stdarg.h>

#define TEXT(buffer, format)                                                                       \
    do {                                                                                           \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        add_text(buffer, format, args);                                                            \
        va_end(args);                                                                              \
    } while (0)

__attribute__((format(printf, 2, 0))) static void add_text(struct zm_buf *ret, const char *format,
                                                           va_list args)
{
    va_list again;
    char *text;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n < 0)
        return;
    text = zm_malloc((size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, args);
    zm_buf_add(ret, text, (size_t)n);
    free(text);
}

static void add_comment(struct db_schema_diff *diff, const struct zm_buf *text)
{
    size_t i;

    zm_buf_puts(&diff->fix, "-- ");
    for (i = 0; i < text->len; i++)
        zm_buf_add(&diff->fix, text->s[i] == '\n' || text->s[i] == '\r' ? " " : &text->s[i], 1);
    zm_buf_puts(&diff->fix, "\n");
}

void db_schema_diff_done(struct db_schema_diff *diff)
{
    zm_buf_done(&diff->found);
    zm_buf_done(&diff->also);
    zm_buf_done(&diff->fix);
    zm_buf_done(&diff->form);
}

void db_schema_diff_say(struct db_schema_diff *diff, const char *format, ...)
{
    if (diff->differences++)
        zm_buf_puts(&diff->found, "; ");
    TEXT(&diff->found, format);
}

void db_schema_diff_also(struct db_schema_diff *diff, const char *format, ...)
{
    if (diff->also.len > 0)
        zm_buf_puts(&diff->also, ", ");
    TEXT(&diff->also, format);
}

void db_schema_diff_mend(struct db_schema_diff *diff, const char *format, ...)
{
    diff->statements++;
    TEXT(&diff->fix, format);
    zm_buf_puts(&diff->fix, ";\n");
}

void db_schema_diff_note(struct db_schema_diff *diff, const char *format, ...)
{
    struct zm_buf text = {.s = NULL};

    TEXT(&text, format);
    add_comment(diff, &text);
    zm_buf_done(&text);
}

void db_schema_diff_propose(struct db_schema_diff *diff, const char *format, ...)
{
    struct zm_buf text = {.s = NULL};

    diff->proposals++;
    TEXT(&text, format);
    zm_buf_puts(&text, ";");
    add_comment(diff, &text);
    zm_buf_done(&text);
}

void db_schema_diff_form(struct db_schema_diff *diff, const char *format, ...)
{
    TEXT(&diff->form, format);
    zm_buf_puts(&diff->form, "\n");
}
