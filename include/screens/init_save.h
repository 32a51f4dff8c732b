/*
 * The file that `zmartctl init` writes.
 */
#ifndef SCREENS_INIT_SAVE_H
#define SCREENS_INIT_SAVE_H

#include <stdbool.h>

#include "db/side.h"
#include "screens/init_uri.h"
#include "zm/error.h"
#include "zm/str.h"

struct init_profile {
    char name[64], label[17], guard[16];
    struct init_side side[DB_SIDES];
};

/* The text of the file. show: for eyes, passwords are hidden. */
void init_save_text(struct zm_buf *dst, const struct init_profile *profile, bool show);
/* Writes it beside path, reads it back as the console will, and only then puts it in place (0600);
 * a file that was there is kept as path.old. */
bool init_save_file(const char *path, const struct init_profile *profile, struct zm_error *err);

#endif
