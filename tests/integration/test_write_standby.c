/*
 * Writes towards a server that only reads: a streaming standby, and a primary that says so itself.
 * The connection stands, so that only the transaction finds out; it is refused in one sentence, and
 * neither side has changed.
 */
#include "write_place.h"

#include "support/bouncer.h"

struct rig {
    struct write_place *place;
    struct cluster standby[DB_SIDES];
    struct bouncer bouncer[DB_SIDES]; /* in front of the standby */
};

/* The profile with the standby in the place of that side; DB_SIDES: of none. */
static void use_standby(const struct rig *rig, enum db_side of)
{
    const struct write_place *place = rig->place;
    FILE *file = fopen(place->conf, "w");
    const char *host, *port;
    int side;

    assert_non_null(file);
    fprintf(file, "profiles: { test: { label = \"TEST\"; guard = \"unlock\";\n");
    for (side = 0; side < DB_SIDES; side++) {
        bool standby = side == (int)of;
        const struct cluster *c = standby ? &rig->standby[side] : &place->w.people.cluster[side];
        const struct bouncer *b = standby ? &rig->bouncer[side] : &place->w.bouncer[side];

        host = place->w.pooled ? b->directory : c->directory;
        port = place->w.pooled ? BOUNCER_PORT : c->port;
        fprintf(file, "%s: { host = \"%s\"; port = %s; user = \"%s\"; };\n",
                side == DB_BRAIN ? "brain" : "bot", host, port, place->w.role);
    }
    fprintf(file, "}; };\n");
    fclose(file);
}

/* What was written before is on the standby too. */
static void wait_replayed(const struct rig *rig, enum db_side side)
{
    const struct cluster *primary = &rig->place->w.people.cluster[side];
    int64_t until = zm_now_ms() + 30000;
    char sql[160], at[64];

    zm_copy(at, sizeof(at), cluster_value(primary, "SELECT pg_current_wal_lsn()"));
    snprintf(sql, sizeof(sql), "SELECT pg_last_wal_replay_lsn() >= '%s'::pg_lsn", at);
    while (strcmp(cluster_value(&rig->standby[side], sql), "t") != 0)
        if (zm_now_ms() > until)
            fail_msg("the standby of %s does not follow", db_side_name(side));
}

/* ---- what is refused ---- */

/* Person 1 has both rights, so that there is something to take away. */
static void fresh(struct rig *rig)
{
    struct writer *w = &rig->place->w;

    writer_fresh(w);
    writer_sql(w, DB_BRAIN,
               "UPDATE public.user_profiles SET tier = 'pro';"
               "UPDATE public.user_subscriptions SET tier = 'pro'");
    writer_sql(w, DB_BOT,
               "UPDATE public.user_trading_profiles SET tier = 'pro', trading_enabled = true");
}

#define BEFORE "pro|pro:active|0|pro,true,false"

static const char *const lines[] = {
    "$Z tier ana@example.com enterprise --reason r --yes",
    "$Z tier ana@example.com free --reason r --yes --dry-run",
    "$Z trading ana@example.com off --reason r --yes",
    "echo ana@example.com | $Z tier enterprise --file - --reason r --yes",
};

static long count_words(const struct ran *ran, const char *words)
{
    const char *texts[] = {ran->out, ran->err}, *at;
    long n = 0;
    size_t i;

    for (i = 0; i < ZM_COUNT(texts); i++)
        for (at = strstr(texts[i], words); at; at = strstr(at + 1, words))
            n++;
    return n;
}

/* Exit code 5, the words once, and no other complaint. */
static void all_are_refused(const struct rig *rig, const char *words)
{
    size_t i;

    for (i = 0; i < ZM_COUNT(lines); i++) {
        struct ran ran = run(rig->place, lines[i]);

        assert_ran(&ran, 5);
        if (count_words(&ran, words) != 1 || count_words(&ran, "cannot") != 1)
            fail_msg("%s: not once '%s', or more than that: '%s', '%s'", lines[i], words, ran.out,
                     ran.err);
        assert_state(rig->place, BEFORE);
        ran_done(&ran);
    }
}

static void standby(struct rig *rig, enum db_side side)
{
    char words[80];

    fresh(rig);
    wait_replayed(rig, side);
    use_standby(rig, side);
    snprintf(words, sizeof(words), "%s: cannot write: this is a standby, which only reads",
             db_side_name(side));
    all_are_refused(rig, words);
    use_standby(rig, DB_SIDES);
}

static void standby_of_brain(void **state)
{
    standby(*state, DB_BRAIN);
}

static void standby_of_bot(void **state)
{
    standby(*state, DB_BOT);
}

static void set_read_only(const struct rig *rig, enum db_side side, const char *what,
                          const char *value)
{
    const struct writer *w = &rig->place->w;
    char sql[160];

    snprintf(sql, sizeof(sql), "ALTER SYSTEM %s", what);
    writer_sql(w, side, sql);
    writer_sql(w, side, "SELECT pg_reload_conf()");
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM pg_settings WHERE name = 'default_transaction_read_only'"
             " AND setting = '%s'",
             value);
    wait_count(rig->place, side, sql, 1);
}

static void read_only(struct rig *rig, enum db_side side)
{
    char words[80];

    fresh(rig);
    use_standby(rig, DB_SIDES);
    set_read_only(rig, side, "SET default_transaction_read_only = on", "on");
    snprintf(words, sizeof(words), "%s: cannot write: the server is read-only now",
             db_side_name(side));
    all_are_refused(rig, words);
    set_read_only(rig, side, "RESET default_transaction_read_only", "off");
}

static void read_only_brain(void **state)
{
    read_only(*state, DB_BRAIN);
}

static void read_only_bot(void **state)
{
    read_only(*state, DB_BOT);
}

/* The same command towards the primaries is done: it was the server, and nothing else. */
static void primary_takes_it(void **state)
{
    struct rig *rig = *state;

    fresh(rig);
    use_standby(rig, DB_SIDES);
    run_says(rig->place, 0, lines[0], "done", NULL);
    assert_state(rig->place, "enterprise|enterprise:active+pro:ended|1|enterprise,true,false");
}

/* ---- the rig ---- */

static int run_as(const char *role, bool pooled)
{
    struct rig rig = {.place = write_place_start(role, pooled)};
    const struct CMUnitTest tests[] = {
        {"standby_of_brain", standby_of_brain, NULL, NULL, &rig},
        {"standby_of_bot", standby_of_bot, NULL, NULL, &rig},
        {"read_only_brain", read_only_brain, NULL, NULL, &rig},
        {"read_only_bot", read_only_bot, NULL, NULL, &rig},
        {"primary_takes_it", primary_takes_it, NULL, NULL, &rig},
    };
    int side, failed;

    for (side = 0; side < DB_SIDES; side++) {
        cluster_start_standby(&rig.standby[side], &rig.place->w.people.cluster[side]);
        if (pooled)
            bouncer_start(&rig.bouncer[side], rig.standby[side].directory, rig.standby[side].port,
                          "transaction", 4);
    }
    failed = _cmocka_run_group_tests(role, tests, ZM_COUNT(tests), NULL, NULL);
    for (side = 0; side < DB_SIDES; side++) {
        if (pooled)
            bouncer_stop(&rig.bouncer[side]);
        cluster_done(&rig.standby[side]);
    }
    write_place_done(rig.place);
    return failed;
}

int main(void)
{
    return run_as("postgres", false) + run_as("op_olga", true);
}
