/*
 * Many people to be changed at once.
 */
#ifndef INTEGRATION_WRITE_PEOPLE_H
#define INTEGRATION_WRITE_PEOPLE_H

#include <stdio.h>

#include "support/writer.h"

/* People from..to, pid(n) and p2@example.com ...: tier free in both, one subscription, rights off.
 */
static inline void add_people(const struct writer *w, int from, int to)
{
    char sql[600];

    snprintf(sql, sizeof(sql),
             "INSERT INTO auth.users (id, email) SELECT pid(n), 'p' || n || '@example.com'"
             " FROM generate_series(%d, %d) n;"
             "INSERT INTO public.user_profiles (user_id, tier) SELECT pid(n), 'free'"
             " FROM generate_series(%d, %d) n;"
             "INSERT INTO public.user_subscriptions (user_id, tier) SELECT pid(n), 'free'"
             " FROM generate_series(%d, %d) n",
             from, to, from, to, from, to);
    writer_sql(w, DB_BRAIN, sql);
    snprintf(sql, sizeof(sql),
             "INSERT INTO public.user_trading_profiles (user_id, email, tier)"
             " SELECT pid(n), 'p' || n || '@example.com', 'free' FROM generate_series(%d, %d) n",
             from, to);
    writer_sql(w, DB_BOT, sql);
}

#endif
