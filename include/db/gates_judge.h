/*
 * Judges single gates; for db/gates.c only. Others ask db_gates_judge for the verdict.
 */
#ifndef DB_GATES_JUDGE_H
#define DB_GATES_JUDGE_H

#include "db/gates.h"

/* Fills *ret for the gate, whatever its level. */
void db_gate_judge(const struct db_policy *policy, const struct db_user *user, enum db_gate gate,
                   struct db_gate_result *ret);

#endif
