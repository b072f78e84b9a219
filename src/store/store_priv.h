// Inside src/store only.
#pragma once

#include "store/eraser_priv.h"
#include "store/journal_priv.h"
#include "store/store.h"

struct store {
    struct database database;      // the owning thread's connection
    struct journal_writer *writer; // NULL until the first append
    struct eraser *eraser;         // NULL until the first contents are destroyed
    int event_fd;
    char path[STORE_PATH_MAX + 1];
};
