/*
 * The scripts that make the demo's databases, embedded from db/sql/demo in the order of their
 * numbers.
 */
#ifndef DB_SAMPLE_SCRIPTS_H
#define DB_SAMPLE_SCRIPTS_H

#include "db/side.h"

struct db_sample_script {
    const char *name;  /* "30_tables.brain.sql"; NULL ends the table */
    enum db_side side; /* DB_SIDES: both */
    const char *text;
};
extern const struct db_sample_script db_sample_scripts[];

#endif
