// Inside src/store only: the room on the disk of the data folder, and the reserve: a file that
// holds room and nothing else, given up when the disk is full, so that what goes on can be brought
// to its end. One thread at a time.
#pragma once

#include "store/store.h"

struct space {
    char folder[STORE_PATH_MAX + 1];
    char reserve[STORE_PATH_MAX + 1]; // the file
    struct store_limits limits;
    bool reserved;
    uint64_t free_bytes; // without what the reserve holds
};

// Looks, and makes the reserve when there is room. ERR_TOO_LARGE for a path that is too long.
enum err CHECKED space_init(struct space *space, const char *database_path,
                            const struct store_limits *limits);
// Gives the reserve up when the disk is nearly full, makes it when there is room again.
void space_look(struct space *space);
// Gives the reserve up; false when there is none.
bool space_release(struct space *space);
// STORE_STATE_WELL, STORE_STATE_LOW or STORE_STATE_RESERVE.
enum store_state space_state(const struct space *space);
