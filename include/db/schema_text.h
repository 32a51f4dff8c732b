/*
 * Expressions as the server writes them, in one form: what means the same for a table of the source
 * document reads the same. Pure.
 *
 * Left out are casts, parentheses that only group, the schema of uuid_generate_v4() and of what is
 * in pg_catalog, and the ( SELECT ... AS ...) around a call; the ways to say now() become one, the
 * words of ARRAY[...] are sorted, and so are the two sides of a lone "=". So an expression with
 * several operators keeps its words but not its grouping: good to be compared with those of the
 * document, which have one operator, and for nothing else.
 */
#ifndef DB_SCHEMA_TEXT_H
#define DB_SCHEMA_TEXT_H

#include <stdbool.h>

#include "zm/str.h"

/* Appends the form of an expression; NULL appends nothing. One that is too long is appended as it
 * is. */
void db_schema_text(const char *expression, struct zm_buf *ret);
/* Whether both have the same form; NULL only equals NULL. */
bool db_schema_text_same(const char *a, const char *b);

#endif
