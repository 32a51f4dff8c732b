/*
 * The bytes of a terminal made into events: keys, bracketed pastes, the mouse. Pure: fed with
 * bytes, asked for events. Whatever it does not understand (answers to questions nobody asked,
 * unfinished sequences, broken UTF-8) is dropped.
 */
#ifndef TUI_DECODE_H
#define TUI_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/key.h"
#include "zm/str.h"

#define TUI_DECODE_BYTES 4096
#define TUI_PASTE_MAX 65536 /* what is longer is cut */

struct tui_extra_key { /* a key of this terminal that the common grammar does not have */
    char s[12];
    int key;
};

/* Zero-initialised is ready. */
struct tui_decoder {
    unsigned char bytes[TUI_DECODE_BYTES];
    size_t n;
    bool pasting;        /* between the markers of a bracketed paste */
    bool skipping;       /* inside an OSC, DCS, APC, PM or SOS that is too long to hold */
    bool bursts;         /* no bracketed paste here: several lines in one read are a paste */
    bool delivered;      /* paste was handed out: forget it at the next call */
    struct zm_buf paste; /* owned */
    struct tui_extra_key extra[24];
    size_t n_extra;
};

/* How many bytes may be fed now (0 while a whole buffer waits to be decoded). */
size_t tui_decode_room(const struct tui_decoder *d);
/* Adds what was read; n is at most tui_decode_room. */
void tui_decode_feed(struct tui_decoder *d, const char *bytes, size_t n);
/* The next event. late: nothing more came in time, so what looks unfinished is decided now. False:
 * nothing, or not yet (tui_decode_pending). */
bool tui_decode_next(struct tui_decoder *d, bool late, struct tui_event *ret);
/* Something unfinished waits for its rest or for `late`. */
bool tui_decode_pending(const struct tui_decoder *d);
/* Forgets what was typed ahead; a paste under way stays one, its text is dropped. */
void tui_decode_flush(struct tui_decoder *d);
/* Gives up a paste whose end never came. */
void tui_decode_end_paste(struct tui_decoder *d);
/* Teaches it what terminfo says of a key, unless the grammar has it already. */
void tui_decode_learn(struct tui_decoder *d, const char *s, int key);
void tui_decode_done(struct tui_decoder *d);

#endif
