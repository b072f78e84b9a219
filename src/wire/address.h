// An IP address with a UDP or TCP port as plain data, comparable byte for byte. An IPv4 address
// mapped into IPv6, which is what a dual-stack socket gives, becomes IPv4. No name resolution, no
// socket. Any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

#define ADDRESS_TEXT_SIZE 64 // "[2001:db8::1]:65535" and its NUL, with room to spare

enum address_family { ADDRESS_NONE = 0, ADDRESS_IPV4 = 4, ADDRESS_IPV6 = 6 };

struct address {
    uint8_t ip[16]; // network order; an IPv4 address uses the first four bytes, the others are zero
    uint16_t port;  // host order
    uint16_t family;
};

// ERR_UNSUPPORTED for anything but AF_INET and AF_INET6.
enum err CHECKED address_from_socket(const struct sockaddr *from, struct address *ret_address);
// The size to give to sendto(); `dual_stack` maps an IPv4 address into IPv6 for an AF_INET6 socket.
socklen_t address_to_socket(const struct address *address, bool dual_stack,
                            struct sockaddr_storage *ret_to);
bool address_equal(const struct address *a, const struct address *b);
// A bare IPv4 or IPv6 address, no port, no brackets. ERR_MALFORMED otherwise.
enum err CHECKED address_from_text(const char *ip, uint16_t port, struct address *ret_address);
// The address alone ("192.0.2.1", "2001:db8::1").
void address_ip_text(const struct address *address, char ret_text[ADDRESS_TEXT_SIZE]);
