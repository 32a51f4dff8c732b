/*
 * The log of the console: lines are put down by a thread of their own, since a disk may let one
 * wait and the drawing thread must not.
 */
#ifndef SCREENS_LOG_WRITER_H
#define SCREENS_LOG_WRITER_H

#include <stdbool.h>

#include "screens/messages.h"
#include "zm/error.h"

#define LOG_WRITER_LINES 256 /* that may wait; more are dropped, and counted in the log */

struct log_writer;

/* path outlives it; NULL path: NULL, which all functions take. Starts no thread yet. */
struct log_writer *log_writer_new(const char *path);
/* Never waits for the disk. */
void log_writer_add(struct log_writer *writer, enum message_level level,
                    const struct zm_error *err);
/* Waits until everything was written and frees it. False: that took longer than wait_ms; the thread
 * is left alone with it. */
bool log_writer_stop(struct log_writer *writer, int wait_ms);

#endif
