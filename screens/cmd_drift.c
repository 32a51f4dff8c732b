/*
 * `zmartctl drift`: who differs between the databases, a row a user and class, then a summary. What
 * could not be looked at in full is exit code 3, never "no drift".
 */
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "db/compare.h"
#include "screens/command.h"
#include "screens/commands.h"
#include "screens/json_drift.h"
#include "screens/progress.h"
#include "screens/replica.h"
#include "screens/scans.h"
#include "zm/clock.h"
#include "zm/str.h"

/* clang-format off */
static const struct out_column table_columns[] = {
    {"s", false}, {"class", false}, {"user", false}, {"brain", false}, {"bot", false}, {"lane", false},
};
/* clang-format on */

struct drift {
    struct command_run run;
    struct out *out;
    struct db_session scan; /* the primaries' links, but for sides with a replica */
    unsigned wanted;        /* DB_CLASS_BIT */
    bool brief;             /* a line a round: for a log */
    struct progress progress;
};

/* ---- rows ---- */

/* " +api", nothing for a right that is off. */
static const char *right(db_maybe value, const char *on, const char *unknown)
{
    return value < 0 ? unknown : value ? on : "";
}

/* "?": its table has none. What a blank at an end makes different is seen between quotes. */
static void add_value(struct zm_buf *dst, bool lacking, const char *text)
{
    const char *quote = lacking || zm_is_plain(text) ? "" : "'";

    zm_buf_printf(dst, "%s%s%s", quote, lacking ? "?" : text ? text : "null", quote);
}

static void describe_brain(const struct db_drift *drift, struct zm_buf *ret)
{
    const struct db_both *both = drift->both;

    if (drift->class == DB_CLASS_EMAIL_DIFFERS)
        add_value(ret, false, both->email);
    else if (drift->class == DB_CLASS_DUPLICATE_PROFILE)
        zm_buf_printf(ret, "%lld profiles", (long long)both->profiles);
    else if (!both->login || both->deleted)
        zm_buf_puts(ret, both->login ? "deleted" : "-");
    else if (!both->profiles)
        zm_buf_puts(ret, "no profile");
    else
        add_value(ret, both->lacks & DB_LACKS_TIER, both->tier);
    if (drift->class == DB_CLASS_SUBSCRIPTION_DIFFERS) {
        zm_buf_puts(ret, ", paid: ");
        if (both->subscriptions)
            add_value(ret, false, both->subscription_tier);
        else
            zm_buf_puts(ret, "none");
    }
}

static void describe_bot(const struct db_drift *drift, struct zm_buf *ret)
{
    const struct db_both *both = drift->both;

    if (!both->traders)
        zm_buf_puts(ret, "-");
    else if (drift->class == DB_CLASS_EMAIL_DIFFERS)
        add_value(ret, false, both->bot_email);
    else if (both->traders > 1)
        zm_buf_printf(ret, "%lld trading profiles", (long long)both->traders);
    else {
        add_value(ret, both->lacks & DB_LACKS_BOT_TIER, both->bot_tier);
        zm_buf_puts(ret, right(both->trading_enabled, " +trading", " ?trading"));
        zm_buf_puts(ret, right(both->api_access, " +api", " ?api"));
    }
}

/* What a class is about, of each half; for people. Nothing is cut here: on a terminal the table
 * does that, with its sign. */
static void print_table(struct out *out, const struct db_drift *drift)
{
    const struct db_class_row *row = db_class_row(drift->class);
    const char *email = json_drift_email(drift->both);
    char sign[2] = {drift->mend == DB_MEND_HUMAN ? '!' : row->sign, '\0'};
    struct zm_buf brain = {.s = NULL}, bot = {.s = NULL};
    const char *values[] = {sign, row->key, email ? email : drift->both->id,
                            NULL, NULL,     db_mend_key(drift->mend)};

    describe_brain(drift, &brain);
    describe_bot(drift, &bot);
    values[3] = zm_text(brain.s);
    values[4] = zm_text(bot.s);
    out_row(out, values, NULL);
    zm_buf_done(&brain);
    zm_buf_done(&bot);
}

static bool take(void *context, const struct db_drift *drift)
{
    struct drift *d = context;
    struct json_drift_values values;

    if (d->brief)
        return out_alive(d->out);
    if (out_format(d->out) == OUT_TABLE) {
        print_table(d->out, drift);
    } else {
        json_drift_values(drift, &values);
        out_row(d->out, values.value, out_wants_json(d->out) ? json_drift(drift) : NULL);
    }
    return out_alive(d->out);
}

static bool gone(void *context)
{
    const struct drift *d = context;

    return !out_alive(d->out);
}

static void tell(void *context, const struct db_compare_progress *progress)
{
    struct drift *d = context;

    progress_compare(&d->progress, progress);
}

/* ---- the end ---- */

/* When, for rounds that follow each other. */
static const char *when(const struct drift *d, char *dst, size_t size)
{
    time_t now = time(NULL);
    struct tm tm;

    dst[0] = '\0';
    if (d->run.options->watch > 0 && gmtime_r(&now, &tm))
        strftime(dst, size, "%Y-%m-%dT%H:%M:%SZ ", &tm);
    return dst;
}

/* "2 of 100 users differ"; where some of the classes asked for are not known, that it is no more
 * than could be seen, and where none is, no number. */
static void add_answer(const struct drift *d, const struct db_compare_result *result,
                       struct zm_buf *ret)
{
    unsigned unknown = d->wanted & result->unknown;

    if (unknown == d->wanted && result->users == 0)
        zm_buf_printf(ret, "it is not known how many of %lld users differ",
                      (long long)result->brain_users);
    else
        zm_buf_printf(ret, "%lld of %lld users differ%s", (long long)result->users,
                      (long long)result->brain_users, unknown ? " as far as could be seen" : "");
}

/* "; not known: flags_exceed_tier beyond these, subscription_differs". */
static void add_unknown(const struct drift *d, const struct db_compare_result *result,
                        const char *head, struct zm_buf *ret)
{
    unsigned c, listed = 0;

    for (c = 0; c < DB_CLASSES; c++)
        if (d->wanted & result->unknown & DB_CLASS_BIT(c))
            zm_buf_printf(ret, "%s%s%s", listed++ ? ", " : head,
                          db_class_row((enum db_class)c)->key,
                          result->classes[c] ? " beyond these" : "");
}

static void print_brief(struct drift *d, const struct db_compare_result *result)
{
    struct zm_buf text = {.s = NULL};
    char at[32];
    unsigned c, listed = 0;

    add_answer(d, result, &text);
    for (c = 0; c < DB_CLASSES; c++)
        if (result->classes[c])
            zm_buf_printf(&text, "%s %s %lld", listed++ ? "," : ":",
                          db_class_row((enum db_class)c)->key, (long long)result->classes[c]);
    if (result->settling > 0)
        zm_buf_printf(&text, "; %lld changed between the two looks", (long long)result->settling);
    add_unknown(d, result, "; not known: ", &text);
    out_line(d->out, "%s%s", when(d, at, sizeof(at)), text.s);
    zm_buf_done(&text);
}

/* Rows of a class that repair takes and rows of it that it leaves to people are two things. */
static void print_class(struct drift *d, const struct db_compare_result *result, enum db_class c)
{
    const struct db_class_row *row = db_class_row(c);
    int64_t human = row->mend == DB_MEND_HUMAN ? 0 : result->human[c];

    if (result->classes[c] > human)
        out_line(d->out, "  %c %lld %s: %s", row->sign, (long long)(result->classes[c] - human),
                 row->title, row->repair);
    if (human > 0)
        out_line(d->out, "  ! %lld %s: a person has to decide", (long long)human, row->title);
}

static void print_table_summary(struct drift *d, const struct db_compare_result *result)
{
    struct zm_buf answer = {.s = NULL}, unknown = {.s = NULL};
    char at[32];
    unsigned c;

    add_answer(d, result, &answer);
    add_unknown(d, result, "  ? not known: ", &unknown);
    out_line(d->out, "%s%s (ZmartBot has %lld trading profiles); %.1f s, second look %.1f s",
             when(d, at, sizeof(at)), answer.s, (long long)result->bot_profiles, result->seconds,
             result->confirm_seconds);
    for (c = 0; c < DB_CLASSES; c++)
        print_class(d, result, (enum db_class)c);
    if (result->settling > 0)
        out_line(d->out, "  ? %lld changed between the two looks: not judged",
                 (long long)result->settling);
    if (unknown.s)
        out_line(d->out, "%s", unknown.s);
    zm_buf_done(&answer);
    zm_buf_done(&unknown);
}

static void print_summary(struct drift *d, const struct db_compare_result *result)
{
    if (out_format(d->out) != OUT_TABLE && result->settling > 0)
        command_note(&d->run, "%lld changed between the two looks: not judged",
                     (long long)result->settling);
    if (out_wants_json(d->out))
        out_row(d->out, NULL, json_drift_summary(result, d->wanted));
    else if (d->brief)
        print_brief(d, result);
    else if (out_format(d->out) == OUT_TABLE)
        print_table_summary(d, result);
}

/* A round of many that failed: when that was, and in a log a line in place of the answer. */
static void tell_failed_round(struct drift *d, const struct zm_error *err)
{
    char at[32], line[700];

    if (!*when(d, at, sizeof(at)))
        return;
    command_note(&d->run, "%scould not look", at);
    if (d->brief)
        out_line(d->out, "%scould not look: %s", at, zm_error_line(err, line, sizeof(line)));
}

/* In place of an answer, for programs: nothing is known. */
static void print_nothing_known(const struct drift *d)
{
    if (d->run.exit_code == 3 && out_wants_json(d->out))
        out_row(d->out, NULL, json_drift_summary(NULL, d->wanted));
}

/* A shape that lacks what is compared means that nobody looked, unlike elsewhere. */
static void fail(struct drift *d, const struct zm_error *err)
{
    if (err->kind == ZM_ERR_CANCELLED && !out_alive(d->out))
        return;
    tell_failed_round(d, err);
    command_fail(&d->run, err);
    if (d->run.exit_code == 0)
        d->run.exit_code = 3;
    print_nothing_known(d);
}

/* False: it could not be looked at; said. */
static bool compare_once(struct drift *d, struct db_compare_result *ret)
{
    struct db_compare compare = {.scan = &d->scan,
                                 .primary = &d->run.session,
                                 .policy = &d->run.conf->policy,
                                 .classes = d->wanted,
                                 .grace_ms = DB_COMPARE_GRACE_MS,
                                 .limit_ms = DB_COMPARE_LIMIT_MS,
                                 .found = take,
                                 .progress = tell,
                                 .stopped = gone,
                                 .context = d};
    struct zm_error err;

    d->progress = (struct progress){.on = d->run.options->progress, .ascii = d->run.ascii};
    scans_expect(conf_state_path(d->run.conf, "scans"), &compare);
    if (!replica_open(&d->scan, d->run.conf, &d->run.session, gone, d, &err) ||
        !db_compare_run(&compare, ret, &err)) {
        fail(d, &err);
        return false;
    }
    if (ret->without_subscriptions)
        command_fail(&d->run, &ret->subscriptions_err);
    if (db_compare_lacks(ret, &err))
        command_fail(&d->run, &err);
    if (d->run.options->classes & ret->unknown)
        d->run.exit_code = 3; /* asked for by name, and nobody could look */
    print_summary(d, ret);
    if ((d->wanted & DB_CLASS_DRIFT) == DB_CLASS_DRIFT)
        scans_add(conf_state_path(d->run.conf, "scans"), ret);
    return true;
}

/* Again and again, until a signal or the reader's end. What failed is tried again then, and said
 * once more while it lasts; and that it is over. */
static void watch(struct drift *d, long seconds)
{
    struct db_compare_result result;
    bool failed = d->run.exit_code != 0, ok;
    int64_t left, next;
    char at[32];

    while (out_alive(d->out)) {
        next = zm_now_ms() + (int64_t)seconds * 1000;
        ok = compare_once(d, &result);
        if (ok && failed)
            command_note(&d->run, "%sboth databases could be read again", when(d, at, sizeof(at)));
        failed = !ok;
        out_flush(d->out);
        while (out_alive(d->out) && (left = next - zm_now_ms()) > 0)
            poll(NULL, 0, left < 60000 ? (int)left : 60000);
        d->run.n_said = 0;
        db_session_connect(&d->run.session);
    }
}

int cmd_drift(const struct options *options, struct conf *conf)
{
    enum out_format format = out_pick(options, OUT_TABLE);
    bool table = format == OUT_TABLE;
    struct db_compare_result result;
    struct drift d;

    memset(&d, 0, sizeof(d));
    if (!command_begin(&d.run, options, conf))
        return d.run.exit_code;
    d.wanted = options->classes ? options->classes : DB_CLASS_ALL;
    d.brief = table && options->watch > 0 && !isatty(STDOUT_FILENO);
    d.out =
        out_new(NULL, format, options->raw, d.run.ascii, table ? table_columns : json_drift_columns,
                table ? ZM_COUNT(table_columns) : JSON_DRIFT_COLUMNS);
    if (options->watch > 0)
        watch(&d, options->watch);
    else if (d.run.exit_code != 0)
        print_nothing_known(&d);
    else if (compare_once(&d, &result) && result.users > 0 && d.run.exit_code == 0)
        d.run.exit_code = 1;
    replica_close(&d.scan, conf);
    return command_end(&d.run, d.out);
}
