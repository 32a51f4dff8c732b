/*
 * The configuration: what a file means once it was understood.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf_place.h"
#include "db/gates.h"
#include "screens/conf.h"
#include "screens/conf_options.h"
#include "zm/str.h"

static void defaults_are_those_of_the_design(void **state)
{
    const struct place *place = *state;
    struct db_policy policy;
    struct zm_error err;
    struct conf conf;
    size_t i;

    write_text(place, "profiles: { a: { " BOTH " }; };");
    assert_true(conf_load(place->path, NULL, &conf, &err));
    assert_string_equal(conf.profile, "a");
    assert_string_equal(conf.label, "a");
    assert_int_equal(conf.guard, CONF_GUARD_UNLOCK);
    assert_false(conf.allow_insecure_tls);
    assert_int_equal(conf.refresh_seconds, 5);
    assert_string_equal(conf.theme, "default");
    assert_false(conf.mouse || conf.ascii || conf.local_time);
    assert_int_equal(conf.target[DB_BOT].connect_ms, 5000);
    assert_int_equal(conf.target[DB_BOT].statement_ms, 10000);
    assert_string_equal(conf.existing_tables[0], "cryptometer_*");
    assert_string_equal(conf.existing_tables[6], "Zmart Vaults");
    assert_null(conf.existing_tables[7]);
    db_policy_default(&policy);
    for (i = 0; i < DB_GATE_COUNT; i++)
        assert_int_equal(conf.policy.level[i], policy.level[i]);
    for (i = 0; policy.trading_tiers[i]; i++)
        assert_string_equal(conf.policy.trading_tiers[i], policy.trading_tiers[i]);
    assert_null(conf.policy.trading_tiers[i]);
    assert_string_equal(conf.policy.api_tiers[0], "enterprise");
    assert_null(conf.policy.api_tiers[1]);
    conf_done(&conf);
}

static void every_gate_has_its_option(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < DB_GATE_COUNT; i++)
        if (!conf_option_find(CONF_GATES, db_gate_key((enum db_gate)i)))
            fail_msg("no option for gate %s", db_gate_key((enum db_gate)i));
}

static void all_values_arrive(void **state)
{
    const struct place *place = *state;
    struct zm_error err;
    struct conf conf;

    write_text(place, "\xef\xbb\xbf"
                      "default_profile = \"two\";\r\n"
                      "profiles: { one: { " BOTH
                      " };\r\n two: { label = \"PROD \xe2\x82\xac\"; guard = \"read_only\";\r\n"
                      " connect_seconds = 7; allow_insecure_tls = true;\r\n"
                      " brain: { host = \"db.example.com\"; port = 6543; user = \"op.ref\"; "
                      "project = \"ref\";\r\n"
                      "   password_command = \"pass  'a b' \\\"c\\\\\\\"d\\\" e\\\\ f\"; };\r\n"
                      " bot: { service = \"bot\"; };\r\n"
                      " policy: { trading_tiers = [\"gold\"]; api_tiers = []; gates: { api_access "
                      "= \"hard\"; }; };\r\n"
                      " existing_tables = [\"x\"]; }; };\r\n"
                      "ui: { theme = \"mono\"; mouse = true; keys: { users: { filter = \"/ F3\"; "
                      "why = \"\"; }; }; };\r\n");
    assert_true(conf_load(place->path, NULL, &conf, &err));
    assert_string_equal(conf.profile, "two");
    assert_string_equal(conf.label, "PROD \xe2\x82\xac");
    assert_int_equal(conf.guard, CONF_GUARD_READ_ONLY);
    assert_true(conf.allow_insecure_tls && conf.target[DB_BRAIN].allow_insecure_tls);
    assert_int_equal(conf.target[DB_BRAIN].connect_ms, 7000);
    assert_string_equal(keyword(&conf.target[DB_BRAIN], "port"), "6543");
    assert_string_equal(keyword(&conf.target[DB_BRAIN], "dbname"), "postgres");
    assert_string_equal(keyword(&conf.target[DB_BRAIN], "sslmode"), "verify-full");
    assert_string_equal(conf.target[DB_BRAIN].project, "ref");
    assert_string_equal(conf.target[DB_BRAIN].password_argv[1], "a b");
    assert_string_equal(conf.target[DB_BRAIN].password_argv[2], "c\"d");
    assert_string_equal(conf.target[DB_BRAIN].password_argv[3], "e f");
    assert_null(conf.target[DB_BRAIN].password_argv[4]);
    assert_null(keyword(&conf.target[DB_BOT], "sslmode")); /* the service file may say it */
    assert_string_equal(conf.policy.trading_tiers[0], "gold");
    assert_null(conf.policy.trading_tiers[1]);
    assert_null(conf.policy.api_tiers[0]);
    assert_int_equal(conf.policy.level[DB_GATE_API_ACCESS], DB_LEVEL_HARD);
    assert_int_equal(conf.policy.level[DB_GATE_LOGIN], DB_LEVEL_HARD);
    assert_string_equal(conf.existing_tables[0], "x");
    assert_null(conf.existing_tables[1]);
    assert_string_equal(conf.theme, "mono");
    assert_int_equal(conf.n_keys, 2);
    assert_string_equal(conf.keys[0].map, "users");
    assert_string_equal(conf.keys[0].name, "filter");
    assert_string_equal(conf.keys[0].keys, "/ F3");
    conf_done(&conf);
    assert_true(conf_load(place->path, "one", &conf, &err));
    assert_string_equal(conf.profile, "one");
    conf_done(&conf);
}

static void admin_and_scan_take_the_rest_from_their_side(void **state)
{
    const struct place *place = *state;
    struct zm_error err;
    struct conf conf;

    write_text(place, FILE_WITH("host = \"/b\"; user = \"op\"; password = \"secret\"; port = 7;\n"
                                "admin: { user = \"boss\"; }; scan: { host = \"/s\"; };"));
    assert_true(conf_load(place->path, NULL, &conf, &err));
    assert_true(conf.has_admin[DB_BRAIN] && conf.has_scan[DB_BRAIN]);
    assert_false(conf.has_admin[DB_BOT] || conf.has_scan[DB_BOT]);
    assert_string_equal(keyword(&conf.admin[DB_BRAIN], "host"), "/b");
    assert_string_equal(keyword(&conf.admin[DB_BRAIN], "user"), "boss");
    assert_null(conf.admin[DB_BRAIN].password); /* it is another role's */
    assert_string_equal(keyword(&conf.scan[DB_BRAIN], "host"), "/s");
    assert_string_equal(keyword(&conf.scan[DB_BRAIN], "port"), "7");
    assert_string_equal(conf.scan[DB_BRAIN].password, "secret");
    assert_string_equal(keyword(&conf.target[DB_BRAIN], "user"), "op");
    conf_done(&conf);
}

static void a_dbname_is_never_a_conninfo(void **state)
{
    const struct place *place = *state;
    struct zm_error err;
    struct conf conf;

    write_text(place, FILE_WITH("host = \"/b\"; dbname = \"x sslmode=disable host=evil\";"));
    assert_true(conf_load(place->path, NULL, &conf, &err));
    assert_string_equal(keyword(&conf.target[DB_BRAIN], "dbname"), "x sslmode=disable host=evil");
    assert_string_equal(keyword(&conf.target[DB_BRAIN], "host"), "/b");
    conf_done(&conf);
}

static void passwords_of_the_environment_count_and_vanish(void **state)
{
    const struct place *place = *state;
    struct zm_error err;
    struct conf conf;

    write_text(place, FILE_WITH("host = \"/b\"; password = \"of-the-file\";"));
    setenv("ZMARTCTL_BRAIN_PASSWORD", "of-the-environment", 1);
    assert_true(conf_load(place->path, NULL, &conf, &err));
    assert_string_equal(conf.target[DB_BRAIN].password, "of-the-environment");
    assert_null(conf.target[DB_BOT].password);
    assert_null(getenv("ZMARTCTL_BRAIN_PASSWORD"));
    conf_done(&conf);
}

static void local_state_is_private(void **state)
{
    const struct place *place = *state;
    struct zm_error err;
    struct stat info;
    struct conf conf;
    char wanted[160];
    mode_t before = umask(0);

    write_text(place, "profiles: { a: { " BOTH " }; };");
    assert_true(conf_load(place->path, NULL, &conf, &err));
    snprintf(wanted, sizeof(wanted), "%s/.local/state/zmartctl/a", place->directory);
    assert_string_equal(conf.state_dir, wanted);
    assert_int_equal(access(wanted, F_OK), -1); /* only when it is needed */
    assert_string_equal(strrchr(conf_state_path(&conf, "history"), '/'), "/history");
    assert_int_equal(stat(wanted, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
    conf_done(&conf);
    umask(before);
    setenv("HOME", "", 1);
    assert_true(conf_load(place->path, NULL, &conf, &err));
    assert_null(conf_state_path(&conf, "history"));
    conf_done(&conf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(defaults_are_those_of_the_design),
        CASE(every_gate_has_its_option),
        CASE(all_values_arrive),
        CASE(admin_and_scan_take_the_rest_from_their_side),
        CASE(a_dbname_is_never_a_conninfo),
        CASE(passwords_of_the_environment_count_and_vanish),
        CASE(local_state_is_private),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
