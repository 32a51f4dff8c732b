/*
 * Plans as files: what is written is read back, what was cut or edited is refused with its line,
 * and a plan is applied to the databases it was made for, while it is fresh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db/plan.h"
#include "zm/str.h"

struct place {
    char directory[64], path[600];
};

static int make(void **state)
{
    struct place *place = zm_calloc(1, sizeof(*place));

    zm_copy(place->directory, sizeof(place->directory), "/tmp/zmp.XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    *state = place;
    return 0;
}

static int clear(void **state)
{
    struct place *place = *state;

    if (place->path[0])
        unlink(place->path);
    assert_int_equal(rmdir(place->directory), 0); /* and nothing else was left behind */
    free(place);
    return 0;
}

static const struct db_both ana = {
    .id = "00000000-0000-4000-8000-000000000001",
    .login = true,
    .email = "ana\"\\\x01\xe2\x80\xae@example.com",
    .profiles = 1,
    .tier = "pro",
    .profile_updated_at = "2026-11-20T10:00:00Z",
    .subscriptions_known = true,
    .subscriptions = 2,
    .subscription_tier = "free",
    .traders = 1,
    .bot_email = "",
    .bot_tier = NULL,
    .trading_enabled = 1,
    .api_access = -1,
    .rights = true,
};
static const struct db_both nobody = {
    .id = "ffffffff-ffff-ffff-ffff-ffffffffffff", .trading_enabled = -1, .api_access = 0};

static void fill(struct db_plan_head *head)
{
    int i;

    memset(head, 0, sizeof(*head));
    zm_copy(head->by, sizeof(head->by), "ana@ops-1");
    zm_copy(head->label, sizeof(head->label), "PROD");
    for (i = 0; i < DB_SIDES; i++) {
        zm_copy(head->side[i].system, sizeof(head->side[i].system), i ? "7002" : "7001");
        zm_copy(head->side[i].database_oid, sizeof(head->side[i].database_oid), "5");
        zm_copy(head->side[i].project, sizeof(head->side[i].project), i ? "bot" : "brain");
    }
    head->brain_users = 1000;
    head->bot_profiles = 990;
}

static void save(struct place *place)
{
    struct db_plan_row rows[] = {
        {DB_CLASS_BIT(DB_CLASS_TIER_DIFFERS) | DB_CLASS_BIT(DB_CLASS_EMAIL_DIFFERS),
         DB_CLASS_BIT(DB_CLASS_TIER_DIFFERS), ana},
        {DB_CLASS_BIT(DB_CLASS_ORPHAN_IN_BOT), 0, nobody},
    };
    struct db_plan_head head;
    struct db_plan_writer *writer;
    struct zm_error err;
    struct stat info;

    fill(&head);
    writer = db_plan_begin(place->directory, &head, &err);
    assert_non_null(writer);
    assert_true(db_plan_add(writer, &rows[0], &err));
    assert_true(db_plan_add(writer, &rows[1], &err));
    assert_true(db_plan_end(writer, place->path, sizeof(place->path), &err));
    assert_non_null(strstr(place->path, head.id));
    assert_int_equal(stat(place->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void assert_same(const struct db_both *a, const struct db_both *b)
{
    assert_string_equal(a->id, b->id);
    assert_int_equal(a->login, b->login);
    assert_int_equal(a->profiles, b->profiles);
    assert_true(zm_streq(a->email, b->email));
    assert_true(zm_streq(a->tier, b->tier));
    assert_true(zm_streq(a->profile_updated_at, b->profile_updated_at));
    assert_int_equal(a->subscriptions, b->subscriptions);
    assert_true(zm_streq(a->subscription_tier, b->subscription_tier));
    assert_int_equal(a->traders, b->traders);
    assert_true(zm_streq(a->bot_email, b->bot_email));
    assert_true(zm_streq(a->bot_tier, b->bot_tier));
    assert_int_equal(a->trading_enabled, b->trading_enabled);
    assert_int_equal(a->api_access, b->api_access);
    assert_int_equal(a->rights, b->rights);
}

static void what_is_written_is_read(void **state)
{
    struct place *place = *state;
    struct db_plan_row row;
    struct db_plan *plan;
    struct zm_error err;
    int turn;

    save(place);
    plan = db_plan_open(place->path, NULL, NULL, &err);
    assert_non_null(plan);
    assert_string_equal(db_plan_head(plan)->by, "ana@ops-1");
    assert_int_equal(db_plan_head(plan)->rows, 2);
    assert_int_equal(db_plan_head(plan)->classes[DB_CLASS_ORPHAN_IN_BOT], 1);
    assert_int_equal(db_plan_head(plan)->classes[DB_CLASS_NO_EMAIL], 0);
    assert_in_range(db_plan_head(plan)->made_unix, time(NULL) - 60, time(NULL));
    for (turn = 0; turn < 2; turn++) {
        assert_true(db_plan_next(plan, &row, &err));
        assert_int_equal(row.human, DB_CLASS_BIT(DB_CLASS_TIER_DIFFERS));
        assert_same(&row.seen, &ana);
        assert_true(db_plan_next(plan, &row, &err));
        assert_int_equal(row.classes, DB_CLASS_BIT(DB_CLASS_ORPHAN_IN_BOT));
        assert_same(&row.seen, &nobody);
        assert_false(db_plan_next(plan, &row, &err));
        assert_int_equal(err.kind, ZM_ERR_NONE);
        db_plan_rewind(plan);
    }
    db_plan_close(plan);
}

static void a_plan_that_is_given_up_leaves_nothing(void **state)
{
    struct place *place = *state;
    struct db_plan_head head;
    struct zm_error err;

    fill(&head);
    db_plan_drop(db_plan_begin(place->directory, &head, &err));
    assert_null(db_plan_begin("/nosuch/place", &head, &err));
    assert_int_equal(err.kind, ZM_ERR_SYSTEM);
}

/* ---- a plan that is not whole ---- */

static char *slurp(const char *path, size_t *ret_n)
{
    FILE *file = fopen(path, "r");
    char *text = zm_calloc(1, 100000);

    assert_non_null(file);
    *ret_n = fread(text, 1, 99999, file);
    (void)fclose(file);
    return text;
}

static void put_back(const char *path, const char *text, size_t n)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static void assert_refused(const char *path)
{
    struct zm_error err = {.kind = ZM_ERR_NONE};
    struct db_plan *plan = db_plan_open(path, NULL, NULL, &err);

    assert_null(plan);
    assert_int_equal(err.kind, ZM_ERR_REFUSED);
    assert_non_null(strchr(err.where, ':'));
    assert_true(err.message[0] && err.hint[0]);
}

static void any_other_byte_is_noticed(void **state)
{
    struct place *place = *state;
    size_t n, i;
    char *text;

    save(place);
    text = slurp(place->path, &n);
    for (i = 0; i < n; i++) {
        char was = text[i];

        text[i] = (char)(was == '0' ? '1' : was == '1' ? '0' : was ^ 1);
        put_back(place->path, text, n);
        assert_refused(place->path);
        text[i] = was;
    }
    free(text);
}

static void any_cut_is_noticed(void **state)
{
    struct place *place = *state;
    size_t n, i;
    char *text;

    save(place);
    text = slurp(place->path, &n);
    for (i = 0; i < n; i++) {
        put_back(place->path, text, i);
        assert_refused(place->path);
    }
    free(text);
}

/* What was verified is what is applied. */
static void an_edit_meanwhile_is_noticed(void **state)
{
    const struct timespec later[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    struct place *place = *state;
    struct db_plan_row row;
    struct db_plan *plan;
    struct zm_error err;

    save(place);
    plan = db_plan_open(place->path, NULL, NULL, &err);
    assert_true(db_plan_next(plan, &row, &err));
    assert_int_equal(utimensat(AT_FDCWD, place->path, later, 0), 0); /* as writing to it does */
    assert_false(db_plan_next(plan, &row, &err));
    assert_int_equal(err.kind, ZM_ERR_REFUSED);
    assert_non_null(strstr(err.message, "edited while it was open"));
    db_plan_close(plan);
}

static void lines_more_or_less_are_noticed(void **state)
{
    struct place *place = *state;
    char *text, *second, *third, *more;
    size_t n;

    save(place);
    text = slurp(place->path, &n);
    second = strchr(text, '\n') + 1;
    third = strchr(second, '\n') + 1;
    more = zm_calloc(1, 200000);
    (void)snprintf(more, 200000, "%.*s%s", (int)(second - text), text, third);
    put_back(place->path, more, strlen(more));
    assert_refused(place->path);
    (void)snprintf(more, 200000, "%.*s%.*s%s", (int)(third - text), text, (int)(third - second),
                   second, third);
    put_back(place->path, more, strlen(more));
    assert_refused(place->path);
    (void)snprintf(more, 200000, "%s\n", text);
    put_back(place->path, more, strlen(more));
    assert_refused(place->path);
    memset(more, '[', 150000);
    put_back(place->path, more, 150000);
    assert_refused(place->path);
    put_back(place->path, "", 0);
    assert_refused(place->path);
    free(more);
    free(text);
}

static bool stop_now(void *context)
{
    return context == NULL;
}

static void a_long_one_can_be_stopped(void **state)
{
    struct place *place = *state;
    struct db_plan_row row = {DB_CLASS_BIT(DB_CLASS_ORPHAN_IN_BOT), 0, nobody};
    struct db_plan_head head;
    struct db_plan_writer *writer;
    struct zm_error err;
    int i;

    fill(&head);
    writer = db_plan_begin(place->directory, &head, &err);
    for (i = 0; i < 600; i++)
        assert_true(db_plan_add(writer, &row, &err));
    assert_true(db_plan_end(writer, place->path, sizeof(place->path), &err));
    assert_null(db_plan_open(place->path, stop_now, NULL, &err));
    assert_int_equal(err.kind, ZM_ERR_CANCELLED);
}

static void what_is_no_file_is_said(void **state)
{
    struct place *place = *state;
    struct zm_error err;

    assert_null(db_plan_open(place->directory, NULL, NULL, &err));
    assert_int_equal(err.kind, ZM_ERR_USAGE);
    assert_null(db_plan_open("/nosuch/plan", NULL, NULL, &err));
    assert_non_null(strstr(err.message, "/nosuch/plan"));
}

/* Somebody else's file, or one that lost a part, is told by what is wrong with it. */
static void what_is_damaged_is_said(void **state)
{
    static const char whole[] = "{\"zmartctl_plan\":1,\"id\":"
                                "\"00000000-0000-4000-8000-000000000000\",\"made_at\":"
                                "\"2026-11-22T09:14:02Z\",\"by\":\"a\",\"label\":\"b\"}\n";
    struct place *place = *state;
    struct db_plan_head head;
    struct zm_error err;

    save(place);
    put_back(place->path, whole, strlen(whole));
    assert_null(db_plan_open(place->path, NULL, NULL, &err));
    assert_string_equal(err.message, "not as zmartctl writes it: the databases it was made for");
    assert_false(db_plan_peek(place->path, &head, &err));
    assert_string_equal(err.message, "not as zmartctl writes it: the databases it was made for");
}

/* ---- what it may be used for ---- */

static void only_here_and_only_fresh(void **state)
{
    struct db_facts facts[DB_SIDES] = {{.side = DB_BRAIN}, {.side = DB_BOT}};
    const struct db_facts *both[] = {&facts[0], &facts[1]}, *swapped[] = {&facts[1], &facts[0]};
    struct db_plan_head head;
    struct zm_error err;
    int i;

    (void)state;
    fill(&head);
    head.made_unix = time(NULL);
    for (i = 0; i < DB_SIDES; i++) {
        zm_copy(facts[i].system, sizeof(facts[i].system), head.side[i].system);
        zm_copy(facts[i].database_oid, sizeof(facts[i].database_oid), "5");
        zm_copy(facts[i].project, sizeof(facts[i].project), head.side[i].project);
    }
    assert_true(db_plan_check(&head, both, 24, &err));
    assert_false(db_plan_check(&head, swapped, 24, &err));
    assert_int_equal(err.kind, ZM_ERR_REFUSED);
    zm_copy(facts[1].system, sizeof(facts[1].system), "7003");
    assert_false(db_plan_check(&head, both, 24, &err));
    assert_int_equal(err.kind, ZM_ERR_REFUSED);
    facts[1].system[0] = '\0'; /* which a role may not be told */
    assert_true(db_plan_check(&head, both, 24, &err));
    head.made_unix = time(NULL) - 24 * 3600 - 60;
    assert_false(db_plan_check(&head, both, 24, &err));
    assert_int_equal(err.kind, ZM_ERR_REFUSED);
    assert_true(db_plan_check(&head, both, 25, &err));
    assert_non_null(strstr(err.message, "24 h ago"));
    head.made_unix = time(NULL) + 3600; /* of a clock that is wrong */
    assert_false(db_plan_check(&head, both, 24, &err));
    assert_non_null(strstr(err.message, "has not come yet"));
}

static void many_rows_take_more(void **state)
{
    (void)state;
    assert_int_equal(db_plan_size(0, 1000), DB_PLAN_EMPTY);
    assert_int_equal(db_plan_size(50, 1000), DB_PLAN_SMALL);
    assert_int_equal(db_plan_size(51, 100000), DB_PLAN_LARGE);
    assert_int_equal(db_plan_size(6, 100), DB_PLAN_LARGE);
    assert_int_equal(db_plan_size(5, 100), DB_PLAN_SMALL);
    assert_int_equal(db_plan_size(20, 100), DB_PLAN_LARGE);
    assert_int_equal(db_plan_size(21, 100), DB_PLAN_MASS);
    assert_int_equal(db_plan_size(200001, 1000000), DB_PLAN_MASS);
    assert_int_equal(db_plan_size(1, 0), DB_PLAN_MASS);
}

/* ---- what was left behind ---- */

static void touch(const struct place *place, const char *name, int hours_ago, char path[600])
{
    struct timespec times[2] = {{.tv_sec = time(NULL) - hours_ago * 3600L}};
    FILE *file;

    times[1] = times[0];
    snprintf(path, 600, "%s/%s", place->directory, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void what_nobody_can_use_goes(void **state)
{
    static const struct {
        const char *name;
        int hours_ago;
        bool goes, goes_of_all;
    } files[] = {
        {"old.json.part", 25, true, true}, {"new.json.part", 1, false, false},
        {"old.json", 25, false, true},     {"new.json", 1, false, false},
        {"old.txt", 99, false, false},
    };
    struct place *place = *state;
    char path[ZM_COUNT(files)][600];
    size_t i;

    for (i = 0; i < ZM_COUNT(files); i++)
        touch(place, files[i].name, files[i].hours_ago, path[i]);
    db_plan_sweep(place->directory, 24, false);
    for (i = 0; i < ZM_COUNT(files); i++)
        assert_int_equal(access(path[i], F_OK) != 0, files[i].goes);
    db_plan_sweep(place->directory, 24, true);
    for (i = 0; i < ZM_COUNT(files); i++) {
        assert_int_equal(access(path[i], F_OK) != 0, files[i].goes_of_all);
        unlink(path[i]);
    }
    db_plan_sweep("/nosuch/directory", 24, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read, make, clear),
        cmocka_unit_test_setup_teardown(a_plan_that_is_given_up_leaves_nothing, make, clear),
        cmocka_unit_test_setup_teardown(any_other_byte_is_noticed, make, clear),
        cmocka_unit_test_setup_teardown(any_cut_is_noticed, make, clear),
        cmocka_unit_test_setup_teardown(an_edit_meanwhile_is_noticed, make, clear),
        cmocka_unit_test_setup_teardown(lines_more_or_less_are_noticed, make, clear),
        cmocka_unit_test_setup_teardown(a_long_one_can_be_stopped, make, clear),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_said, make, clear),
        cmocka_unit_test_setup_teardown(what_is_damaged_is_said, make, clear),
        cmocka_unit_test_setup_teardown(what_nobody_can_use_goes, make, clear),
        cmocka_unit_test(only_here_and_only_fresh),
        cmocka_unit_test(many_rows_take_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
