// Inside src/store only.
#pragma once

#include "store/journal_priv.h"
#include "store/store.h"

#define STORE_PATH_MAX 4095

struct store {
    struct database database;      // the owning thread's connection
    struct journal_writer *writer; // NULL until the first append
    int event_fd;
    char path[STORE_PATH_MAX + 1];
};
