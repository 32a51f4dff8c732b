/*
 * Reads the files of e-mail templates. Must not know which are live; what may stand in one is
 * db/mail_check.c's.
 */
#include "db/mail_template.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

static const char what[] = "read the template";
#define SUBJECT "Subject:"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* clang-format off */
static const struct {
    const char *key, *title;
} mails[DB_MAILS] = {
    [DB_MAIL_CONFIRMATION]     = {"confirmation", "Confirm sign up"},
    [DB_MAIL_INVITE]           = {"invite", "Invite user"},
    [DB_MAIL_MAGIC_LINK]       = {"magic_link", "Magic link"},
    [DB_MAIL_RECOVERY]         = {"recovery", "Reset password"},
    [DB_MAIL_EMAIL_CHANGE]     = {"email_change", "Change email address"},
    [DB_MAIL_REAUTHENTICATION] = {"reauthentication", "Reauthentication"},
};
/* clang-format on */

const char *db_mail_key(enum db_mail mail)
{
    return mails[mail].key;
}

const char *db_mail_title(enum db_mail mail)
{
    return mails[mail].title;
}

/* ---- texts ---- */

const char *db_mail_normal(struct zm_arena *arena, const char *text)
{
    char *copy = zm_arena_strdup(arena, text), *to = copy;

    if (!copy)
        return NULL;
    for (; *text; text++)
        if (text[0] != '\r' || text[1] != '\n')
            *to++ = *text;
    while (to > copy && strchr(" \t\r\n", to[-1]))
        to--;
    *to = '\0';
    return copy;
}

void db_mail_join(const struct db_mail_text *text, struct zm_buf *ret)
{
    zm_buf_printf(ret, SUBJECT " %s\n\n%s\n", text->subject, text->content);
}

static bool is_utf8(const char *text, size_t n)
{
    json_t *string = json_stringn(text, n);
    bool is = string != NULL;

    json_decref(string);
    return is;
}

bool db_mail_parse(enum db_mail mail, const char *text, size_t n, struct zm_arena *arena,
                   struct db_mail_text *ret, struct zm_error *err)
{
    const char *all, *at;
    char where[32];

    snprintf(where, sizeof(where), "%s.html:1", db_mail_key(mail));
    if (n > DB_MAIL_MAX)
        return zm_error_set(err, ZM_ERR_CONFIG, where, what, "it is longer than %d KiB",
                            DB_MAIL_MAX / 1024);
    if (memchr(text, '\0', n) || !is_utf8(text, n))
        return zm_error_set(err, ZM_ERR_CONFIG, where, what, "it is not a text in UTF-8");
    if (n >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0) {
        text += 3;
        n -= 3;
    }
    all = db_mail_normal(arena, zm_arena_strndup(arena, text, n));
    at = all + strcspn(all, "\n");
    ret->subject = db_mail_normal(arena, zm_arena_strndup(arena, all, (size_t)(at - all)));
    if (strncmp(ret->subject, SUBJECT, strlen(SUBJECT)) != 0) {
        zm_error_set(err, ZM_ERR_CONFIG, where, what, "its first line is not the subject");
        return zm_error_hint(err, "Subject: ..., an empty line, and the content");
    }
    ret->subject += strlen(SUBJECT);
    ret->subject += strspn(ret->subject, " \t");
    for (ret->line = 1; *at == '\n'; at++)
        ret->line++;
    ret->content = at;
    if (!ret->subject[0] || !at[strspn(at, " \t\n")])
        return zm_error_set(err, ZM_ERR_CONFIG, where, what, "it has no %s",
                            ret->subject[0] ? "content" : "subject");
    return true;
}

/* ---- files ---- */

/* At most one byte more than may be; the size tells. */
static bool read_all(int fd, struct zm_buf *ret)
{
    char bytes[8192];
    ssize_t n;

    zm_buf_puts(ret, "");
    while (ret->len <= DB_MAIL_MAX && (n = read(fd, bytes, sizeof(bytes))) != 0) {
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            zm_buf_add(ret, bytes, (size_t)n);
    }
    return true;
}

static bool fail_file(enum db_mail mail, const char *file, struct zm_error *err)
{
    char where[32];
    int why = errno;

    snprintf(where, sizeof(where), "%s.html", db_mail_key(mail));
    zm_error_set(err, ZM_ERR_CONFIG, where, what, "%s %.200s",
                 why == ENOENT   ? "there is no file"
                 : why == EACCES ? "not allowed to read"
                 : why == EISDIR ? "this is no file:"
                                 : "cannot read",
                 file);
    return zm_error_hint(err, "email_templates.directory has all six messages; those that come "
                              "with zmartctl are among its documentation");
}

bool db_mail_read(const char *directory, enum db_mail mail, struct zm_arena *arena,
                  struct db_mail_text *ret, const char **ret_file, struct zm_error *err)
{
    const char *builtin = db_mail_default(mail), *key = db_mail_key(mail);
    struct zm_buf text = {.s = NULL};
    bool ok;
    int fd;

    *ret_file = directory ? zm_arena_printf(arena, "%s/%s.html", directory, key)
                          : zm_arena_printf(arena, "%s.html as it comes with zmartctl", key);
    if (!directory)
        return db_mail_parse(mail, builtin, strlen(builtin), arena, ret, err);
    fd = open(*ret_file, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe holds nobody up */
    if (fd < 0)
        return fail_file(mail, *ret_file, err);
    ok = read_all(fd, &text) || fail_file(mail, *ret_file, err);
    close(fd);
    ok = ok && db_mail_parse(mail, text.s, text.len, arena, ret, err);
    zm_buf_done(&text);
    return ok;
}
