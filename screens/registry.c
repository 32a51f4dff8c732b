/*
 * The screens of the number keys. A new screen is one file and one line here.
 */
#include "screens/screen.h"

#include <stddef.h>

// clang-format off
const struct screen *const screen_registry[] = {
    &screen_users,
    &screen_sync,
    &screen_check,
    &screen_health,
    &screen_audit,
    &screen_overview,
    &screen_messages,
    NULL,
};
// clang-format on
