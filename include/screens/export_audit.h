/*
 * The journal as rows: `zmartctl audit`, `zmartctl export audit`, and E on the Audit screen.
 */
#ifndef SCREENS_EXPORT_AUDIT_H
#define SCREENS_EXPORT_AUDIT_H

#include "screens/export_run.h"

#define EXPORT_AUDIT_COLUMNS 16
extern const struct out_column export_audit_columns[EXPORT_AUDIT_COLUMNS];
/* Those of a table for people. */
#define EXPORT_AUDIT_BRIEF 7
extern const struct out_column export_audit_brief[EXPORT_AUDIT_BRIEF];

/* All changes, newest first, or those of e->user, or those since; at most `limit`, 0: all. */
void export_audit_rows(struct export_run *e, long limit);
void export_audit(struct export_run *e);

#endif
