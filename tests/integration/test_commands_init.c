/*
 * zmartctl init on private servers: it saves what worked, nothing else, and keeps passwords where
 * they were said to be. Answers come line by line.
 */
#include "run_command.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

#include "support/demo.h"
#include "support/vt.h"
#include "zm/str.h"

struct place {
    struct demo demo;
    char directory[64];
};

static int set_up(void **state)
{
    struct place *place = zm_calloc(1, sizeof(*place));

    demo_start(&place->demo, 20, NULL);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    demo_done(&place->demo);
    free(place);
    return 0;
}

/* Runs init with these answers; `brain` and `bot` in them stand for the sockets. */
static struct ran init(struct place *place, const char *answers, const char *options)
{
    struct zm_buf text = {.s = NULL};
    char path[96], line[400];
    FILE *file;

    zm_buf_add(&text, "", 0);
    for (; *answers; answers++) {
        int side = *answers == '<' ? DB_BRAIN : *answers == '>' ? DB_BOT : DB_SIDES;

        if (side == DB_SIDES)
            zm_buf_add(&text, answers, 1);
        else
            zm_buf_puts(&text, place->demo.sockets[side]);
    }
    snprintf(path, sizeof(path), "%s/answers", place->directory);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text.s, file);
    fclose(file);
    zm_buf_done(&text);
    snprintf(line, sizeof(line), "$Z %s init <$D/answers", options);
    return run_line("", place->directory, line);
}

#define CONF ".config/zmartctl/zmartctl.conf"
/* host, port, database, role, project, password */
#define BRAIN "<\n\n\npostgres\n\n1\n"
#define BOT ">\n\n\npostgres\nabcdef\n1\n"
/* name, label, guard, save */
#define REST "\n\n\ny\n"

static bool is_saved(const struct place *place)
{
    char path[160];

    snprintf(path, sizeof(path), "%s/" CONF, place->directory);
    return access(path, F_OK) == 0;
}

static struct ran shell(const struct place *place, const char *line)
{
    return run_line("", place->directory, line);
}

static void what_works_is_saved_and_used(void **state)
{
    struct place *place = *state;
    struct ran ran;

    make_directory(place->directory);
    ran = init(place, BRAIN BOT REST, "");
    assert_ran(&ran, 0);
    assert_string_equal(ran.out, "");
    assert_holds(ran.err, "connected: PostgreSQL ");
    assert_holds(ran.err, "all its tables are there");
    assert_holds(ran.err, "may write 5 of 5 tables");
    ran_done(&ran);
    ran = shell(place, "$Z health && stat -c %a ~/" CONF " && cat ~/" CONF);
    assert_ran(&ran, 0);
    assert_null(strstr(ran.err, "first contact")); /* init met them */
    assert_holds(ran.out, "\n600\n");
    assert_holds(ran.out, "default_profile = \"production\";");
    assert_holds(ran.out, "project = \"abcdef\";");
    ran_done(&ran);
    /* Again: what was there stays as .old; without a yes it stays as it is. */
    ran = init(place, BRAIN BOT "\n\n\n\n", "");
    assert_ran(&ran, 5);
    assert_holds(ran.err, "exists. Replace it");
    ran_done(&ran);
    ran = init(place, BRAIN BOT "second\n2nd\n2\ny\n", "");
    assert_ran(&ran, 0);
    ran_done(&ran);
    ran = shell(place, "cat ~/" CONF " && grep -c production ~/" CONF ".old && $Z health");
    assert_ran(&ran, 0);
    assert_holds(ran.out, "guard = \"read_only\";");
    assert_holds(ran.out, "default_profile = \"second\";");
    ran_done(&ran);
    remove_directory(place->directory);
}

static void what_does_not_work_is_not_saved(void **state)
{
    static const struct {
        const char *answers;
        int code;
        const char *says;
    } cases[] = {
        {">\n\n\npostgres\n\n1\n", 2, "this is the other side's database"},
        {"/nowhere\n\n\npostgres\n\n1\n", 3, "cannot connect"},
        {BRAIN "<\n\n\npostgres\n\n1\n", 2, "this is the other side's database"},
        {"<\n\n\nnosuchrole\n\n1\n", 3, "nosuchrole"},
        {"<\n\n\npostgres\n\n2\nfalse\n", 3, "password_command"},
        {"<\n\n\npostgres\n\n2\na | b\n", 2, "only a shell understands"},
        {"<\n99999\n", 2, "1 to 65535"},
        {BRAIN BOT, 2, "the input ended"},
        {BRAIN BOT "\n\n\n", 2, "the input ended"},
        {BRAIN BOT "9lives\n", 2, "letters, digits"},
        {"postgresql://a@b/c?nosuch=1\n", 2, "'nosuch', which is not known"},
        {"", 2, "the input ended"},
    };
    struct place *place = *state;
    size_t i;

    make_directory(place->directory);
    for (i = 0; i < ZM_COUNT(cases); i++) {
        struct ran ran = init(place, cases[i].answers, "");

        assert_ran(&ran, cases[i].code);
        assert_holds(ran.err, cases[i].says);
        assert_holds(ran.err, "nothing was saved");
        assert_false(is_saved(place));
        ran_done(&ran);
    }
    remove_directory(place->directory);
}

/* The password of a URI goes into the file only where the person says so. */
static void a_password_goes_where_it_was_said(void **state)
{
    struct place *place = *state;
    char uri[300], answers[700], *at;
    struct ran ran;

    make_directory(place->directory);
    snprintf(uri, sizeof(uri), "postgresql://postgres:hunter%%202%%25@%s:5432/postgres",
             place->demo.sockets[DB_BRAIN]);
    at = uri + strlen("postgresql://postgres:hunter%202%25@");
    for (; (at = strchr(at, '/')) && strncmp(at, "/postgres", 9) != 0;) {
        memmove(at + 3, at + 1, strlen(at + 1) + 1); /* a socket's / as %2F */
        memcpy(at, "%2F", 3);
    }
    snprintf(answers, sizeof(answers), "%s\n\n1\n" BOT REST, uri);
    ran = init(place, answers, "");
    assert_ran(&ran, 0);
    assert_null(strstr(ran.err, "hunter"));
    ran_done(&ran);
    ran = shell(place, "cat ~/" CONF);
    assert_null(strstr(ran.out, "hunter"));
    assert_null(strstr(ran.out, "password"));
    ran_done(&ran);
    snprintf(answers, sizeof(answers), "%s\n\n4\n" BOT REST, uri);
    ran = init(place, answers, "-c $D/second.conf");
    assert_ran(&ran, 0);
    assert_null(strstr(ran.err, "hunter"));
    assert_holds(ran.err, "password = \"********\";");
    ran_done(&ran);
    ran = shell(place, "cat $D/second.conf; $Z -c $D/second.conf health");
    assert_ran(&ran, 0);
    assert_holds(ran.out, "password = \"hunter 2%\";");
    ran_done(&ran);
    remove_directory(place->directory);
}

/* A server that is not the recorded one is shown until it is accepted. */
static void a_changed_server_waits_for_accept(void **state)
{
    struct place *place = *state;
    struct ran ran;

    make_directory(place->directory);
    ran = init(place, BRAIN BOT REST, "");
    assert_ran(&ran, 0);
    ran_done(&ran);
    ran = shell(place, "k=~/.local/state/zmartctl/production/known; "
                       "sed -i 's/^brain [0-9]*/brain 4711/' $k; $Z health");
    assert_ran(&ran, 0);
    assert_holds(ran.err, "is not the server that was recorded");
    ran_done(&ran);
    ran = shell(place, "$Z init --accept");
    assert_ran(&ran, 0);
    assert_holds(ran.err, "is recorded now");
    assert_holds(ran.err, "ZmartBot: the recorded server; nothing to accept");
    ran_done(&ran);
    ran = shell(place, "$Z health");
    assert_null(strstr(ran.err, "is not the server"));
    ran_done(&ran);
    remove_directory(place->directory);
}

/* While it waits for an answer: the environment that /proc shows holds no password any more. */
static void a_password_leaves_the_environment(void **state)
{
    struct place *place = *state;
    const char *const argv[] = {ZM_BINARY, "init", NULL};
    const char *const env[] = {"ZMARTCTL_BRAIN_PASSWORD=hunter2", "PGPASSWORD=hunter3", NULL};
    struct vt *vt = vt_start(argv, env, 24, 80);
    char path[64], *environment, bytes[65536];
    FILE *file;
    size_t n, i;

    (void)place;
    vt_wait(vt, "host, or a postgresql:// URI:", VT_SOON_MS);
    snprintf(path, sizeof(path), "/proc/%d/environ", (int)vt_pid(vt));
    file = fopen(path, "r");
    if (file) { /* only root may read it: it is not dumpable */
        n = fread(bytes, 1, sizeof(bytes) - 1, file);
        fclose(file);
        for (i = 0; i < n; i++)
            bytes[i] = bytes[i] ? bytes[i] : ' ';
        bytes[n] = '\0';
        environment = bytes;
        assert_holds(environment, "HOME=");
        assert_null(strstr(environment, "hunter"));
    }
    vt_keys(vt, "Ctrl-C");
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 128 + SIGINT);
    vt_done(vt);
}

/* On a terminal a wrong answer is asked again, a password is not shown, and Ctrl-C leaves the
 * terminal as it was. */
static void a_terminal_is_asked_again(void **state)
{
    struct place *place = *state;
    const char *const argv[] = {ZM_BINARY, "init", NULL};
    struct vt *vt = vt_start(argv, NULL, 50, 100);
    char line[128];

    snprintf(line, sizeof(line), "%s\r", place->demo.sockets[DB_BRAIN]);
    vt_wait(vt, "host, or a postgresql:// URI:", VT_SOON_MS);
    vt_type(vt, "\r");
    vt_wait(vt, "an answer is needed", VT_SOON_MS);
    vt_type(vt, line);
    vt_wait(vt, "port [5432]:", VT_SOON_MS);
    vt_type(vt, "70000\r");
    vt_wait(vt, "1 to 65535", VT_SOON_MS);
    vt_type(vt, "\r\rpostgres\r\r4\r");
    vt_wait(vt, "password (not shown):", VT_SOON_MS);
    vt_type(vt, "hunter2");
    vt_settle(vt, 200, VT_SOON_MS);
    assert_int_equal(vt_find(vt, "hunter2", NULL), -1);
    vt_keys(vt, "Ctrl-C");
    assert_int_equal(vt_wait_exit(vt, VT_SOON_MS), 128 + SIGINT);
    vt_check_restored(vt);
    vt_done(vt);
}

/* A set-uid copy of the program refuses to start. */
static void set_uid_is_refused(void **state)
{
    struct place *place = *state;
    struct ran ran;
    bool sanitized = false;

#ifdef __SANITIZE_ADDRESS__ /* it searches for leaks as another account, and fails */
    sanitized = true;
#endif
    if (geteuid() != 0 || sanitized)
        skip();
    make_directory(place->directory);
    ran = shell(place, "cp $Z $D/copy && chown 12345 $D/copy && chmod 4755 $D/copy && chmod 711 $D "
                       "&& $D/copy --version");
    assert_ran(&ran, 2);
    assert_string_equal(ran.out, "");
    assert_holds(ran.err, "set-uid");
    ran_done(&ran);
    remove_directory(place->directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_works_is_saved_and_used),
        cmocka_unit_test(what_does_not_work_is_not_saved),
        cmocka_unit_test(a_password_goes_where_it_was_said),
        cmocka_unit_test(a_changed_server_waits_for_accept),
        cmocka_unit_test(a_password_leaves_the_environment),
        cmocka_unit_test(a_terminal_is_asked_again),
        cmocka_unit_test(set_uid_is_refused),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
