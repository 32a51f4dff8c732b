/*
 * `zmartctl check` as a script uses it: states, what people say and take back, exit codes, the
 * report.
 */
#include "demo_place.h"

#include <libpq-fe.h>

static int start(void **state)
{
    return start_place(state, 50, NULL);
}

/* Runs it; words of stdout and stderr, NULL: none. */
static void says(const struct place *place, int code, const char *line, const char *out,
                 const char *err)
{
    struct ran ran = run(place, line);

    assert_says(&ran, code, out, err);
    ran_done(&ran);
}

static const char *text_of(json_t *object, const char *name)
{
    return zm_text(json_string_value(json_object_get(object, name)));
}

/* The step's object, the caller's. */
static json_t *step(const struct place *place, const char *key)
{
    char line[64];
    struct ran ran;
    const char *at;
    json_t *object;

    snprintf(line, sizeof(line), "$Z check %s --json", key);
    ran = run(place, line);
    at = ran.out;
    object = next_object(&at);
    if (!object)
        fail_msg("no object for %s: %s", key, ran.err);
    ran_done(&ran);
    return object;
}

static void step_is(const struct place *place, const char *key, const char *state,
                    const char *found)
{
    json_t *object = step(place, key);

    assert_string_equal(text_of(object, "state"), state);
    assert_holds(text_of(object, "found"), found);
    json_decref(object);
}

static long marks(const struct place *place)
{
    return strtol(demo_sql(&place->demo, DB_BRAIN,
                           "SELECT count(*) FROM public.user_activity WHERE action LIKE"
                           " 'zmartctl.%' AND metadata->>'subject' LIKE 'checklist %'"),
                  NULL, 10);
}

/* ---- */

static void all_items_are_listed(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "$Z check --json");
    const char *at = ran.out;
    json_t *object;
    char names[128];
    int items = 0, steps = 0;

    assert_ran(&ran, 1);
    while ((object = next_object(&at))) {
        assert_string_equal(field_names(object, names, sizeof(names)),
                            "item step title state expected found fix ");
        items += json_is_null(json_object_get(object, "step"));
        steps += json_is_string(json_object_get(object, "step"));
        json_decref(object);
    }
    assert_int_equal(items, 6);
    assert_true(steps >= 6);
    ran_done(&ran);
    says(place, 1, "$Z check --format table", "Deploy to production", NULL);
    says(place, 1, "$Z check 6 --format csv", "item,step,title,state,expected,found,fix", NULL);
    says(place, 0, "$Z check 6.15", "verify-full", NULL);
}

static void wrong_words(void **state)
{
    static const struct {
        const char *line, *says;
    } wrong[] = {
        {"check 7", "there is no step '7'"},
        {"check 6.99", "there is no step"},
        {"check 6 6", "what is '6' for"},
        {"check sign", "missing"},
        {"check sign 6.18 --yes", "a note is needed"},
        {"check sign 6.18 --note ' ' --yes", "a note is needed"},
        {"check sign 6.18 --note \"$(printf 'a\\033[31mb')\" --yes", "the note is no text"},
        {"check sign 6.18 --note x", "nobody to be asked"},
        {"check waive 6.16 --note x --yes", "last day"},
        {"check waive 6.16 --note x --until 2020-01-01 --yes", "is over"},
        {"check waive 6.16 --note x --until soon --yes", "not a date"},
        {"check waive 6 --note x --until 2099-01-01 --yes", "is an item"},
        {"check sign 6.18 --note x --until 2099-01-01 --yes", "is for check waive"},
        {"check report 6", "what is '6' for"},
        {"check run", "missing"},
        {"check run 6.99 --yes", "there is no step"},
    };
    const struct place *place = *state;
    char line[200];
    size_t i;

    for (i = 0; i < ZM_COUNT(wrong); i++) {
        snprintf(line, sizeof(line), "$Z %s", wrong[i].line);
        says(place, 2, line, NULL, wrong[i].says);
    }
    assert_int_equal(marks(place), 0);
}

static void read_only_refuses(void **state)
{
    const struct place *place = *state;

    says(place, 5, "$Z --read-only check sign 6.18 --note x --yes", NULL, "--read-only");
    says(place, 5, "$Z --read-only check run 6.16 --yes", NULL, "--read-only");
    assert_int_equal(marks(place), 0);
}

static void a_person_confirms(void **state)
{
    const struct place *place = *state;
    long before = marks(place);

    step_is(place, "6.18", "waiting", "nobody");
    says(place, 0, "$Z check sign 6.18 --note 'seen by Ana' --yes", NULL, NULL);
    step_is(place, "6.18", "ok", "seen by Ana");
    says(place, 0, "$Z check 6.18", "seen by Ana", NULL);
    says(place, 0, "$Z check sign 6.18 --note 'again' --yes", NULL, NULL); /* one is enough */
    assert_int_equal(marks(place), before + 1);
    assert_string_equal(
        demo_sql(&place->demo, DB_BRAIN,
                 "SELECT concat_ws(' ', action, user_id, metadata->>'step', metadata->>'subject',"
                 " metadata->>'db_role', metadata->>'profile', metadata->>'note')"
                 " FROM public.user_activity WHERE metadata->>'subject' = 'checklist 6.18'"),
        "zmartctl.signoff 6.18 checklist 6.18 postgres demo seen by Ana");
    says(place, 0, "$Z check unsign 6.18 --note 'it was another project' --yes", NULL, NULL);
    step_is(place, "6.18", "waiting", "nobody");
    says(place, 0, "$Z check unsign 6.18 --note 'again' --yes", NULL, NULL);
    assert_int_equal(marks(place), before + 2);
    /* What zmartctl looks at itself is not confirmed by anybody. */
    says(place, 5, "$Z check sign 6.16 --note x --yes", NULL, "not by a person");
}

static void waivers_run_out(void **state)
{
    const struct place *place = *state;

    step_is(place, "6.16", "fail", "postgres");
    says(place, 5, "$Z check waive 6.15 --note x --until 2099-01-01 --yes", NULL, "is ok");
    says(place, 0, "$Z check waive 6.16 --note 'only a demo' --until 2099-01-01 --yes", NULL, NULL);
    step_is(place, "6.16", "waived", "only a demo");
    says(place, 0, "$Z check 6.16", NULL, NULL);
    demo_sql(&place->demo, DB_BRAIN,
             "UPDATE public.user_activity SET metadata = metadata || '{\"until\": \"2020-01-01\"}'"
             " WHERE metadata->>'subject' = 'checklist 6.16'");
    step_is(place, "6.16", "fail", "ran out");
    says(place, 1, "$Z check 6.16", NULL, NULL);
    says(place, 0, "$Z check waive 6.16 --note 'once more' --until 2099-01-01 --yes", NULL, NULL);
    says(place, 0, "$Z check unsign 6.16 --note 'no more' --yes", NULL, NULL);
    step_is(place, "6.16", "fail", "postgres");
}

static void the_name_is_typed(void **state)
{
    const struct place *place = *state;

    says(place, 5, "$Z check sign 6.20 --note x --yes", NULL, "was not typed");
    step_is(place, "6.20", "waiting", "nobody");
    says(place, 0, "$Z -p demo check sign 6.20 --note x --yes", NULL, NULL);
    step_is(place, "6.20", "ok", "confirmed");
    says(place, 0, "$Z check unsign 6.20 --note x --yes", NULL, NULL);
}

static void only_what_is_done_is_signed(void **state)
{
    const struct place *place = *state;

    says(place, 5, "$Z check sign 6 --note x --yes", NULL, "is not done");
    says(place, 5, "$Z check run 6.16 --yes", NULL, "by hand");
    says(place, 5, "$Z check run 6.18 --yes", NULL, "for a person");
}

static void reports(void **state)
{
    const struct place *place = *state;
    struct ran ran = run(place, "$Z check report --json");
    const char *at = ran.out;
    json_t *object = next_object(&at);

    assert_ran(&ran, 1);
    assert_int_equal(json_array_size(json_object_get(object, "items")), 6);
    assert_int_equal(json_array_size(json_object_get(object, "databases")), 2);
    assert_string_equal(text_of(object, "profile"), "demo");
    json_decref(object);
    ran_done(&ran);
    says(place, 0, "$Z check sign 6.19 --note '<b>undo</b> | #9' --yes", NULL, NULL);
    says(place, 1, "$Z check report", "# Deployment checklist: DEMO", NULL);
    says(place, 1, "$Z check report", "\\<b\\>undo\\</b\\> \\| \\#9", NULL);
}

/* Without Brain nobody knows what is on record, and nothing is called ok because of that. */
static void brain_is_away(void **state)
{
    struct place *place = *state;

    demo_halt(&place->demo, DB_BRAIN);
    says(place, 3, "$Z check 6.15 --json", "\"found\":\"ZmartyBrain is away\"", "ZmartyBrain");
    says(place, 3, "$Z check sign 6.18 --note x --yes", NULL, "ZmartyBrain");
    demo_resume(&place->demo, DB_BRAIN);
    says(place, 0, "$Z check 6.15", NULL, NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_items_are_listed),
        cmocka_unit_test(wrong_words),
        cmocka_unit_test(read_only_refuses),
        cmocka_unit_test(a_person_confirms),
        cmocka_unit_test(waivers_run_out),
        cmocka_unit_test(the_name_is_typed),
        cmocka_unit_test(only_what_is_done_is_signed),
        cmocka_unit_test(reports),
        cmocka_unit_test(brain_is_away),
    };

    return cmocka_run_group_tests(tests, start, stop_place);
}
