/*
 * Performs a step: decides whether it may be, runs what its kind wants, and says what became of it.
 * Which SQL it is was decided by the step.
 */
#include "db/checklist_run.h"

#include "db/checklist_store.h"
#include "db/checklist_work.h"
#include "db/holder.h"
#include "db/link.h"
#include "db/sql.h"

#define SCHEMA_QUIET_MS 65000
#define CONCURRENT_QUIET_MS                                                                        \
    (4 * 3600 * 1000) /* an index of a large table, and who it waits for                           \
                       */

/* clang-format off */
static const char *const keys[] = {
    [DB_RUN_DONE] = "done",       [DB_RUN_TRIED] = "tried",   [DB_RUN_NOTHING] = "nothing",
    [DB_RUN_NOT_OK] = "not_ok",   [DB_RUN_PARTLY] = "partly", [DB_RUN_REFUSED] = "refused",
    [DB_RUN_FAILED] = "failed",   [DB_RUN_UNKNOWN] = "unknown",
};
/* clang-format on */

const char *db_run_end_key(enum db_run_end end)
{
    return keys[end];
}

int db_run_exit_code(enum db_run_end end, const struct zm_error *err)
{
    switch (end) {
    case DB_RUN_DONE:
    case DB_RUN_TRIED:
    case DB_RUN_NOTHING:
        return 0;
    case DB_RUN_NOT_OK:
        return 1;
    case DB_RUN_PARTLY:
    case DB_RUN_UNKNOWN:
        return 4;
    case DB_RUN_REFUSED:
        return err->kind == ZM_ERR_NOT_FOUND ? 2 : err->kind == ZM_ERR_LOST ? 3 : 5;
    case DB_RUN_FAILED:
        break;
    }
    switch (err->kind) {
    case ZM_ERR_PRIVILEGE:
    case ZM_ERR_HIDDEN:
    case ZM_ERR_SHAPE:
    case ZM_ERR_LOCKED:
    case ZM_ERR_SQL:
        return 5; /* the database was reached, and said no */
    default:
        break;
    }
    return zm_error_exit_code(err->kind) == 0 ? 3 : zm_error_exit_code(err->kind);
}

/* ---- what is run ---- */

bool db_step_next_statement(const char **at, struct zm_buf *ret)
{
    const char *end;

    *at += strspn(*at, " \n");
    if (!**at)
        return false;
    end = strstr(*at, ";\n");
    end = end ? end + 1 : *at + strlen(*at);
    zm_buf_done(ret);
    zm_buf_add(ret, *at, (size_t)(end - *at));
    *at = end;
    return true;
}

const char *db_step_sql(struct db_checklist *list, const struct db_step_result *s)
{
    const char *sql = s->finding.fix;
    size_t i;

    if (s->step->kind != DB_STEP_CONCURRENT || s->step->where > DB_STEP_BOT || !list->record)
        return sql;
    for (i = 0; i < list->record->side[s->step->where].invalid.n; i++) {
        const struct db_invalid_index_row *row =
            DB_ROW(&list->record->side[s->step->where].invalid, struct db_invalid_index_row, i);

        if (strstr(sql, row->name) && !strstr(sql, "DROP INDEX"))
            sql =
                zm_arena_printf(&list->arena, "DROP INDEX CONCURRENTLY %s;\n%s", row->quoted, sql);
    }
    return sql;
}

static bool end(struct db_step_run *run, enum db_run_end how)
{
    run->end = how;
    return how == DB_RUN_DONE;
}

__attribute__((format(printf, 3, 4))) static bool refuse(struct db_step_run *run, const char *where,
                                                         const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    zm_error_set(&run->err, ZM_ERR_REFUSED, where, "", "%s", text);
    zm_error_hint(&run->err, "nothing was changed");
    return end(run, DB_RUN_REFUSED);
}

/* ---- connections ---- */

/* The admin connection is of the very database that was looked at. */
static bool is_same_database(const struct db_link *ordinary, const struct db_link *own,
                             struct zm_error *err)
{
    const struct db_facts *a = db_link_facts(ordinary), *b = db_link_facts(own);

    if (zm_streq(a->database_oid, b->database_oid) &&
        (!a->system[0] || !b->system[0] || zm_streq(a->system, b->system)))
        return true;
    zm_error_set(err, ZM_ERR_IDENTITY, db_side_name(a->side), "perform the step",
                 "admin of the profile leads to another database");
    return zm_error_hint(err, "nothing was changed; see admin in the configuration");
}

struct db_link *db_step_link(struct db_checklist *list, enum db_side side, struct db_link **ret_own,
                             struct zm_error *err)
{
    struct db_link *ordinary = db_session_link(list->session, side);
    bool ok;

    *ret_own = NULL;
    if (!ordinary) {
        db_session_away(list->session, side, "mend it", err);
        return NULL;
    }
    if (!list->admin[side])
        return ordinary;
    *ret_own = db_link_new(list->admin[side]);
    ok = db_link_open(*ret_own, err) && is_same_database(ordinary, *ret_own, err);
    if (ok)
        return *ret_own;
    db_link_free(*ret_own);
    *ret_own = NULL;
    return NULL;
}

/* The link that a change of the schema runs over: that, or for a step which wants a session of its
 * own always one of its own (*ret_own, to be freed). NULL: run->err. */
static struct db_link *open_for(struct db_checklist *list, const struct db_step *step,
                                struct db_link **ret_own, struct db_step_run *run)
{
    enum db_side side = (enum db_side)step->where;
    struct db_link *link = db_step_link(list, side, ret_own, &run->err);

    if (link && !*ret_own && step->kind == DB_STEP_CONCURRENT) {
        *ret_own = db_link_new(&list->targets[side]);
        link = db_link_open(*ret_own, &run->err) &&
                       is_same_database(db_session_link(list->session, side), *ret_own, &run->err)
                   ? *ret_own
                   : NULL;
    }
    if (!link)
        end(run, run->err.kind == ZM_ERR_IDENTITY ? DB_RUN_REFUSED : DB_RUN_FAILED);
    return link;
}

/* ---- in one transaction ---- */

static bool run_script(struct db_link *link, const char *sql, enum db_sql last,
                       struct zm_error *err)
{
    struct zm_buf text = {.s = NULL};
    bool ok;

    zm_buf_printf(&text, "%s\n%s\n;\n%s", db_sql_text(DB_SQL_EITHER_BEGIN_SCHEMA)->text, sql,
                  db_sql_text(last)->text);
    ok = db_link_script(link, text.s, SCHEMA_QUIET_MS, err);
    zm_buf_done(&text);
    return ok;
}

/* The answer to the end of a transaction was lost. Once our lock can be had again it is over, one
 * way or the other, and looking tells which. */
static bool is_over(struct db_link *link)
{
    struct zm_error err;
    int tries;

    for (tries = 0; tries < 3; tries++)
        if (db_link_open(link, &err) && run_script(link, "", DB_SQL_EITHER_ROLLBACK, &err))
            return true;
    return false;
}

static bool run_schema(struct db_checklist *list, struct db_link *link, struct db_step_run *run)
{
    if (list->say)
        list->say(list->context, "trying it, to be rolled back");
    if (!run_script(link, run->sql, DB_SQL_EITHER_ROLLBACK, &run->err))
        return end(run, DB_RUN_FAILED);
    if (run->dry_run)
        return end(run, DB_RUN_TRIED);
    if (list->stopped && list->stopped(list->context))
        return refuse(run, "", "it was stopped");
    if (list->say)
        list->say(list->context, "applying it");
    if (run_script(link, run->sql, DB_SQL_EITHER_COMMIT, &run->err))
        return end(run, DB_RUN_DONE);
    if (db_link_is_open(link))
        return end(run, DB_RUN_FAILED);
    return end(run, is_over(link) ? DB_RUN_FAILED : DB_RUN_UNKNOWN);
}

/* ---- outside one ---- */

static bool run_concurrent(struct db_checklist *list, struct db_link *link, struct db_step_run *run)
{
    struct zm_buf statement = {.s = NULL};
    const char *at = run->sql;
    size_t n = 0;
    bool ok;

    if (db_link_facts(link)->via == DB_VIA_TRANSACTION_POOLER)
        return refuse(run, db_side_name(db_link_facts(link)->side),
                      "a transaction pooler stands in between; it wants a session of its own");
    ok = db_link_script(link, db_sql_text(DB_SQL_EITHER_BEGIN_CONCURRENT)->text, SCHEMA_QUIET_MS,
                        &run->err);
    while (ok && db_step_next_statement(&at, &statement)) {
        if (list->stopped && list->stopped(list->context)) {
            ok = zm_error_set(&run->err, ZM_ERR_CANCELLED, "", "go on", "it was stopped");
            break;
        }
        if (list->say)
            list->say(list->context, statement.s);
        ok = db_link_script(link, statement.s, CONCURRENT_QUIET_MS, &run->err);
        n += ok;
    }
    zm_buf_done(&statement);
    if (ok)
        return end(run, DB_RUN_DONE);
    if (n == 0 && db_link_is_open(link))
        return end(run, DB_RUN_FAILED);
    return end(run, n == 0 ? DB_RUN_UNKNOWN : DB_RUN_PARTLY);
}

/* ---- the whole ---- */

/* Whether the step may be performed now; fills what will be run. */
static bool may_run(struct db_checklist *list, const struct db_step_result *s,
                    struct db_step_run *run)
{
    const struct db_step *step = s->step;
    int side;

    run->title = step->title;
    run->kind = step->kind;
    if ((!step->run || step->kind == DB_STEP_API) && s->bare == DB_STEP_OK)
        return end(run, DB_RUN_NOTHING);
    for (side = 0; side < DB_SIDES; side++)
        if (db_step_is_on(step, (enum db_side)side)) {
            struct db_link *link = db_session_link(list->session, (enum db_side)side);

            if (!link) {
                db_session_away(list->session, (enum db_side)side, "mend it", &run->err);
                return end(run, DB_RUN_FAILED);
            }
            if (db_link_facts(link)->changed_server)
                return refuse(run, db_side_name((enum db_side)side),
                              "this is not the server that was recorded; zmartctl init --accept");
        }
    if (s->finding.err.kind != ZM_ERR_NONE) {
        run->err = s->finding.err;
        return end(run, DB_RUN_FAILED);
    }
    if (s->finding.state == DB_STEP_BLOCKED)
        return refuse(run, "", "step %s is blocked: %.180s", step->key, s->finding.found);
    if (step->kind == DB_STEP_API && step->run) {
        run->sql = zm_arena_strdup(&run->arena, s->finding.fix);
        return !run->agreed || zm_streq(run->agreed, run->sql) ||
               refuse(run, "", "what step %s would change is no longer what was shown", step->key);
    }
    if (step->run)
        return true;
    if (step->kind != DB_STEP_SCHEMA && step->kind != DB_STEP_CONCURRENT)
        return refuse(run, "",
                      step->kind == DB_STEP_HUMAN
                          ? "step %s is for a person: zmartctl check sign %s --note TEXT"
                          : "step %s is mended by hand; zmartctl check %s says how",
                      step->key, step->key);
    if (s->cannot[0])
        return refuse(run, "", "%.200s", s->cannot);
    if (step->where > DB_STEP_BOT || !s->finding.fix[0])
        return refuse(run, "", "step %s has no SQL that would mend it", step->key);
    run->sql = zm_arena_strdup(&run->arena, db_step_sql(list, s));
    if (run->agreed && !zm_streq(run->agreed, run->sql))
        return refuse(run, "", "what would mend step %s is no longer what was shown", step->key);
    if (step->kind == DB_STEP_CONCURRENT && run->dry_run)
        return refuse(run, "", "step %s cannot be tried: it does not run in a transaction",
                      step->key);
    return true;
}

/* Looks at the step alone; what is said about looking is of no interest here. */
static bool look(struct db_checklist *list, const char *key, struct db_check_result *ret,
                 struct zm_error *err)
{
    void (*say)(void *context, const char *line) = list->say;
    bool ok;

    list->say = NULL;
    db_checklist_begin(list);
    ok = db_checklist_check(list, key, ret, err);
    list->say = say;
    return ok;
}

static void look_again(struct db_checklist *list, struct db_step_run *run)
{
    enum db_side side = DB_BRAIN;
    struct db_check_result result;
    const struct db_step *step = db_step_find(run->key);
    const struct db_step_result *s;
    struct zm_error err;

    for (; side < DB_SIDES; side++) /* their catalogues are of before */
        if (step->kind == DB_STEP_SCHEMA || step->kind == DB_STEP_CONCURRENT)
            if (db_step_is_on(step, side) && list->session->link[side])
                db_link_close(list->session->link[side]);
    db_session_connect(list->session);
    if (!look(list, run->key, &result, &err))
        return;
    s = db_check_step(&result, run->key);
    run->state = s->finding.state;
    run->expected = zm_arena_strdup(&run->arena, s->finding.expected);
    run->found = zm_arena_strdup(&run->arena, s->finding.found);
    if (s->bare != DB_STEP_OK) {
        run->end = run->end == DB_RUN_DONE ? DB_RUN_NOT_OK : run->end;
        return;
    }
    run->end = DB_RUN_DONE; /* even where the answer to it was lost */
    run->err.kind = ZM_ERR_NONE;
}

/* A lock was not to be had: says who has it. */
static void name_holder(struct db_link *link, struct db_step_run *run)
{
    struct db_ask ask = {.sql = DB_SQL_EITHER_SCHEMA_HOLDER, .params = {run->sql}};
    size_t n = strlen(run->err.message);
    char who[200];

    if (run->err.kind == ZM_ERR_LOCKED && db_holder_say(link, &ask, who, sizeof(who)))
        snprintf(run->err.message + n, sizeof(run->err.message) - n, "; %s", who);
}

static void run_common(struct db_checklist *list, const struct db_step *step,
                       struct db_step_run *run)
{
    struct db_link *own, *link = open_for(list, step, &own, run);

    if (link && step->kind == DB_STEP_CONCURRENT)
        run_concurrent(list, link, run);
    else if (link)
        run_schema(list, link, run);
    if (link)
        name_holder(link, run);
    db_link_free(own);
    if (run->end != DB_RUN_TRIED && run->end != DB_RUN_REFUSED)
        look_again(list, run);
}

static void run_own(struct db_checklist *list, const struct db_step *step, struct db_step_run *run)
{
    struct db_step_finding finding = {
        .state = DB_STEP_NOT_RUN, .expected = "", .found = "", .fix = ""};

    if (!step->run(list, step, run->dry_run, &finding, &run->err)) {
        end(run, run->err.kind == ZM_ERR_REFUSED ? DB_RUN_REFUSED : DB_RUN_FAILED);
        return;
    }
    run->state = finding.state;
    run->expected = zm_arena_strdup(&run->arena, finding.expected);
    run->found = zm_arena_strdup(&run->arena, finding.found);
    if (finding.err.kind != ZM_ERR_NONE)
        run->err = finding.err;
    end(run, run->dry_run                  ? DB_RUN_TRIED
             : finding.state == DB_STEP_OK ? DB_RUN_DONE
                                           : DB_RUN_NOT_OK);
}

void db_step_perform(struct db_checklist *list, struct db_step_run *run)
{
    const struct db_step *step = db_step_find(run->key);
    struct db_check_result result;
    const struct db_step_result *s;

    run->title = run->sql = run->expected = run->found = "";
    if (!step) {
        zm_error_set(&run->err, ZM_ERR_NOT_FOUND, "", "", "there is no step '%.40s'", run->key);
        end(run, DB_RUN_REFUSED);
        return;
    }
    if (!look(list, run->key, &result, &run->err)) {
        end(run, DB_RUN_FAILED);
        return;
    }
    s = db_check_step(&result, run->key);
    run->state = s->finding.state;
    run->expected = zm_arena_strdup(&run->arena, s->finding.expected);
    run->found = zm_arena_strdup(&run->arena, s->finding.found);
    if (!may_run(list, s, run))
        return;
    if (step->run)
        run_own(list, step, run);
    else
        run_common(list, step, run);
    if (run->end == DB_RUN_DONE || run->end == DB_RUN_NOT_OK || run->end == DB_RUN_PARTLY)
        db_checklist_record_run(list, step, run->sql, db_run_end_key(run->end), &run->journal_err);
}

void db_step_run_done(struct db_step_run *run)
{
    zm_arena_done(&run->arena);
}
