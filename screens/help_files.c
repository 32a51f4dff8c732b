/*
 * The man page and the completion of bash, made from the tables that parse the command line and the
 * configuration.
 */
#include "screens/help_files.h"

#include "db/filter.h"
#include "screens/conf_options.h"
#include "screens/help.h"
#include "zm/str.h"

/* ---- roff ---- */

/* A text for roff: no line begins with a control character, hyphens are the ASCII ones. */
static void roff(FILE *to, const char *text)
{
    bool at_start = true;

    for (; *text; text++) {
        if (at_start && (*text == '.' || *text == '\''))
            fputs("\\&", to);
        at_start = *text == '\n';
        if (*text == '\\')
            fputs("\\e", to);
        else if (*text == '-')
            fputs("\\-", to);
        else
            fputc(*text, to);
    }
}

static void roff_item(FILE *to, const char *label, const char *help)
{
    fputs(".TP\n.B ", to);
    roff(to, label);
    fputc('\n', to);
    roff(to, help);
    fputc('\n', to);
}

static void roff_options(FILE *to, const struct command *command)
{
    const struct option_row *row;
    char label[64];
    size_t i;

    for (i = 0; (row = option_row(i)); i++) {
        if (!row->help ||
            (command ? !row->commands || !option_is_for(row, command) : row->commands != NULL))
            continue;
        help_option_label(row, label, sizeof(label));
        roff_item(to, label + strspn(label, " "), row->help);
    }
}

static void roff_commands(FILE *to)
{
    size_t i;

    fputs(".SH COMMANDS\nWithout a command the console opens.\n", to);
    for (i = 0; commands[i].name; i++) {
        fprintf(to, ".SS zmartctl %s %s\n", commands[i].name, commands[i].args);
        roff(to, commands[i].help);
        fputs(".\n", to);
        if (commands[i].more[0]) {
            fputs(".PP\n.nf\n", to);
            roff(to, commands[i].more);
            fputs(".fi\n", to);
        }
        roff_options(to, &commands[i]);
    }
}

/* clang-format off */
static const char *const section_names[CONF_SECTIONS] = {
    [CONF_ROOT]         = "The file",
    [CONF_PROFILE]      = "profiles.NAME",
    [CONF_SIDE]         = "profiles.NAME.brain, profiles.NAME.bot",
    [CONF_CONNECTION]   = "Any connection: brain, bot, and their admin and scan",
    [CONF_POLICY]       = "profiles.NAME.policy",
    [CONF_GATES]        = "profiles.NAME.policy.gates",
    [CONF_TEMPLATES]    = "profiles.NAME.email_templates",
    [CONF_REGISTRATION] = "profiles.NAME.registration_test",
    [CONF_UI]           = "ui",
};
/* clang-format on */

static void roff_configuration(FILE *to)
{
    const struct conf_option *row;
    int section;
    size_t i;

    fputs(
        ".SH CONFIGURATION\n"
        "The first of \\-c, $ZMARTCTL_CONFIG, $XDG_CONFIG_HOME/zmartctl/zmartctl.conf (or\n"
        "~/.config/...) and /etc/zmartctl/zmartctl.conf. Every option with its default stands in\n"
        "zmartctl.conf.example.\n",
        to);
    for (section = 0; section < CONF_SECTIONS; section++) {
        if (!section_names[section])
            continue;
        fprintf(to, ".SS %s\n", section_names[section]);
        for (i = 0; (row = conf_option(i)); i++)
            if (row->section == (enum conf_section)section)
                roff_item(to, row->name, row->help);
    }
}

void help_print_man(FILE *to)
{
    size_t i;

    fputs(".TH ZMARTCTL 1 \"\" \"zmartctl " ZM_VERSION "\"\n"
          ".SH NAME\nzmartctl \\- the operations console of Zmart\n"
          ".SH SYNOPSIS\n.B zmartctl\n[OPTIONS] [COMMAND]\n"
          ".SH DESCRIPTION\n"
          "Holds two PostgreSQL projects side by side: ZmartyBrain, which owns identity, and "
          "ZmartBot,\n"
          "which owns trading. Shows both halves of a user as one record, and why somebody can or\n"
          "cannot trade.\n"
          ".SH OPTIONS\n",
          to);
    roff_options(to, NULL);
    roff_commands(to);
    fputs(".SH EXIT STATUS\n", to);
    for (i = 0; help_exit_codes[i][0]; i++)
        roff_item(to, help_exit_codes[i][0], help_exit_codes[i][1]);
    roff_configuration(to);
    fputs(".SH ENVIRONMENT\n", to);
    roff_item(to, "ZMARTCTL_CONFIG", "the configuration to use");
    roff_item(to, "ZMARTCTL_BRAIN_PASSWORD, ZMARTCTL_BOT_PASSWORD",
              "passwords; removed from the environment when they were read");
    roff_item(to, "ZMARTCTL_MANAGEMENT_TOKEN",
              "a token of Supabase's Management API, for checklist item 5; removed likewise");
    roff_item(to, "ZMARTCTL_AUTH_KEY, ZMARTCTL_AUTH_ADMIN_KEY",
              "keys of ZmartyBrain's Auth API for the registration test, likewise");
    roff_item(to, "PGPASSFILE, PGSERVICEFILE",
              "as libpq knows them; all other PG variables are ignored");
    roff_item(to, "NO_COLOR", "no colours when it is set and not empty");
    fputs(".SH FILES\n", to);
    roff_item(to, "~/.local/state/zmartctl/PROFILE/",
              "known (the servers that were met), history, log; XDG_STATE_HOME moves it");
}

/* ---- bash ---- */

static void print_words(FILE *to, const struct command *command)
{
    const struct option_row *row;
    size_t i;

    for (i = 0; (row = option_row(i)); i++)
        if (row->help && (command ? row->commands && option_is_for(row, command) : !row->commands))
            fprintf(to, " --%s", row->name);
}

/* What follows the options that take something. */
static void print_arguments(FILE *to)
{
    const struct option_row *row;
    size_t i;

    for (i = 0; (row = option_row(i)); i++) {
        if (!row->arg)
            continue;
        fputs("    ", to);
        if (row->letter)
            fprintf(to, "-%c | ", row->letter);
        fprintf(to, "--%s) ", row->name);
        if (row->kind == OPTION_FORMAT)
            fputs("mapfile -t COMPREPLY < <(compgen -W 'table json csv' -- \"$cur\")", to);
        else if (zm_streq(row->arg, "FILE"))
            fputs("mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")", to);
        else if (zm_streq(row->arg, "DIR"))
            fputs("mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")", to);
        else
            fputs("COMPREPLY=()", to);
        fputs("; return ;;\n", to);
    }
}

/* "users|trades|portfolios" as words; a name in capitals is not a word. */
static void print_command_words(FILE *to, const struct command *command)
{
    const char *s;
    int i;

    if (zm_streq(command->name, "users"))
        for (i = 0; i < DB_FILTER_KEYS; i++) {
            const struct db_filter_key_row *row = db_filter_key_row((enum db_filter_key)i);

            if (row && row->name && i != DB_FILTER_WORD)
                fprintf(to, " %s", row->name);
        }
    if (zm_streq(command->name, "help"))
        for (i = 0; commands[i].name; i++)
            fprintf(to, " %s", commands[i].name);
    if (strchr(command->args, '|'))
        for (fputc(' ', to), s = command->args; *s; s++)
            fputc(*s == '|' ? ' ' : *s, to);
}

void help_print_completion(FILE *to)
{
    size_t i;

    fputs(
        "# Completion of bash for zmartctl; made by zmartctl help --completion.\n"
        "_zmartctl() {\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' word\n"
        "    COMPREPLY=()\n"
        "    case $prev in\n",
        to);
    print_arguments(to);
    fputs("    esac\n"
          "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
          "        case $word in\n        ",
          to);
    for (i = 0; commands[i].name; i++)
        fprintf(to, "%s%s", i ? " | " : "", commands[i].name);
    fputs(") command=$word; break ;;\n        esac\n    done\n    local words='", to);
    print_words(to, NULL);
    fputs("'\n    case $command in\n    '') words+='", to);
    for (i = 0; commands[i].name; i++)
        fprintf(to, " %s", commands[i].name);
    fputs("' ;;\n", to);
    for (i = 0; commands[i].name; i++) {
        fprintf(to, "    %s) words+='", commands[i].name);
        print_words(to, &commands[i]);
        print_command_words(to, &commands[i]);
        fputs("' ;;\n", to);
    }
    fputs("    esac\n"
          "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
          "    [[ ${COMPREPLY[0]-} == *: ]] && compopt -o nospace\n"
          "    return 0\n"
          "}\n"
          "complete -F _zmartctl zmartctl\n",
          to);
}
