/*
 * What was entered before: at most HISTORY_MAX lines, the newest last, none twice.
 */
#include <stdlib.h>
#include <string.h>

#include "tui/edit.h"
#include "zm/str.h"

#define HISTORY_MAX 200

static void forget(struct tui_history *history, size_t i)
{
    free(history->lines[i]);
    memmove(history->lines + i, history->lines + i + 1,
            (history->n - i - 1) * sizeof(history->lines[0]));
    history->n--;
}

void tui_history_add(struct tui_history *history, const char *line)
{
    char *copy;
    size_t i;

    if (!line[0])
        return;
    copy = zm_strdup(line); /* first: it may be one of the lines here */
    if (!history->lines)
        history->lines = zm_calloc(HISTORY_MAX, sizeof(char *));
    for (i = 0; i < history->n; i++)
        if (zm_streq(history->lines[i], copy)) {
            forget(history, i);
            break;
        }
    if (history->n == HISTORY_MAX)
        forget(history, 0);
    history->lines[history->n++] = copy;
    history->at = history->n;
}

const char *tui_history_move(struct tui_history *history, int direction)
{
    if (direction < 0 && history->at > 0)
        history->at--;
    else if (direction > 0 && history->at < history->n)
        history->at++;
    else
        return NULL;
    return history->at < history->n ? history->lines[history->at] : NULL;
}

void tui_history_done(struct tui_history *history)
{
    while (history->n > 0)
        forget(history, history->n - 1);
    free(history->lines);
    memset(history, 0, sizeof(*history));
}
