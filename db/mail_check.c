/*
 * What may stand in an e-mail template: as much of Go's templates as it takes to find what the Auth
 * server would stumble over. Pure.
 */
#include "db/mail_template.h"

#define BLOCKS 32

enum {
    URL = 1,
    TOKEN = 2,
    HASH = 4,
    SITE = 8,
    EMAIL = 16,
    NEW_EMAIL = 32,
    DATA = 64,
    REDIRECT = 128,
    SENDING_TO = 256,
    ANY_WAY = URL | TOKEN | HASH, /* to confirm */
    LINKED = ANY_WAY | SITE | EMAIL | DATA | REDIRECT,
};
/* clang-format off */
static const struct {
    const char *name;
    unsigned bit;
} variables[] = {
    {"ConfirmationURL", URL}, {"Token", TOKEN}, {"TokenHash", HASH}, {"SiteURL", SITE},
    {"Email", EMAIL}, {"NewEmail", NEW_EMAIL}, {"Data", DATA}, {"RedirectTo", REDIRECT},
    {"SendingTo", SENDING_TO},
};
static const struct {
    unsigned allowed, needed; /* one of needed at least */
    const char *needed_words;
} rules[DB_MAILS] = {
    [DB_MAIL_CONFIRMATION]     = {LINKED, ANY_WAY, "{{ .Token }}, {{ .ConfirmationURL }} or {{ .TokenHash }}"},
    [DB_MAIL_INVITE]           = {LINKED, ANY_WAY, "{{ .ConfirmationURL }}, {{ .Token }} or {{ .TokenHash }}"},
    [DB_MAIL_MAGIC_LINK]       = {LINKED, ANY_WAY, "{{ .ConfirmationURL }}, {{ .Token }} or {{ .TokenHash }}"},
    [DB_MAIL_RECOVERY]         = {LINKED, ANY_WAY, "{{ .ConfirmationURL }}, {{ .Token }} or {{ .TokenHash }}"},
    [DB_MAIL_EMAIL_CHANGE]     = {LINKED | NEW_EMAIL | SENDING_TO, ANY_WAY, "{{ .ConfirmationURL }}, {{ .Token }} or {{ .TokenHash }}"},
    [DB_MAIL_REAUTHENTICATION] = {TOKEN | SITE | EMAIL | DATA, TOKEN, "{{ .Token }}"},
};
/* https://pkg.go.dev/text/template#hdr-Actions and #hdr-Functions */
static const char *const opening[] = {"if", "with", "range", "block", "define"};
static const char *const words[] = {
    "else", "template", "break", "continue", "nil", "true", "false", "and", "or", "not", "eq", "ne",
    "lt", "le", "gt", "ge", "len", "index", "slice", "print", "printf", "println", "html", "js",
    "urlquery", "call",
};
/* clang-format on */

struct check {
    enum db_mail mail;
    struct zm_error *err;
    int line;
    unsigned used;
    struct {
        int line;
        bool moves; /* with, range: a dot is something else inside */
    } block[BLOCKS];
    int depth;
};

__attribute__((format(printf, 2, 3))) static bool fail(const struct check *c, const char *format,
                                                       ...)
{
    char where[32], text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    snprintf(where, sizeof(where), "%s.html:%d", db_mail_key(c->mail), c->line);
    return zm_error_set(c->err, ZM_ERR_CONFIG, where, "use the template", "%s", text);
}

static size_t name_length(const char *at)
{
    return strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
}

static bool is_one(const char *const *list, size_t count, const char *name)
{
    while (count-- > 0)
        if (zm_streq(list[count], name))
            return true;
    return false;
}

/* ---- one variable, one word ---- */

static const char *nearest(const char *name, unsigned allowed)
{
    const char *best = NULL;
    size_t i, least = 4;

    for (i = 0; i < ZM_COUNT(variables); i++) {
        size_t far = zm_edit_distance(name, variables[i].name);

        if ((variables[i].bit & allowed) && far < least) {
            least = far;
            best = variables[i].name;
        }
    }
    return best;
}

static bool check_variable(struct check *c, const char *name)
{
    unsigned allowed = rules[c->mail].allowed;
    const char *near;
    size_t i;

    for (i = 0; i < ZM_COUNT(variables); i++)
        if (zm_streq(variables[i].name, name)) {
            c->used |= variables[i].bit;
            return (variables[i].bit & allowed) ||
                   fail(c, "this message has no {{ .%.40s }}", name);
        }
    for (i = 0; i < (size_t)c->depth; i++)
        if (c->block[i].moves)
            return true;
    near = nearest(name, allowed);
    fail(c, "{{ .%.40s }} is no variable", name);
    return near ? zm_error_hint(c->err, "{{ .%s }}?", near) : false;
}

static bool open_block(struct check *c, const char *name)
{
    if (c->depth == BLOCKS)
        return fail(c, "more than %d blocks inside each other", BLOCKS);
    c->block[c->depth].line = c->line;
    c->block[c->depth++].moves = zm_streq(name, "with") || zm_streq(name, "range");
    return true;
}

static bool check_word(struct check *c, const char *name)
{
    const char *near;

    if (is_one(opening, ZM_COUNT(opening), name))
        return open_block(c, name);
    if (zm_streq(name, "end"))
        return c->depth-- > 0 || fail(c, "{{ end }} without a beginning");
    if (is_one(words, ZM_COUNT(words), name))
        return true;
    near = nearest(name, rules[c->mail].allowed);
    fail(c, "'%.40s' is no word of a template", name);
    return near ? zm_error_hint(c->err, "{{ .%s }}, with a dot?", near) : false;
}

/* ---- one action: from {{ to }} ---- */

/* The length of a quoted text with its quotes; 0: it does not end. */
static size_t quoted_length(const char *at)
{
    const char *end = at + 1;

    while (*end && *end != *at && (*end != '\n' || *at == '`'))
        end += *at == '"' && end[0] == '\\' && end[1] ? 2 : 1;
    return *end == *at ? (size_t)(end + 1 - at) : 0;
}

/* ".Data.name", "$.Token", "$user.name": only what the message has is looked at. */
static bool check_path(struct check *c, const char **at)
{
    bool own = **at == '$' && name_length(*at + 1) > 0;
    char name[64];
    bool first = true, ok = true;

    if (**at == '$')
        *at += 1 + name_length(*at + 1);
    while (**at == '.') {
        size_t n = name_length(*at + 1);

        snprintf(name, sizeof(name), "%.*s", (int)(n < 63 ? n : 63), *at + 1);
        *at += n + 1;
        if (first && n > 0 && !own)
            ok = ok && check_variable(c, name);
        first = false;
    }
    return ok;
}

/* *at is behind {{, and ends behind }}. */
static bool check_action(struct check *c, const char **at)
{
    char name[64];
    size_t n;

    while (strncmp(*at, "}}", 2) != 0) {
        if (!**at)
            return fail(c, "{{ without }}");
        n = 1;
        if (strchr("\"`'", **at)) {
            n = quoted_length(*at);
            if (n == 0)
                return fail(c, "a quotation that does not end");
        } else if (**at == '.' || **at == '$') {
            if (!check_path(c, at))
                return false;
            n = 0;
        } else if (**at >= '0' && **at <= '9') {
            n = strspn(*at, "0123456789.xabcdefABCDEF_");
        } else if (name_length(*at) > 0) {
            n = name_length(*at);
            snprintf(name, sizeof(name), "%.*s", (int)(n < 63 ? n : 63), *at);
            if (!check_word(c, name))
                return false;
        }
        while (n-- > 0)
            c->line += *(*at)++ == '\n';
    }
    *at += 2;
    return true;
}

static bool check_text(struct check *c, const char *text, int line)
{
    const char *at = text;

    c->line = line;
    for (c->depth = 0; *at;) {
        if (strncmp(at, "{{", 2) != 0) {
            c->line += *at++ == '\n';
        } else if (strncmp(at, "{{/*", 4) == 0 || strncmp(at, "{{- /*", 6) == 0) {
            const char *end = strstr(at, "*/");

            if (!end)
                return fail(c, "a comment that does not end");
            for (; at < end; at++)
                c->line += *at == '\n';
            end = strstr(at, "}}");
            at = end ? end + 2 : at + strlen(at);
        } else {
            at += 2;
            if (!check_action(c, &at))
                return false;
        }
    }
    if (c->depth == 0)
        return true;
    c->line = c->block[c->depth - 1].line;
    return fail(c, "a block without its {{ end }}");
}

bool db_mail_check(enum db_mail mail, const struct db_mail_text *text, struct zm_error *err)
{
    struct check c = {.mail = mail, .err = err};

    if (!check_text(&c, text->subject, 1))
        return false;
    c.used = 0; /* what only the subject says is not enough */
    if (!check_text(&c, text->content, text->line))
        return false;
    if (c.used & rules[mail].needed)
        return true;
    c.line = text->line;
    fail(&c, "there is no %s in it", rules[mail].needed_words);
    return zm_error_hint(err, "nobody could confirm anything with this message");
}
