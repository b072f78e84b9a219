// Datagrams in, many at a time: recvmmsg over buffers that live as long as the thread (transmit.h
// sends). The socket is not blocking and may be IPv4 or dual-stack IPv6. One thread.
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/time.h"
#include "media/counters.h"
#include "media/path.h"

#define UDP_BATCH_IN    64
#define UDP_RECEIVE_MAX 2048 // larger datagrams are dropped and counted
#define UDP_CONTROL_SIZE \
    CMSG_SPACE(sizeof(struct in6_pktinfo)) // the larger of both families' structs
#define UDP_SOCKET_BUFFER \
    (8 * 1024 * 1024) // bytes asked for; the kernel caps it at net.core.[rw]mem_max

struct udp_batch;

struct udp_datagram {
    uint8_t *data; // until the next udp_receive_batch(); may be written to
    size_t size;
    struct path path;
};

// `fd` is borrowed; made non-blocking, its buffers enlarged. NULL when memory is short or the
// socket is none.
struct udp_batch *udp_batch_create(int fd, struct counters *counters);
void udp_batch_destroy(struct udp_batch *batch);

// The number of datagrams that waited, at most UDP_BATCH_IN; 0 when there are none. `ret_waiting`
// is how long the first one has been in the kernel.
unsigned udp_receive_batch(struct udp_batch *batch, time_us *ret_waiting);
// Datagram `index` of the last batch; false when it is to be skipped (truncated, or from no address
// we know).
bool udp_batch_datagram(struct udp_batch *batch, unsigned index, struct udp_datagram *ret_datagram);
