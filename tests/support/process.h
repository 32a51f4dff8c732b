/*
 * Programs that the tests run beside the one under test.
 */
#ifndef SUPPORT_PROCESS_H
#define SUPPORT_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

/* Runs argv to its end; its exit code, or 128 + the signal. */
int process_run(const char *const *argv);
/* Starts argv under the account that servers run under: postgres for root, else our own. It dies
 * with us. Its output goes to /dev/null, or with ZM_TEST_VERBOSE set to stderr. */
pid_t process_start_server(const char *const *argv);
/* "ROOT/name.XXXXXX" for the files of a server. ROOT is in memory where there is room for them: to
 * make its thousand files takes a disk longer than a short test. */
void process_data_path(char *dst, size_t size, const char *name);
/* Makes a directory from "/tmp/zm?.XXXXXX" that this account owns. */
void process_make_dir(char *path);
/* Signals a process and its children. */
void process_signal_tree(pid_t pid, int signal);

#endif
