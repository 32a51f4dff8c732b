/*
 * A window over the last bytes of each stream, moved on byte by byte: nobody is in a hurry here.
 */
#include "proxy_hold.h"

#include <string.h>

static bool ends_with(const struct proxy_tail *tail, const char *text)
{
    size_t n = strlen(text);

    return n > 0 && memcmp(tail->bytes + PROXY_HOLD_TEXT - n, text, n) == 0;
}

size_t proxy_hold_find(struct proxy_hold *hold, struct proxy_tail *tail, const char *bytes,
                       size_t n)
{
    size_t i;

    for (i = 0; i < n && hold->nth > 0; i++) {
        memmove(tail->bytes, tail->bytes + 1, PROXY_HOLD_TEXT - 1);
        tail->bytes[PROXY_HOLD_TEXT - 1] = bytes[i];
        if (ends_with(tail, hold->since))
            hold->since[0] = '\0';
        else if (!hold->since[0] && ends_with(tail, hold->text) && --hold->nth == 0)
            return i + 1;
    }
    return 0;
}
