/*
 * What a change did, in the words of a person: for the Audit screen and `zmartctl audit`.
 */
#ifndef SCREENS_AUDIT_CHANGE_H
#define SCREENS_AUDIT_CHANGE_H

#include "db/journal.h"

struct zm_arena;

/* "tier free -> pro, api off", "+ profile in Brain (free)"; of a row that does not say what it set,
 * "free -> pro" or "". nothing: stands for NULL. The text is raw and in the arena. */
const char *audit_change(struct zm_arena *arena, const struct db_journal_row *row,
                         const char *nothing);

#endif
