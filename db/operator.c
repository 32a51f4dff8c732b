/*
 * What this machine says about who is at the keyboard.
 */
#include "db/operator.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "zm/str.h"

/* The first line of a small file; "" when it cannot be read. */
static void read_line(const char *path, char *dst, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, dst, size - 1) : 0;

    dst[n > 0 ? n : 0] = '\0';
    dst[strcspn(dst, "\n")] = '\0';
    if (fd >= 0)
        close(fd);
}

void db_operator_self(struct db_operator *ret, const char *version)
{
    static const char unset[] = "4294967295"; /* of a process that nobody logged in for */
    struct passwd entry, *found = NULL;
    char buffer[4096];

    memset(ret, 0, sizeof(*ret));
    if (getpwuid_r(getuid(), &entry, buffer, sizeof(buffer), &found) == 0 && found)
        zm_copy(ret->os_user, sizeof(ret->os_user), entry.pw_name);
    else
        snprintf(ret->os_user, sizeof(ret->os_user), "uid %lu", (unsigned long)getuid());
    read_line("/proc/self/loginuid", ret->loginuid, sizeof(ret->loginuid));
    if (zm_streq(ret->loginuid, unset))
        ret->loginuid[0] = '\0';
    zm_copy(ret->ssh, sizeof(ret->ssh), getenv("SSH_CONNECTION"));
    if (gethostname(ret->host, sizeof(ret->host) - 1) != 0)
        ret->host[0] = '\0';
    zm_copy(ret->version, sizeof(ret->version), version);
}
