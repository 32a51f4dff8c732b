/*
 * Reads the date of --since.
 */
#include "screens/since.h"

#include <string.h>
#include <time.h>

#include "zm/str.h"

bool since_parse(const char *text, char ret[24], struct zm_error *err)
{
    struct tm tm = {.tm_mday = 1}, real;
    const char *end = NULL;
    time_t t;
    size_t i;
    static const char *const forms[] = {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S",
                                        "%Y-%m-%d %H:%M:%S",  "%Y-%m-%dT%H:%M",
                                        "%Y-%m-%d %H:%M",     "%Y-%m-%d"};

    for (i = 0; i < ZM_COUNT(forms) && !(end && *end == '\0'); i++) {
        memset(&tm, 0, sizeof(tm));
        end = strptime(text, forms[i], &tm);
    }
    real = tm;
    t = timegm(&real); /* moves the 31st of November to the 1st of December */
    if (end && *end == '\0' && real.tm_mday == tm.tm_mday && gmtime_r(&t, &real) &&
        strftime(ret, 24, "%Y-%m-%dT%H:%M:%SZ", &real) == 20)
        return true;
    zm_error_set(err, ZM_ERR_USAGE, "", "", "--since '%.60s' is not a date", text);
    return zm_error_hint(err, "2026-11-01, or 2026-11-01T09:30:00Z; times are UTC");
}
