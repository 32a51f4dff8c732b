/*
 * Input decoding: a buffer of bytes, the paste inside it, and one step after the other. Must not
 * read or wait.
 */
#include "tui/decode.h"

#include <string.h>

#include "decode_sequence.h"

#define PASTE_END "\033[201~"
#define PASTE_END_BYTES 6
#define BURST 32 /* bytes in one read that nobody types */

/* A key that terminfo taught; *partly: the bytes are the beginning of one. */
static int extra(const struct tui_decoder *d, struct tui_event *ret, bool *partly)
{
    size_t i;

    for (i = 0; i < d->n_extra; i++) {
        size_t len = strlen(d->extra[i].s), n = len < d->n ? len : d->n;

        if (memcmp(d->bytes, d->extra[i].s, n) != 0)
            continue;
        if (n < len) {
            *partly = true;
            continue;
        }
        ret->type = TUI_EVENT_KEY;
        ret->key = d->extra[i].key;
        return (int)len;
    }
    return 0;
}

/* One step at the front of the buffer: bytes taken, or TUI_DECODE_MORE. */
static int step(struct tui_decoder *d, bool late, struct tui_event *ret)
{
    bool partly = false;
    int took;

    if (d->skipping) {
        d->skipping = false;
        took = tui_decode_string(d, d->bytes, d->n, late);
        if (took == TUI_DECODE_MORE)
            d->skipping = true;
        return took;
    }
    took = extra(d, ret, &partly);
    if (took > 0)
        return took;
    if (partly && !late)
        return TUI_DECODE_MORE;
    if (d->bytes[0] != TUI_ESC)
        return tui_decode_plain(d->bytes, d->n, late, ret);
    if (d->n == 1 && !late)
        return TUI_DECODE_MORE;
    took = d->n == 1 ? 0 : tui_decode_escape(d, d->bytes + 1, d->n - 1, late, ret);
    if (took == 0)
        *ret = (struct tui_event){.type = TUI_EVENT_KEY, .key = TUI_KEY_ESC};
    return took == TUI_DECODE_MORE ? TUI_DECODE_MORE : took + 1;
}

static void take(struct tui_decoder *d, size_t n)
{
    memmove(d->bytes, d->bytes + n, d->n - n);
    d->n -= n;
}

/* Moves pasted bytes out of the buffer; true: the end marker was there. */
static bool take_paste(struct tui_decoder *d)
{
    size_t i, n = d->n, keep = 0, room;
    bool end = false;

    for (i = 0; i < d->n && !end; i++) {
        size_t have = d->n - i < PASTE_END_BYTES ? d->n - i : PASTE_END_BYTES;

        if (memcmp(d->bytes + i, PASTE_END, have) != 0)
            continue;
        n = i;
        end = have == PASTE_END_BYTES;
        keep = end ? 0 : have;
        if (!end)
            break;
    }
    room = TUI_PASTE_MAX - d->paste.len;
    zm_buf_add(&d->paste, (const char *)d->bytes, n < room ? n : room);
    take(d, end ? n + PASTE_END_BYTES : d->n - keep);
    return end;
}

static bool deliver(struct tui_decoder *d, struct tui_event *ret)
{
    size_t i;

    for (i = 0; i < d->paste.len; i++)
        if (d->paste.s[i] == '\r')
            d->paste.s[i] = '\n';
    d->pasting = false;
    d->delivered = true;
    ret->type = TUI_EVENT_PASTE;
    ret->text = d->paste.s ? d->paste.s : "";
    ret->text_len = d->paste.len;
    return true;
}

size_t tui_decode_room(const struct tui_decoder *d)
{
    return sizeof(d->bytes) - PASTE_END_BYTES - d->n;
}

bool tui_decode_next(struct tui_decoder *d, bool late, struct tui_event *ret)
{
    if (d->delivered) {
        d->delivered = false;
        zm_buf_done(&d->paste);
    }
    while (d->n > 0) {
        int took;

        *ret = (struct tui_event){TUI_EVENT_NONE};
        if (d->pasting) {
            if (!take_paste(d))
                return false;
            return deliver(d, ret);
        }
        /* a full buffer cannot wait for more */
        took = step(d, late || tui_decode_room(d) == 0, ret);
        if (took == TUI_DECODE_MORE)
            return false;
        take(d, (size_t)took);
        if (ret->type != TUI_EVENT_NONE)
            return true;
    }
    *ret = (struct tui_event){TUI_EVENT_NONE};
    return false;
}

/* Several lines at once on a terminal that cannot mark a paste. A held key repeats one byte. */
static bool is_burst(const struct tui_decoder *d, const char *bytes, size_t n)
{
    bool line = false, varied = false;
    size_t i;

    if (!d->bursts || d->n > 0 || d->pasting || n < BURST || memchr(bytes, TUI_ESC, n))
        return false;
    for (i = 0; i + 1 < n; i++) {
        line = line || bytes[i] == '\r' || bytes[i] == '\n';
        varied = varied || bytes[i] != bytes[0];
    }
    return line && varied;
}

void tui_decode_feed(struct tui_decoder *d, const char *bytes, size_t n)
{
    bool burst = is_burst(d, bytes, n);

    memcpy(d->bytes + d->n, bytes, n);
    d->n += n;
    if (burst) {
        d->pasting = true;
        memcpy(d->bytes + d->n, PASTE_END, PASTE_END_BYTES);
        d->n += PASTE_END_BYTES;
    }
}

bool tui_decode_pending(const struct tui_decoder *d)
{
    return d->n > 0 && !d->pasting;
}

void tui_decode_flush(struct tui_decoder *d)
{
    d->n = 0;
    d->paste.len = 0;
}

void tui_decode_end_paste(struct tui_decoder *d)
{
    d->pasting = false;
    zm_buf_done(&d->paste);
}

void tui_decode_learn(struct tui_decoder *d, const char *s, int key)
{
    struct tui_decoder plain = {.n = 0};
    struct tui_event event;
    size_t len = strlen(s);

    if (len < 2 || len >= sizeof(d->extra[0].s) || d->n_extra == ZM_COUNT(d->extra) ||
        s[0] != '\033')
        return;
    tui_decode_feed(&plain, s, len);
    if (tui_decode_next(&plain, true, &event) && plain.n == 0 && event.key == key)
        return;
    zm_copy(d->extra[d->n_extra].s, sizeof(d->extra[0].s), s);
    d->extra[d->n_extra++].key = key;
}

void tui_decode_done(struct tui_decoder *d)
{
    zm_buf_done(&d->paste);
    d->n = 0;
}
