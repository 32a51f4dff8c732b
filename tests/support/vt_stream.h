/*
 * The bytes that a program sends to its terminal, judged one by one; knows no screen.
 */
#ifndef SUPPORT_VT_STREAM_H
#define SUPPORT_VT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zm/str.h"

enum vt_mode { /* bits of modes that stay on until they are switched off */
               VT_MODE_ALTERNATE = 1,
               VT_MODE_HIDDEN_CURSOR = 2,
               VT_MODE_PASTE = 4,
               VT_MODE_MOUSE = 8,
               VT_MODE_CURSOR_KEYS = 16,
               VT_MODE_KEYPAD = 32,
               VT_MODE_CHARSET = 64,
               VT_MODE_PEN = 128,
               VT_MODE_INSERT = 256,
};

struct vt_stream {
    int state;
    char sequence[64]; /* the escape sequence in progress */
    size_t len;
    struct zm_buf text; /* the OSC or DCS in progress */
    uint32_t code;      /* the UTF-8 sequence in progress */
    int more, length;
    unsigned modes;
    long long bytes;
    char bad[160];   /* the first thing that should not be there; "" for none */
    char *clipboard; /* decoded; NULL for none */
};

void vt_stream_feed(struct vt_stream *s, const char *bytes, size_t n);
void vt_stream_done(struct vt_stream *s);

#endif
