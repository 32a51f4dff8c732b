/*
 * Item 5: whether the e-mails that the Auth server sends are those of our templates, and setting
 * one that is not. The live configuration is asked for once for all steps.
 */
#include "db/steps_templates.h"

#include "db/mail_look.h"
#include "db/text_diff.h"

#define NOT_A_MESSAGE (-1)

bool db_steps_templates_known(struct db_checklist *list, const struct db_step *step)
{
    return step->item != db_steps_templates[0].item ||
           db_mail_look(list)->state != DB_MAIL_LOOK_FAILED;
}

bool db_steps_templates_seen(struct db_checklist *list, int item)
{
    return item != db_steps_templates[0].item || db_mail_look(list)->state == DB_MAIL_LOOK_READY;
}

/* ---- 5.1 ---- */

static const char *project_words(const struct db_checklist *list)
{
    const char *project = list->targets[DB_BRAIN].project;

    return project ? project : "of ZmartyBrain";
}

/* Answers for a step that cannot look; false: it can. */
static bool cannot_look(struct db_checklist *list, const struct db_mail_look *look,
                        struct db_step_finding *ret)
{
    if (look->state == DB_MAIL_LOOK_READY)
        return false;
    ret->state = DB_STEP_WAITING;
    ret->found = look->unset;
    if (look->state == DB_MAIL_LOOK_FAILED) {
        ret->state = DB_STEP_NOT_RUN;
        ret->err = look->err;
        ret->found = zm_arena_printf(&list->arena, "%s%s%s", look->err.message,
                                     look->err.hint[0] ? "; " : "", look->err.hint);
    }
    return true;
}

/* Where nobody but whoever sits at that machine can follow a link. */
static bool leads_nowhere(const char *site_url)
{
    static const char *const hosts[] = {"localhost", "127.", "[::1]", "0.0.0.0"};
    const char *host = strstr(site_url, "://");
    size_t i;

    host = host ? host + 3 : site_url;
    for (i = 0; i < ZM_COUNT(hosts); i++)
        if (strncmp(host, hosts[i], strlen(hosts[i])) == 0)
            return true;
    return !host[0];
}

static void check_api(struct db_checklist *list, const struct db_step *step,
                      struct db_step_finding *ret)
{
    const struct db_mail_look *look = db_mail_look(list);
    const struct db_mail_config *c = &look->config;
    const char *rate = "an unknown number of";

    ret->expected = "links in messages lead to the application; how many may be sent is known";
    if (cannot_look(list, look, ret)) {
        if (ret->state == DB_STEP_WAITING)
            ret->fix = zm_arena_printf(
                &list->arena,
                "-- email_templates.token_command or ZMARTCTL_MANAGEMENT_TOKEN, and project of "
                "brain, let it be read here.\n-- By hand: the dashboard of project %s, "
                "Authentication: URL Configuration and Rate Limits;\n-- then zmartctl check sign "
                "%s --note TEXT, or y on it",
                project_words(list), step->key);
        return;
    }
    if (c->per_hour >= 0)
        rate = zm_arena_printf(&list->arena, "%lld", c->per_hour);
    ret->state = leads_nowhere(c->site_url) ? DB_STEP_FAIL : DB_STEP_OK;
    if (ret->state == DB_STEP_FAIL)
        ret->fix = zm_arena_printf(&list->arena,
                                   "-- in the dashboard of project %s, Authentication, URL "
                                   "Configuration: the Site URL of the application",
                                   project_words(list));
    ret->found =
        zm_arena_printf(&list->arena, "site URL %s%s, %s e-mails an hour, %s",
                        c->site_url[0] ? c->site_url : "not set",
                        ret->state == DB_STEP_FAIL ? " (links lead nowhere)" : "", rate,
                        c->own_smtp ? "a mail server of its own"
                                    : "the built-in mailer, which writes to members of the team");
}

static void add_api(struct db_checklist *list, const struct db_step *step, struct zm_buf *ret)
{
    const struct db_mail_look *look = db_mail_look(list);

    if (look->state == DB_MAIL_LOOK_READY)
        zm_buf_printf(ret, "%s %s %lld %d\n", step->key, look->config.site_url,
                      look->config.per_hour, look->config.own_smtp);
}

/* ---- 5.2 to 5.7 ---- */

static enum db_mail mail_of(const struct db_step *step)
{
    return (enum db_mail)step->about;
}

static bool read_ours(struct db_checklist *list, const struct db_step *step,
                      struct db_mail_text *ret, const char **ret_file, struct zm_error *err)
{
    return db_mail_read(list->templates_directory, mail_of(step), &list->arena, ret, ret_file,
                        err) &&
           db_mail_check(mail_of(step), ret, err);
}

static bool is_same(const struct db_mail_text *live, const struct db_mail_text *ours)
{
    return zm_streq(live->subject, ours->subject) && zm_streq(live->content, ours->content);
}

static const char *whole(struct zm_arena *arena, const struct db_mail_text *text)
{
    struct db_mail_text t = {.subject = text->subject ? text->subject : "(Supabase's own)",
                             .content = text->content ? text->content : "(Supabase's own)"};
    struct zm_buf joined = {.s = NULL};
    const char *copy;

    db_mail_join(&t, &joined);
    copy = zm_arena_strdup(arena, joined.s);
    zm_buf_done(&joined);
    return copy;
}

static const char *make_diff(struct db_checklist *list, const struct db_mail_text *live,
                             const struct db_mail_text *ours, const char *file)
{
    struct zm_buf diff = {.s = NULL};
    const char *copy;

    db_text_diff("live", whole(&list->arena, live), file, whole(&list->arena, ours), &diff);
    copy = zm_arena_strdup(&list->arena, zm_text(diff.s));
    zm_buf_done(&diff);
    return copy;
}

/* What differs, in a line. */
static const char *difference(struct db_checklist *list, const struct db_mail_text *live,
                              const struct db_mail_text *ours)
{
    const char *subject = "", *theirs, *mine;
    int line;

    if (!live->subject)
        subject = "the subject is Supabase's own";
    else if (!zm_streq(live->subject, ours->subject))
        subject = zm_arena_printf(&list->arena, "the subject is \"%.80s\"", live->subject);
    if (!live->content)
        return zm_arena_printf(&list->arena, "%s%sthe content is Supabase's own", subject,
                               subject[0] ? "; " : "");
    line = db_text_first_difference(live->content, ours->content, &theirs, &mine);
    if (line == 0)
        return subject;
    return zm_arena_printf(&list->arena, "%s%sthe content differs from line %d on: \"%.*s\"",
                           subject, subject[0] ? "; " : "", line,
                           (int)(strcspn(theirs, "\n") < 80 ? strcspn(theirs, "\n") : 80), theirs);
}

static const char *by_hand(struct db_checklist *list, const struct db_step *step,
                           const struct db_mail_text *ours)
{
    return zm_arena_printf(
        &list->arena,
        "-- in the dashboard of project %s, Authentication, Emails, Templates, \"%s\";\n"
        "-- then zmartctl check sign %s --note TEXT, or y on it\n%s",
        project_words(list), db_mail_title(mail_of(step)), step->key, whole(&list->arena, ours));
}

static void check_message(struct db_checklist *list, const struct db_step *step,
                          struct db_step_finding *ret)
{
    const struct db_mail_look *look;
    const struct db_mail_text *live;
    struct db_mail_text ours;
    struct zm_error err;
    const char *file;
    char line[600];

    if (!read_ours(list, step, &ours, &file, &err)) {
        ret->state = DB_STEP_FAIL;
        ret->expected = zm_arena_printf(&list->arena, "%s can be used", file);
        ret->found =
            zm_arena_printf(&list->arena, "%s%s%s", zm_error_line(&err, line, sizeof(line)),
                            err.hint[0] ? ": " : "", err.hint);
        return;
    }
    ret->expected = zm_arena_printf(&list->arena, "subject and content as in %s", file);
    look = db_mail_look(list);
    if (cannot_look(list, look, ret)) {
        if (ret->state == DB_STEP_WAITING)
            ret->fix = by_hand(list, step, &ours);
        return;
    }
    live = &look->config.live[mail_of(step)];
    ret->state = is_same(live, &ours) ? DB_STEP_OK : DB_STEP_FAIL;
    ret->found = ret->state == DB_STEP_OK
                     ? zm_arena_printf(&list->arena, "they are live: \"%.100s\"", live->subject)
                     : difference(list, live, &ours);
    if (ret->state == DB_STEP_FAIL)
        ret->fix = make_diff(list, live, &ours, file);
}

/* Ours. It is what arrives where that message's step is ok. */
static void add_ours(struct db_checklist *list, const struct db_step *step, struct zm_buf *ret)
{
    struct db_mail_text ours;
    struct zm_error err;
    const char *file;

    if (read_ours(list, step, &ours, &file, &err))
        zm_buf_printf(ret, "%s ours %s", step->key, whole(&list->arena, &ours));
}

/* The live text and ours; where a person says what is live, he says it of ours. */
static void add_message(struct db_checklist *list, const struct db_step *step, struct zm_buf *ret)
{
    const struct db_mail_look *look = db_mail_look(list);

    if (look->state == DB_MAIL_LOOK_READY)
        zm_buf_printf(ret, "%s live %s", step->key,
                      whole(&list->arena, &look->config.live[mail_of(step)]));
    add_ours(list, step, ret);
}

/* Why nothing can be sent. */
static bool may_send(const struct db_mail_look *look, struct zm_error *err)
{
    if (look->state == DB_MAIL_LOOK_READY)
        return true;
    if (look->state == DB_MAIL_LOOK_FAILED) {
        *err = look->err;
        return false;
    }
    zm_error_set(err, ZM_ERR_REFUSED, "", "set the message", "%s", look->unset);
    return zm_error_hint(err, "nothing was changed; set email_templates.token_command or "
                              "ZMARTCTL_MANAGEMENT_TOKEN, or set it by hand");
}

/* Sends them and reads them back. False: *err, and they are not live. */
static bool send(struct db_checklist *list, const struct db_step *step,
                 const struct db_mail_text *ours, struct db_step_finding *ret, struct zm_error *err)
{
    const struct db_mail_look *look;
    struct db_mail_asking asking;
    bool unknown = false, ok;

    if (list->say)
        list->say(list->context, "sending the subject and the content");
    ok = db_mail_asking_begin(list, &asking, err) &&
         db_mail_config_write(&asking.api, mail_of(step), ours, &unknown, err);
    db_mail_asking_done(&asking);
    if (!ok && !unknown)
        return false;
    if (list->say)
        list->say(list->context, "reading them back");
    db_mail_look_forget(list);
    look = db_mail_look(list);
    check_message(list, step, ret);
    if (ok && ret->state == DB_STEP_FAIL)
        ret->found = zm_arena_printf(
            &list->arena, "the API took them, but they did not become live: %s", ret->found);
    if (ok || ret->state == DB_STEP_OK)
        return true;
    if (look->state == DB_MAIL_LOOK_READY)
        return zm_error_hint(err, "what was live is live still; try again");
    ret->err = *err;
    return true;
}

static bool run_message(struct db_checklist *list, const struct db_step *step, bool dry_run,
                        struct db_step_finding *ret, struct zm_error *err)
{
    struct db_mail_text ours;
    const char *file;

    if (!read_ours(list, step, &ours, &file, err) || !may_send(db_mail_look(list), err))
        return false;
    if (!dry_run)
        return send(list, step, &ours, ret, err);
    check_message(list, step, ret);
    return true;
}

static void check_seen(struct db_checklist *list, const struct db_step *step,
                       struct db_step_finding *ret)
{
    ret->state = DB_STEP_WAITING;
    ret->expected = "a person registered, received the message, and it looks right";
    ret->found = "nobody has said so";
    ret->fix = zm_arena_printf(&list->arena, "-- zmartctl check sign %s --note TEXT, or y on it",
                               step->key);
}

/* clang-format off */
const struct db_step db_steps_templates[] = {
    {"5.1", 5, "the Auth settings can be read", DB_STEP_NOWHERE, DB_STEP_API,
     "links lead to the site URL, and beyond the rate limit nobody gets a message",
     "", check_api, NULL, add_api, NOT_A_MESSAGE},
    {"5.2", 5, "message: confirm sign up", DB_STEP_NOWHERE, DB_STEP_API,
     "without the code in it nobody can finish the registration",
     "", check_message, run_message, add_message, DB_MAIL_CONFIRMATION},
    {"5.3", 5, "message: invite", DB_STEP_NOWHERE, DB_STEP_API,
     "without its link nobody can accept an invitation",
     "", check_message, run_message, add_message, DB_MAIL_INVITE},
    {"5.4", 5, "message: magic link", DB_STEP_NOWHERE, DB_STEP_API,
     "without its link or code nobody can sign in without a password",
     "", check_message, run_message, add_message, DB_MAIL_MAGIC_LINK},
    {"5.5", 5, "message: reset password", DB_STEP_NOWHERE, DB_STEP_API,
     "without its link or code nobody who forgot the password comes back",
     "", check_message, run_message, add_message, DB_MAIL_RECOVERY},
    {"5.6", 5, "message: change e-mail", DB_STEP_NOWHERE, DB_STEP_API,
     "without its link or code nobody can change the address",
     "", check_message, run_message, add_message, DB_MAIL_EMAIL_CHANGE},
    {"5.7", 5, "message: reauthentication", DB_STEP_NOWHERE, DB_STEP_API,
     "without the code in it nobody can confirm a sensitive change",
     "", check_message, run_message, add_message, DB_MAIL_REAUTHENTICATION},
    {"5.8", 5, "a confirmation message arrived and looks right", DB_STEP_NOWHERE, DB_STEP_HUMAN,
     "a template that is set is not yet a message that somebody received",
     "", check_seen, NULL, add_ours, DB_MAIL_CONFIRMATION},
    {.key = NULL},
};
/* clang-format on */
