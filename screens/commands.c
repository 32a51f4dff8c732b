/*
 * The table of commands. A command is a row here and a file of its own.
 */
#include "screens/commands.h"

#include "screens/cmd_demo.h"
#include "screens/help.h"

/* clang-format off */
const struct command commands[] = {
    {"users", "[FILTER]", "the users that a filter finds, or all",
     "FILTER is the language of / in the console: words (all must be found in e-mail,\n"
     "name, phone or id), \"exact values\", conditions, and ! before either. What an\n"
     "index serves comes first, then a walk reads all others.\n"
     "\n"
     "  zmartctl users ana@\n"
     "  zmartctl users tier:pro trading:off --limit 50\n"
     "  zmartctl users sync:differs --json\n",
     0, OPTIONS_MAX_ARGS, true, cmd_users},
    {"user", "USER", "everything about one user in both databases",
     "USER is an id, an e-mail or a phone number. With --json all trades and all\n"
     "activity are listed, else the newest.\n",
     1, 1, true, cmd_user},
    {"why", "USER", "why a user can or cannot trade",
     "The gates of CAN TRADE, one a line: [ok] holds, [NO] stops, [--] is a warning,\n"
     "[??] is unknown because a database is away. The exit code is 0 for yes, 1 for\n"
     "no, 3 for unknown. --json says what `user` says, with the newest rows only.\n",
     1, 1, true, cmd_why},
    {"health", "", "both connections: version, TLS, role, round-trip time",
     "The exit code is 3 when one of them is down.\n",
     0, 0, true, cmd_health},
    {"export", "users|trades|portfolios", "a whole table as a stream, csv into a file or pipe",
     "Of all users unless --user is given. --since counts the time of creation, of\n"
     "portfolios that of the last change.\n"
     "\n"
     "  zmartctl export trades --since 2026-11-01 > trades.csv\n",
     1, 1, true, cmd_export},
    {"init", "", "ask for both connections, try them, save them",
     "Saves only what worked, for your eyes alone (mode 600). Answers are read line\n"
     "by line when the input is no terminal. --accept records servers that are not\n"
     "the ones that were met before.\n",
     0, 0, false, cmd_init},
    {"demo", "", "the console on two private servers with sample data",
     "The servers listen on unix sockets in a private directory. Both are gone when\n"
     "the demo ends, however it ends.\n",
     0, 0, false, cmd_demo},
    {"help", "[COMMAND]", "what a command does and takes", "", 0, 1, false, help_run},
    {0},
};
/* clang-format on */
