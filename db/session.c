/*
 * Opens the pair of links that a subcommand works with, both at the same time.
 */
#include "db/session.h"

#include <pthread.h>
#include <string.h>

struct opening {
    struct db_link *link;
    struct zm_error *err;
};

static void *open_link(void *arg)
{
    struct opening *o = arg;

    db_link_open(o->link, o->err);
    return NULL;
}

/* Without a second thread it only takes longer. */
void db_session_connect(struct db_session *session)
{
    struct opening openings[DB_SIDES];
    pthread_t other;
    bool threaded;
    int i;

    memset(session->err, 0, sizeof(session->err));
    for (i = 0; i < DB_SIDES; i++)
        openings[i] = (struct opening){.link = session->link[i], .err = &session->err[i]};
    threaded = pthread_create(&other, NULL, open_link, &openings[DB_BOT]) == 0;
    open_link(&openings[DB_BRAIN]);
    if (threaded)
        pthread_join(other, NULL);
    else
        open_link(&openings[DB_BOT]);
}

struct db_link *db_session_link(const struct db_session *session, enum db_side side)
{
    struct db_link *link = session->link[side];

    return link && db_link_is_open(link) ? link : NULL;
}

/* A refusal of the pair counts before a side that is merely away. */
static bool judge(const struct db_session *session, struct zm_error *err)
{
    const struct db_link *brain = db_session_link(session, DB_BRAIN);
    const struct db_link *bot = db_session_link(session, DB_BOT);
    bool refused = session->err[DB_BOT].kind == ZM_ERR_IDENTITY;

    if (refused || session->err[DB_BRAIN].kind == ZM_ERR_IDENTITY || (!brain && !bot)) {
        *err = session->err[refused ? DB_BOT : DB_BRAIN];
        return false;
    }
    return !brain || !bot || db_pair_check(db_link_facts(brain), db_link_facts(bot), err);
}

bool db_session_open(struct db_session *session, const struct db_target targets[DB_SIDES],
                     struct zm_error *err)
{
    int i;

    memset(session, 0, sizeof(*session));
    for (i = 0; i < DB_SIDES; i++)
        session->link[i] = db_link_new(&targets[i]);
    db_session_connect(session);
    if (judge(session, err))
        return true;
    db_session_close(session);
    return false;
}

void db_session_close(struct db_session *session)
{
    int i;

    for (i = 0; i < DB_SIDES; i++) {
        db_link_free(session->link[i]);
        session->link[i] = NULL;
    }
}
