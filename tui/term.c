/*
 * Opening and closing the terminal, leaving it to the shell and coming back. The terminal's
 * settings are ours: ncurses writes into memory (term_out.c) and never sees the device.
 */
#include "tui/term.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#include "term_state.h"

#define WHAT "open the console"
#define LEAVE_MS 150 /* how long a slow terminal may take for the last bytes */

static bool is_terminal(struct zm_error *err)
{
    bool in = isatty(STDIN_FILENO);

    if (in && isatty(STDOUT_FILENO))
        return true;
    zm_error_set(err, ZM_ERR_USAGE, NULL, WHAT, "standard %s is not a terminal",
                 in ? "output" : "input");
    return zm_error_hint(err, "zmartctl --help lists the commands that need none");
}

/* newterm does not say why it fails, so the description is looked at first. */
static bool is_usable(const char *term, struct zm_error *err)
{
    int found = 0;
    bool places = false;

    if (term && term[0] && setupterm(term, STDOUT_FILENO, &found) == OK) {
        places = cursor_address && !hard_copy;
        del_curterm(cur_term);
    }
    if (places)
        return true;
    if (!term || !term[0])
        zm_error_set(err, ZM_ERR_USAGE, NULL, WHAT, "TERM is not set");
    else
        zm_error_set(err, ZM_ERR_USAGE, NULL, WHAT, "the terminal '%s' %s", term,
                     found == 1 ? "cannot place its cursor" : "is unknown here");
    return zm_error_hint(err, "try TERM=vt100 zmartctl");
}

/* Raw but for output: every key arrives at once and as itself. */
static void make_ours(struct tui *tui)
{
    tui->ours = tui->shell;
    tui->ours.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | IXON | PARMRK);
    tui->ours.c_oflag &= ~(tcflag_t)OPOST;
    tui->ours.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    tui->ours.c_cc[VMIN] = 1;
    tui->ours.c_cc[VTIME] = 0;
}

static void ask_size(const struct tui *tui, int *rows, int *cols)
{
    struct winsize size = {0};

    ioctl(tui->out, TIOCGWINSZ, &size);
    *rows = size.ws_row > 0 ? size.ws_row : lines > 0 ? lines : 24;
    *cols = size.ws_col > 0 ? size.ws_col : columns > 0 ? columns : 80;
}

/* newterm, without the signal handlers that it installs: they would draw. */
static bool start_ncurses(struct tui *tui)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
    struct sigaction before[ZM_COUNT(signals)];
    struct winsize size = {0};
    char number[16];
    size_t i;

    for (i = 0; i < ZM_COUNT(signals); i++)
        sigaction(signals[i], NULL, &before[i]);
    if (ioctl(tui->out, TIOCGWINSZ, &size) == 0 && size.ws_row > 0) {
        /* its sink is no terminal that could be asked: the height of its scrolling region */
        snprintf(number, sizeof(number), "%d", (int)size.ws_row);
        setenv("LINES", number, 1);
    }
    tui->screen = newterm(tui->name, tui->sink, stdin);
    unsetenv("LINES");
    for (i = 0; i < ZM_COUNT(signals); i++)
        sigaction(signals[i], &before[i], NULL);
    return tui->screen != NULL;
}

static void configure(struct tui *tui, const struct tui_options *options)
{
    const char *no_color = getenv("NO_COLOR");

    typeahead(-1);
    noecho();
    nonl();
    idlok(stdscr, TRUE);
    tui->colour = !options->no_color && !(no_color && no_color[0]) && has_colors() &&
                  start_color() == OK && use_default_colors() == OK;
    tui_modes_init(tui);
    tui_style_init(tui, options->theme);
}

static void enter(struct tui *tui)
{
    tcsetattr(tui->in, TCSANOW, &tui->ours);
    tui_out_collect(tui);
    tui_out_add(tui, tui->enter, strlen(tui->enter));
    tui->at_row = -2;
    if (tui->mouse) {
        tui->mouse = false;
        tui_mouse(tui, true);
    }
}

static void leave(struct tui *tui)
{
    bool mouse = tui->mouse;

    /* What waits is not worth waiting for; the next bytes start with an escape that ends it. */
    if (tui->queue.len > 0)
        tui->queue.len = tui->sent = 0;
    tui_mouse(tui, false);
    tui->mouse = mouse;
    tui_out_add(tui, tui->leave, strlen(tui->leave));
    endwin();
    tui_out_collect(tui);
    tui_out_drain(tui, LEAVE_MS);
    tcsetattr(tui->in, TCSANOW, &tui->shell);
}

bool tui_open(const struct tui_options *options, struct tui **ret, struct zm_error *err)
{
    const char *term = getenv("TERM");
    struct tui *tui;
    char undo[512];
    int rows, cols;

    if (!is_terminal(err) || !is_usable(term, err))
        return false;
    tui = zm_calloc(1, sizeof(*tui));
    zm_copy(tui->name, sizeof(tui->name), term);
    tui->in = STDIN_FILENO;
    tui->ascii = options->ascii;
    if (tcgetattr(tui->in, &tui->shell) != 0 || !tui_out_open(tui) || !start_ncurses(tui)) {
        tui_out_close(tui);
        free(tui);
        return zm_error_set(err, ZM_ERR_SYSTEM, NULL, WHAT, "the terminal cannot be used: %s",
                            strerror(errno));
    }
    make_ours(tui);
    configure(tui, options);
    ask_size(tui, &rows, &cols);
    resize_term(rows, cols);
    tui_frame_resize(tui, rows, cols);
    tui_modes_undo(tui, undo, sizeof(undo));
    tui_restore_arm(tui, undo);
    tui_input_init(tui);
    tui->mouse = options->mouse && tui->modern;
    enter(tui);
    *ret = tui;
    return true;
}

void tui_close(struct tui *tui)
{
    if (!tui)
        return;
    if (!tui->suspended)
        leave(tui);
    tui_restore_disarm();
    delscreen(tui->screen);
    tui_frame_done(tui);
    tui_decode_done(&tui->decoder);
    tui_out_close(tui);
    free(tui);
}

void tui_suspend(struct tui *tui)
{
    if (tui->suspended)
        return;
    tui->suspended = true;
    leave(tui);
}

void tui_resume(struct tui *tui)
{
    tui->suspended = false;
    tui_flush_input(tui);
    enter(tui);
    tui_resized(tui);
}

/* ncurses says the scrolling region only once: a terminal that grew has to be told again. */
static void set_region(struct tui *tui, int rows)
{
    const char *region = change_scroll_region ? tiparm(change_scroll_region, 0, rows - 1) : NULL;

    tui_out_collect(tui);
    if (region)
        tui_out_add(tui, region, strlen(region));
}

void tui_resized(struct tui *tui)
{
    int rows, cols;

    ask_size(tui, &rows, &cols);
    resize_term(rows, cols);
    tui_frame_resize(tui, rows, cols);
    if (!tui->suspended) {
        set_region(tui, rows);
        tui_redraw(tui); /* setting the region moved the cursor */
    }
}

int tui_rows(const struct tui *tui)
{
    return tui->next.rows;
}

int tui_cols(const struct tui *tui)
{
    return tui->next.cols;
}

bool tui_is_ascii(const struct tui *tui)
{
    return tui->ascii;
}

bool tui_has_colour(const struct tui *tui)
{
    return tui->colour;
}

const char *tui_term_name(const struct tui *tui)
{
    return tui->name;
}

int tui_fd(const struct tui *tui)
{
    return tui->in;
}
