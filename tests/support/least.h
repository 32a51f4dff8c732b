/*
 * The least-privilege step on a private demo, as far as a reader sees it: role op_sam reads logins
 * through the view zmartctl.users and everything else but the secret columns by policies that are
 * constant true.
 */
#ifndef SUPPORT_LEAST_H
#define SUPPORT_LEAST_H

#include "support/demo.h"

void least_privilege(const struct demo *demo);

#endif
