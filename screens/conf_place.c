/*
 * Looks for files by name only; nothing is opened here.
 */
#include "screens/conf_place.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zm/str.h"

#define SYSTEM_FILE "/etc/zmartctl/zmartctl.conf"

/* The rules ask to ignore a relative path there. */
static const char *base(struct zm_arena *arena, const char *variable, const char *below_home)
{
    const char *xdg = getenv(variable), *home = getenv("HOME");

    if (xdg && xdg[0] == '/')
        return xdg;
    if (!home || home[0] != '/')
        return NULL;
    return zm_arena_printf(arena, "%s/%s", home, below_home);
}

const char *conf_place_own(struct zm_arena *arena)
{
    const char *config = base(arena, "XDG_CONFIG_HOME", ".config");

    return config ? zm_arena_printf(arena, "%s/zmartctl/zmartctl.conf", config) : NULL;
}

/* A file that exists and cannot be read is chosen, so that it is complained about. */
static bool exists(const char *path)
{
    return path && (access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR));
}

const char *conf_place_file(struct zm_arena *arena, const char *file, struct zm_error *err)
{
    const char *named = file ? file : getenv("ZMARTCTL_CONFIG"), *own = conf_place_own(arena);

    if (named && named[0])
        return zm_arena_strdup(arena, named);
    if (exists(own))
        return own;
    if (exists(SYSTEM_FILE))
        return SYSTEM_FILE;
    zm_error_set(err, ZM_ERR_CONFIG, "", "", "there is no configuration: neither %s%s%s",
                 own ? own : "", own ? " nor " : "", SYSTEM_FILE);
    zm_error_hint(err, "zmartctl init asks for both connections and writes it; zmartctl demo shows "
                       "everything on sample data");
    return NULL;
}

const char *conf_place_state(struct zm_arena *arena, const char *profile)
{
    const char *state = base(arena, "XDG_STATE_HOME", ".local/state");

    return state ? zm_arena_printf(arena, "%s/zmartctl/%s", state, profile) : NULL;
}

bool conf_place_make(const char *directory)
{
    char *path = zm_strdup(directory), *slash;
    bool ok = true;

    for (slash = path[0] ? strchr(path + 1, '/') : NULL; slash && ok;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        ok = mkdir(path, 0700) == 0 || errno == EEXIST || errno == EROFS || errno == EACCES;
        *slash = '/';
    }
    ok = ok && (mkdir(path, 0700) == 0 || errno == EEXIST);
    free(path);
    return ok;
}
