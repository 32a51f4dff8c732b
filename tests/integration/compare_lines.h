/*
 * A comparison whose report is text: one line a row, "ID CLASS LANE".
 */
#ifndef INTEGRATION_COMPARE_LINES_H
#define INTEGRATION_COMPARE_LINES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "db/compare.h"
#include "support/people.h"
#include "zm/str.h"

struct lines {
    struct zm_buf text;
    void (*at_phase)(struct lines *lines, enum db_compare_phase phase);
    void *context;
    enum db_compare_phase phase;
    int64_t rows; /* logins and trading profiles that came other than by their ids */
};

static inline bool lines_take(void *context, const struct db_drift *drift)
{
    struct lines *lines = context;

    zm_buf_printf(&lines->text, "%s %s %s%s\n", drift->both->id, db_class_row(drift->class)->key,
                  db_mend_key(drift->mend),
                  drift->class == DB_CLASS_EMAIL_DIFFERS && drift->classified->case_only ? " case"
                                                                                         : "");
    return true;
}

static inline void lines_tell(void *context, const struct db_compare_progress *progress)
{
    struct lines *lines = context;

    if (lines->at_phase)
        lines->at_phase(lines, progress->phase);
    lines->phase = progress->phase;
    if (progress->phase == DB_COMPARE_ROWS)
        lines->rows = progress->done[DB_BRAIN] + progress->done[DB_BOT];
}

/* What to compare with; the caller changes what it wants. */
static inline struct db_compare lines_compare(struct people *p, struct lines *lines)
{
    return (struct db_compare){.scan = &p->session,
                               .primary = &p->session,
                               .policy = &p->policy,
                               .classes = DB_CLASS_ALL,
                               .grace_ms = 0,
                               .limit_ms = DB_COMPARE_LIMIT_MS,
                               .found = lines_take,
                               .progress = lines_tell,
                               .context = lines};
}

#endif
