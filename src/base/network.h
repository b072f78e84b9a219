// The network that a remote address belongs to, for counting by address: an IPv4 address is its own
// (in the form ::ffff:a.b.c.d), an IPv6 address counts by its /64, which one customer has whole.
// Pure, any thread.
#pragma once

#include <stdint.h>

#define NETWORK_SIZE 16

// What is no address (NULL too) is one network together, all zero.
void network_of_text(const char *remote, uint8_t ret_network[NETWORK_SIZE]);
