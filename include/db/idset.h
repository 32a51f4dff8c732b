/*
 * A frozen set of users: their ids in ascending order, each once. It lives in unlinked temporary
 * files, so that it takes a few hundred kB of memory however many they are. Filled first, frozen
 * once, then read by position.
 */
#ifndef DB_IDSET_H
#define DB_IDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zm/error.h"

struct db_idset;

/* Empty, to be filled. Its files are made in $TMPDIR or /tmp when they are needed. */
struct db_idset *db_idset_new(void);
/* NULL is fine. */
void db_idset_free(struct db_idset *set);

/* Adds a user, in any order and as often as one likes. False: it is no id (ZM_ERR_USAGE), the set
 * is frozen, or the disk is full (ZM_ERR_SYSTEM). */
bool db_idset_add(struct db_idset *set, const char *id, struct zm_error *err);
/* Sorts and drops repeats. Blocks on the disk. False: ZM_ERR_SYSTEM. */
bool db_idset_freeze(struct db_idset *set, struct zm_error *err);
/* How many users; before it is frozen: how many were added. */
size_t db_idset_count(const struct db_idset *set);

/* The ids from position `from` on, at most n; *ret_n is 0 at the end. Of a frozen set only. */
bool db_idset_read(struct db_idset *set, size_t from, char (*ids)[37], size_t n, size_t *ret_n,
                   struct zm_error *err);

/* A number beside each user of a frozen set, 0 until it was set: what somebody wants to remember of
 * him. */
bool db_idset_note(struct db_idset *set, size_t from, const uint64_t *notes, size_t n,
                   struct zm_error *err);
bool db_idset_notes(struct db_idset *set, size_t from, uint64_t *ret_notes, size_t n,
                    struct zm_error *err);

#endif
