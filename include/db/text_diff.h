/*
 * How two texts differ, line by line, in the form that diff -u has.
 */
#ifndef DB_TEXT_DIFF_H
#define DB_TEXT_DIFF_H

#include "zm/str.h"

/* Appends nothing when they are equal. Large texts that have little in common are shown as one
 * taken for the other. */
void db_text_diff(const char *name_before, const char *before, const char *name_after,
                  const char *after, struct zm_buf *ret);
/* The number of the first line that differs, and where it begins in each; 0: they are equal. */
int db_text_first_difference(const char *before, const char *after, const char **ret_before,
                             const char **ret_after);

#endif
