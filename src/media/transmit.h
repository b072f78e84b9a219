// Datagrams out, many at a time. A batch is filled by reserve and commit and leaves by flush, or
// when it is full:
//
//   sendmmsg   one call for the batch: default, everywhere
//   GSO        within it, datagrams of video to one destination leave as one (UDP_SEGMENT); when
//   the
//              kernel refuses one, never again
//   AF_XDP     where the operator names an interface: finished Ethernet frames straight to its
//              queue, past the kernel's IP layer; what is not routed over it, not resolved, local
//              or too long for it goes by the socket
//
// One thread. Reads the clock when it flushes, for the figures of delay.
#pragma once

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "media/counters.h"
#include "media/path.h"

#define TRANSMIT_BATCH        128
#define TRANSMIT_DATAGRAM_MAX 1600 // bytes
#define TRANSMIT_CONTROL_SIZE \
    CMSG_SPACE(sizeof(struct in6_pktinfo)) // the larger of both families' structs
#define TRANSMIT_FRAME_HEADER_MAX 62       // Ethernet, IPv6, UDP

enum transmit_kind {
    TRANSMIT_SENDMMSG,
    TRANSMIT_AF_XDP,
};

// What the operator wishes.
struct transmit_config {
    enum transmit_kind kind;
    char interface[IF_NAMESIZE]; // TRANSMIT_AF_XDP
};

// "sendmmsg" or "af_xdp:INTERFACE". ERR_INVALID otherwise.
enum err CHECKED transmit_config_from_text(const char *text, struct transmit_config *ret_config);

// Where datagrams go, in the form that the kernel takes, made when a peer's address is chosen. Two
// cache lines for a datagram that leaves by the socket.
struct transmit_destination {
    _Alignas(64) union {
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } to;
    uint8_t size;                // of `to`; 0: nowhere, what is sent there is dropped
    uint8_t control_size;        // 0: the kernel's own choice of our address is right
    uint8_t frame_size;          // 0: by the socket
    uint16_t frame_datagram_max; // longer ones go by the socket
    _Alignas(8) uint8_t control[TRANSMIT_CONTROL_SIZE]; // from which of our addresses
    // Ethernet, IP and UDP header with lengths and checksums open; AF_XDP only.
    uint8_t frame[TRANSMIT_FRAME_HEADER_MAX];
    uint32_t ip_sum; // of the template, to be completed; one's complement, not folded
    uint32_t udp_sum;
};

// What stands in the way of what is wished, in words; NULL: nothing. Takes and gives back a queue
// of the interface.
const char *transmit_obstacle(const struct transmit_config *config);

struct transmit;

// `fd` is borrowed: a bound UDP socket, IPv4 or dual-stack IPv6; datagrams will not be fragmented
// on their way (DF). `queue` is the interface's queue for AF_XDP. What is wished and cannot be had
// is logged, and the socket does it. NULL when memory is short or the socket is none.
struct transmit *transmit_create(int fd, const struct transmit_config *config, unsigned queue,
                                 struct counters *counters);
void transmit_destroy(struct transmit *transmit);
enum transmit_kind transmit_kind(const struct transmit *transmit);

// The cheap form, for one datagram: by the socket, from the path's own address.
struct transmit_destination transmit_destination_once(const struct transmit *transmit,
                                                      const struct path *path);
// The form for many: asks the kernel for its route. Routes and neighbours change: ask again every
// few seconds.
struct transmit_destination transmit_destination(struct transmit *transmit,
                                                 const struct path *path);

// Datagrams committed from now on were received at this time (0: nobody waits for them); their
// delay is counted when they have left.
void transmit_received_at(struct transmit *transmit, time_us received_at);
// Room for a datagram of TRANSMIT_DATAGRAM_MAX bytes; flushes when the batch is full. A second
// reserve without a commit gives the same room.
uint8_t *transmit_reserve(struct transmit *transmit);
// `destination` must stay until transmit_flush().
void transmit_commit(struct transmit *transmit, const struct transmit_destination *destination,
                     size_t size);
// Sends all that was committed. What the kernel has no room for within a millisecond is dropped and
// counted.
void transmit_flush(struct transmit *transmit);
