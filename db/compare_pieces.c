/*
 * Sums in one statement, or, where that takes longer than a statement may, in several: for a piece
 * of the space of ids each. Pieces are equal parts of that space, so ids are best when they are
 * random. Sends nothing itself.
 */
#include "db/compare_work.h"

#define PIECES 16 /* one a first digit of an id */

void db_compare_cut(struct db_scan *work)
{
    work->pieces = PIECES;
    work->result->pieces = PIECES;
}

static const char *bound(unsigned piece, char dst[37])
{
    if (piece == 0 || piece == PIECES)
        return NULL; /* the ends of the space belong to the first and the last */
    zm_copy(dst, 37, "00000000-0000-0000-0000-000000000000");
    dst[0] = "0123456789abcdef"[piece];
    return dst;
}

bool db_compare_in_pieces(struct db_scan *work,
                          bool (*ask)(struct db_scan *work, void *context, struct zm_error *err),
                          void *context, struct zm_error *err)
{
    char from[37], upto[37];
    bool ok = true;
    unsigned i;

    if (work->pieces == 0)
        return ask(work, context, err);
    for (i = 0; ok && i < work->pieces; i++) {
        work->from = bound(i, from);
        work->upto = bound(i + 1, upto);
        ok = ask(work, context, err);
    }
    work->from = work->upto = NULL;
    return ok;
}
