/*
 * What a comparison of an object with the source document found, as it grows: differences, what is
 * there besides, the SQL that mends, and the form that a sign-off is bound to.
 */
#ifndef DB_SCHEMA_DIFF_H
#define DB_SCHEMA_DIFF_H

#include <stdbool.h>

#include "zm/str.h"

/* Zero-initialised is valid; db_schema_diff_done frees. */
struct db_schema_diff {
    struct zm_buf found; /* "email missing; tier is varchar(20), not text": "" as the document */
    struct zm_buf also;  /* likewise: beyond the document, and no failure */
    struct zm_buf fix;   /* one script; proposals for a person are comments */
    /* Lines: the same for the document's form and the hardened one, another when it was altered. */
    struct zm_buf form;
    int differences, statements, proposals;
};

void db_schema_diff_done(struct db_schema_diff *diff);
/* A difference, in few words. */
__attribute__((format(printf, 2, 3))) void db_schema_diff_say(struct db_schema_diff *diff,
                                                              const char *format, ...);
/* Something besides. */
__attribute__((format(printf, 2, 3))) void db_schema_diff_also(struct db_schema_diff *diff,
                                                               const char *format, ...);
/* A statement that mends, without its semicolon. */
__attribute__((format(printf, 2, 3))) void db_schema_diff_mend(struct db_schema_diff *diff,
                                                               const char *format, ...);
/* A line of comment in the script. */
__attribute__((format(printf, 2, 3))) void db_schema_diff_note(struct db_schema_diff *diff,
                                                               const char *format, ...);
/* A statement for a person to decide on: it goes into the script as a comment. */
__attribute__((format(printf, 2, 3))) void db_schema_diff_propose(struct db_schema_diff *diff,
                                                                  const char *format, ...);
/* A line of the form. */
__attribute__((format(printf, 2, 3))) void db_schema_diff_form(struct db_schema_diff *diff,
                                                               const char *format, ...);

#endif
