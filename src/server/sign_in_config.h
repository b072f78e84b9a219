// What the operator wishes of accounts (app/sign_in.h), from the configuration and the key in the
// working directory.
#pragma once

#include "app/sign_in.h"
#include "base/err.h"
#include "server/config.h"

// To be wiped: it holds the key.
enum err CHECKED sign_in_config_load(const struct config *config,
                                     struct app_sign_in_config *ret_sign_in);
