/*
 * Reads a plan: once from beginning to end, to see that it is whole, then row by row. Memory is
 * that of one line.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/plan_row.h"
#include "zm/str.h"

#define ASK_EVERY 256 /* lines between two looks at stopped() */

struct db_plan {
    FILE *file;
    char path[512];
    struct db_plan_head head;
    long rows_at;     /* where the first row begins */
    struct stat read; /* the file when it was read through */
    int64_t at;       /* rows read */
    json_t *row;      /* the texts of the last one */
    char line[DB_PLAN_LINE_MAX];
};

static bool bad(const struct db_plan *plan, int64_t line, const char *why, struct zm_error *err)
{
    char where[sizeof(err->where)];
    const char *name = strrchr(plan->path, '/');

    snprintf(where, sizeof(where), "%.16s:%lld", name ? name + 1 : plan->path, (long long)line);
    zm_error_set(err, ZM_ERR_REFUSED, where, "read the plan", "%s", why);
    return zm_error_hint(err, "nothing was changed; a plan that was cut or edited is not applied: "
                              "plan again");
}

/* A line that does not hold what it should; the reader of lines says what. */
static bool damaged(const struct db_plan *plan, int64_t line, const char *what,
                    struct zm_error *err)
{
    char why[120];

    snprintf(why, sizeof(why), "not as zmartctl writes it: %s", what);
    return bad(plan, line, why, err);
}

/* The next line without its end, parsed. NULL: *err, or the end of the file (kind NONE). */
static json_t *next_line(struct db_plan *plan, int64_t number, size_t *ret_n, struct zm_error *err)
{
    json_error_t error;
    json_t *json;
    size_t n;

    err->kind = ZM_ERR_NONE;
    errno = 0;
    if (!fgets(plan->line, sizeof(plan->line), plan->file)) {
        if (ferror(plan->file))
            zm_error_set(err, ZM_ERR_SYSTEM, plan->path, "read the plan", "%s", strerror(errno));
        return NULL;
    }
    n = strlen(plan->line);
    if (n == 0 || plan->line[n - 1] != '\n') {
        bad(plan, number,
            n + 1 >= sizeof(plan->line) ? "a line is longer than 64 kB" : "the last line was cut",
            err);
        return NULL;
    }
    plan->line[--n] = '\0';
    json = json_loadb(plan->line, n, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        bad(plan, number, "it is no JSON", err);
    *ret_n = n;
    return json;
}

static bool check_seal(struct db_plan *plan, json_t *json, int64_t number,
                       struct db_plan_seal *seal, int64_t rows, struct zm_error *err)
{
    char text[37], given[37];
    const char *why = NULL;
    char *line;

    zm_copy(given, sizeof(given), zm_text(json_string_value(json_object_get(json, "seal"))));
    json_object_del(json, "seal");
    line = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII);
    db_plan_seal_add(seal, line, strlen(line));
    free(line);
    db_plan_seal_text(seal, text);
    if (!db_plan_counts_parse(json, &plan->head, &why))
        return damaged(plan, number, why, err);
    return (zm_streq(text, given) && plan->head.rows == rows) ||
           bad(plan, number, "it was edited: its seal does not fit", err);
}

/* Whether all of it is there and as it was written. */
static bool verify(struct db_plan *plan, bool (*stopped)(void *), void *context,
                   struct zm_error *err)
{
    struct db_plan_seal seal = {.hash = {0}};
    struct db_plan_row row;
    int64_t number = 0, rows = 0;
    bool sealed = false, ok = true;
    const char *why = NULL;
    json_t *json;
    size_t n = 0;

    fstat(fileno(plan->file), &plan->read);
    while (ok && (json = next_line(plan, ++number, &n, err)) != NULL) {
        if (sealed) {
            ok = bad(plan, number, "there is something behind its end", err);
        } else if (json_object_get(json, "seal")) {
            sealed = ok = check_seal(plan, json, number, &seal, rows, err);
        } else if (number == 1) {
            db_plan_seal_add(&seal, plan->line, n);
            ok = db_plan_head_parse(json, &plan->head, &why) || damaged(plan, number, why, err);
            plan->rows_at = ftell(plan->file);
        } else {
            db_plan_seal_add(&seal, plan->line, n);
            ok = db_plan_row_parse(json, &row, &why) || damaged(plan, number, why, err);
            rows++;
        }
        json_decref(json);
        if (ok && number % ASK_EVERY == 0 && stopped && stopped(context))
            ok = zm_error_set(err, ZM_ERR_CANCELLED, plan->path, "read the plan", "cancelled");
    }
    if (!ok || err->kind != ZM_ERR_NONE)
        return false;
    return sealed || bad(plan, number, "it was cut: the end is missing", err);
}

/* Why a path is no plan, for people. */
static const char *why_not(int fd, const struct stat *info, int error)
{
    if (fd < 0 && error == ENOENT)
        return "there is no such file";
    if (fd < 0)
        return strerror(error);
    return S_ISDIR(info->st_mode) ? "it is a directory" : "it is not a plan file";
}

/* NULL: there is no such file, or it is none. Whatever else a name may stand for is not read, nor
 * waited for. */
static struct db_plan *open_file(const char *path, struct zm_error *err)
{
    struct db_plan *plan = zm_calloc(1, sizeof(*plan));
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error = errno;
    struct stat info = {.st_mode = 0};

    zm_copy(plan->path, sizeof(plan->path), path);
    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
        plan->file = fdopen(fd, "r");
    if (plan->file)
        return plan;
    zm_error_set(err, ZM_ERR_USAGE, "", "read the plan", "%.160s: %s", path,
                 why_not(fd, &info, error));
    zm_error_hint(err, "nothing was changed; zmartctl repair --dry-run makes a plan and says where "
                       "it lies");
    if (fd >= 0)
        close(fd);
    db_plan_close(plan);
    return NULL;
}

struct db_plan *db_plan_open(const char *path, bool (*stopped)(void *context), void *context,
                             struct zm_error *err)
{
    struct db_plan *plan = open_file(path, err);

    if (!plan)
        return NULL;
    if (verify(plan, stopped, context, err)) {
        db_plan_rewind(plan);
        return plan;
    }
    db_plan_close(plan);
    return NULL;
}

bool db_plan_peek(const char *path, struct db_plan_head *ret, struct zm_error *err)
{
    struct db_plan *plan = open_file(path, err);
    const char *why = NULL;
    json_t *json;
    size_t n;
    bool ok;

    if (!plan)
        return false;
    json = next_line(plan, 1, &n, err);
    ok = json && db_plan_head_parse(json, ret, &why);
    if (!ok && json)
        damaged(plan, 1, why, err);
    else if (!ok && err->kind == ZM_ERR_NONE)
        bad(plan, 1, "it is empty", err);
    json_decref(json);
    db_plan_close(plan);
    return ok;
}

void db_plan_close(struct db_plan *plan)
{
    if (!plan)
        return;
    json_decref(plan->row);
    if (plan->file)
        (void)fclose(plan->file);
    free(plan);
}

const struct db_plan_head *db_plan_head(const struct db_plan *plan)
{
    return &plan->head;
}

#define OPT_IN (DB_CLASS_BIT(DB_CLASS_DELETED_IN_BRAIN) | DB_CLASS_BIT(DB_CLASS_ORPHAN_IN_BOT))

bool db_plan_row_disables(const struct db_plan_row *row)
{
    return (row->classes & ~row->human & OPT_IN) != 0 &&
           (row->seen.trading_enabled != 0 || row->seen.api_access != 0);
}

bool db_plan_row_trim(struct db_plan_row *row)
{
    if (!(row->classes & OPT_IN) || db_plan_row_disables(row))
        return false;
    row->classes &= ~OPT_IN;
    return true;
}

/* Nobody vouches for what is read now. */
static bool is_written_since(const struct db_plan *plan)
{
    struct stat now;

    return fstat(fileno(plan->file), &now) != 0 || now.st_size != plan->read.st_size ||
           now.st_mtim.tv_sec != plan->read.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != plan->read.st_mtim.tv_nsec;
}

bool db_plan_next(struct db_plan *plan, struct db_plan_row *ret, struct zm_error *err)
{
    const char *why = NULL;
    size_t n;

    err->kind = ZM_ERR_NONE;
    json_decref(plan->row);
    plan->row = NULL;
    if (plan->at == plan->head.rows)
        return false;
    plan->row = next_line(plan, plan->at + 2, &n, err);
    if (!plan->row)
        return err->kind == ZM_ERR_NONE && bad(plan, plan->at + 2, "it was cut meanwhile", err);
    if (is_written_since(plan))
        return bad(plan, plan->at + 2, "it was edited while it was open", err);
    plan->at++;
    return db_plan_row_parse(plan->row, ret, &why) || damaged(plan, plan->at + 1, why, err);
}

void db_plan_rewind(struct db_plan *plan)
{
    plan->at = 0;
    if (fseek(plan->file, plan->rows_at, SEEK_SET) != 0)
        clearerr(plan->file);
}
