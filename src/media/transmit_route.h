// Asks the kernel (rtnetlink) where a datagram would go: over which interface, to which Ethernet
// address next. The kernel answers within the call; nothing waits. One thread.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "media/path.h"

// A netlink socket; -1 when there is none to be had.
int transmit_route_open(void);
// True when the way is known: an ordinary unicast route over `interface` and a neighbour whose
// Ethernet address is known.
bool transmit_route_find(int fd, const struct path *path, unsigned interface, uint8_t ret_mac[6]);
