/*
 * What the files of the pseudo-terminal share; for them only.
 */
#ifndef SUPPORT_VT_STATE_H
#define SUPPORT_VT_STATE_H

#include <stddef.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

#include "vt_stream.h"
#include "zm/str.h"

#define VT_MAX_COLS 520

struct vt {
    pid_t pid;
    bool exited;
    int code;          /* once exited */
    int master, slave; /* -1 after a hang-up */
    struct termios before;
    int rows, cols;
    char home[64];
    VTerm *vterm;
    VTermScreen *screen;
    struct vt_stream stream;
    struct zm_buf log;
    char texts[8][VT_MAX_COLS * 8]; /* what vt_row returned lately */
    unsigned n_texts;
};

#endif
