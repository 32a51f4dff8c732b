/*
 * A file of users: ids and e-mails, one a line. Read line by line and looked up in batches, so that
 * its length does not matter.
 */
#include <errno.h>
#include <stdlib.h>

#include "db/fold.h"
#include "db/names.h"
#include "screens/command_write.h"
#include "zm/str.h"

struct reading {
    struct command_write *w;
    struct db_idset *set;
    struct command_names *ret;
    FILE *file;
    const char *name;
    size_t line;
    struct db_names_way way;
    struct db_name *names; /* a batch */
    size_t *lines;
    size_t n;
};

enum line { LINE_END, LINE_BLANK, LINE_BAD, LINE_NAME };

/* The next line without its end. What does not fit, or holds a zero byte, is no name; it is read to
 * its end all the same. */
static bool read_line(struct reading *r, char *dst, size_t size, bool *ret_fits)
{
    size_t n = 0;
    int c;

    *ret_fits = true;
    while ((c = getc(r->file)) != EOF && c != '\n') {
        if (n == size - 1 || c == '\0')
            *ret_fits = false;
        else
            dst[n++] = (char)c;
    }
    dst[n] = '\0';
    r->line++;
    return c != EOF || n > 0 || !*ret_fits;
}

static enum line next_name(struct reading *r, char *dst, size_t size)
{
    char text[512], *at = text, *hash;
    size_t n;
    bool fits;

    if (!read_line(r, text, sizeof(text), &fits))
        return LINE_END;
    if (r->line == 1 && strncmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    at += strspn(at, " \t\r");
    for (hash = strchr(at, '#'); hash; hash = strchr(hash + 1, '#'))
        if (hash == at || hash[-1] == ' ' || hash[-1] == '\t') {
            *hash = '\0';
            break;
        }
    for (n = strlen(at); n > 0 && strchr(" \t\r", at[n - 1]); n--)
        at[n - 1] = '\0';
    zm_copy(dst, size, at);
    if (n == 0 && (fits || hash))
        return LINE_BLANK;
    return (fits || hash) && n < size && db_fold_is_text(at) && (zm_is_uuid(at) || strchr(at, '@'))
               ? LINE_NAME
               : LINE_BAD;
}

static void say_bad(struct reading *r, size_t line, const char *text, const char *why)
{
    r->ret->failed++;
    command_note(&r->w->run, "%s:%zu: '%.100s' %s", r->name, line, text, why);
}

/* Looks the batch up. */
static bool resolve(struct reading *r)
{
    struct zm_error err;
    char why[80];
    size_t i;

    if (r->n > 0 && !db_names_resolve(&r->w->run.session, r->names, r->n, &r->way, &err))
        return command_fail(&r->w->run, &err);
    for (i = 0; i < r->n; i++) {
        const struct db_name *name = &r->names[i];

        snprintf(why, sizeof(why), "is not one user but %lld", (long long)name->users);
        if (name->users == 1) {
            if (!db_idset_add(r->set, name->id, &err))
                return command_fail(&r->w->run, &err);
        } else {
            say_bad(r, r->lines[i], name->text,
                    name->users > 1   ? why
                    : name->users < 0 ? "is not known; a database is away"
                                      : "is nobody");
        }
    }
    r->n = 0;
    return true;
}

static bool read_all(struct reading *r)
{
    char text[321];
    enum line kind;

    while ((kind = next_name(r, text, sizeof(text))) != LINE_END) {
        if (kind == LINE_BLANK)
            continue;
        r->ret->lines++;
        if (kind == LINE_BAD) {
            say_bad(r, r->line, text, "is neither an id nor an e-mail");
            continue;
        }
        zm_copy(r->names[r->n].text, sizeof(r->names[r->n].text), text);
        r->lines[r->n++] = r->line;
        if (r->n == DB_NAMES && !resolve(r))
            return false;
    }
    return resolve(r);
}

bool command_write_names(struct command_write *w, struct db_idset *set, struct command_names *ret)
{
    const char *path = w->run.options->file;
    bool is_stdin = zm_streq(path, "-"), ok;
    struct reading r = {.w = w,
                        .set = set,
                        .ret = ret,
                        .file = is_stdin ? stdin : fopen(path, "re"),
                        .name = is_stdin ? "stdin" : path};
    struct zm_error err;

    memset(ret, 0, sizeof(*ret));
    if (!r.file) {
        zm_error_set(&err, ZM_ERR_USAGE, "", "", "cannot read '%.150s': %s", path, strerror(errno));
        return command_fail(&w->run, &err);
    }
    r.names = zm_malloc(DB_NAMES * sizeof(*r.names));
    r.lines = zm_malloc(DB_NAMES * sizeof(*r.lines));
    ok = read_all(&r);
    if (ok && ferror(r.file)) {
        zm_error_set(&err, ZM_ERR_USAGE, "", "", "cannot read '%.150s': %s", path, strerror(errno));
        ok = command_fail(&w->run, &err);
    }
    ok = ok && (db_idset_freeze(set, &err) || command_fail(&w->run, &err));
    if (!is_stdin)
        fclose(r.file);
    free(r.names);
    free(r.lines);
    return ok;
}
