/*
 * The journal as it is read: pages, filters, how a change ended, and rows that others put among
 * ours. As the owner of the tables, with least privilege, and through a transaction pooler.
 *
 * Changes are numbered: pid(11) is the request of change 11.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "db/journal.h"
#include "support/writer.h"
#include "zm/str.h"

#define OTHER "00000000-0000-4000-8000-000000000002"

/* A change of person `who`, so long ago; more: further pairs, "\"reason\": \"T-1\"". */
static void add(const struct writer *w, int n, int who, const char *action, const char *ago,
                const char *more)
{
    char sql[1200];

    snprintf(sql, sizeof(sql),
             "INSERT INTO public.user_activity (id, user_id, action, metadata, created_at)"
             " SELECT pid(%d), (SELECT id FROM auth.users WHERE id = pid(%d)), 'zmartctl.%s',"
             " '{\"v\": 1, \"db_role\": \"op\", \"os_user\": \"Bo\", \"host\": \"ops-1\"%s%s}'"
             "::jsonb || jsonb_build_object('subject', pid(%d)),"
             " date_trunc('minute', now() AT TIME ZONE 'UTC') - interval '%s'",
             n, who, action, more[0] ? ", " : "", more, who, ago);
    writer_sql(w, DB_BRAIN, sql);
}

/* A row that belongs to change n: its result, or the reason that was owed. */
static void add_after(const struct writer *w, int id, int n, int who, const char *action,
                      const char *pair)
{
    char more[200];

    snprintf(more, sizeof(more), "\"ref\": \"00000000-0000-4000-8000-%012d\", %s", n, pair);
    add(w, id, who, action, "0", more);
}

static void page(const struct writer *w, const struct db_journal_filter *filter,
                 const struct db_journal_row *before, size_t limit, struct db_rows *ret)
{
    struct zm_error err = {.kind = ZM_ERR_NONE};
    struct db_link *brain = db_session_link(&w->people.session, DB_BRAIN);

    assert_non_null(brain);
    if (!db_journal_page(brain, filter, before, limit, ret, &err))
        fail_msg("%s %s", err.message, err.detail);
}

static const struct db_journal_row *row_at(const struct db_rows *rows, size_t i)
{
    assert_true(i < rows->n);
    return DB_ROW(rows, struct db_journal_row, i);
}

/* The numbers of the changes that a filter lists, "12 11", page by page. */
static const char *list(const struct writer *w, const struct db_journal_filter *filter,
                        size_t limit, char dst[200])
{
    struct db_rows rows = {.n = 0}, older;
    size_t used = 0, i, pages = 0;
    bool more = true;

    dst[0] = '\0';
    while (more && ++pages < 50) {
        const struct db_journal_row *last = rows.n ? row_at(&rows, rows.n - 1) : NULL;

        page(w, filter, last, limit, &older);
        db_rows_done(&rows);
        rows = older;
        for (i = 0; i < rows.n && used < 180; i++)
            used += (size_t)snprintf(dst + used, 200 - used, "%s%d", used ? " " : "",
                                     people_number(row_at(&rows, i)->id));
        more = rows.n == limit;
    }
    db_rows_done(&rows);
    return dst;
}

static void assert_list(const struct writer *w, const struct db_journal_filter *filter,
                        const char *expected)
{
    char all[200], few[200];

    assert_string_equal(list(w, filter, 100, all), expected);
    assert_string_equal(list(w, filter, 2, few), expected); /* pages lose and repeat nothing */
}

static void find(const struct writer *w, const char *request, struct db_rows *ret)
{
    struct zm_error err = {.kind = ZM_ERR_NONE};

    if (!db_journal_find(db_session_link(&w->people.session, DB_BRAIN), request, ret, &err))
        fail_msg("%s", err.message);
}

static void newest_first_in_pages(void **state)
{
    const struct writer *w = *state;
    const struct db_journal_filter none = {.word = NULL};

    add(w, 11, 1, "tier_change", "4 hours", "");
    add(w, 12, 1, "trading_toggle", "2 hours", "");
    add(w, 13, 2, "stop_all", "2 hours", ""); /* the same moment, of one who has no login */
    add(w, 14, 1, "api_toggle", "2 hours", "");
    add(w, 15, 1, "undo", "1 hour", "");
    add_after(w, 21, 11, 1, "result", "\"outcome\": \"done\"");
    add_after(w, 22, 13, 2, "reason", "\"reason\": \"T-2\"");
    writer_sql(w, DB_BRAIN,
               "INSERT INTO public.user_activity (user_id, action, metadata)"
               " VALUES (pid(1), 'login', '{}'), (pid(1), 'zmartctlx', '{}')");
    assert_list(w, &none, "15 14 13 12 11");
}

static void tells_how_it_ended(void **state)
{
    const struct writer *w = *state;
    const struct db_journal_filter none = {.word = NULL};
    struct db_rows rows;

    add(w, 11, 1, "tier_change", "5 hours",
        "\"old\": \"free\", \"new\": \"pro\", \"bot_old\": \"free\", \"bot_new\": \"pro\","
        " \"reason\": \"T-1\"");
    add(w, 12, 1, "undo", "3 hours", "\"undo_of\": \"00000000-0000-4000-8000-000000000011\"");
    add(w, 13, 2, "stop_all", "2 hours", "");
    add(w, 14, 1, "trading_toggle", "1 hour", "");
    add_after(w, 21, 11, 1, "result", "\"outcome\": \"done\"");
    add_after(w, 22, 13, 2, "reason", "\"reason\": \"by phone\"");
    add_after(w, 23, 14, 2, "result", "\"outcome\": \"done\""); /* of another: it is not its own */
    page(w, &none, NULL, 10, &rows);
    assert_int_equal(rows.n, 4);
    assert_null(row_at(&rows, 0)->outcome);
    assert_null(row_at(&rows, 1)->reason);
    assert_string_equal(row_at(&rows, 1)->reason_later, "by phone");
    assert_null(row_at(&rows, 1)->email); /* an orphan: the journal names him all the same */
    assert_string_equal(row_at(&rows, 1)->subject, OTHER);
    assert_string_equal(row_at(&rows, 2)->undo_of, row_at(&rows, 3)->id);
    assert_string_equal(row_at(&rows, 3)->undone_by, row_at(&rows, 2)->id);
    assert_string_equal(row_at(&rows, 3)->outcome, "done");
    assert_string_equal(row_at(&rows, 3)->email, "ana@example.com");
    assert_string_equal(row_at(&rows, 3)->before, "free");
    assert_string_equal(row_at(&rows, 3)->bot_after, "pro");
    assert_int_equal(row_at(&rows, 3)->age_seconds / 3600, 5);
    db_rows_done(&rows);
    /* an undo that came to nothing has taken nothing back */
    add_after(w, 24, 12, 1, "result", "\"outcome\": \"nothing_changed\"");
    find(w, "00000000-0000-4000-8000-000000000011", &rows);
    assert_int_equal(rows.n, 1);
    assert_null(row_at(&rows, 0)->undone_by);
    db_rows_done(&rows);
}

static void finds_one_by_its_request(void **state)
{
    const struct writer *w = *state;
    struct db_rows rows;

    add(w, 11, 1, "tier_change", "1 hour", "");
    writer_sql(w, DB_BRAIN,
               "INSERT INTO public.user_activity (id, user_id, action, metadata)"
               " VALUES (pid(12), pid(1), 'login', '{}')");
    find(w, "00000000-0000-4000-8000-000000000011", &rows);
    assert_int_equal(rows.n, 1);
    assert_string_equal(row_at(&rows, 0)->action, "zmartctl.tier_change");
    db_rows_done(&rows);
    find(w, "00000000-0000-4000-8000-000000000012", &rows); /* not a change of ours */
    assert_int_equal(rows.n, 0);
    db_rows_done(&rows);
    find(w, "00000000-0000-4000-8000-000000000099", &rows);
    assert_int_equal(rows.n, 0);
    db_rows_done(&rows);
}

static void filters(void **state)
{
    static const struct {
        const char *word, *expected;
    } words[] = {
        {"ANA@EXAMPLE", "14 12 11"}, {"t-77 50%", "12"},    {"50_", ""},   {"o'brien", "11"},
        {"stop_all", "14 13"},       {"bo", "14 13 12 11"}, {OTHER, "13"}, {"done", "11"},
        {"000000000012", "12"},      {"by phone", "14"},    {"\\", ""},    {"ops-2", ""},
    };
    const struct writer *w = *state;
    size_t i;

    add(w, 11, 1, "tier_change", "31 days", "\"reason\": \"O''Brien asked\"");
    add(w, 12, 1, "api_toggle", "29 days", "\"reason\": \"T-77 50% off\"");
    add(w, 13, 2, "stop_all", "2 days", "");
    add(w, 14, 1, "stop_all", "1 day", "");
    add_after(w, 21, 11, 1, "result", "\"outcome\": \"done\"");
    add_after(w, 22, 14, 1, "reason", "\"reason\": \"by phone\"");
    for (i = 0; i < ZM_COUNT(words); i++) {
        const struct db_journal_filter filter = {.word = words[i].word};

        assert_list(w, &filter, words[i].expected);
    }
    assert_list(w, &(struct db_journal_filter){.user_id = WRITER_PERSON}, "14 12 11");
    assert_list(w, &(struct db_journal_filter){.user_id = OTHER, .word = "t-77"}, "");
    assert_list(w, &(struct db_journal_filter){.owed = true}, "13");
    assert_list(w, &(struct db_journal_filter){.since = "2999-01-01"}, "");
    assert_list(w, &(struct db_journal_filter){.since = "2000-01-01T00:00:00Z", .owed = true},
                "13");
}

/* Open: begun within 30 days, two legs, and no result. */
static void open_changes(void **state)
{
    const struct writer *w = *state;
    const struct db_journal_filter open = {.open = true};

    add(w, 11, 1, "tier_change", "31 days", "");
    add(w, 12, 1, "tier_change", "29 days", "");
    add(w, 13, 2, "repair", "2 hours", "");
    add(w, 14, 1, "stop_all", "1 hour", "");
    add(w, 15, 1, "signoff", "1 minute", ""); /* its row is all of it */
    add(w, 16, 1, "waive", "1 minute", "");
    add_after(w, 21, 14, 1, "result", "\"outcome\": \"nothing_changed\"");
    assert_list(w, &open, "13 12");
    assert_list(w, &(struct db_journal_filter){.open = true, .user_id = WRITER_PERSON}, "12");
}

/* Where the application may write the table, so may anybody who has its public key. */
static void rows_of_others_hide_nothing(void **state)
{
    const struct writer *w = *state;
    const struct db_journal_filter none = {.word = NULL}, open = {.open = true};
    struct db_rows rows;
    char numbers[200];

    add(w, 11, 1, "tier_change", "1 hour", "\"reason\": \"T-1\"");
    writer_sql(w, DB_BRAIN,
               "INSERT INTO public.user_activity (id, action, metadata, created_at) VALUES"
               " (pid(31), 'zmartctl.tier_change', '{}', 'infinity'),"
               " (pid(32), 'zmartctl.tier_change', '{}', '-infinity'),"
               " (pid(33), 'zmartctl.tier_change', NULL, '2000-01-01'),"
               " (pid(34), 'zmartctl.tier_change', '[{\"subject\": 1}]', '1999-01-01'),"
               " (pid(35), 'zmartctl.tier_change', '\"text\"', '1998-01-01'),"
               " (pid(36), 'zmartctl.tier_change', '{\"subject\": {\"a\": 1}, \"reason\": [1]}',"
               "  '4713-01-01 BC'),"
               " (pid(37), 'zmartctl.' || repeat('x', 5000), jsonb_build_object('reason',"
               "  repeat('y', 100000), 'set', repeat('tier ', 9000), 'host', E'\\x01\\x1b[2J'),"
               "  '290000-01-01');"
               "INSERT INTO public.user_activity (action, metadata, created_at)"
               " SELECT 'zmartctl.undo', '{}', NULL FROM generate_series(1, 300)");
    assert_string_equal(list(w, &none, 100, numbers), "31 37 11 33 34 35 36 32");
    assert_string_equal(list(w, &none, 1, numbers), "31 37 11 33 34 35 36 32");
    assert_string_equal(list(w, &open, 100, numbers), "31 37 11");
    page(w, &none, NULL, 10, &rows);
    assert_true(strlen(row_at(&rows, 1)->action) <= 128);
    assert_true(strlen(row_at(&rows, 1)->reason) <= 512);
    assert_true(strlen(row_at(&rows, 1)->metadata) <= 4096);
    db_rows_done(&rows);
}

static void values_of_a_change(void **state)
{
    const struct writer *w = *state;
    struct db_values before, after;
    struct zm_arena arena = {0};
    struct zm_error err;
    struct db_rows rows;

    add(w, 11, 1, "profile_edit", "1 hour",
        "\"set\": \"name country trading_enabled\", \"name_old\": \"A\\u001f=\\u001eB\","
        " \"name_new\": \"\", \"country_new\": \"RO\", \"trading_enabled_old\": \"true\","
        " \"trading_enabled_new\": \"false\", \"tier_old\": \"free\"");
    add(w, 12, 1, "repair", "2 hours", "");
    add(w, 13, 1, "repair", "3 hours", "\"set\": \"tier password\"");
    page(w, &(struct db_journal_filter){.word = NULL}, NULL, 10, &rows);
    if (!db_journal_values(row_at(&rows, 0), &before, &after, &arena, &err))
        fail_msg("%s", err.message);
    assert_string_equal(before.text[DB_ITEM_NAME], "A=B"); /* the separators are no values */
    assert_string_equal(after.text[DB_ITEM_NAME], "");
    assert_true(before.known[DB_ITEM_COUNTRY] && !before.text[DB_ITEM_COUNTRY]); /* NULL */
    assert_string_equal(after.text[DB_ITEM_COUNTRY], "RO");
    assert_true(db_values_is_on(&before, DB_ITEM_TRADING));
    assert_false(db_values_is_on(&after, DB_ITEM_TRADING));
    assert_false(before.known[DB_ITEM_TIER] || after.known[DB_ITEM_API]); /* it did not set them */
    assert_true(db_journal_values(row_at(&rows, 1), &before, &after, &arena, &err));
    assert_false(after.known[DB_ITEM_BOT_TIER]);
    assert_false(db_journal_values(row_at(&rows, 2), &before, &after, &arena, &err));
    assert_int_equal(err.kind, ZM_ERR_DATA);
    zm_arena_done(&arena);
    db_rows_done(&rows);
}

/* What Bot's row says about an open change. */
static void judges_the_other_leg(void **state)
{
    static const struct {
        const char *token, *prev, *subject;
        enum db_open_state expected;
    } cases[] = {
        {"2026-01-02 03:04:05.123456", "2026-01-01 00:00:00", WRITER_PERSON, DB_OPEN_DONE},
        {"2026-01-09 00:00:00", "2026-01-02 03:04:05.123456", WRITER_PERSON, DB_OPEN_NOT_DONE},
        {"2026-01-09 00:00:00", "2026-01-08 00:00:00", WRITER_PERSON, DB_OPEN_OVERTAKEN},
        {"2026-01-09 00:00:00", "2026-01-08 00:00:00", OTHER, DB_OPEN_NO_ROW},
        {"2026-01-09 00:00:00", NULL, OTHER, DB_OPEN_NOT_DONE}, /* it would have created the row */
        {NULL, NULL, WRITER_PERSON, DB_OPEN_DONE},              /* it had no leg there */
    };
    struct writer *w = *state;
    size_t i;

    writer_sql(w, DB_BOT,
               "UPDATE public.user_trading_profiles SET updated_at = '2026-01-02 03:04:05.123456'");
    for (i = 0; i < ZM_COUNT(cases); i++) {
        const struct db_journal_row row = {
            .subject = cases[i].subject, .bot_prev = cases[i].prev, .bot_token = cases[i].token};
        enum db_open_state is;
        struct zm_error err;

        if (!db_journal_judge_open(&w->people.session, &row, &is, &err))
            fail_msg("case %zu: %s", i, err.message);
        assert_int_equal(is, cases[i].expected);
    }
}

/* Two operators at once: one reason, one end. */
static void written_once(void **state)
{
    static const char request[] = "00000000-0000-4000-8000-000000000011";
    struct writer *w = *state;
    struct db_link *brain = db_session_link(&w->people.session, DB_BRAIN);
    struct zm_error err;

    add(w, 11, 1, "stop_all", "1 hour", "");
    assert_list(w, &(struct db_journal_filter){.owed = true}, "11");
    assert_true(db_journal_give_reason(brain, &w->who, request, WRITER_PERSON, "T-5", &err));
    assert_list(w, &(struct db_journal_filter){.owed = true}, "");
    assert_false(db_journal_give_reason(brain, &w->who, request, WRITER_PERSON, "T-6", &err));
    assert_int_equal(err.kind, ZM_ERR_REFUSED);
    assert_true(db_journal_close(brain, &w->who, request, WRITER_PERSON, DB_RESULT_DONE, &err));
    assert_true(db_journal_close(brain, &w->who, request, WRITER_PERSON, DB_RESULT_STALE, &err));
    assert_list(w, &(struct db_journal_filter){.open = true}, "");
    assert_string_equal(
        writer_value(w, DB_BRAIN,
                     "SELECT string_agg(coalesce(metadata->>'outcome', metadata->>'reason'), ','"
                     " ORDER BY action) FROM public.user_activity WHERE metadata->>'ref' IS NOT"
                     " NULL"),
        "T-5,done");
    assert_false(db_journal_give_reason(brain, &w->who, "00000000-0000-4000-8000-000000000099",
                                        WRITER_PERSON, "T-7", &err));
    assert_int_equal(err.kind, ZM_ERR_NOT_FOUND);
}

static bool is_unprotected(struct writer *w, const char *sql)
{
    writer_sql(w, DB_BRAIN, sql);
    writer_open(w);
    return db_link_facts(db_session_link(&w->people.session, DB_BRAIN))->journal_unprotected;
}

static void unprotected_journals(void **state)
{
    struct writer *w = *state;

    writer_sql(w, DB_BRAIN,
               "REVOKE ALL ON public.user_activity FROM anon, authenticated;"
               "ALTER TABLE public.user_activity ENABLE ROW LEVEL SECURITY");
    assert_false(is_unprotected(w, "GRANT SELECT ON public.user_activity TO anon"));
    assert_false(is_unprotected(w, "GRANT INSERT ON public.user_activity TO authenticated"));
    assert_true(is_unprotected(w, "CREATE POLICY test_own ON public.user_activity FOR INSERT"
                                  " TO authenticated WITH CHECK (user_id IS NOT NULL)"));
    assert_false(is_unprotected(w, "ALTER POLICY test_own ON public.user_activity WITH CHECK"
                                   " (user_id IS NOT NULL AND action NOT LIKE 'zmartctl.%')"));
    assert_false(is_unprotected(w, "ALTER POLICY test_own ON public.user_activity TO plain"
                                   " WITH CHECK (true)"));
    assert_true(is_unprotected(w, "ALTER POLICY test_own ON public.user_activity TO PUBLIC"));
    assert_true(is_unprotected(w, "DROP POLICY test_own ON public.user_activity;"
                                  "ALTER TABLE public.user_activity DISABLE ROW LEVEL SECURITY"));
    assert_false(is_unprotected(w, "REVOKE ALL ON public.user_activity FROM anon, authenticated"));
    assert_true(is_unprotected(w, "GRANT UPDATE (metadata) ON public.user_activity TO anon"));
    is_unprotected(w, "REVOKE ALL ON public.user_activity FROM anon, authenticated;"
                      "REVOKE ALL (metadata) ON public.user_activity FROM anon;"
                      "ALTER TABLE public.user_activity ENABLE ROW LEVEL SECURITY");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(newest_first_in_pages, writer_setup),
        cmocka_unit_test_setup(tells_how_it_ended, writer_setup),
        cmocka_unit_test_setup(finds_one_by_its_request, writer_setup),
        cmocka_unit_test_setup(filters, writer_setup),
        cmocka_unit_test_setup(open_changes, writer_setup),
        cmocka_unit_test_setup(rows_of_others_hide_nothing, writer_setup),
        cmocka_unit_test_setup(values_of_a_change, writer_setup),
        cmocka_unit_test_setup(judges_the_other_leg, writer_setup),
        cmocka_unit_test_setup(written_once, writer_setup),
        cmocka_unit_test_setup(unprotected_journals, writer_setup),
    };

    return writer_run_tests(tests, ZM_COUNT(tests));
}
