/*
 * The date of --since.
 */
#ifndef SCREENS_SINCE_H
#define SCREENS_SINCE_H

#include <stdbool.h>

#include "zm/error.h"

/* "2026-11-01" or "2026-11-01T09:30:00Z", as "2026-11-01T00:00:00Z". False: ZM_ERR_USAGE. */
bool since_parse(const char *text, char ret[24], struct zm_error *err);

#endif
