/*
 * Input: read without waiting, decoded as it comes. Knows how long an unfinished sequence may take.
 */
#include <errno.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "term_state.h"
#include "zm/clock.h"

#define ESC_MS 25      /* for the rest of a sequence */
#define ESC_SSH_MS 100 /* the same through a network */
#define PASTE_LOST_MS 1000

void tui_input_init(struct tui *tui)
{
    bool ssh = getenv("SSH_CONNECTION") || getenv("SSH_TTY");

    tui->esc_ms = ssh ? ESC_SSH_MS : ESC_MS;
}

/* A paste whose end was lost would swallow every key: Ctrl-C, alone and after a silence, ends it.
 */
static bool ends_paste(const struct tui *tui, const char *bytes, ssize_t n)
{
    return tui->decoder.pasting && n == 1 && bytes[0] == 3 &&
           zm_now_ms() - tui->input_ms >= PASTE_LOST_MS;
}

/* Reads what is there. False: nothing, or the end. */
static bool fill(struct tui *tui)
{
    struct pollfd p = {.fd = tui->in, .events = POLLIN};
    char bytes[TUI_DECODE_BYTES];
    size_t room = tui_decode_room(&tui->decoder);
    ssize_t n;

    if (tui->gone || room == 0 || poll(&p, 1, 0) != 1)
        return false;
    n = p.revents & POLLIN ? read(tui->in, bytes, room) : 0;
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return false;
    if (n <= 0) {
        tui->gone = true;
        return false;
    }
    if (ends_paste(tui, bytes, n))
        tui_decode_end_paste(&tui->decoder);
    else
        tui_decode_feed(&tui->decoder, bytes, (size_t)n);
    tui->input_ms = zm_now_ms();
    return true;
}

static bool is_late(const struct tui *tui)
{
    return zm_now_ms() - tui->input_ms >= tui->esc_ms;
}

bool tui_read(struct tui *tui, struct tui_event *ret)
{
    tui->more = true;
    if (tui_decode_next(&tui->decoder, false, ret))
        return true;
    while (fill(tui))
        if (tui_decode_next(&tui->decoder, false, ret))
            return true;
    if (is_late(tui) && tui_decode_next(&tui->decoder, true, ret))
        return true;
    tui->more = tui->gone && !tui->told_eof;
    if (!tui->more)
        return false;
    tui->more = false;
    tui->told_eof = true;
    *ret = (struct tui_event){.type = TUI_EVENT_EOF};
    return true;
}

bool tui_input_ready(const struct tui *tui)
{
    return tui->more;
}

int tui_read_wait(const struct tui *tui)
{
    int64_t left = tui->input_ms + tui->esc_ms - zm_now_ms();

    if (!tui_decode_pending(&tui->decoder))
        return -1;
    return left < 0 ? 0 : (int)left;
}

void tui_flush_input(struct tui *tui)
{
    tcflush(tui->in, TCIFLUSH);
    tui_decode_flush(&tui->decoder);
    tui->more = false;
}
