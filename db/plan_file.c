/*
 * Writes a plan: a line a row as they come, the seal last. Until then its name ends with ".part",
 * so that nobody takes half a plan for one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db/plan_row.h"
#include "db/write.h"
#include "zm/str.h"

struct db_plan_writer {
    FILE *file;
    char directory[512];
    char path[560]; /* with ".part" */
    struct db_plan_head head;
    struct db_plan_seal seal;
};

static bool fail(const char *path, struct zm_error *err)
{
    zm_error_set(err, ZM_ERR_SYSTEM, path, "write the plan", "%s", strerror(errno));
    return zm_error_hint(err, "nothing was changed; there is no plan");
}

/* One line, sealed with what is before it. Takes json over. */
static bool put(struct db_plan_writer *writer, json_t *json, struct zm_error *err)
{
    char *line = json ? json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    size_t n = line ? strlen(line) : 0;
    bool ok = false;

    json_decref(json);
    if (!line || n + 1 >= DB_PLAN_LINE_MAX) {
        zm_error_set(err, ZM_ERR_DATA, "", "write the plan",
                     line ? "a row is longer than 64 kB" : "a text is not valid UTF-8");
    } else {
        db_plan_seal_add(&writer->seal, line, n);
        ok = fwrite(line, 1, n, writer->file) == n && putc('\n', writer->file) != EOF;
        if (!ok)
            fail(writer->path, err);
    }
    free(line);
    return ok;
}

static void stamp(struct db_plan_head *head)
{
    time_t now = time(NULL);
    struct tm tm;

    db_request_new(head->id);
    head->made_unix = (int64_t)now;
    if (!gmtime_r(&now, &tm) ||
        !strftime(head->made_at, sizeof(head->made_at), "%Y-%m-%dT%H:%M:%SZ", &tm))
        head->made_at[0] = '\0';
    head->rows = 0;
    memset(head->classes, 0, sizeof(head->classes));
}

struct db_plan_writer *db_plan_begin(const char *directory, struct db_plan_head *head,
                                     struct zm_error *err)
{
    struct db_plan_writer *writer = zm_calloc(1, sizeof(*writer));
    int fd = -1;

    stamp(head);
    writer->head = *head;
    if (zm_copy(writer->directory, sizeof(writer->directory), directory)) {
        snprintf(writer->path, sizeof(writer->path), "%s/%s.json.part", directory, head->id);
        if (mkdir(directory, 0700) == 0 || errno == EEXIST)
            fd = open(writer->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        writer->file = fd >= 0 ? fdopen(fd, "w") : NULL;
    } else {
        errno = ENAMETOOLONG;
    }
    if (!writer->file) {
        fail(directory, err);
        if (fd >= 0)
            close(fd);
    } else if (put(writer, db_plan_head_json(head), err)) {
        return writer;
    }
    db_plan_drop(writer);
    return NULL;
}

bool db_plan_add(struct db_plan_writer *writer, const struct db_plan_row *row, struct zm_error *err)
{
    int c;

    if (!put(writer, db_plan_row_json(row), err)) {
        if (err->kind == ZM_ERR_DATA)
            zm_error_hint(err, "it is the row of user %.36s", row->seen.id);
        return false;
    }
    writer->head.rows++;
    for (c = 0; c < DB_CLASSES; c++)
        writer->head.classes[c] += (row->classes & DB_CLASS_BIT(c)) != 0;
    return true;
}

void db_plan_count(struct db_plan_writer *writer, int64_t brain_users, int64_t bot_profiles)
{
    writer->head.brain_users = brain_users;
    writer->head.bot_profiles = bot_profiles;
}

/* The counts, sealed like any line, with the seal itself put behind them. */
static bool put_seal(struct db_plan_writer *writer, struct zm_error *err)
{
    json_t *counts = db_plan_counts_json(&writer->head);
    char *line = json_dumps(counts, JSON_COMPACT | JSON_ENSURE_ASCII);
    char text[37];

    db_plan_seal_add(&writer->seal, line, strlen(line));
    free(line);
    db_plan_seal_text(&writer->seal, text);
    json_object_set_new(counts, "seal", json_string(text));
    return put(writer, counts, err);
}

static bool sync_directory(const char *directory)
{
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return ok;
}

bool db_plan_end(struct db_plan_writer *writer, char *ret_path, size_t size, struct zm_error *err)
{
    char path[sizeof(writer->path)];
    bool ok = put_seal(writer, err);

    zm_copy(path, sizeof(path), writer->path);
    path[strlen(path) - strlen(".part")] = '\0';
    if (ok && !zm_copy(ret_path, size, path))
        ok = zm_error_set(err, ZM_ERR_SYSTEM, path, "write the plan", "its name is too long");
    if (ok && (fflush(writer->file) != 0 || fsync(fileno(writer->file)) != 0 ||
               rename(writer->path, path) != 0 || !sync_directory(writer->directory)))
        ok = fail(path, err);
    if (ok)
        writer->path[0] = '\0';
    db_plan_drop(writer);
    return ok;
}

void db_plan_drop(struct db_plan_writer *writer)
{
    if (!writer)
        return;
    if (writer->file)
        (void)fclose(writer->file);
    if (writer->file && writer->path[0])
        unlink(writer->path);
    free(writer);
}

/* ---- what was left behind ---- */

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), e = strlen(end);

    return n > e && strcmp(name + n - e, end) == 0;
}

void db_plan_sweep(const char *directory, int hours, bool all)
{
    time_t before = time(NULL) - (time_t)hours * 3600;
    DIR *dir = opendir(directory);
    const struct dirent *entry;
    struct stat info;

    while (dir && (entry = readdir(dir)) != NULL) {
        if (!ends_with(entry->d_name, ".json.part") && !(all && ends_with(entry->d_name, ".json")))
            continue;
        if (fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(info.st_mode) && info.st_mtime < before)
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    if (dir)
        closedir(dir);
}
