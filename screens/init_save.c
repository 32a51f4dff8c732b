/*
 * Nothing but a file that was read back whole ever stands under the real name.
 */
#include "screens/init_save.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "screens/conf.h"
#include "screens/conf_options.h"
#include "screens/conf_place.h"
#include "screens/init_side.h"

static void add_text(struct zm_buf *dst, const char *indent, const char *name, const char *value)
{
    zm_buf_printf(dst, "%s%s = \"", indent, name);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            zm_buf_puts(dst, "\\");
        zm_buf_add(dst, value, 1);
    }
    zm_buf_puts(dst, "\";\n");
}

static void add_option(struct zm_buf *dst, const struct init_option *option)
{
    const struct conf_option *row = conf_option_find(CONF_CONNECTION, option->name);

    if (row && row->max > 0)
        zm_buf_printf(dst, "      %s = %ld;\n", option->name, strtol(option->value, NULL, 10));
    else
        add_text(dst, "      ", option->name, option->value);
}

static void add_side(struct zm_buf *dst, const char *name, const struct init_side *side, bool show)
{
    size_t i;

    zm_buf_printf(dst, "    %s: {\n", name);
    for (i = 0; i < side->n; i++)
        add_option(dst, &side->option[i]);
    if (side->project[0])
        add_text(dst, "      ", "project", side->project);
    if (side->how == INIT_COMMAND)
        add_text(dst, "      ", "password_command", side->command);
    if (side->how == INIT_FILE)
        add_text(dst, "      ", "password", show ? "********" : side->password);
    zm_buf_puts(dst, "    };\n");
}

void init_save_text(struct zm_buf *dst, const struct init_profile *profile, bool show)
{
    int i;

    if (!show)
        zm_buf_puts(dst, "// Written by zmartctl init; zmartctl.conf.example has every option.\n");
    add_text(dst, "", "default_profile", profile->name);
    zm_buf_printf(dst, "profiles: {\n  %s: {\n", profile->name);
    add_text(dst, "    ", "label", profile->label);
    add_text(dst, "    ", "guard", profile->guard);
    for (i = 0; i < DB_SIDES; i++)
        add_side(dst, db_side_key((enum db_side)i), &profile->side[i], show);
    zm_buf_puts(dst, "  };\n};\n");
}

/* ---- the file ---- */

static bool fail(struct zm_error *err, const char *path)
{
    zm_error_set(err, ZM_ERR_CONFIG, "", "save the configuration", "%s: %s", path, strerror(errno));
    return zm_error_hint(err, "nothing was saved; choose another file with -c FILE");
}

static bool write_all(int fd, const struct zm_buf *text)
{
    size_t done = 0;

    while (done < text->len) {
        ssize_t n = write(fd, text->s + done, text->len - done);

        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return fsync(fd) == 0;
}

static bool write_beside(const char *fresh, const struct init_profile *profile,
                         struct zm_error *err)
{
    struct zm_buf text = {.s = zm_malloc(32 * 1024), .cap = 32 * 1024};
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok;

    init_save_text(&text, profile, false);
    ok = fd >= 0 && write_all(fd, &text);
    if (!ok)
        fail(err, fresh);
    if (fd >= 0)
        close(fd);
    explicit_bzero(text.s, text.len);
    zm_buf_done(&text);
    return ok;
}

static bool read_back(const char *fresh, const struct init_profile *profile, struct zm_error *err)
{
    struct conf conf;

    if (!conf_load(fresh, profile->name, &conf, err))
        return false;
    conf_done(&conf);
    return true;
}

static bool replace(const char *fresh, const char *path, const char *old, struct zm_error *err)
{
    char *copy = zm_strdup(path);
    int directory;
    bool ok;

    ok = rename(path, old) == 0 || errno == ENOENT;
    ok = ok && rename(fresh, path) == 0;
    if (!ok)
        fail(err, path);
    directory = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        fsync(directory);
        close(directory);
    }
    free(copy);
    return ok;
}

bool init_save_file(const char *path, const struct init_profile *profile, struct zm_error *err)
{
    struct zm_arena arena = {NULL};
    char *fresh = zm_arena_printf(&arena, "%s.%ld", path, (long)getpid());
    char *old = zm_arena_printf(&arena, "%s.old", path);
    char *directory = zm_arena_strdup(&arena, path);
    bool ok;

    ok = conf_place_make(dirname(directory)) || fail(err, path);
    ok = ok && write_beside(fresh, profile, err) && read_back(fresh, profile, err) &&
         replace(fresh, path, old, err);
    if (!ok)
        unlink(fresh);
    zm_arena_done(&arena);
    return ok;
}
