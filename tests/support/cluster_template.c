/*
 * The files of servers that the tests copy instead of making their own; ctest begins and ends with
 * them.
 * usage: cluster_template start|stop RECORD         RECORD is a file that then holds their place
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cluster.h"
#include "process.h"

static void stop(const char *record)
{
    char place[64] = "";
    const char *const argv[] = {"rm", "-rf", place, NULL};
    FILE *file = fopen(record, "r");

    if (!file)
        return;
    if (fgets(place, sizeof(place), file) && strstr(place, "/zmt."))
        process_run(argv);
    fclose(file);
    unlink(record);
}

static int start(const char *record)
{
    char place[64], data[96];
    FILE *file;
    int i;

    stop(record); /* what an interrupted run left behind */
    process_data_path(place, sizeof(place), "zmt");
    process_make_dir(place);
    for (i = 0; i < CLUSTER_TEMPLATES; i++) {
        snprintf(data, sizeof(data), "%s/%d", place, i);
        cluster_make(data);
    }
    file = fopen(record, "w");
    if (!file)
        return 1;
    fputs(place, file);
    return fclose(file) != 0;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    if (strcmp(argv[1], "start") == 0)
        return start(argv[2]);
    stop(argv[2]);
    return 0;
}
