// Where datagrams of a client come from and which of our addresses they come to: the two ends of a
// candidate pair. A machine may have many addresses; what is sent back must leave from the one the
// client knows.
#pragma once

#include <stdbool.h>

#include "wire/address.h"

struct path {
    struct address remote;
    struct address local; // the port is not told; family ADDRESS_NONE when the kernel did not say
};

static inline bool path_equal(const struct path *a, const struct path *b)
{
    return address_equal(&a->remote, &b->remote) && address_equal(&a->local, &b->local);
}
