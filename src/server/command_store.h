// What the subcommands that work on the database share.
#pragma once

#include "base/err.h"
#include "server/config.h"
#include "store/store.h"

// Makes the data folder when it is not there, goes into it, opens the database. NULL after having
// said why not.
struct store *command_store_open(const struct config *config);
