/*
 * Takes a URI apart by hand: libpq would, but what it does not say is whether it took everything.
 */
#include "screens/init_uri.h"

#include <stdlib.h>

#include "screens/conf_options.h"
#include "zm/str.h"

const char *init_option_get(const struct init_side *side, const char *name)
{
    size_t i;

    for (i = 0; i < side->n; i++)
        if (zm_streq(side->option[i].name, name))
            return side->option[i].value;
    return "";
}

void init_option_set(struct init_side *side, const char *name, const char *value)
{
    size_t i;

    for (i = 0; i < side->n && !zm_streq(side->option[i].name, name); i++)
        ;
    if (!value[0]) {
        if (i < side->n) {
            memmove(&side->option[i], &side->option[i + 1],
                    (side->n - i - 1) * sizeof(side->option[0]));
            side->n--;
        }
        return;
    }
    if (i == INIT_OPTIONS)
        return;
    zm_copy(side->option[i].name, sizeof(side->option[i].name), name);
    zm_copy(side->option[i].value, sizeof(side->option[i].value), value);
    if (i == side->n)
        side->n++;
}

static size_t scheme_length(const char *text)
{
    static const char *const schemes[] = {"postgresql://", "postgres://"};
    size_t i;

    for (i = 0; i < ZM_COUNT(schemes); i++)
        if (strncmp(text, schemes[i], strlen(schemes[i])) == 0)
            return strlen(schemes[i]);
    return 0;
}

bool init_uri_is(const char *text)
{
    return scheme_length(text) > 0;
}

static int hex(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* n bytes with %XX decoded; false for a bad escape, a control character or what does not fit. */
static bool decode(const char *s, size_t n, char *dst, size_t size)
{
    size_t i, k = 0;

    for (i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];

        if (c == '%') {
            if (i + 2 >= n || !zm_is_hex(s[i + 1]) || !zm_is_hex(s[i + 2]))
                return false;
            c = (unsigned char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
            i += 2;
        }
        if (c < 0x20 || c == 0x7f || k + 1 >= size)
            return false;
        dst[k++] = (char)c;
    }
    dst[k] = '\0';
    return true;
}

static bool fail(struct zm_error *err, const char *what)
{
    zm_error_set(err, ZM_ERR_USAGE, "", "", "the URI %s", what);
    return zm_error_hint(err, "postgresql://user:password@host:5432/postgres?sslmode=verify-full");
}

static bool take(struct init_side *side, const char *name, const char *s, size_t n,
                 struct zm_error *err)
{
    char value[512];

    if (!decode(s, n, value, sizeof(value)))
        return fail(err, "holds something that cannot be read");
    init_option_set(side, name, value);
    return true;
}

/* user:password@ */
static bool take_user(struct init_side *side, const char *s, size_t n, struct zm_error *err)
{
    const char *colon = memchr(s, ':', n);

    if (colon &&
        !decode(colon + 1, n - (size_t)(colon + 1 - s), side->password, sizeof(side->password)))
        return fail(err, "has a password that cannot be read; write % as %25");
    return take(side, "user", s, colon ? (size_t)(colon - s) : n, err);
}

/* host:port, [::1]:port */
static bool take_host(struct init_side *side, const char *s, size_t n, struct zm_error *err)
{
    const char *end = s[0] == '[' ? memchr(s, ']', n) : NULL, *colon;

    if (memchr(s, ',', n))
        return fail(err, "names several hosts; give one");
    if (s[0] == '[' && !end)
        return fail(err, "has an address without its ]");
    colon = memchr(end ? end : s, ':', n - (size_t)((end ? end : s) - s));
    if (colon && !take(side, "port", colon + 1, n - (size_t)(colon + 1 - s), err))
        return false;
    if (end)
        return take(side, "host", s + 1, (size_t)(end - s) - 1, err);
    return take(side, "host", s, colon ? (size_t)(colon - s) : n, err);
}

static bool take_option(struct init_side *side, const char *s, size_t n, struct zm_error *err)
{
    const char *equals = memchr(s, '=', n);
    const struct conf_option *row;
    char name[32];

    if (!equals || !decode(s, (size_t)(equals - s), name, sizeof(name)))
        return fail(err, "has an option without a value");
    row = conf_option_find(CONF_CONNECTION, name);
    if (row && row->type == CONF_SECRET) {
        if (decode(equals + 1, n - (size_t)(equals + 1 - s), side->password,
                   sizeof(side->password)))
            return true;
        return fail(err, "has a password that cannot be read");
    }
    if (row && row->type == CONF_KEYWORD)
        return take(side, row->name, equals + 1, n - (size_t)(equals + 1 - s), err);
    zm_error_set(err, ZM_ERR_USAGE, "", "", "the URI has the option '%s', which is not known here",
                 name);
    return zm_error_hint(err, "leave it out");
}

bool init_uri_parse(const char *text, struct init_side *ret, struct zm_error *err)
{
    const char *s = text + scheme_length(text), *at, *end;
    size_t n = strcspn(s, "/?");

    end = s + n;
    for (at = end; at > s && at[-1] != '@'; at--) /* a password may hold an @ that is not escaped */
        ;
    if (at > s && !take_user(ret, s, (size_t)(at - 1 - s), err))
        return false;
    if (end > at && !take_host(ret, at, (size_t)(end - at), err))
        return false;
    if (*end == '/') {
        n = strcspn(++end, "?");
        if (!take(ret, "dbname", end, n, err))
            return false;
        end += n;
    }
    while (*end == '?' || *end == '&') {
        n = strcspn(++end, "&");
        if (n > 0 && !take_option(ret, end, n, err))
            return false;
        end += n;
    }
    return true;
}
