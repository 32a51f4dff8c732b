/*
 * Any bytes as a configuration file: it is understood whole or refused with a reason. Nothing is
 * kept on disk but one private file in memory (/dev/shm), written anew for each input.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "screens/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct conf conf;
    struct zm_error err;
    int fd;

    snprintf(path, sizeof(path), "/dev/shm/zmartctl-fuzz.%d", (int)getpid());
    fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    close(fd);
    memset(&conf, 0, sizeof(conf));
    if (conf_load(path, NULL, &conf, &err)) {
        if (!conf.profile || !conf.label)
            abort();
        conf_done(&conf);
    } else if (!err.message[0]) {
        abort();
    }
    unlink(path);
    return 0;
}
