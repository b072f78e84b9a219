// The UDP side of many clients on one core. A server tells clients apart by their addresses, so
// each needs one of its own; there are two ways to have that:
// - one local address and a socket (a port) for each client: works everywhere;
// - many local addresses and a few sockets, whose datagrams are then read many at a call: on the
//   loopback (all of 127.0.0.0/8 is ours) and where the operator routes a network to this machine
//   (`ip route add local 10.9.0.0/16 dev lo`). Less than half the cost.
// Sockets of sampled clients note the kernel's time of arrival. One thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"
#include "wire/address.h"

#define LOAD_NET_DATAGRAM_MAX 2048 // bytes; longer ones are cut

struct load_net;

struct load_datagram {
    uint8_t *data; // until the callback returns; may be written to
    size_t size;
    const struct sockaddr *from;
    int64_t arrived_ns; // CLOCK_MONOTONIC in the kernel; 0 when the client is not sampled
};

struct load_net_options {
    int epoll_fd;
    uint64_t epoll_tag;   // upper half of the event's data; the lower is the socket's number
    struct address local; // the client's address, or that of client 0
    unsigned prefix;      // of IPv4: many addresses, this many bits of them fixed. 0: one address
    uint32_t clients;
    void (*receive)(void *context, uint32_t client, const struct load_datagram *datagram);
    void *context;
};

// The address from which this machine reaches a host (its UDP routes). ERR_NOT_FOUND for a name
// that has none.
enum err CHECKED load_net_route(const char *host, struct address *ret_local);

// ERR_INVALID: the network has too few addresses or is not ours; ERR_IO: no socket.
enum err CHECKED load_net_create(const struct load_net_options *options, struct load_net **ret_net);
void load_net_destroy(struct load_net *net);
// A place for the client; its address and port. ERR_FULL when the system gives no more sockets.
enum err CHECKED load_net_open(struct load_net *net, uint32_t client, bool sampled,
                               struct address *ret_local);
void load_net_close(struct load_net *net, uint32_t client);
// A datagram that the system does not take is lost, as on a network.
void load_net_send(struct load_net *net, uint32_t client, const struct address *to,
                   const void *data, size_t size);
// Reads one batch of socket `number` and calls `receive` for each.
void load_net_on_ready(struct load_net *net, uint32_t number);
// Datagrams that were lost here, in this process's own sockets.
uint64_t load_net_dropped(const struct load_net *net);
