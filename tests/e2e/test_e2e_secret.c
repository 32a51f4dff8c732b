/*
 * The token of the Management API is in memory while something is asked with it, and nowhere else:
 * not on the screen, in the log or the state directory, on a command line or in the environment of
 * whoever is started. There is no core of this program; its memory is read instead.
 */
#define _GNU_SOURCE /* memmem */
#include "mail_console.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/process.h"
#include "zm/clock.h"
#include "zm/str.h"

#define TOKEN MAIL_API_TOKEN
#define LARGEST (256 * 1024 * 1024) /* of a region that is read; those of sanitizers are larger */

struct place {
    struct demo demo;
    struct mail_api api;
    char directory[32], script[64], conf[64], bare[64], log[64];
};

/* ---- where it might be ---- */

static size_t count_in(const char *bytes, size_t n)
{
    const char *at = bytes, *end = bytes + n;
    size_t found = 0;

    while ((at = memmem(at, (size_t)(end - at), TOKEN, strlen(TOKEN)))) {
        found++;
        at += strlen(TOKEN);
    }
    return found;
}

static size_t count_in_file(const char *path)
{
    struct zm_buf text = {.s = NULL};
    char bytes[65536];
    FILE *file = fopen(path, "r");
    size_t n, found;

    if (!file)
        fail_msg("%s: %s", path, strerror(errno));
    while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
        zm_buf_add(&text, bytes, n);
    fclose(file);
    found = text.len > 0 ? count_in(text.s, text.len) : 0;
    zm_buf_done(&text);
    return found;
}

/* All files below a directory but the one that the token is kept in. */
static size_t count_below(const char *path, const char *but)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    char name[512];
    struct stat st;
    size_t found = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        if (zm_streq(entry->d_name, ".") || zm_streq(entry->d_name, "..") ||
            zm_streq(entry->d_name, but) || lstat(name, &st) != 0)
            continue;
        found += S_ISDIR(st.st_mode)   ? count_below(name, but)
                 : S_ISREG(st.st_mode) ? count_in_file(name)
                                       : 0;
    }
    closedir(dir);
    return found;
}

static size_t count_in_region(int mem, unsigned long from, unsigned long to)
{
    char *bytes = zm_malloc(to - from);
    ssize_t n = pread(mem, bytes, to - from, (off_t)from);
    size_t found = n > 0 ? count_in(bytes, (size_t)n) : 0;

    free(bytes);
    return found;
}

/* What a core would have. -1: nobody may look, root excepted. */
static long count_in_memory(pid_t pid)
{
    char path[64], line[512], mode[8];
    unsigned long from, to;
    FILE *maps;
    long found = 0;
    int mem;

    snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
    mem = open(path, O_RDONLY | O_CLOEXEC);
    if (mem < 0 && (errno == EACCES || errno == EPERM))
        return -1;
    assert_true(mem >= 0);
    snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
    maps = fopen(path, "r");
    assert_non_null(maps);
    while (fgets(line, sizeof(line), maps))
        if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) == 3 && mode[0] == 'r' &&
            mode[1] == 'w' && to - from <= LARGEST)
            found += (long)count_in_region(mem, from, to);
    fclose(maps);
    close(mem);
    return found;
}

/* A lane may still be asking behind the screen: what stays is what counts. */
static long count_that_stays(pid_t pid, long most)
{
    int64_t deadline = zm_now_ms() + VT_SOON_MS / 2;
    long found = count_in_memory(pid);

    while (found > most && zm_now_ms() < deadline) {
        poll(NULL, 0, 100);
        found = count_in_memory(pid);
    }
    return found;
}

static void assert_in_memory(pid_t pid, long least, long most)
{
    long found = count_that_stays(pid, most);

#ifdef __SANITIZE_ADDRESS__ /* it keeps what was freed, and memory of its own beside it */
    (void)least;
    (void)most;
    assert_true(found >= -1);
#else
    if (found != -1 && (found < least || found > most))
        fail_msg("the token is in memory %ld times, wanted %ld to %ld", found, least, most);
    if (found == -1)
        assert_true(geteuid() != 0);
#endif
}

/* Everything but its memory. */
static void assert_nowhere(const struct place *p, struct vt *vt)
{
    char path[64];
    const char *bytes;
    size_t n;

    vt_pump(vt);
    bytes = vt_log(vt, &n);
    assert_true(n > 1000);
    assert_int_equal(count_in(bytes, n), 0);
    snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)vt_pid(vt));
    assert_int_equal(count_in_file(path), 0);
    snprintf(path, sizeof(path), "/proc/%d/environ", (int)vt_pid(vt));
    if (access(path, R_OK) == 0)
        assert_int_equal(count_in_file(path), 0);
    assert_int_equal(count_below(p->directory, "token"), 0);
    assert_int_equal(count_below(vt_home(vt), "token"), 0);
}

/* ---- rig ---- */

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fchmod(fileno(file), mode), 0);
    fclose(file);
}

/* With the program that prints the token, and as ZmartyBrain's password_command one that prints
 * none: both leave what they were started with. */
static void write_confs(struct place *p)
{
    char text[400], *at, *conf;
    struct zm_buf out = {.s = NULL};
    FILE *file;
    size_t n;

    snprintf(p->script, sizeof(p->script), "%s/say", p->directory);
    snprintf(text, sizeof(text),
             "#!/bin/sh\ncd %s\ncat /proc/$$/environ /proc/$$/cmdline /proc/$PPID/cmdline "
             ">started.$$\ncat $1\n",
             p->directory);
    write_file(p->script, text, 0700);
    snprintf(text, sizeof(text), "%s/token", p->directory);
    write_file(text, TOKEN "\n", 0600);
    mail_api_write_conf(&p->api, p->demo.conf, p->bare);
    file = fopen(p->bare, "r");
    assert_non_null(file);
    conf = zm_calloc(1, 65536);
    n = fread(conf, 1, 65535, file);
    assert_true(n > 0 && n < 65535);
    fclose(file);
    at = strstr(conf, "email_templates: {");
    assert_non_null(at);
    zm_buf_add(&out, conf, (size_t)(at - conf));
    zm_buf_printf(&out, "email_templates: { token_command = \"%s token\";%s", p->script,
                  at + strlen("email_templates: {"));
    write_file(p->conf, out.s, 0600);
    zm_buf_done(&out);
    at = strstr(conf, "brain: {");
    assert_non_null(at);
    zm_buf_add(&out, conf, (size_t)(at - conf));
    zm_buf_printf(&out, "brain: { password_command = \"%s say\";%s", p->script,
                  at + strlen("brain: {"));
    write_file(p->bare, out.s, 0600);
    zm_buf_done(&out);
    free(conf);
}

static int start(void **state)
{
    struct place *p = zm_calloc(1, sizeof(*p));

    start_servers(&p->demo, &p->api);
    zm_copy(p->directory, sizeof(p->directory), "/tmp/zms.XXXXXX");
    assert_non_null(mkdtemp(p->directory));
    snprintf(p->conf, sizeof(p->conf), "%s/conf", p->directory);
    snprintf(p->bare, sizeof(p->bare), "%s/bare", p->directory);
    snprintf(p->log, sizeof(p->log), "%s/log", p->directory);
    write_confs(p);
    *state = p;
    return 0;
}

static int stop(void **state)
{
    struct place *p = *state;
    const char *const argv[] = {"rm", "-rf", p->directory, NULL};

    process_run(argv);
    stop_servers(&p->demo, &p->api);
    free(p);
    return 0;
}

static struct vt *open_with(const struct place *p, const char *conf, const char *env)
{
    const char *const argv[] = {ZM_BINARY, "-c", conf, "--log", p->log, NULL};

    return open_message(argv, env);
}

/* Sends a message, and is told off with the token in the answer. */
static void use_it(struct place *p, struct vt *vt)
{
    vt_wait(vt, "the subject is \"Confirm Your Signup\"", VT_SOON_MS);
    vt_type(vt, "F");
    vt_wait(vt, "-Subject: Confirm Your Signup", VT_SOON_MS);
    vt_type(vt, "y");
    vt_wait(vt, "done, and looked at again: ok", VT_SOON_MS);
    escape(vt, "Perform 5.2");
    vt_wait(vt, "they are live: ", VT_SOON_MS);
    p->api.on_get =
        (struct http_reply){.status = 403, .body = "{\"message\":\"'Bearer " TOKEN "' may not\"}"};
    vt_type(vt, "r");
    vt_wait(vt, "the token may not do that with this project (403)", VT_SOON_MS);
    memset(&p->api.on_get, 0, sizeof(p->api.on_get));
    mail_api_put(&p->api, "mailer_subjects_confirmation", "Confirm Your Signup");
}

/* ---- tests ---- */

static void a_token_of_a_command(void **state)
{
    struct place *p = *state;
    struct vt *vt = open_with(p, p->conf, "ZMARTCTL_MANAGEMENT_TOKEN");

    use_it(p, vt);
    assert_nowhere(p, vt);
    assert_in_memory(vt_pid(vt), 0, 0);
    quit(vt);
}

/* While somebody asks, a core would have it; this also shows that it would be found. */
static void while_it_is_used(void **state)
{
    struct place *p = *state;
    int64_t deadline = zm_now_ms() + VT_SOON_MS;
    struct vt *vt;

    vt = open_with(p, p->conf, "ZMARTCTL_MANAGEMENT_TOKEN");
    vt_wait(vt, "the subject is \"Confirm Your Signup\"", VT_SOON_MS);
    p->api.on_get = (struct http_reply){.status = 500, .body = "{}", .delay_ms = 2000};
    http_server_forget(p->api.server);
    vt_type(vt, "r");
    while (mail_api_count(&p->api, "GET") == 0)
        assert_true(zm_now_ms() < deadline);
    assert_in_memory(vt_pid(vt), 1, 99);
    assert_nowhere(p, vt);
    vt_wait(vt, "it has a fault of its own (500)", VT_SOON_MS);
    assert_in_memory(vt_pid(vt), 0, 0);
    memset(&p->api.on_get, 0, sizeof(p->api.on_get));
    quit(vt);
}

/* Nobody can be asked for it a second time, so it is kept, once, for as long as the program runs;
 * and nobody whom the program starts has it. */
static void a_token_of_the_environment(void **state)
{
    struct place *p = *state;
    struct vt *vt = open_with(p, p->bare, "ZMARTCTL_MANAGEMENT_TOKEN=" TOKEN);

    use_it(p, vt);
    assert_nowhere(p, vt);
    assert_in_memory(vt_pid(vt), 1, 1);
    quit(vt);
}

/* The kernel writes no core of it, and lets nobody but root look. */
static void there_is_no_core(void **state)
{
    struct place *p = *state;
    struct vt *vt = open_with(p, p->conf, "ZMARTCTL_MANAGEMENT_TOKEN");
    char path[64], line[256];
    bool none = false;
    struct stat st;
    FILE *limits;

    snprintf(path, sizeof(path), "/proc/%d/limits", (int)vt_pid(vt));
    limits = fopen(path, "r");
    assert_non_null(limits);
    while (fgets(line, sizeof(line), limits)) {
        char soft[32] = "", hard[32] = "";

        if (sscanf(line, "Max core file size %31s %31s", soft, hard) == 2)
            none = zm_streq(soft, "0") && zm_streq(hard, "0");
    }
    fclose(limits);
    assert_true(none);
#ifndef __SANITIZE_ADDRESS__
    snprintf(path, sizeof(path), "/proc/%d/mem", (int)vt_pid(vt));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_uid, 0);
#else
    (void)st;
#endif
    quit(vt);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_of_a_command),
        cmocka_unit_test(while_it_is_used),
        cmocka_unit_test(a_token_of_the_environment),
        cmocka_unit_test(there_is_no_core),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
