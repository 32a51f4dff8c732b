/*
 * Any line through the filter language: it parses or says why, and never keeps a term that is not
 * terminated.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "db/filter.h"
#include "zm/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *line = malloc(size + 1);
    struct db_filter filter;
    struct zm_error err;
    size_t i;

    if (!line)
        return 0;
    for (i = 0; i < size; i++)
        line[i] = (char)data[i];
    line[size] = '\0';
    if (db_filter_parse(line, &filter, &err)) {
        if (filter.n > DB_FILTER_MAX)
            abort();
        for (i = 0; i < filter.n; i++)
            if (!memchr(filter.term[i].value, '\0', sizeof(filter.term[i].value)))
                abort();
    } else if (err.kind != ZM_ERR_USAGE || !err.message[0]) {
        abort();
    }
    free(line);
    return 0;
}
