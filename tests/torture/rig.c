/*
 * Where the program is tortured: two servers, a pooler in front of each where one is wanted, a
 * proxy in front of that, and a configuration that knows the proxies alone.
 */
#include "torture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/least.h"
#include "support/process.h"
#include "zm/str.h"

static void write_conf(struct torture *t)
{
    FILE *file;

    snprintf(t->conf, sizeof(t->conf), "%s/zmartctl.conf", t->directory);
    file = fopen(t->conf, "w");
    assert_non_null(file);
    fprintf(file, "profiles: { torture: { guard = \"open\"; state_directory = \"%s/state\";\n",
            t->directory);
    fprintf(file, "brain: { host = \"%s/brain\"; dbname = \"postgres\"; user = \"%s\"; };\n",
            t->directory, t->role);
    fprintf(file, "bot: { host = \"%s/bot\"; dbname = \"postgres\"; user = \"%s\"; }; }; };\n",
            t->directory, t->role);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(t->conf, 0600), 0);
}

void torture_start(struct torture *t, const char *program, const char *role, bool pooled)
{
    char listen_on[160], server[160];
    int i;

    memset(t, 0, sizeof(*t));
    t->program = program;
    t->role = role;
    t->pooled = pooled;
    zm_copy(t->directory, sizeof(t->directory), "/tmp/zmx.XXXXXX");
    assert_non_null(mkdtemp(t->directory));
    people_start(&t->people, true, NULL);
    least_privilege_people(&t->people);
    writes_place_people(&t->people, &t->place);
    for (i = 0; i < DB_SIDES; i++) {
        snprintf(listen_on, sizeof(listen_on), "%s/%s", t->directory, db_side_key((enum db_side)i));
        assert_int_equal(mkdir(listen_on, 0700), 0);
        snprintf(listen_on, sizeof(listen_on), "%s/%s/.s.PGSQL.5432", t->directory,
                 db_side_key((enum db_side)i));
        if (pooled)
            bouncer_start(&t->bouncer[i], t->place.host[i], t->place.port[i], "transaction", 4);
        snprintf(server, sizeof(server), "%s/.s.PGSQL.%s",
                 pooled ? t->bouncer[i].directory : t->place.host[i],
                 pooled ? BOUNCER_PORT : t->place.port[i]);
        t->proxy[i] = proxy_start(listen_on, server);
    }
    write_conf(t);
}

void torture_done(struct torture *t)
{
    const char *const argv[] = {"rm", "-rf", t->directory, NULL};
    int i;

    for (i = 0; i < DB_SIDES; i++)
        proxy_stop(t->proxy[i]);
    for (i = 0; t->pooled && i < DB_SIDES; i++)
        bouncer_stop(&t->bouncer[i]);
    people_done(&t->people);
    if (t->directory[0])
        process_run(argv);
}

void torture_add_user(struct torture *t, char ret_id[40])
{
    char sql[1024];
    int n = ++t->next_user;

    snprintf(ret_id, 40, "00000000-0000-4000-8000-%012d", n);
    snprintf(sql, sizeof(sql),
             "INSERT INTO auth.users (id, email, created_at) VALUES (pid(%d), 'u%d@example.com',"
             " now()); INSERT INTO user_profiles (user_id, tier, name, country, profile_completed)"
             " VALUES (pid(%d), 'enterprise', 'U %d', 'NO', true);"
             "INSERT INTO user_subscriptions (user_id, tier, status)"
             " VALUES (pid(%d), 'enterprise', 'active')",
             n, n, n, n, n);
    people_sql(&t->people, DB_BRAIN, sql);
    snprintf(sql, sizeof(sql),
             "INSERT INTO user_trading_profiles (user_id, email, tier, trading_enabled, api_access)"
             " VALUES (pid(%d), 'u%d@example.com', 'enterprise', true, true)",
             n, n);
    people_sql(&t->people, DB_BOT, sql);
}
