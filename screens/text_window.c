/*
 * The pieces of a long text in memory. A piece is at most 64 KiB characters, so the window is
 * bounded whatever the size of the whole.
 */
#include "screens/text_window.h"

#include <stdlib.h>
#include <string.h>

#include "zm/arena.h"

void text_window_done(struct text_window *w)
{
    zm_buf_done(&w->buf);
    free(w->piece);
    memset(w, 0, sizeof(*w));
    w->size = -1;
}

bool text_window_before(const struct text_window *w, int64_t *ret)
{
    if (w->from == 0)
        return false;
    *ret = w->piece[w->from - 1].offset;
    return true;
}

bool text_window_after(const struct text_window *w, int64_t *ret)
{
    const struct text_piece *last = w->to ? &w->piece[w->to - 1] : NULL;

    *ret = last ? last->offset + last->chars : 0;
    return !last || (w->size >= 0 && *ret < w->size && last->chars > 0);
}

static void measure(struct text_piece *piece, const char *text)
{
    memset(piece, 0, sizeof(*piece));
    for (; text[piece->bytes]; piece->bytes++) {
        piece->chars += ((unsigned char)text[piece->bytes] & 0xc0) != 0x80;
        piece->lines += text[piece->bytes] == '\n';
    }
}

static size_t drop_front(struct text_window *w)
{
    const struct text_piece *first = &w->piece[w->from++];

    w->buf.len -= first->bytes;
    memmove(w->buf.s, w->buf.s + first->bytes, w->buf.len + 1);
    return first->lines;
}

static long append(struct text_window *w, const struct text_piece *piece, const char *text)
{
    long moved = 0;

    if (w->to == w->n) {
        if (w->n == w->cap) {
            w->cap = w->cap ? w->cap * 2 : 8;
            w->piece = zm_realloc(w->piece, w->cap * sizeof(*w->piece));
        }
        w->n++;
    }
    w->piece[w->to++] = *piece;
    zm_buf_add(&w->buf, text, piece->bytes);
    if (w->to - w->from > TEXT_WINDOW_PIECES)
        moved = -(long)drop_front(w);
    return moved;
}

static long prepend(struct text_window *w, const struct text_piece *piece, const char *text)
{
    struct zm_buf buf = {0};

    zm_buf_add(&buf, text, piece->bytes);
    zm_buf_add(&buf, w->buf.s, w->buf.len);
    zm_buf_done(&w->buf);
    w->buf = buf;
    w->piece[--w->from] = *piece;
    if (w->to - w->from > TEXT_WINDOW_PIECES) {
        w->buf.len -= w->piece[--w->to].bytes;
        w->buf.s[w->buf.len] = '\0';
    }
    return (long)piece->lines;
}

long text_window_put(struct text_window *w, int64_t offset, const char *text, int64_t size)
{
    struct text_piece piece;
    int64_t next;

    measure(&piece, text);
    piece.offset = offset;
    w->size = size;
    if (w->from > 0 && offset == w->piece[w->from - 1].offset)
        return prepend(w, &piece, text);
    if (text_window_after(w, &next) && offset == next)
        return append(w, &piece, text);
    return 0;
}
