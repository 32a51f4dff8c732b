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
    {"tier", "USER TIER", "move a user to another tier in both databases",
     "TIER is free, pro or enterprise. Subscription history and a journal row are part\n"
     "of it. A right that the new tier does not give is switched off, unless\n"
     "--keep-rights; no right is ever switched on. With --file in place of USER all\n"
     "users of a file.\n"
     "\n"
     "  zmartctl tier ana.pop@example.ro pro --reason 'T-4412 paid by wire'\n"
     "  zmartctl tier --file retained.txt pro --reason 'Q4 retention' --yes --json\n"
     "\n"
     "The exit code is 0 for done (also when it was so already), 3 when a database\n"
     "could not be reached and nothing was changed, 4 for half done or not known (of a\n"
     "file: for anything but done), 5 for refused or changed by somebody else.\n",
     1, 2, true, cmd_tier},
    {"trading", "USER on|off", "switch a user's trading on or off",
     "On needs a tier that the policy entitles to it. Off also works while\n"
     "ZmartyBrain is away: its journal row waits on this machine and is written by\n"
     "the next command or console that reaches it. Where he has no trading profile it\n"
     "is offered to create it first, both rights off; --create does so unasked. With\n"
     "--file in place of USER all users of a file.\n"
     "\n"
     "  zmartctl trading ana.pop@example.ro off --reason 'T-4419 chargeback' --yes\n",
     1, 2, true, cmd_trading},
    {"api", "USER on|off", "switch a user's API access on or off",
     "As `trading`, for api_access.\n",
     1, 2, true, cmd_api},
    {"drift", "", "who differs between the databases",
     "Both are compared as a whole; whoever differs is looked at a second time three\n"
     "seconds later, so that a change on its way from one to the other is no drift.\n"
     "--class limits it to one class, and may be given more than once: tier_differs,\n"
     "email_differs, missing_in_bot, missing_profile, flags_exceed_tier,\n"
     "deleted_in_brain, orphan_in_bot, duplicate_in_bot, duplicate_profile,\n"
     "invalid_tier, subscription_differs, no_email.\n"
     "\n"
     "  zmartctl drift --json | grep tier_differs\n"
     "  zmartctl drift --class orphan_in_bot --watch 300\n"
     "\n"
     "The exit code is 0 for none, 1 for some, 3 when a database could not be read in\n"
     "full. no_email is no drift.\n",
     0, 0, true, cmd_drift},
    {"repair", "", "mend what differs between the databases",
     "Compares, makes a plan, asks, and applies it through the same protocol as every\n"
     "other change. Without --class the safe lane: ZmartBot takes tier and e-mail of\n"
     "ZmartyBrain, missing rows are created (rights off, tier free), rights that the\n"
     "tier does not give go off. deleted_in_brain and orphan_in_bot only by --class:\n"
     "rights off, rows kept. What a person must decide is never touched. Nothing is\n"
     "deleted.\n"
     "\n"
     "  zmartctl repair --dry-run\n"
     "  zmartctl repair --reason 'nightly' --yes --json\n"
     "  zmartctl repair --plan FILE --reason T-4412\n"
     "\n"
     "--dry-run does all of it in both databases, rolls back, and keeps the plan for\n"
     "--plan. A plan that is older than plan_hours, was made for other databases or\n"
     "was edited is refused. Who changed since is skipped (stale). Up to 50 users and\n"
     "5 % a y is enough, above that the number is typed, and so is that of users who\n"
     "lose all their rights; more than 20 % needs --allow-mass.\n",
     0, 0, true, cmd_repair},
    {"check", "[STEP]", "the deployment checklist",
     "What the state of a step is comes from the databases. STEP is an item (2) or a\n"
     "step of one (2.6); without it all six items are looked at. Before it may stand:\n"
     "  run           mend a step, or all of an item: its SQL is shown, tried, rolled\n"
     "                back, and applied after a yes. --dry-run stops before that.\n"
     "  sign          sign an item all of whose steps are ok or waived, or confirm a\n"
     "                step that only a person can look at. It wants --note.\n"
     "  unsign        take that back, or a waiver\n"
     "  waive         let a step count as settled until the end of a day (--until)\n"
     "and in its place:\n"
     "  report        all of it as Markdown, with --json as one JSON document\n"
     "  clean         remove the test users that live tests have left behind; they are\n"
     "                listed first\n"
     "A signature and a waiver are bound to what they were given for; when that\n"
     "changes they are stale.\n"
     "\n"
     "  zmartctl check 2 --json\n"
     "  zmartctl check run 2.6 --dry-run\n"
     "  zmartctl check sign 2 --note 'T-4412 seen with Ana'\n"
     "  zmartctl check waive 6.8 --note 'duplicates, T-4420' --until 2026-12-31\n"
     "\n"
     "The exit code is 0 when all that was asked for is ok or waived (and, without\n"
     "STEP, every item signed), 1 when it is not, 3 when a database could not be\n"
     "looked at, 4 when a step was done in part or it is not known, 5 for refused.\n",
     0, 2, true, cmd_check},
    {"health", "", "both connections: version, TLS, role, round-trip time",
     "The exit code is 3 when one of them is down.\n",
     0, 0, true, cmd_health},
    {"audit", "[USER]", "what operators did, newest first",
     "Who, what, before and after, the reason and the result of every change; of one\n"
     "user, or of all. OPEN: its end is not known, Health in the console finishes it.\n"
     "\n"
     "  zmartctl audit ana.pop@example.ro --json\n"
     "  zmartctl audit --since 2026-11-01 --limit 50\n",
     0, 1, true, cmd_audit},
    {"export", "users|trades|portfolios|drift|audit", "a whole table as a stream, csv into a file or pipe",
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
