/*
 * What the subcommands that write share: `tier`, `trading` and `api`, for one user and for files of
 * them.
 */
#ifndef SCREENS_COMMAND_WRITE_H
#define SCREENS_COMMAND_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "db/bulk.h"
#include "db/decide.h"
#include "db/operator.h"
#include "db/spool.h"
#include "db/write.h"
#include "screens/command.h"

struct command_signals;

struct command_write {
    struct command_run run;
    const char *user; /* as given; NULL with --file */
    struct db_edit edit;
    struct db_operator who;
    struct db_spool spool;
    struct db_terms terms;
    enum out_format format;
    struct out *out;
    struct command_signals *signals; /* while something may be written */
    const struct db_session *scan; /* replicas, prepared: signals end what is read there; or NULL */
};

/* ---- command_write.c ---- */

/* What no database needs to be asked for: --read-only, the guard, and somebody to be asked. */
bool command_write_may(const struct command_write *w, struct zm_error *err);
/* Fills who and terms, and writes to Brain what waits in the spool. */
void command_write_prepare(struct command_write *w);

/* Whether the person, or --yes, agrees to what was shown on stderr. word: what he must type; NULL:
 * y. False: said, and the exit code is set. */
bool command_write_agreed(struct command_write *w, const char *question, const char *word);

/* Runs w->edit; signals end it before its first commit. Fills *ret. Returns 128+n where signal n
 * came, else the exit code of the result. */
int command_write_perform(struct command_write *w, struct db_written *ret);

/* ---- command_write_create.c ---- */

/* Whether a right is to be given, and only the trading profile that would hold it is missing. */
bool command_write_lacks_trader(const struct command_write *w, const struct db_now *now);
/* Offers to create it, both rights off; --create is a yes, --yes alone is none. True: it is there,
 * and what was asked for can be asked anew. False: said, and *ret_code is the exit code. */
bool command_write_create(struct command_write *w, const struct db_user *user,
                          const struct db_now *now, int *ret_code);

/* ---- command_write_file.c ---- */

/* All users of --file. Returns the exit code but for the output's. */
int command_write_file(struct command_write *w);

/* ---- command_write_names.c ---- */

struct command_names {
    size_t lines;  /* that name somebody, or try to */
    size_t failed; /* name nobody, several, or nothing; each was said with its number */
};
/* Reads ids and e-mails, one a line (# comments, CRLF and a byte order mark are fine; "-" is the
 * standard input), and adds whom they name. False: the file or a database failed; said. */
bool command_write_names(struct command_write *w, struct db_idset *set, struct command_names *ret);

/* ---- command_write_print.c ---- */

extern const struct out_column command_write_columns[];
#define COMMAND_WRITE_COLUMNS 5
/* A result. email may be NULL. */
void command_write_print(const struct command_write *w, const char *user_id, const char *email,
                         const struct db_written *written);
/* What a program gets of n users whom nobody touched: it was refused, or not confirmed. */
void command_write_print_untouched(const struct command_write *w, size_t n);
void command_write_print_summary(const struct command_write *w,
                                 const struct db_bulk_counts *counts);
/* Trading was to be stopped and ZmartBot could not be reached: the SQL that stops it elsewhere, on
 * stderr. */
void command_write_print_stop(const struct command_write *w, const struct db_written *written);
/* What will be done, on stderr: the user, then a line a change. */
void command_write_print_plan(const struct command_write *w, const struct db_user *user,
                              const struct db_now *now, const struct db_decision *decision);

/* ---- command_signals.c: HUP, INT and TERM end a write before its first commit ---- */

/* Asks on stderr, and waits for a line of stdin. 0: it is there, or the end. Else the signal that
 * came instead, which has not ended the process. */
int command_signals_ask(const char *question);
/* From here on these signals cancel both links, and those to replicas, instead of ending the
 * process, and TSTP waits. */
struct command_signals *command_signals_start(const struct command_write *w);
/* Which of them came first; 0: none so far. */
int command_signals_got(const struct command_signals *signals);
/* How many came. */
int command_signals_times(const struct command_signals *signals);
/* Between two transactions: a stop (Ctrl-Z) that was asked for happens now. */
void command_signals_breathe(const struct command_signals *signals);
/* As before. NULL is fine. Returns which one came first. */
int command_signals_stop(struct command_signals *signals);

#endif
