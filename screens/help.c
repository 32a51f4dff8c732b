/*
 * --help and `help COMMAND`. Texts come from the tables of commands, options and the filter
 * language.
 */
#include "screens/help.h"

#include "db/filter.h"
#include "screens/help_files.h"
#include "screens/print.h"
#include "zm/str.h"

#define LABEL 22
#define WIDTH 78

static void print_pair(FILE *to, const char *label, const char *help)
{
    if (strlen(label) > LABEL)
        fprintf(to, "  %s\n  %*s %s\n", label, LABEL, "", help);
    else
        fprintf(to, "  %-*s %s\n", LABEL, label, help);
}

void help_option_label(const struct option_row *row, char *dst, size_t size)
{
    char letter[8] = "    ";

    if (row->letter)
        snprintf(letter, sizeof(letter), "-%c, ", row->letter);
    snprintf(dst, size, "%s--%s%s%s", letter, row->name, row->arg ? " " : "", zm_text(row->arg));
}

static void print_options(FILE *to, const struct command *command, bool global)
{
    const struct option_row *row;
    char label[64];
    size_t i;

    for (i = 0; (row = option_row(i)); i++) {
        if (!row->help || global != !row->commands || (!global && !option_is_for(row, command)))
            continue;
        help_option_label(row, label, sizeof(label));
        print_pair(to, label, row->help);
    }
}

static bool has_options(const struct command *command)
{
    const struct option_row *row;
    size_t i;

    for (i = 0; (row = option_row(i)); i++)
        if (row->help && row->commands && option_is_for(row, command))
            return true;
    return false;
}

/* Words below each other where they do not fit in one line. */
static void print_words(FILE *to, const char *words, int indent)
{
    int col = 0;
    size_t n;

    for (; *words; words += n + (words[n] == ' ')) {
        n = strcspn(words, " ");
        if (col == 0 || col + (int)n >= WIDTH)
            col = fprintf(to, "%s%*s", col ? "\n" : "", indent, "") - (col > 0);
        col += fprintf(to, " %.*s", (int)n, words);
    }
    if (col > 0)
        fputc('\n', to);
}

static void print_filter(FILE *to)
{
    int i;

    fputs("\nconditions\n", to);
    for (i = 0; i < DB_FILTER_KEYS; i++) {
        const struct db_filter_key_row *row = db_filter_key_row((enum db_filter_key)i);

        if (!row || !row->name || !row->name[0] || i == DB_FILTER_WORD)
            continue;
        fprintf(to, "  %-11s %s\n", row->name, row->help);
        print_words(to, row->values, 15);
    }
}

static void print_command(FILE *to, const struct command *command)
{
    fprintf(to, "usage: zmartctl %s%s%s%s\n\n%s\n", command->name, command->args[0] ? " " : "",
            command->args, has_options(command) ? " [OPTIONS]" : "", command->help);
    if (command->more[0])
        fprintf(to, "\n%s", command->more);
    if (zm_streq(command->name, "users"))
        print_filter(to);
    if (has_options(command)) {
        fputs("\noptions\n", to);
        print_options(to, command, false);
    }
    fputs("\nzmartctl --help lists the options of all commands.\n", to);
}

/* clang-format off */
const char *const help_exit_codes[][2] = {
    {"0", "done, or nothing to report"},
    {"1", "the answer is no (why, check), or drift was found"},
    {"2", "usage, configuration, or a USER that names nobody or several"},
    {"3", "a database could not be reached, or not be read in full"},
    {"4", "partly done or unknown; what was done is printed"},
    {"5", "refused"},
    {"128+n", "killed by signal n"},
    {NULL, NULL},
};
/* clang-format on */

/* Options that belong to the same commands stand together in the table. */
/* "users user" -> " users, user", in lines that fit. */
static void print_names(FILE *to, const char *names, size_t column)
{
    size_t n;

    for (; *names; names += n + strspn(names + n, " ")) {
        n = strcspn(names, " ");
        if (column + n + 2 > 78) {
            fputs("\n ", to);
            column = 1;
        }
        fprintf(to, " %.*s%s", (int)n, names, names[n] ? "," : "");
        column += n + 2;
    }
    fputc('\n', to);
}

static void print_grouped(FILE *to)
{
    const struct option_row *row;
    const char *group = NULL;
    char label[64];
    size_t i;

    for (i = 0; (row = option_row(i)); i++) {
        if (!row->help || !row->commands)
            continue;
        if (!zm_streq(row->commands, group)) {
            group = row->commands;
            fputs("\noptions of", to);
            print_names(to, group, strlen("options of"));
        }
        help_option_label(row, label, sizeof(label));
        print_pair(to, label, row->help);
    }
}

static void print_all(FILE *to)
{
    char label[64];
    size_t i;

    fputs("zmartctl " ZM_VERSION ": ZmartyBrain and ZmartBot side by side\n\n"
          "usage: zmartctl [OPTIONS] [COMMAND]\n\ncommands\n",
          to);
    print_pair(to, "(none)", "the console");
    for (i = 0; commands[i].name; i++) {
        snprintf(label, sizeof(label), "%s %s", commands[i].name, commands[i].args);
        print_pair(to, label, commands[i].help);
    }
    fputs("\noptions\n", to);
    print_options(to, NULL, true);
    print_grouped(to);
    fputs("\nexit codes\n", to);
    for (i = 0; help_exit_codes[i][0]; i++)
        fprintf(to, "  %-6s %s\n", help_exit_codes[i][0], help_exit_codes[i][1]);
    fputs("\nThe configuration is $ZMARTCTL_CONFIG, ~/.config/zmartctl/zmartctl.conf or\n"
          "/etc/zmartctl/zmartctl.conf; zmartctl init writes one. stdout carries data only.\n"
          "zmartctl help COMMAND says more.\n",
          to);
}

void help_print(FILE *to, const struct command *command)
{
    if (command)
        print_command(to, command);
    else
        print_all(to);
}

int help_run(const struct options *options, struct conf *conf)
{
    const struct command *command = NULL;
    struct zm_error err;

    (void)conf;
    if (options->man)
        help_print_man(stdout);
    else if (options->completion)
        help_print_completion(stdout);
    if (options->man || options->completion)
        return 0;
    if (options->n_args > 0 && !(command = command_find(options->args[0]))) {
        zm_error_set(&err, ZM_ERR_USAGE, "", "", "there is no command '%.60s'", options->args[0]);
        zm_error_hint(&err, "zmartctl --help lists all commands");
        out_error(&err, options->ascii);
        return 2;
    }
    help_print(stdout, command);
    return 0;
}
