/*
 * The grammar under the decoder: one sequence at the front of some bytes. All return how many bytes
 * they took, TUI_DECODE_MORE when its end is not there yet, and fill *ret when it meant something.
 */
#ifndef TUI_DECODE_SEQUENCE_H
#define TUI_DECODE_SEQUENCE_H

#include "tui/decode.h"

#define TUI_ESC 0x1b
#define TUI_DECODE_MORE (-1)

/* A control character or one UTF-8 character. */
int tui_decode_plain(const unsigned char *s, size_t n, bool late, struct tui_event *ret);
/* What follows an ESC that is not alone; 0: the ESC stands for itself. */
int tui_decode_escape(struct tui_decoder *d, const unsigned char *s, size_t n, bool late,
                      struct tui_event *ret);
/* What follows ESC ] P X ^ or _: everything up to BEL or ESC \ is dropped. */
int tui_decode_string(struct tui_decoder *d, const unsigned char *s, size_t n, bool late);

#endif
