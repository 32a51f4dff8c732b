/*
 * What the checklist has read for itself. For db/checklist*.c only.
 */
#ifndef DB_CHECKLIST_WORK_H
#define DB_CHECKLIST_WORK_H

#include <stdbool.h>
#include <stddef.h>

#include "db/checklist.h"
#include "db/rows.h"

/* The rows of its statements. */
struct db_mark_row {
    const char *subject, *id, *action, *at, *note, *until, *fingerprint, *profile;
    const char *db_role, *os_user, *host;
    bool expired;
};
struct db_rights_row {
    bool is_super, may_create, may_extend, may_create_role;
    const char *role, *not_owned;
};
struct db_invalid_index_row {
    const char *name, *quoted;
};
extern const struct db_shape db_shape_mark, db_shape_rights, db_shape_invalid_index;

struct db_checklist_hash {
    bool known; /* it was made; text is "" where what it is made of cannot be read */
    char text[37];
};
struct db_checklist_record {
    struct db_checklist_hash hash[DB_ITEMS_OF_CHECKLIST];
    struct db_rows marks; /* struct db_mark_row */
    struct zm_error marks_err;
    struct {
        struct db_rows rights; /* one struct db_rights_row, or none */
        struct db_rows invalid;
        struct zm_error err;
    } side[DB_SIDES];
};

#define DB_SUBJECT_SIZE 32
/* "checklist 2.6" */
void db_checklist_subject(const char *key, char ret[DB_SUBJECT_SIZE]);
/* Writes one row of the journal in ZmartyBrain about an item, a step, or what the key names; ends
 * the pairs, which hold all but who says it. A lost answer is resolved. */
struct db_pairs;
bool db_checklist_write_row(struct db_checklist *list, const char *action, const char *key,
                            struct db_pairs *pairs, struct zm_error *err);
/* Reads the record of all items and steps, and the rights of both sides. */
void db_checklist_read_record(struct db_checklist *list);
void db_checklist_free_record(struct db_checklist *list);
/* What is on record about a key; kind NONE where there is nothing. Texts are in the arena. */
void db_checklist_mark(struct db_checklist *list, const char *key, struct db_mark *ret);
/* Why this role cannot perform a step that changes the schema by that SQL; "" it can. In the arena.
 */
const char *db_checklist_cannot(struct db_checklist *list, const struct db_step *step,
                                const char *sql);
/* Whether a step works on a side. */
bool db_step_is_on(const struct db_step *step, enum db_side side);

#endif
