/*
 * The pure parts of the comparison with the source document: expressions in one form, scripts that
 * stay comments where they should, names of existing tables, the tables of what is wanted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "db/schema_compare.h"
#include "db/schema_text.h"
#include "db/steps_existing.h"
#include "db/steps_tables.h"

struct pair {
    const char *a, *b;
};

static void same(void **state)
{
    /* clang-format off */
    static const struct pair pairs[] = {
        {"extensions.uuid_generate_v4()", "uuid_generate_v4()"},
        {"\"my place\".uuid_generate_v4()", "uuid_generate_v4()"},
        {"CURRENT_TIMESTAMP", "now()"}, {"LOCALTIMESTAMP", "now()"},
        {"transaction_timestamp()", "now()"}, {"pg_catalog.now()", "now()"},
        {"(now())::timestamp without time zone", "now()"},
        {"'free'::text", "'free'"}, {"'free'::character varying(20)", "'free'"},
        {"('free'::character varying)::text", "'free'"}, {"'{}'::text[]", "'{}'"},
        {"(auth.uid() = user_id)", "auth.uid() = user_id"},
        {"(( SELECT auth.uid() AS uid) = user_id)", "auth.uid() = user_id"},
        {"(user_id = ( SELECT auth.uid() AS uid))", "auth.uid() = user_id"},
        {"((auth.uid())::text = (user_id)::text)", "auth.uid() = user_id"},
        {"CHECK ((tier = ANY (ARRAY['free'::text, 'pro'::text, 'enterprise'::text])))", DB_WANTED_TIERS},
        {"CHECK (((tier)::text = ANY ((ARRAY['pro'::character varying, 'enterprise'::character varying, 'free'::character varying])::text[])))", DB_WANTED_TIERS},
        {"true", "true"}, {NULL, NULL}, {"", ""},
    };
    /* clang-format on */
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(pairs); i++)
        if (!db_schema_text_same(pairs[i].a, pairs[i].b))
            fail_msg("%s is not %s", pairs[i].a, pairs[i].b);
}

static void different(void **state)
{
    /* clang-format off */
    static const struct pair pairs[] = {
        {"gen_random_uuid()", "uuid_generate_v4()"}, {"uuid_generate_v1()", "uuid_generate_v4()"},
        {"clock_timestamp()", "now()"}, {"timezone('utc'::text, now())", "now()"},
        {"'pro'::text", "'free'"}, {"'now()'::text", "now()"}, {"'FREE'::text", "'free'"},
        {"(auth.uid() <> user_id)", "auth.uid() = user_id"},
        {"((auth.uid() = user_id) OR true)", "auth.uid() = user_id"},
        {"(other.uid() = user_id)", "auth.uid() = user_id"}, {"(NOT (auth.uid() = user_id))", "auth.uid() = user_id"},
        {"CHECK ((tier = ANY (ARRAY['free'::text, 'pro'::text])))", DB_WANTED_TIERS},
        {"CHECK ((tier <> ALL (ARRAY['free'::text, 'pro'::text, 'enterprise'::text])))", DB_WANTED_TIERS},
        {"CHECK ((level = ANY (ARRAY['free'::text, 'pro'::text, 'enterprise'::text])))", DB_WANTED_TIERS},
        {"FOREIGN KEY (user_id) REFERENCES auth.users(id)", "FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE"},
        {"true", "false"}, {NULL, "true"}, {"true", NULL}, {NULL, ""},
    };
    /* clang-format on */
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(pairs); i++)
        if (db_schema_text_same(pairs[i].a, pairs[i].b))
            fail_msg("%s is %s", pairs[i].a, pairs[i].b);
}

/* Whatever a catalogue says: no reading beyond the text, whatever its length. */
static void odd_texts(void **state)
{
    static const char *const texts[] = {"'",         "\"",    "((((",      "))))",   "::",
                                        "a::",       "::::",  "ARRAY[",    "SELECT", "( SELECT",
                                        "a AS",      "CHECK", "ARRAY['a'", "'a''",   "x::numeric(",
                                        "\xff\xfe(", "=",     "= =",       "(=)"};
    struct zm_buf text = {.s = NULL}, longer = {.s = NULL};
    size_t i;

    (void)state;
    for (i = 0; i < ZM_COUNT(texts); i++) {
        db_schema_text(texts[i], &text);
        assert_true(db_schema_text_same(texts[i], texts[i]));
    }
    for (i = 0; i < 1000; i++)
        zm_buf_puts(&longer, "CURRENT_TIMESTAMP (");
    db_schema_text(longer.s, &text);
    assert_true(db_schema_text_same(longer.s, longer.s));
    longer.s[strlen("CURRENT_TIMESTAMP (") * 190] = '\0'; /* near what is taken apart */
    assert_true(db_schema_text_same(longer.s, longer.s));
    zm_buf_done(&text);
    zm_buf_done(&longer);
}

static struct db_schema_policy policy(const char *command, const char *roles,
                                      const char *using_text, const char *check_text)
{
    return (struct db_schema_policy){.table_name = "t",
                                     .name = "p",
                                     .command = command,
                                     .permissive = true,
                                     .roles = roles,
                                     .using_text = using_text,
                                     .check_text = check_text};
}

static void open_policies(void **state)
{
    static const char own[] = "(( SELECT auth.uid() AS uid) = user_id)";
    struct db_schema_policy p;

    (void)state;
    p = policy("ALL", "public", "true", "true");
    assert_true(db_schema_policy_is_open(&p));
    p = policy("SELECT", "authenticated,zmart_support", "true", NULL);
    assert_true(db_schema_policy_is_open(&p));
    p = policy("SELECT", "zmart_support", "true", NULL);
    assert_false(db_schema_policy_is_open(&p));
    p = policy("SELECT", "public", own, NULL);
    assert_false(db_schema_policy_is_open(&p));
    p = policy("UPDATE", "authenticated", own, "true"); /* a row could be given away */
    assert_true(db_schema_policy_is_open(&p));
    p = policy("INSERT", "authenticated", NULL, NULL);
    assert_true(db_schema_policy_is_open(&p));
    p = policy("INSERT", "authenticated", NULL,
               "((( SELECT auth.uid() AS uid) = user_id) AND (action !~~ 'zmartctl.%'::text))");
    assert_false(db_schema_policy_is_open(&p));
    p = policy("SELECT", "anon", "((auth.uid() = user_id) OR (tier = 'pro'::text))", NULL);
    assert_true(db_schema_policy_is_open(&p));
    p = policy("SELECT", "anon", "((user_id = auth.uid()) OR is_open())", NULL);
    assert_true(db_schema_policy_is_open(&p));
    p = policy("SELECT", "anon", "(is_open() OR (user_id = auth.uid()))", NULL);
    assert_true(db_schema_policy_is_open(&p));
    p = policy("SELECT", "anon", "((user_id = auth.uid()) = false)", NULL);
    assert_true(db_schema_policy_is_open(&p));
    p = policy("SELECT", "anon", "(is_open() AND (user_id = auth.uid()) AND (tier = 'pro'))", NULL);
    assert_false(db_schema_policy_is_open(&p));
    p = policy("SELECT", "anon", "true", NULL);
    p.permissive = false;
    assert_false(db_schema_policy_is_open(&p));
}

/* What a person decides on stays a comment, whatever names are in it. */
static void comments_stay_comments(void **state)
{
    struct db_schema_diff diff = {.differences = 0};

    (void)state;
    db_schema_diff_note(&diff, "type %s", "a\nDROP TABLE t;\r\nb");
    db_schema_diff_propose(&diff, "ALTER TABLE %s", "x\ny");
    db_schema_diff_mend(&diff, "GRANT ALL ON t TO service_role");
    assert_string_equal(diff.fix.s, "-- type a DROP TABLE t;  b\n-- ALTER TABLE x y;\n"
                                    "GRANT ALL ON t TO service_role;\n");
    assert_int_equal(diff.statements, 1);
    assert_int_equal(diff.proposals, 1);
    db_schema_diff_done(&diff);
}

static void existing_names(void **state)
{
    (void)state;
    assert_true(db_existing_matches("cryptometer_*", "cryptometer_patterns"));
    assert_true(db_existing_matches("cryptometer_*", "cryptometer_"));
    assert_false(db_existing_matches("cryptometer_*", "my_cryptometer_patterns"));
    assert_true(db_existing_matches("Zmart Vaults", "Zmart Vaults"));
    assert_true(db_existing_matches("\"Zmart Vaults\"", "Zmart Vaults"));
    assert_true(db_existing_matches("public.\"Zmart Vaults\"", "Zmart Vaults"));
    assert_false(db_existing_matches("Zmart Vaults", "zmart vaults"));
    assert_false(db_existing_matches("risk_metric_grid", "risk_metric_grid_2"));
    assert_true(db_existing_matches("*_grid*", "risk_metric_grid"));
    assert_true(db_existing_matches("*", ""));
    assert_false(db_existing_matches("", "a"));
}

/* Every step needs steps of its own item that come before it, and explains itself. */
static void steps_are_in_order(void **state)
{
    const struct db_step *step, *before;
    size_t n = 0;

    (void)state;
    for (step = db_steps_tables; step->key; step++, n++) {
        const char *at = step->needs;

        assert_true(step->why[0] && step->title[0]);
        assert_int_equal(step->key[0] - '0', step->item);
        while (*(at += strspn(at, " "))) {
            size_t length = strcspn(at, " ");

            for (before = db_steps_tables; before != step; before++)
                if (strncmp(before->key, at, length) == 0 && !before->key[length])
                    break;
            if (before == step)
                fail_msg("%s needs %s", step->key, at);
            at += length;
        }
    }
    assert_int_equal(n, 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same),
        cmocka_unit_test(different),
        cmocka_unit_test(odd_texts),
        cmocka_unit_test(open_policies),
        cmocka_unit_test(comments_stay_comments),
        cmocka_unit_test(existing_names),
        cmocka_unit_test(steps_are_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
