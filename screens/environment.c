/*
 * The first thing that runs: nothing that the environment says may change where a password goes.
 */
#include "screens/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "zm/str.h"

extern char **environ;

/* Where one of the three was closed the next socket would get its number, and messages would be
 * written to a server. Writing to a stdout that only reads fails as it does to a closed one. */
static bool fill_descriptors(struct zm_error *err)
{
    int fd;

    for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return zm_error_set(err, ZM_ERR_SYSTEM, "", "start", "/dev/null: %s", strerror(errno));
    return true;
}

static bool is_kept(const char *variable)
{
    return strncmp(variable, "PGPASSFILE=", 11) == 0 ||
           strncmp(variable, "PGSERVICEFILE=", 14) == 0;
}

/* The value is wiped where the kernel put it, which /proc shows; it may be PGPASSWORD. */
static void clean(void)
{
    char **at = environ, name[64];

    while (at && *at) {
        size_t n = strcspn(*at, "=");

        if (strncmp(*at, "PG", 2) != 0 || is_kept(*at) || (*at)[n] != '=' || n >= sizeof(name)) {
            at++;
            continue;
        }
        memcpy(name, *at, n);
        name[n] = '\0';
        explicit_bzero(*at + n + 1, strlen(*at + n + 1));
        unsetenv(name); /* moves the rest up */
    }
}

/* A locale that is named but not installed leaves C, which can show no letter beyond ASCII. */
static void set_locale(void)
{
    const char *const names[] = {getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")};
    size_t i;

    if (!setlocale(LC_ALL, "")) {
        for (i = 0; i < ZM_COUNT(names) - 1 && !(names[i] && names[i][0]); i++)
            ;
        if (names[i] && (strstr(names[i], "UTF-8") || strstr(names[i], "utf8")))
            setlocale(LC_CTYPE, "C.UTF-8");
    }
    setlocale(LC_NUMERIC, "C");
}

bool environment_prepare(struct zm_error *err)
{
    const struct rlimit none = {0, 0};

    if (!fill_descriptors(err))
        return false;
    if (geteuid() != getuid() || getegid() != getgid()) {
        zm_error_set(err, ZM_ERR_USAGE, "", "start",
                     "zmartctl was started with the rights of "
                     "another account (set-uid)");
        return zm_error_hint(err, "remove the set-uid and set-gid bits of the program");
    }
    setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* the search for leaks attaches to its own process */
    prctl(PR_SET_DUMPABLE, 0);
#endif
    umask(077);
    set_locale();
    clean();
    return true;
}

const char *environment_take(const char *name, struct zm_arena *arena)
{
    char *value = getenv(name);
    const char *copy = NULL;

    if (!value)
        return NULL;
    if (value[0])
        copy = zm_arena_strdup(arena, value);
    explicit_bzero(value, strlen(value));
    unsetenv(name);
    return copy;
}

const char *environment_take_password(enum db_side side, struct zm_arena *arena)
{
    return environment_take(side == DB_BRAIN ? "ZMARTCTL_BRAIN_PASSWORD" : "ZMARTCTL_BOT_PASSWORD",
                            arena);
}

const char *environment_take_token(struct zm_arena *arena)
{
    return environment_take("ZMARTCTL_MANAGEMENT_TOKEN", arena);
}
