/*
 * Passwords: given, from a program, wrong, missing. A wrong one is said plainly and shows nowhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "db/link.h"
#include "support/cluster.h"
#include "zm/clock.h"
#include "zm/str.h"

struct rig {
    struct cluster cluster;
    struct db_option options[4];
    struct db_target target;
};

static int start_rig(void **state)
{
    struct rig *rig = zm_calloc(1, sizeof(*rig));

    cluster_start(&rig->cluster, true);
    cluster_load(&rig->cluster, DB_BRAIN);
    cluster_sql(&rig->cluster, "CREATE ROLE guarded LOGIN PASSWORD 'right'");
    cluster_target(&rig->cluster, DB_BRAIN, "postgres", rig->options, &rig->target);
    *state = rig;
    return 0;
}

static int stop_rig(void **state)
{
    struct rig *rig = *state;

    cluster_done(&rig->cluster);
    free(rig);
    return 0;
}

/* Supabase's pooler does not know every role: where that may be it, the way around is named. */
static void own_role_at_the_pooler(void **state)
{
    static const struct {
        const char *host, *user;
        bool is_named;
    } cases[] = {
        {"aws-0-eu-north-1.pooler.supabase.com", "guarded", true},
        {"aws-0-eu-north-1.pooler.supabase.com", "postgres.xhskmqsgtdhehzlvtuns", false},
        {"db.xhskmqsgtdhehzlvtuns.supabase.co", "guarded", false},
    };
    struct rig *rig = *state;
    struct zm_error err;
    size_t i;

    for (i = 0; i < ZM_COUNT(cases); i++) {
        const struct db_option options[] = {{"host", cases[i].host},
                                            {"hostaddr", "127.0.0.1"},
                                            {"port", rig->cluster.port},
                                            {"user", cases[i].user},
                                            {"dbname", "postgres"}};
        struct db_target target = rig->target;
        struct db_link *link;

        target.options = options;
        target.n_options = ZM_COUNT(options);
        target.password = "wrong";
        link = db_link_new(&target);
        assert_false(db_link_open(link, &err));
        assert_int_equal(err.kind, ZM_ERR_AUTH);
        assert_int_equal(strstr(err.hint, "use the direct host") != NULL, cases[i].is_named);
        assert_non_null(strstr(err.hint, "banned"));
        db_link_free(link);
    }
}

/* 28P01 is never tried again by itself; the password is in no text. */
static void wrong_password(void **state)
{
    struct rig *rig = *state;
    const struct db_option options[] = {{"host", "127.0.0.1"},
                                        {"port", rig->cluster.port},
                                        {"user", "guarded"},
                                        {"dbname", "postgres"}};
    struct db_target target = rig->target;
    struct db_link *link;
    struct zm_error err;

    target.options = options;
    target.password = "wrong-secret";
    link = db_link_new(&target);
    assert_false(db_link_open(link, &err));
    assert_int_equal(err.kind, ZM_ERR_AUTH);
    assert_string_equal(err.sqlstate, "28P01");
    assert_string_equal(err.message, "authentication failed for role guarded");
    assert_null(strstr(err.detail, "wrong-secret"));
    db_link_free(link);
    target.password = NULL;
    link = db_link_new(&target);
    assert_false(db_link_open(link, &err));
    assert_int_equal(err.kind, ZM_ERR_AUTH);
    assert_non_null(strstr(err.hint, "password_command"));
    db_link_free(link);
    target.password = "right";
    link = db_link_new(&target);
    assert_true(db_link_open(link, &err));
    assert_string_equal(db_link_facts(link)->tls, "loopback");
    assert_int_equal(db_link_facts(link)->via, DB_VIA_DIRECT);
    db_link_free(link);
}

struct command_case {
    const char *script;
    bool ok;
    const char *says;
};

static void password_command(void **state)
{
    static const struct command_case cases[] = {
        {"echo right", true, ""},
        {"printf right", true, ""},
        {"echo right; echo second line", true, ""},
        {"echo no key >&2; exit 3", false, "exit code 3"},
        {"true", false, "printed nothing"},
        {"head -c 100000 /dev/zero | tr '\\0' x", false, "longer than"},
        {"echo wrong", false, "authentication failed"},
    };
    struct rig *rig = *state;
    const struct db_option options[] = {{"host", "127.0.0.1"},
                                        {"port", rig->cluster.port},
                                        {"user", "guarded"},
                                        {"dbname", "postgres"}};
    struct db_target target = rig->target;
    struct zm_error err;
    size_t i;

    target.options = options;
    for (i = 0; i < ZM_COUNT(cases); i++) {
        const char *const argv[] = {"sh", "-c", cases[i].script, NULL};
        struct db_link *link;
        bool ok;

        target.password_argv = argv;
        link = db_link_new(&target);
        ok = db_link_open(link, &err);
        assert_int_equal(ok, cases[i].ok);
        if (!ok) {
            assert_int_equal(err.kind, ZM_ERR_AUTH);
            assert_non_null(strstr(err.message, cases[i].says));
        }
        db_link_free(link);
    }
    assert_non_null(strstr(err.message, "authentication failed"));
}

/* Cancelled while it hangs. */
static void hanging_password_command(void **state)
{
    static const char *const argv[] = {"sh", "-c", "sleep 60; true", NULL};
    struct rig *rig = *state;
    struct db_target target = rig->target;
    int64_t begin = zm_now_ms();
    struct db_link *link;
    struct zm_error err;
    pthread_t thread;

    target.password_argv = argv;
    link = db_link_new(&target);
    assert_int_equal(pthread_create(&thread, NULL, cluster_cancel_soon, link), 0);
    assert_false(db_link_open(link, &err));
    pthread_join(thread, NULL);
    assert_int_equal(err.kind, ZM_ERR_CANCELLED);
    assert_true(zm_now_ms() - begin < 2000);
    db_link_free(link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_password),
        cmocka_unit_test(own_role_at_the_pooler),
        cmocka_unit_test(password_command),
        cmocka_unit_test(hanging_password_command),
    };

    return cmocka_run_group_tests(tests, start_rig, stop_rig);
}
