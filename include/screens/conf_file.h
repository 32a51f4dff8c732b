/*
 * A configuration file as bytes: opened so that nothing can be put in its place, judged by owner
 * and mode, and refused where libconfig would be lenient. Knows no option.
 */
#ifndef SCREENS_CONF_FILE_H
#define SCREENS_CONF_FILE_H

#include <stdbool.h>

#include "zm/error.h"
#include "zm/str.h"

#define CONF_FILE_MAX (64 * 1024)
#define CONF_DEPTH_MAX 12

struct conf_file {
    const char *path;
    struct zm_buf text; /* without a byte order mark; wiped by conf_file_done */
    bool others_read;   /* somebody but the owner may read it */
    char name[160];     /* the path for messages; a long one loses its beginning */
};

/* Reads a regular file that only its owner (this account or root) may write, of at most 64 KiB,
 * without NUL, @include, deep nesting or numbers that do not fit. Never hangs on a FIFO or device.
 * ZM_ERR_CONFIG says which. */
bool conf_file_read(const char *path, struct conf_file *ret, struct zm_error *err);
void conf_file_done(struct conf_file *file);
/* ZM_ERR_CONFIG "PATH:LINE: ..."; returns false. */
__attribute__((format(printf, 4, 5))) bool conf_file_fail(const struct conf_file *file, int line,
                                                          struct zm_error *err, const char *format,
                                                          ...);
/* The name that line 1, 2, ... begins with; "" when it begins with none. */
void conf_file_name_at(const struct conf_file *file, int line, char *dst, size_t size);

#endif
