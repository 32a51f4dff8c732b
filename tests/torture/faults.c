/*
 * What may go wrong, one function a fault. Whatever a fault breaks is whole again when the run is
 * over: by undo, or because nothing was broken for good.
 */
#include <signal.h>
#include <stdio.h>

#include "support/process.h"
#include "torture.h"
#include "zm/str.h"

#define FREEZE_MS 7000

static enum db_side other(enum db_side side)
{
    return side == DB_BRAIN ? DB_BOT : DB_BRAIN;
}

static void none(struct torture *t, enum db_side side, struct client *client)
{
    (void)t;
    (void)side;
    (void)client;
}

/* What the program had sent is still on the way, and arrives. */
static void kill_late(struct torture *t, enum db_side side, struct client *client)
{
    (void)t;
    (void)side;
    client_kill(client);
}

static void kill_lost(struct torture *t, enum db_side side, struct client *client)
{
    client_kill(client);
    proxy_reset(t->proxy[side]);
}

static void reset_brain(struct torture *t, enum db_side side, struct client *client)
{
    (void)side;
    (void)client;
    proxy_reset(t->proxy[DB_BRAIN]);
}

static void reset_bot(struct torture *t, enum db_side side, struct client *client)
{
    (void)side;
    (void)client;
    proxy_reset(t->proxy[DB_BOT]);
}

static void reset_both(struct torture *t, enum db_side side, struct client *client)
{
    reset_brain(t, side, client);
    reset_bot(t, side, client);
}

static void terminate(struct torture *t, enum db_side side, struct client *client)
{
    char sql[160];

    (void)client;
    snprintf(sql, sizeof(sql),
             "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '%s'",
             t->role);
    people_sql(&t->people, side, sql);
}

static void terminate_other(struct torture *t, enum db_side side, struct client *client)
{
    terminate(t, other(side), client);
}

static void halt(struct torture *t, enum db_side side, struct client *client)
{
    (void)client;
    cluster_halt(&t->people.cluster[side]);
}

static void halt_other(struct torture *t, enum db_side side, struct client *client)
{
    halt(t, other(side), client);
}

static void resume(struct torture *t, enum db_side side)
{
    cluster_resume(&t->people.cluster[side]);
}

static void resume_other(struct torture *t, enum db_side side)
{
    resume(t, other(side));
}

static void crash(struct torture *t, enum db_side side, struct client *client)
{
    halt(t, side, client);
    resume(t, side);
}

static void crash_other(struct torture *t, enum db_side side, struct client *client)
{
    crash(t, other(side), client);
}

static void freeze(struct torture *t, enum db_side side, struct client *client)
{
    (void)client;
    process_signal_tree(t->people.cluster[side].pid, SIGSTOP);
}

static void freeze_other(struct torture *t, enum db_side side, struct client *client)
{
    freeze(t, other(side), client);
}

/* Neither says another word. */
static void freeze_both(struct torture *t, enum db_side side, struct client *client)
{
    freeze(t, side, client);
    freeze_other(t, side, client);
}

/* Every pooler at once, as when their machine starts anew. */
static void kill_poolers(struct torture *t, enum db_side side, struct client *client)
{
    (void)side;
    (void)client;
    bouncer_kill(&t->bouncer[DB_BRAIN]);
    bouncer_kill(&t->bouncer[DB_BOT]);
    bouncer_restart(&t->bouncer[DB_BRAIN]);
    bouncer_restart(&t->bouncer[DB_BOT]);
}

static void thaw(struct torture *t, enum db_side side)
{
    process_signal_tree(t->people.cluster[side].pid, SIGCONT);
}

static void thaw_other(struct torture *t, enum db_side side)
{
    thaw(t, other(side));
}

static void thaw_both(struct torture *t, enum db_side side)
{
    thaw(t, side);
    thaw_other(t, side);
}

/* clang-format off */
static const struct torture_fault faults[] = {
    {.name = "none",         .strike = none},
    {.name = "kill late",    .strike = kill_late},
    {.name = "kill lost",    .strike = kill_lost},
    {.name = "rst brain",    .strike = reset_brain, .is_brains = true},
    {.name = "rst bot",      .strike = reset_bot},
    {.name = "rst both",     .strike = reset_both},
    {.name = "terminate",    .strike = terminate},
    {.name = "other term",   .strike = terminate_other, .is_brains = true},
    {.name = "crash",        .strike = crash},
    {.name = "other crash",  .strike = crash_other, .is_brains = true},
    {.name = "down",         .strike = halt,         .undo = resume},
    {.name = "other down",   .strike = halt_other,   .undo = resume_other, .is_brains = true},
    {.name = "freeze",       .strike = freeze,       .undo = thaw,       .undo_ms = FREEZE_MS},
    {.name = "other freeze", .strike = freeze_other, .undo = thaw_other, .undo_ms = FREEZE_MS, .is_brains = true},
    {.name = "mute",         .strike = none,         .keeps_on = true},
    {.name = "poolers",      .strike = kill_poolers, .is_poolers = true},
    {.name = "sigint",       .strike = none,         .signal = SIGINT},
    {.name = "sighup",       .strike = none,         .signal = SIGHUP},
    {.name = "sigterm",      .strike = none,         .signal = SIGTERM},
    {.name = "frozen term",  .strike = freeze_both,  .undo = thaw_both,  .signal = SIGTERM, .is_early = true, .is_brains = true},
    {.name = "ctrl-c",       .strike = none,         .signal = SIGINT,  .answers = true},
};
/* clang-format on */

size_t torture_faults(void)
{
    return ZM_COUNT(faults);
}

const struct torture_fault *torture_fault(size_t i)
{
    return &faults[i];
}
