/*
 * Array literals: every element is quoted, a quote and a backslash are escaped.
 */
#include "db/pairs.h"

static void add(struct zm_buf *to, const char *text)
{
    zm_buf_puts(to, to->len ? "," : "{");
    if (!text) {
        zm_buf_puts(to, "NULL");
        return;
    }
    zm_buf_puts(to, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            zm_buf_puts(to, "\\");
        zm_buf_add(to, text, 1);
    }
    zm_buf_puts(to, "\"");
}

void db_pairs_add(struct db_pairs *pairs, const char *key, const char *value)
{
    add(&pairs->keys, key);
    add(&pairs->values, value);
}

void db_pairs_end(struct db_pairs *pairs)
{
    zm_buf_puts(&pairs->keys, pairs->keys.len ? "}" : "{}");
    zm_buf_puts(&pairs->values, pairs->values.len ? "}" : "{}");
}

void db_pairs_done(struct db_pairs *pairs)
{
    zm_buf_done(&pairs->keys);
    zm_buf_done(&pairs->values);
}
