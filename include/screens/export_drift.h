/*
 * Drift as an export: a comparison of its own, a row a user and class.
 */
#ifndef SCREENS_EXPORT_DRIFT_H
#define SCREENS_EXPORT_DRIFT_H

#include "screens/export_run.h"

/* All that differs, or what of it concerns e->user. Needs both databases in full. */
void export_drift(struct export_run *e);

#endif
