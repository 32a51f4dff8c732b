/*
 * Lower case for comparing what people type with what a database holds: UTF-8, independent of the
 * locale, letter by letter. Covers the alphabets that names are written in (Latin, Greek, Cyrillic,
 * Armenian, full-width); the length in bytes never changes.
 */
#ifndef DB_FOLD_H
#define DB_FOLD_H

#include <stdbool.h>

/* Lowers text in place. Bytes that are no valid UTF-8 stay as they are. */
void db_fold(char *text);
/* Whether text is valid UTF-8 without control characters: what may be sent as a parameter and
 * typed. */
bool db_fold_is_text(const char *text);

#endif
