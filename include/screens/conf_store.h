/*
 * From a checked file into struct conf: defaults first, then what the file says.
 */
#ifndef SCREENS_CONF_STORE_H
#define SCREENS_CONF_STORE_H

#include "screens/conf.h"

struct config_setting_t; /* libconfig's */

/* All defaults. */
void conf_store_defaults(struct conf *conf);
/* What a profile and the root say. Everything was checked before. */
void conf_store_file(struct conf *conf, const struct config_setting_t *root,
                     const struct config_setting_t *profile);

#endif
