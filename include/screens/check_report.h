/*
 * The report of the checklist: who looked at which databases when, every item with its signature,
 * every step with what was expected, found and would mend it. As Markdown, or one JSON document.
 */
#ifndef SCREENS_CHECK_REPORT_H
#define SCREENS_CHECK_REPORT_H

#include <stdbool.h>

#include "db/checklist.h"
#include "zm/str.h"

/* Appends it. result: of all items, of that list. ascii: for JSON. */
void check_report_markdown(struct db_checklist *list, const struct db_check_result *result,
                           struct zm_buf *ret);
void check_report_json(struct db_checklist *list, const struct db_check_result *result, bool ascii,
                       struct zm_buf *ret);

#endif
