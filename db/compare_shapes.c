/*
 * The rows that a comparison reads.
 */
#include "db/compare_work.h"

#include "zm/str.h"

/* clang-format off */
static const struct db_field constants[] = {
    DB_FIELD(struct db_constants, constants),
    DB_FIELD(struct db_constants, settings),
};
static const struct db_field order[] = {
    DB_FIELD(struct db_order, settings),
};
static const struct db_field sums[] = {
    DB_FIELD(struct db_sums, bucket),
    DB_FIELD(struct db_sums, users),
    DB_FIELD(struct db_sums, large),
    DB_FIELD(struct db_sums, small),
    DB_FIELD(struct db_sums, placed),
};
static const struct db_field apart[] = {
    DB_FIELD(struct db_apart, id),
    DB_FIELD(struct db_apart, deleted),
};
static const struct db_field login_row[] = {
    DB_FIELD(struct db_login_row, user_id),
    DB_FIELD(struct db_login_row, email),
    DB_FIELD(struct db_login_row, deleted_at),
};
static const struct db_field profile_row[] = {
    DB_FIELD(struct db_profile_row, user_id),
    DB_FIELD(struct db_profile_row, tier),
    DB_FIELD(struct db_profile_row, updated_at),
};
static const struct db_field subscription_row[] = {
    DB_FIELD(struct db_subscription_row, user_id),
    DB_FIELD(struct db_subscription_row, tier),
};
static const struct db_field trader_row[] = {
    DB_FIELD(struct db_trader_row, user_id),
    DB_FIELD(struct db_trader_row, email),
    DB_FIELD(struct db_trader_row, tier),
    DB_FIELD(struct db_trader_row, trading_enabled),
    DB_FIELD(struct db_trader_row, api_access),
    DB_FIELD(struct db_trader_row, updated_at),
};

#define SHAPE(fields, type) {#fields, sizeof(struct type), fields, ZM_COUNT(fields)}
const struct db_shape db_shape_constants = SHAPE(constants, db_constants);
const struct db_shape db_shape_order = SHAPE(order, db_order);
const struct db_shape db_shape_sums = SHAPE(sums, db_sums);
const struct db_shape db_shape_apart = SHAPE(apart, db_apart);
const struct db_shape db_shape_login_row = SHAPE(login_row, db_login_row);
const struct db_shape db_shape_profile_row = SHAPE(profile_row, db_profile_row);
const struct db_shape db_shape_subscription_row = SHAPE(subscription_row, db_subscription_row);
const struct db_shape db_shape_trader_row = SHAPE(trader_row, db_trader_row);
/* clang-format on */
