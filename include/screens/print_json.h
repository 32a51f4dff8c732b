/*
 * JSON as it leaves the program: one line, controls and characters that change what stands around
 * them (bidi, zero width, format) as \uXXXX, invalid bytes as U+FFFD.
 */
#ifndef SCREENS_PRINT_JSON_H
#define SCREENS_PRINT_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "zm/str.h"

struct json_t; /* jansson's */

/* Appends the object (taken over) in one line, fields in the order in which they were set. */
void print_json(struct zm_buf *dst, struct json_t *object, bool ascii);
/* Appends a JSON text of n bytes that the server made: the same text without layout, cleaned. */
void print_json_text(struct zm_buf *dst, const char *text, size_t n, bool ascii);
/* A string value; NULL is null. Never fails: what is not UTF-8 becomes U+FFFD. */
struct json_t *print_json_string(const char *text);

#endif
