/*
 * The two databases. Brain owns identity and tiers, Bot owns trading (source document).
 */
#ifndef DB_SIDE_H
#define DB_SIDE_H

enum db_side {
    DB_BRAIN,
    DB_BOT,
    DB_SIDES, /* how many; of a statement: it runs on either */
};

/* "ZmartyBrain", "ZmartBot": for people. */
const char *db_side_name(enum db_side side);
/* "brain", "bot": for JSON and configuration. */
const char *db_side_key(enum db_side side);
/* "Brain", "Bot": where there is little room. */
const char *db_side_short(enum db_side side);

#endif
