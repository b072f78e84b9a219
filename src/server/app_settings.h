// What the app is told of the configuration, with what stands in the working directory for it: the
// key of accounts, and the clocks that outlive the process.
#pragma once

#include "app/app.h"
#include "base/err.h"
#include "server/config.h"

// To be wiped: it holds the key.
enum err CHECKED app_settings_load(const struct config *config, struct app_config *ret_settings);
