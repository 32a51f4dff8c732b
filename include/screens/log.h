/*
 * The log: one line per notice or error, with level and UTC time. Never a password: none is ever in
 * an error.
 */
#ifndef SCREENS_LOG_H
#define SCREENS_LOG_H

#include <time.h>

#include "screens/messages.h"
#include "zm/error.h"

/* Appends a line to the file (made 0600). NULL does nothing; so does a file that cannot be written:
 * the log must never be the reason that something fails. */
void log_write(const char *path, enum message_level level, const struct zm_error *err);
/* The same for what happened at another time. */
void log_write_at(const char *path, time_t at, enum message_level level,
                  const struct zm_error *err);
/* Says why the file cannot be written, before anything is lost. NULL is fine. */
bool log_check(const char *path, struct zm_error *err);
/* While the screen is up, what a library writes on stderr goes to the file, or nowhere for NULL. */
void log_redirect_stderr(const char *path);
void log_restore_stderr(void);

#endif
