// Addresses of clients as they are counted and compared. IPv4 has the form ::ffff:a.b.c.d. Pure
// functions.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

#define CLIENT_ADDRESS_TEXT_MAX 46
#define CLIENT_NETWORKS_MAX     32

struct client_address {
    uint8_t bytes[16];
};

// All zero for anything but an IP address.
struct client_address client_address_of(const struct sockaddr *address);
// ERR_MALFORMED unless it is an IPv4 or IPv6 address and nothing else.
enum err CHECKED client_address_from_text(const char *text, struct client_address *ret_address);
void client_address_to_text(const struct client_address *address,
                            char ret_text[CLIENT_ADDRESS_TEXT_MAX]);
bool client_address_is_loopback(const struct client_address *address);
// What one person or household has: an IPv4 address, the /64 of an IPv6 address.
struct client_address client_address_counted(const struct client_address *address);
bool client_address_equal(const struct client_address *a, const struct client_address *b);

struct client_network {
    struct client_address address;
    unsigned bits; // of 128
};

struct client_networks {
    struct client_network items[CLIENT_NETWORKS_MAX];
    uint32_t count;
};

// "127.0.0.1, ::1, 10.0.0.0/8": addresses and networks, between commas and blanks. ERR_MALFORMED
// for anything else, ERR_TOO_LARGE for more than CLIENT_NETWORKS_MAX.
enum err CHECKED client_networks_read(const char *text, struct client_networks *ret_networks);
bool client_networks_contain(const struct client_networks *networks,
                             const struct client_address *address);
