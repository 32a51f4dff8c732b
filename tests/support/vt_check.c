/*
 * What is asked of a program after it has run: the terminal as it was, and nothing in its output
 * that a terminal might obey.
 */
#include "vt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "vt_state.h"

struct mode_name {
    unsigned bit;
    const char *what;
};

static const struct mode_name modes[] = {
    {VT_MODE_ALTERNATE, "the alternate screen was not left"},
    {VT_MODE_HIDDEN_CURSOR, "the cursor is still hidden"},
    {VT_MODE_PASTE, "bracketed paste is still on"},
    {VT_MODE_MOUSE, "the mouse is still on"},
    {VT_MODE_CURSOR_KEYS, "the cursor keys are still in application mode"},
    {VT_MODE_KEYPAD, "the keypad is still in application mode"},
    {VT_MODE_CHARSET, "line drawing is still on"},
    {VT_MODE_PEN, "colours were not reset"},
    {VT_MODE_INSERT, "insert mode is still on"},
};

void vt_check_restored(struct vt *vt)
{
    struct termios now;
    size_t i;

    assert_true(vt->exited);
    vt_pump(vt);
    for (i = 0; i < ZM_COUNT(modes); i++)
        if (vt->stream.modes & modes[i].bit)
            fail_msg("after the end %s", modes[i].what);
    assert_int_equal(tcgetattr(vt->slave, &now), 0);
    if (now.c_iflag != vt->before.c_iflag || now.c_oflag != vt->before.c_oflag ||
        now.c_cflag != vt->before.c_cflag || now.c_lflag != vt->before.c_lflag ||
        memcmp(now.c_cc, vt->before.c_cc, sizeof(now.c_cc)) != 0)
        fail_msg("after the end the line settings differ: lflag %x, was %x; iflag %x, was %x",
                 now.c_lflag, vt->before.c_lflag, now.c_iflag, vt->before.c_iflag);
}

void vt_check_stream(struct vt *vt)
{
    vt_pump(vt);
    if (vt->stream.bad[0])
        fail_msg("the terminal was sent what it must not see: %s", vt->stream.bad);
}

long long vt_bytes(const struct vt *vt)
{
    return vt->stream.bytes;
}

const char *vt_log(const struct vt *vt, size_t *ret_len)
{
    *ret_len = vt->log.len;
    return zm_text(vt->log.s);
}

const char *vt_clipboard(const struct vt *vt)
{
    return vt->stream.clipboard;
}

pid_t vt_pid(const struct vt *vt)
{
    return vt->pid;
}

const char *vt_home(const struct vt *vt)
{
    return vt->home;
}
