/*
 * The e-mails that the Auth server sends, as files: KEY.html, whose first line is "Subject: ..."
 * and whose rest, after an empty line, is the content. One file holds all of a message, so that
 * the two cannot come apart. The subject and the content are templates of Go with the variables of
 * https://supabase.com/docs/guides/auth/auth-email-templates.
 */
#ifndef DB_MAIL_TEMPLATE_H
#define DB_MAIL_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "zm/arena.h"
#include "zm/error.h"
#include "zm/str.h"

enum db_mail {
    DB_MAIL_CONFIRMATION,
    DB_MAIL_INVITE,
    DB_MAIL_MAGIC_LINK,
    DB_MAIL_RECOVERY,
    DB_MAIL_EMAIL_CHANGE,
    DB_MAIL_REAUTHENTICATION,
    DB_MAILS,
};
#define DB_MAIL_MAX (256 * 1024) /* bytes of a file */

struct db_mail_text { /* line ends are \n, and there are none at the end */
    const char *subject, *content;
    int line; /* of its file in which the content begins */
};

/* "confirmation", "magic_link": as in the API's keys and the files' names. */
const char *db_mail_key(enum db_mail mail);
/* What the dashboard calls it: "Confirm sign up". */
const char *db_mail_title(enum db_mail mail);
/* The file that comes with the program. */
const char *db_mail_default(enum db_mail mail);

/* Reads a message's file from a directory, NULL: what comes with the program. Texts and *ret_file
 * ("/srv/templates/invite.html", "invite.html as it comes with zmartctl") are in the arena. False:
 * there is no such file, it is too long, not UTF-8, or has no subject (ZM_ERR_CONFIG). */
bool db_mail_read(const char *directory, enum db_mail mail, struct zm_arena *arena,
                  struct db_mail_text *ret, const char **ret_file, struct zm_error *err);
/* The same of a text of n bytes that was read already. */
bool db_mail_parse(enum db_mail mail, const char *text, size_t n, struct zm_arena *arena,
                   struct db_mail_text *ret, struct zm_error *err);
/* Whether the Auth server can make a message of it: every variable is one that this message has,
 * what it cannot do without is there, and its blocks are closed. False: ZM_ERR_CONFIG, where is
 * "invite.html:3". */
bool db_mail_check(enum db_mail mail, const struct db_mail_text *text, struct zm_error *err);

/* As a text is compared: \n at the ends of lines, no blanks at its end. In the arena; NULL stays.
 */
const char *db_mail_normal(struct zm_arena *arena, const char *text);
/* As its file would be. */
void db_mail_join(const struct db_mail_text *text, struct zm_buf *ret);

#endif
